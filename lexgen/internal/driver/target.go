package driver

import (
	"cmp"
	"fmt"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// lowerOptions finds out where each package goes: those that the configuration names, and those
// that documents without an entry get.
func (d *driver) lowerOptions(cfg *config.Config, c *catalog.Catalog) (lower.Options, error) {
	options := lower.Options{Server: cfg.Emit.Server, Client: cfg.Emit.Client}
	for _, entry := range cfg.Packages {
		d.checkUsed(entry, c)
		target, err := d.target(entry.NSID, chosenName(cfg.Packages, entry.Dir), entry.Dir)
		if err != nil {
			return options, err
		}
		options.Targets = append(options.Targets, target)
	}
	defaults, err := d.defaultTargets(cfg, c, options.Targets)
	options.Default = func(prefix string) lower.Target { return defaults[prefix] }
	return options, err
}

// checkUsed warns about an entry that no document belongs to.
func (d *driver) checkUsed(entry config.Package, c *catalog.Catalog) {
	used := slices.ContainsFunc(c.Documents(), func(doc *lexicon.Document) bool {
		return naming.HasPrefix(doc.ID, entry.NSID)
	})
	if !used {
		d.result.Diags.Warningf(entry.Span, diag.PackageMapping, "no lexicon begins with %s", entry.NSID).
			Hint("correct nsid, or remove the entry")
	}
}

// chosenName returns the name that some entry gives the package in a folder, or "".
func chosenName(entries []config.Package, dir config.Path) string {
	for _, entry := range entries {
		if entry.Dir.Path == dir.Path && entry.Name != "" {
			return entry.Name
		}
	}
	return ""
}

// defaultTargets makes the targets of the prefixes of two segments that no entry covers.
func (d *driver) defaultTargets(cfg *config.Config, c *catalog.Catalog, targets []lower.Target) (map[string]lower.Target, error) {
	defaults := map[string]lower.Target{}
	owners := map[string]string{} // prefixes by package name
	for _, document := range c.Documents() {
		prefix := naming.Prefix(document.ID)
		if _, done := defaults[prefix]; done || covered(targets, document.ID) {
			continue
		}
		name := naming.Package(prefix)
		if other := owners[name]; other != "" {
			d.result.Diags.Errorf(document.IDSpan, diag.PackageMapping, "the prefixes %s and %s both get the package %s", prefix, other, name).
				Hint("give one of them an entry under packages in %s", config.FileName)
			apart := defaults[other] // lest the names in it collide as well
			apart.Prefix, apart.ImportPath = prefix, apart.ImportPath+"/"+prefix
			defaults[prefix] = apart
			continue
		}
		owners[name] = prefix
		dir := config.Path{Path: path.Join(cfg.Out.Path, name), Span: cfg.Out.Span}
		target, err := d.target(prefix, cmp.Or(chosenName(cfg.Packages, dir), name), dir)
		if err != nil {
			return nil, err
		}
		defaults[prefix] = target
	}
	return defaults, nil
}

// covered reports whether an NSID has an entry in the configuration.
func covered(targets []lower.Target, id syntax.NSID) bool {
	return slices.ContainsFunc(targets, func(t lower.Target) bool { return naming.HasPrefix(id, t.Prefix) })
}

// target returns the package of a prefix. If nobody chose a name, the package has that of the Go
// files which are in the folder, or else that of the folder.
func (d *driver) target(prefix, name string, dir config.Path) (lower.Target, error) {
	folder := d.path(dir)
	moduleName, inside, err := importPathOf(folder)
	if err != nil {
		return lower.Target{}, fmt.Errorf("%w: %s: %w", ErrConfig, d.name(folder), err)
	}
	if err := checkImport(moduleName, inside); err != nil && !d.refused[dir.Span] {
		d.refused[dir.Span] = true // out is the place of several folders
		d.result.Diags.Errorf(dir.Span, diag.PackageMapping, "Go cannot import the folder %s: %v", d.name(folder), err).
			Hint("choose another folder")
	}
	existing := ""
	switch packages := packagesIn(folder); {
	case len(packages) > 1:
		d.result.Diags.Errorf(dir.Span, diag.PackageMapping, "%s holds the Go packages %s", d.name(folder), strings.Join(packages, ", ")).
			Hint("a folder holds one package; choose another folder")
	case len(packages) == 1:
		existing = packages[0]
	}
	if existing != "" && name != "" && existing != name {
		d.result.Diags.Errorf(dir.Span, diag.PackageMapping, "%s holds the Go package %s, not %s", d.name(folder), existing, name).
			Hint("choose another folder, or set name to %s", existing)
	}
	name = cmp.Or(existing, name, packageName(folder, prefix))
	if naming.IsReservedPackage(name) && name != "main" {
		d.result.Diags.Errorf(dir.Span, diag.PackageMapping, "generated code cannot be in a package called %s", name).
			Hint("choose another name, such as %s", naming.Package(prefix))
	}
	return lower.Target{Prefix: prefix, Name: name, ImportPath: path.Join(moduleName, inside), Dir: folder}, nil
}

// packageName returns the name of a package that nobody chose one for.
func packageName(folder, prefix string) string {
	base := filepath.Base(folder)
	if token.IsIdentifier(base) && base == strings.ToLower(base) && !naming.IsReservedPackage(base) {
		return base
	}
	return naming.Package(prefix)
}
