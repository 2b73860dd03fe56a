package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// lowerDocument makes the file of a document.
func (l *lowerer) lowerDocument(doc *lexicon.Document) {
	p := l.packageOf(doc.ID)
	f := &file{lowerer: l, pkg: p, doc: doc, ir: &ir.File{Name: naming.File(doc.ID), Source: string(doc.ID)}}
	p.files.declare(l, f.ir.Name, string(doc.ID), doc.IDSpan)
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
		f.unsupported(schema.Span(), describe(schema))
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
	f.pkg.idents.declare(f.lowerer, name, def.Key(), def.NameSpan)
}

// describe names a schema in a diagnostic.
func describe(schema lexicon.Node) string {
	switch schema.(type) {
	case *lexicon.PermissionSet:
		return "a permission-set"
	case *lexicon.CIDLink:
		return "a cid-link"
	case *lexicon.Object:
		return "an object inside of another"
	case *lexicon.Bytes:
		return "bytes"
	}
	name := lexicon.TypeName(schema)
	switch name[0] {
	case 'a', 'i', 'u':
		if name != "union" {
			return "an " + name
		}
	}
	return "a " + name
}
