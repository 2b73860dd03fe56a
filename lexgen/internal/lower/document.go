package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// lowerDocument makes the file of a document.
func (l *lowerer) lowerDocument(doc *lexicon.Document) {
	p := l.packageOf(doc.ID)
	f := &file{lowerer: l, pkg: p, doc: doc, ir: &ir.File{Name: naming.File(doc.ID), Source: string(doc.ID), Doc: doc.Description}}
	p.files.declare(l, f.ir.Name, f.owner(string(doc.ID), doc.IDSpan))
	for _, def := range doc.Defs {
		f.lowerDef(def)
	}
	f.ir.Decls = append(f.ir.Decls, f.structs...)
	if len(f.ir.Decls) > 0 {
		p.ir.Files = append(p.ir.Files, f.ir)
	}
}

// file is a document's file while it grows.
type file struct {
	*lowerer
	pkg *packageState
	doc *lexicon.Document
	ir  *ir.File
	// structs are the types, which follow the constants.
	structs []ir.Decl
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
			kind: ir.Query, description: schema.Description,
			params: schema.Params, output: schema.Output, errors: schema.Errors,
		})
	case *lexicon.Procedure:
		f.lowerEndpoint(def, endpoint{
			kind: ir.Procedure, description: schema.Description,
			params: schema.Params, input: schema.Input, output: schema.Output, errors: schema.Errors,
		})
	case *lexicon.Object:
		f.addStruct(def, schema, &ir.Struct{
			Name:  naming.Type(f.doc.ID, def.Name),
			About: "is " + def.Key() + ".",
			Doc:   schema.Description,
			Role:  ir.Object,
		})
	default:
		f.unsupported(typeSpan(schema), describeDef(schema))
	}
}

// addStruct fills in the fields of a struct for an object and adds it.
func (f *file) addStruct(def *lexicon.Def, object *lexicon.Object, s *ir.Struct) {
	s.Fields = f.lowerProperties(s, object.Properties)
	f.declare(s.Name, def)
	f.structs = append(f.structs, s)
}

// declare takes a name in the package for something that a def gives rise to.
func (f *file) declare(name string, def *lexicon.Def) {
	f.pkg.idents.declare(f.lowerer, name, f.owner(def.Key(), def.NameSpan))
}

// owner returns something of the document that has a name.
func (f *file) owner(what string, span source.Span) owner {
	return owner{what: what, doc: f.doc.ID, group: f.doc.ID.Group(), span: span}
}

// describeDef names the schema of a def in a diagnostic.
func describeDef(schema lexicon.Node) string {
	if _, token := schema.(*lexicon.Token); token || lexicon.IsPrimary(schema) {
		return describe(schema)
	}
	return "a def that is " + describe(schema)
}

// describe names a schema in a diagnostic.
func describe(schema lexicon.Node) string {
	name := lexicon.TypeName(schema)
	switch schema.(type) {
	case *lexicon.Object:
		return "an object inside of another"
	case *lexicon.Bytes:
		return name
	case *lexicon.Array, *lexicon.Integer, *lexicon.Unknown:
		return "an " + name
	}
	return "a " + name
}
