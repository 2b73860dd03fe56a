package catalog

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Link builds a catalog of documents, in any order, and reports the rules that
// they break together. A mistake that a placeholder may be the cause of is not
// reported. The documents are not changed.
func Link(documents []*lexicon.Document) (*Catalog, diag.List) {
	return LinkWithPackages(documents, func(syntax.NSID) string { return "" })
}

// LinkWithPackages is [Link] where some of the documents are those of packages
// that are generated elsewhere: packageOf returns the import path of the package
// that an NSID belongs to, or "" if it belongs to none. What is to be done about
// a document that is missing depends on it.
func LinkWithPackages(documents []*lexicon.Document, packageOf func(syntax.NSID) string) (*Catalog, diag.List) {
	l := &linker{packageOf: packageOf, catalog: &Catalog{
		byID:    map[syntax.NSID]*lexicon.Document{},
		targets: map[*lexicon.Reference]*lexicon.Def{},
		cyclic:  map[*lexicon.Reference]bool{},
	}}
	documents = slices.Clone(documents)
	slices.SortStableFunc(documents, func(a, b *lexicon.Document) int {
		return cmp.Or(strings.Compare(string(a.ID), string(b.ID)), strings.Compare(a.File.FullPath(), b.File.FullPath()))
	})
	for _, doc := range documents {
		l.index(doc)
	}
	for _, doc := range documents {
		for _, def := range doc.Defs {
			l.linkDef(def)
		}
	}
	l.findCycles()
	l.diags.Sort()
	return l.catalog, l.diags
}

type linker struct {
	catalog *Catalog
	unnamed []*lexicon.Document // documents without a readable NSID
	// packageOf returns the import path of a package that is generated elsewhere.
	packageOf func(syntax.NSID) string
	diags     diag.List
}

func (l *linker) index(doc *lexicon.Document) {
	if doc.ID == "" {
		l.unnamed = append(l.unnamed, doc)
		return
	}
	if !spells(doc.File, doc.ID) {
		l.diags.Warningf(doc.IDSpan, diag.PathMismatch, "the path of the file does not spell the id %s", doc.ID).
			Hint("move the file to …/%s", filePath(doc.ID))
	}
	if first := l.catalog.byID[doc.ID]; first != nil {
		l.diags.Errorf(doc.IDSpan, diag.DuplicateID, "the document %s exists twice", doc.ID).
			Hint("the first is %s", place(first.IDSpan))
		return
	}
	l.catalog.byID[doc.ID] = doc
	l.catalog.documents = append(l.catalog.documents, doc)
}

// filePath returns the path of a document below its lexicon folder.
func filePath(id syntax.NSID) string {
	return strings.ReplaceAll(string(id), ".", "/") + ".json"
}

// spells reports whether the path of a file ends with the NSID. What stands
// before may be any folders, for a lexicon folder may hold several trees, and
// may itself stand for the first segments. The authority part may be written in
// any case.
func spells(file *source.File, id syntax.NSID) bool {
	name, want := "/"+file.FullPath(), "/"+filePath(id)
	if len(name) < len(want) {
		return false
	}
	tail := name[len(name)-len(want):]
	return strings.EqualFold(tail, want) && path.Base(tail) == path.Base(want)
}

// linkDef links the references of a def.
func (l *linker) linkDef(def *lexicon.Def) {
	var bodies []lexicon.Node
	switch schema := def.Schema.(type) {
	case *lexicon.Query:
		bodies = bodySchemas(schema.Output)
	case *lexicon.Procedure:
		bodies = bodySchemas(schema.Input, schema.Output)
	}
	lexicon.Walk(def.Schema, func(n lexicon.Node) bool {
		switch n := n.(type) {
		case *lexicon.Ref:
			kind := plainRef
			if slices.Contains(bodies, lexicon.Node(n)) {
				kind = bodyRef
			}
			l.link(def.Document, n.To, kind)
		case *lexicon.Union:
			for _, r := range n.Refs {
				l.link(def.Document, r, unionRef)
			}
		}
		return true
	})
}

func bodySchemas(bodies ...*lexicon.Body) []lexicon.Node {
	var list []lexicon.Node
	for _, b := range bodies {
		if b != nil {
			list = append(list, b.Schema)
		}
	}
	return list
}

// refKind is where a reference stands.
type refKind uint8

const (
	plainRef refKind = iota
	bodyRef
	unionRef
)

// allows reports whether a reference of the kind may lead to a schema.
func (k refKind) allows(n lexicon.Node) bool {
	switch n.(type) {
	case *lexicon.Object, *lexicon.Record:
		return true
	case *lexicon.Array, *lexicon.String, *lexicon.Integer, *lexicon.Boolean,
		*lexicon.Bytes, *lexicon.CIDLink, *lexicon.Blob:
		return k == plainRef
	}
	return false
}

// link finds the target of a reference in a document.
func (l *linker) link(doc *lexicon.Document, r *lexicon.Reference, kind refKind) {
	if r.Name == "" {
		return // reported by lexicon.Decode
	}
	target := doc
	if !strings.HasPrefix(r.Text, "#") {
		target = l.catalog.byID[r.NSID]
	}
	if target == nil {
		l.unknownDocument(r)
		return
	}
	def := target.Def(r.Name)
	switch {
	case def == nil:
		l.unknownDef(target, r)
	case lexicon.IsBroken(def.Schema):
	case !kind.allows(def.Schema):
		l.wrongTarget(r, def, kind)
	default:
		l.catalog.targets[r] = def
	}
}
