package driver

import (
	"cmp"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/output"
)

// lowerOptions finds out where each package goes: those that the configuration names, and those
// that documents without an entry get.
func (d *driver) lowerOptions(cfg *config.Config, c *catalog.Catalog) (lower.Options, error) {
	options := lower.Options{Server: cfg.Emit.Server, Client: cfg.Emit.Client}
	for _, entry := range cfg.Packages {
		target, err := d.target(strings.ToLower(entry.NSID), entry.Name, entry.Dir)
		if err != nil {
			return options, err
		}
		options.Targets = append(options.Targets, target)
	}
	defaults := map[string]lower.Target{}
	for _, document := range c.Documents() {
		prefix := naming.Prefix(document.ID)
		if _, ok := defaults[prefix]; ok || covered(options.Targets, string(document.ID)) {
			continue
		}
		name := naming.Package(prefix)
		dir := config.Path{Path: path.Join(cfg.Out.Path, name), Span: cfg.Out.Span}
		target, err := d.target(prefix, name, dir)
		if err != nil {
			return options, err
		}
		defaults[prefix] = target
	}
	options.Default = func(prefix string) lower.Target { return defaults[prefix] }
	return options, nil
}

// covered reports whether an NSID has an entry in the configuration.
func covered(targets []lower.Target, nsid string) bool {
	return slices.ContainsFunc(targets, func(t lower.Target) bool {
		return strings.HasPrefix(nsid+".", t.Prefix+".")
	})
}

// target returns the package of a prefix. If nobody chose a name, the package has that of the Go
// files which are in the folder, or else that of the folder.
func (d *driver) target(prefix, name string, dir config.Path) (lower.Target, error) {
	folder := d.path(dir)
	importPath, err := importPathOf(folder)
	if err != nil {
		return lower.Target{}, fmt.Errorf("%w: %s: %w", ErrConfig, d.name(folder), err)
	}
	existing, err := packageIn(folder)
	if err != nil {
		return lower.Target{}, fmt.Errorf("look into %s: %w", d.name(folder), err)
	}
	if existing != "" && name != "" && existing != name {
		d.result.Diags.Errorf(dir.Span, diag.PackageMapping, "%s holds the Go package %s, not %s", d.name(folder), existing, name).
			Hint("choose another folder, or set name to %s", existing)
	}
	if base := filepath.Base(folder); name == "" && token.IsIdentifier(base) && base == strings.ToLower(base) {
		name = base
	}
	return lower.Target{
		Prefix: prefix, Name: cmp.Or(existing, name, naming.Package(prefix)), ImportPath: importPath, Dir: folder,
	}, nil
}

// importPathOf returns the import path of a folder, by the nearest go.mod.
func importPathOf(folder string) (string, error) {
	for root := folder; ; root = filepath.Dir(root) {
		data, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(data)
			if module == "" {
				return "", fmt.Errorf("%s names no module", filepath.Join(root, "go.mod"))
			}
			relative, err := filepath.Rel(root, folder)
			return path.Join(module, filepath.ToSlash(relative)), err
		}
		if root == filepath.Dir(root) {
			return "", errors.New("no go.mod in the folder or above it; run go mod init")
		}
	}
}

// packageIn returns the name of the package whose hand-written files are in a folder, or "".
func packageIn(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		if info, statErr := os.Stat(folder); statErr == nil && !info.IsDir() {
			return "", nil // output says what is in the way
		}
		return "", err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, output.Suffix) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, parser.PackageClauseOnly)
		if err == nil {
			return file.Name.Name, nil
		}
	}
	return "", nil
}
