package driver

import (
	"context"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// link reads and links the documents: those of the configured folders, and those of packages that
// are generated elsewhere. Without the entries of the configuration that lead to them there is no
// catalog.
func (d *driver) link(ctx context.Context, cfg *config.Config) (*catalog.Catalog, diag.List, error) {
	shapes := metaschema.New()
	inputs, err := d.discover(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	documents, err := d.loadForeign(ctx, cfg, shapes)
	if err != nil {
		return nil, nil, err
	}
	if d.failed() && d.result.BadConfig {
		return nil, nil, nil
	}
	local, err := parseAll(ctx, shapes, inputs)
	if err != nil {
		return nil, nil, err
	}
	documents = append(documents, d.addLocal(documents, local)...)
	linked, list := catalog.LinkWithPackages(documents, d.packageOf)
	return linked, slices.DeleteFunc(list, func(found diag.Diagnostic) bool { return d.elsewhere[found.Span.File] }), nil
}

// loadForeign returns the documents of packages that are generated elsewhere, after it has found out
// which entry each prefix belongs to.
func (d *driver) loadForeign(ctx context.Context, cfg *config.Config, shapes *metaschema.Checker) ([]*lexicon.Document, error) {
	d.imported, d.elsewhere = map[string]lower.Target{}, map[*source.File]bool{}
	var packages []*external
	for _, entry := range cfg.Packages {
		if entry.Import == "" {
			d.claim(entry)
			continue
		}
		loaded, err := d.loadExternal(ctx, cfg, entry)
		if err != nil {
			return nil, err
		}
		if loaded != nil {
			d.claimAll(loaded)
			packages = append(packages, loaded)
		}
	}
	var documents []*lexicon.Document
	for _, loaded := range packages {
		list, err := parseAll(ctx, shapes, loaded.inputs)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d.addForeign(loaded, list)...)
	}
	return documents, nil
}

// claimAll takes the prefixes of a package that is generated elsewhere for its entry.
func (d *driver) claimAll(loaded *external) {
	for _, prefix := range loaded.prefixes {
		entry, target := loaded.entry, loaded.target
		entry.NSID, target.Prefix = prefix, prefix
		if d.claim(entry) {
			d.imported[prefix] = target
		}
	}
}

// claim takes the prefix of an entry for it, unless an earlier one has it, which is reported.
func (d *driver) claim(entry config.Package) bool {
	for _, other := range d.entries {
		if !strings.EqualFold(entry.NSID, other.NSID) {
			continue
		}
		span := entry.Span
		if entry.Import != "" {
			span = entry.ImportSpan
		}
		d.result.Diags.Errorf(span, diag.OverlappingConfig, "two entries of packages are about %s", entry.NSID).
			Hint("the first is in line %d; beside import, nsid says which prefix an entry is about", other.Span.Position().Line)
		return false
	}
	d.entries = append(d.entries, entry)
	return true
}

// addForeign returns the documents of a package that is generated elsewhere which its entry is about.
// Their mistakes are those of another project; that they cannot be read at all is reported.
func (d *driver) addForeign(loaded *external, list []parsed) []*lexicon.Document {
	var documents []*lexicon.Document
	for _, p := range list {
		if p.diags.HasErrors() {
			first := p.diags[slices.IndexFunc(p.diags, isError)]
			d.refuseImport(loaded.entry, "a lexicon in the package %s has a mistake: %s: %s", loaded.entry.Import, p.document.ID, first.Message).
				Hint("the package needs to be generated again, with a version of lexgen like this one")
			return nil
		}
		if owner := entryOf(d.entries, p.document.ID); owner != nil && slices.Contains(loaded.prefixes, owner.NSID) {
			d.elsewhere[p.document.File] = true
			documents = append(documents, p.document)
		}
	}
	return documents
}

func isError(found diag.Diagnostic) bool { return found.Severity == diag.Error }

// addLocal returns the documents of the configured folders. Those whose package is generated elsewhere
// are ignored, mistakes and all, but for what that package does not know: with it, a reference there
// can be told from one that leads nowhere.
func (d *driver) addLocal(foreign []*lexicon.Document, list []parsed) []*lexicon.Document {
	known := map[syntax.NSID]*lexicon.Document{}
	for _, document := range foreign {
		known[document.ID] = document
	}
	var documents []*lexicon.Document
	for _, p := range list {
		if d.packageOf(p.document.ID) == "" {
			d.report(p.diags)
			d.unnamed = d.unnamed || p.document.ID == ""
			documents = append(documents, p.document)
			continue
		}
		if p.diags.HasErrors() {
			continue
		}
		d.elsewhere[p.document.File] = true
		if document := known[p.document.ID]; document != nil {
			addMissing(document, p.document)
			continue
		}
		known[p.document.ID] = p.document
		documents = append(documents, p.document)
	}
	return documents
}

// addMissing adds to a document the defs that only a copy of it has.
func addMissing(document, local *lexicon.Document) {
	for _, def := range local.Defs {
		if document.Def(def.Name) == nil {
			document.Defs = append(document.Defs, def)
		}
	}
}

// packageOf returns the import path of the package that an NSID belongs to, or "" if that is generated
// here.
func (d *driver) packageOf(id syntax.NSID) string {
	if owner := entryOf(d.entries, id); owner != nil {
		return owner.Import
	}
	return ""
}

// entryOf returns the entry with the longest prefix of an NSID, or nil.
func entryOf(entries []config.Package, id syntax.NSID) *config.Package {
	var best *config.Package
	for i, entry := range entries {
		if naming.HasPrefix(id, entry.NSID) && (best == nil || len(entry.NSID) > len(best.NSID)) {
			best = &entries[i]
		}
	}
	return best
}

// parsed is a document and the mistakes in it.
type parsed struct {
	document *lexicon.Document
	diags    diag.List
}

// parseAll turns files into documents, in the same order.
func parseAll(ctx context.Context, shapes *metaschema.Checker, inputs []input) ([]parsed, error) {
	list := make([]parsed, len(inputs))
	err := each(ctx, len(inputs), func(i int) { list[i] = parse(shapes, inputs[i]) })
	return list, err
}

// parse turns a file into a document. One that could not be read is a document of which nothing is
// known.
func parse(shapes *metaschema.Checker, in input) parsed {
	var p parsed
	var root *source.Node
	if in.readable {
		tree, problems := source.Parse(in.file)
		root = tree
		p.diags.AddProblems(problems)
		p.diags.Add(shapes.Check(root)...)
	}
	document, list := lexicon.Decode(in.file, root)
	p.document = document
	p.diags.Add(list...)
	return p
}
