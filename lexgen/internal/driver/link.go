package driver

import (
	"context"
	"slices"

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
	inputs := d.discover(cfg)
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
	documents = append(documents, d.addLocal(cfg, documents, local)...)
	linked, list := catalog.Link(documents)
	return linked, slices.DeleteFunc(list, func(found diag.Diagnostic) bool { return d.elsewhere[found.Span.File] }), nil
}

// loadForeign returns the documents of packages that are generated elsewhere.
func (d *driver) loadForeign(ctx context.Context, cfg *config.Config, shapes *metaschema.Checker) ([]*lexicon.Document, error) {
	d.imported, d.elsewhere = map[string]lower.Target{}, map[*source.File]bool{}
	var documents []*lexicon.Document
	for _, entry := range cfg.Packages {
		if entry.Import == "" {
			continue
		}
		loaded, err := d.loadExternal(ctx, entry)
		if err != nil {
			return nil, err
		}
		loaded.target.Prefix = entry.NSID
		d.imported[entry.NSID] = loaded.target
		list, err := parseAll(ctx, shapes, loaded.inputs)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d.addForeign(cfg, entry, list)...)
	}
	return documents, nil
}

// addForeign returns the documents of a package that is generated elsewhere which the entry is about.
// Their mistakes are those of another project; that they cannot be read at all is reported.
func (d *driver) addForeign(cfg *config.Config, entry config.Package, list []parsed) []*lexicon.Document {
	var documents []*lexicon.Document
	for _, p := range list {
		if p.diags.HasErrors() {
			first := p.diags[slices.IndexFunc(p.diags, isError)]
			d.result.Diags.Errorf(entry.ImportSpan, diag.PackageMapping, "a lexicon in the package %s has a mistake: %s: %s", entry.Import, p.document.ID, first.Message).
				Hint("the package needs to be generated again, with a version of lexgen like this one")
			return nil
		}
		if owner := entryOf(cfg.Packages, p.document.ID); owner != nil && owner.NSID == entry.NSID {
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
func (d *driver) addLocal(cfg *config.Config, foreign []*lexicon.Document, list []parsed) []*lexicon.Document {
	known := map[syntax.NSID]bool{}
	for _, document := range foreign {
		known[document.ID] = true
	}
	var documents []*lexicon.Document
	for _, p := range list {
		if owner := entryOf(cfg.Packages, p.document.ID); owner != nil && owner.Import != "" {
			if known[p.document.ID] || p.diags.HasErrors() {
				continue
			}
			known[p.document.ID] = true
			d.elsewhere[p.document.File] = true
		} else {
			d.report(p.diags)
			d.unnamed = d.unnamed || p.document.ID == ""
		}
		documents = append(documents, p.document)
	}
	return documents
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
