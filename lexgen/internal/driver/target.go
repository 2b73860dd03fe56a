package driver

import (
	"cmp"
	"encoding/json"
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
	"github.com/lexgen-go/lexgen/lexgen/internal/reach"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// lowerOptions finds out where each package goes: those that the configuration names, and those
// that documents without an entry get.
func (d *driver) lowerOptions(cfg *config.Config, c *catalog.Catalog, selection *reach.Selection) (lower.Options, error) {
	options := lower.Options{Server: cfg.Emit.Server, Client: cfg.Emit.Client, Keep: selection.Keep}
	for _, name := range cfg.Names {
		options.Names = append(options.Names, lower.NameEntry{Path: name.Path, Ident: name.Ident, Span: name.Span})
	}
	for _, entry := range cfg.Packages {
		d.checkUsed(entry, c)
	}
	for _, entry := range d.entries {
		target, isImported := d.imported[entry.NSID]
		if !isImported {
			var err error
			chosen := chosenName(cfg.Packages, entry.Dir)
			if target, err = d.target(entry.NSID, chosen, entry.Dir); err != nil {
				return options, err
			}
			target.ChosenName, target.NamePrefix = chosen, entry.NamePrefix
		}
		options.Targets = append(options.Targets, target)
	}
	defaults, err := d.defaultTargets(cfg, d.wantedDocuments(c, selection), options.Targets)
	options.Default = func(prefix string) lower.Target { return defaults[prefix] }
	d.checkImported(cfg, defaults)
	return options, err
}

// checkImported reports a package that is said to be generated elsewhere and is generated here, for a
// prefix without an entry. What it seems to lack is no finding then.
func (d *driver) checkImported(cfg *config.Config, defaults map[string]lower.Target) {
	here := map[string]string{} // prefixes by import path
	for prefix, target := range defaults {
		here[target.ImportPath] = prefix
	}
	for _, entry := range cfg.Packages {
		if prefix := here[entry.Import]; prefix != "" {
			d.refuseOwn(entry, prefix)
			d.result.Diags = slices.DeleteFunc(d.result.Diags, func(found diag.Diagnostic) bool {
				return found.Rule == diag.UnresolvedRef && d.packageOf(referredTo(found)) == entry.Import
			})
		}
	}
}

// referredTo returns the NSID of the document that a reference with a mistake is to, or "".
func referredTo(found diag.Diagnostic) syntax.NSID {
	var ref string
	if err := json.Unmarshal([]byte(found.Span.Text()), &ref); err != nil {
		return ""
	}
	id, _, _ := strings.Cut(ref, "#")
	return syntax.NSID(id)
}

// checkUsed warns about an entry that no document belongs to.
func (d *driver) checkUsed(entry config.Package, c *catalog.Catalog) {
	used := entry.NSID == "" || slices.ContainsFunc(c.Documents(), func(doc *lexicon.Document) bool {
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
		if entry.Import == "" && entry.Dir.Path == dir.Path && entry.Name != "" {
			return entry.Name
		}
	}
	return ""
}

// defaultTargets makes the targets of the prefixes of two segments that no entry covers.
func (d *driver) defaultTargets(cfg *config.Config, documents []*lexicon.Document, targets []lower.Target) (map[string]lower.Target, error) {
	defaults := map[string]lower.Target{}
	owners := map[string]string{} // prefixes by package name
	for _, document := range documents {
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
		chosen := chosenName(cfg.Packages, dir)
		target, err := d.target(prefix, cmp.Or(chosen, name), dir)
		if err != nil {
			return nil, err
		}
		target.ChosenName = chosen
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
		return lower.Target{}, misuse("%s: %w", d.name(folder), err)
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
	return lower.Target{Prefix: prefix, Name: name, ImportPath: path.Join(moduleName, inside), Dir: dir.Path}, nil
}

// packageName returns the name of a package that nobody chose one for.
func packageName(folder, prefix string) string {
	base := filepath.Base(folder)
	if token.IsIdentifier(base) && base == strings.ToLower(base) && !naming.IsReservedPackage(base) {
		return base
	}
	return naming.Package(prefix)
}
