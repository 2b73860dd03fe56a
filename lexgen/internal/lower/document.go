package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// lowerDocument makes the file of a document.
func (l *lowerer) lowerDocument(doc *lexicon.Document) {
	var defs []*lexicon.Def
	for _, def := range doc.Defs {
		if l.keeps(def) {
			defs = append(defs, def)
		}
	}
	if len(defs) == 0 {
		return
	}
	home := l.home(doc.ID)
	if home.pkg.external {
		return
	}
	f := &file{lowerer: l, pkg: home.pkg, doc: doc, ir: &ir.File{Name: l.documentFile(doc.ID), Source: string(doc.ID), Doc: fileDoc(doc)}}
	f.pkg.files.declare(l, f.ir.Name, f.documentOwner(defs))
	for _, def := range defs {
		f.lowerDef(def)
	}
	f.describe(defs)
	f.ir.Decls = append(f.ir.Decls, f.types...)
	if len(f.ir.Decls) > 0 {
		f.pkg.ir.Files = append(f.pkg.ir.Files, f.ir)
	}
}

// file is a document's file while it grows.
type file struct {
	*lowerer
	pkg *packageState
	doc *lexicon.Document
	ir  *ir.File
	// types follow the constants.
	types []ir.Decl
}

// lowerDef adds the declarations of a def.
func (f *file) lowerDef(def *lexicon.Def) {
	if lexicon.IsPrimary(def.Schema) && def.Name != lexicon.Main {
		return // reported by the lexicon package
	}
	switch schema := def.Schema.(type) {
	case *lexicon.Broken:
	case *lexicon.Query:
		f.lowerEndpoint(def, endpoint{
			kind: ir.Query, description: docOf(def),
			params: schema.Params, output: schema.Output, errors: schema.Errors,
		})
	case *lexicon.Procedure:
		f.lowerEndpoint(def, endpoint{
			kind: ir.Procedure, description: docOf(def),
			params: schema.Params, input: schema.Input, output: schema.Output, errors: schema.Errors,
		})
	case *lexicon.Subscription:
		f.lowerSubscription(def, schema)
	case *lexicon.PermissionSet:
		f.lowerPermissionSet(def, schema)
	case *lexicon.Record:
		f.lowerRecord(def, schema)
	default:
		f.lowerNamed(def)
	}
}

// docOf returns the description of a def. A main def without one has that of the document.
func docOf(def *lexicon.Def) string {
	if own := lexicon.Description(def.Schema); own != "" || def.Name != lexicon.Main {
		return own
	}
	return def.Document.Description
}

// fileDoc returns the description of a document that has no main def which would have it.
func fileDoc(doc *lexicon.Document) string {
	if main := doc.Def(lexicon.Main); main != nil && docOf(main) == doc.Description {
		return ""
	}
	return doc.Description
}

// declare takes a name in the package for something that a def gives rise to.
func (f *file) declare(name string, def *lexicon.Def) {
	f.declareFor(name, f.defOwner(def))
}

// declareFor takes a name in the package.
func (f *file) declareFor(name string, o owner) {
	f.pkg.idents.declare(f.lowerer, name, o)
}

// defOwner returns a def as something that has names.
func (f *file) defOwner(def *lexicon.Def) owner {
	ident := f.typeName(def)
	return f.owner(def.Key(), def.NameSpan, cure{path: namePath(def), ident: ident, better: []string{ident + kindOf(def.Schema)}})
}

// documentOwner returns the document as something that has names.
func (f *file) documentOwner(defs []*lexicon.Def) owner {
	kind := "Defs"
	for _, def := range defs {
		if def.Name == lexicon.Main && !lexicon.IsBroken(def.Schema) {
			kind = kindOf(def.Schema)
		}
	}
	ident := f.documentName(f.doc.ID)
	return f.owner(string(f.doc.ID), f.doc.IDSpan, cure{path: string(f.doc.ID), ident: ident, better: []string{ident + kind}})
}

// kindOf returns the type of a schema as a part of an identifier, such as CIDLink.
func kindOf(schema lexicon.Node) string { return naming.Property(lexicon.TypeName(schema)) }

// owner returns something of the document that has names.
func (f *file) owner(what string, span source.Span, c cure) owner {
	return owner{what: what, doc: f.doc.ID, group: f.doc.ID.Group(), span: span, cure: c}
}

// typeSpan returns the place where a schema names its type.
func typeSpan(schema lexicon.Node) source.Span {
	return schema.(interface{ SpanOf(key string) source.Span }).SpanOf("type")
}
