package driver

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// external is a package that is generated elsewhere.
type external struct {
	entry config.Package
	// target is the package without a prefix.
	target lower.Target
	// prefixes are those of the NSIDs that the entry is about.
	prefixes []string
	// inputs are the documents of the defs in it that can be referred to.
	inputs []input
}

// loadExternal reads what the package of an entry says of itself. What keeps it from that is reported
// at the entry, and there is no package; the error is that of a context that has ended.
func (d *driver) loadExternal(ctx context.Context, cfg *config.Config, entry config.Package) (*external, error) {
	if prefix := d.prefixHere(cfg, entry.Import); prefix != "" {
		d.refuseOwn(entry, prefix)
		return nil, nil
	}
	found, err := d.findPackage(ctx, entry)
	if err != nil || found == nil {
		return nil, err
	}
	listed := d.describe(entry, found)
	if listed == nil {
		return nil, nil
	}
	loaded := &external{
		entry:    entry,
		target:   lower.Target{Name: found.Name, ImportPath: entry.Import, Dir: found.Dir, Symbols: listed.symbols},
		prefixes: listed.prefixes,
	}
	if entry.NSID != "" {
		loaded.prefixes = []string{entry.NSID}
	}
	for _, document := range listed.documents {
		file := source.NewFile(entry.Import+"/"+string(document.id), []byte(document.text))
		file.Folder, file.Path = entry.Import, strings.ReplaceAll(string(document.id), ".", "/")+".json"
		loaded.inputs = append(loaded.inputs, input{file: file, readable: true})
	}
	return loaded, nil
}

// prefixHere returns the prefix of the first entry that puts the package of an import path into a
// folder, or "".
func (d *driver) prefixHere(cfg *config.Config, importPath string) string {
	for _, entry := range cfg.Packages {
		if entry.Import != "" {
			continue
		}
		moduleName, inside, err := importPathOf(d.path(entry.Dir))
		if err == nil && path.Join(moduleName, inside) == importPath { // target reports the error
			return entry.NSID
		}
	}
	return ""
}

// refuseOwn reports that the package of an entry is that of a prefix which is generated here.
func (d *driver) refuseOwn(entry config.Package, prefix string) {
	d.refuseImport(entry, "the package %s is that of %s, which is generated here", entry.Import, prefix).
		Hint("name its folder with dir instead of import")
}

// describe reads what a package says of itself. If that is of no use, it is reported, and there is no
// description.
func (d *driver) describe(entry config.Package, found *goPackage) *directory {
	text, err := os.ReadFile(filepath.Join(found.Dir, naming.PackageFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.refuseImport(entry, "the package %s has no file %s", entry.Import, naming.PackageFile).
			Hint("name a package that lexgen has generated")
		return nil
	case err != nil:
		d.refuseImport(entry, "%s of the package %s cannot be read: %v", naming.PackageFile, entry.Import, reason(err)).
			Hint("make it a file that can be read")
		return nil
	}
	listed, err := readDirectory(text)
	switch {
	case errors.Is(err, errNoDirectory):
		d.refuseImport(entry, "the package %s does not say what it holds: a lexgen before this one has generated it, or nothing in it can be referred to", entry.Import).
			Hint("run go get %s@latest; if the package is yours, generate it again", entry.Import)
		return nil
	case err != nil:
		d.refuseImport(entry, "what the package %s says of itself makes no sense: %v", entry.Import, err).
			Hint("get another version of the package with go get; if it is yours, generate it again")
		return nil
	case entry.NSID == "" && listed.prefixes == nil:
		d.refuseImport(entry, "the package %s does not say which NSIDs it is for: a lexgen before this one has generated it", entry.Import).
			Hint(`add "nsid" with the prefix of its NSIDs to the entry, or run go get %s@latest`, entry.Import)
		return nil
	}
	return listed
}

// refuseImport reports why an entry's package is of no use.
func (d *driver) refuseImport(entry config.Package, format string, args ...any) *diag.Diagnostic {
	return d.result.Diags.Errorf(entry.ImportSpan, diag.PackageMapping, format, args...)
}
