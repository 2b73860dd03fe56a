package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// lowerRecord adds the constant and the type of a record.
func (f *file) lowerRecord(def *lexicon.Def, schema *lexicon.Record) {
	at := f.defPlace(def, def.Key())
	constant := f.addNSID(def, at.ident, "record")
	doc := description(docOf(def), schema.Object.Description)
	at.path += "/record"
	f.addStruct(&ir.Struct{
		Name: at.ident, About: "is the record " + def.Key() + ".", Doc: doc,
		LexiconType: def.Key(), Record: constant,
	}, schema.Object.Properties, at)
}

// addNSID adds the constant for the NSID of a primary def and returns its name.
func (f *file) addNSID(def *lexicon.Def, typ, kind string) string {
	constant := typ + "NSID"
	f.declare(constant, def)
	f.ir.Decls = append(f.ir.Decls, &ir.NSID{
		Name: constant, Value: string(f.doc.ID), Kind: kind, Doc: docOf(def),
	})
	return constant
}

// lowerNamed adds the declarations of a def that is not primary.
func (f *file) lowerNamed(def *lexicon.Def) {
	at := f.defPlace(def, def.Key())
	about, doc := "is "+def.Key()+".", docOf(def)
	switch schema := def.Schema.(type) {
	case *lexicon.Object:
		f.addStruct(&ir.Struct{Name: at.ident, About: about, Doc: doc, LexiconType: def.Key()}, schema.Properties, at)
	case *lexicon.Array:
		f.addList(&ir.List{Name: at.ident, About: about, Doc: schemaDoc(schema)}, schema, at)
	case *lexicon.Token:
		f.declare(at.ident, def)
		f.ir.Decls = append(f.ir.Decls, &ir.Token{Name: at.ident, About: "is the token " + def.Key() + ".", Doc: doc, Value: def.Key()})
	case *lexicon.String:
		if formatType(schema.Format) == "" || valuesKey(schema) != "" {
			f.addScalarType(schema, &ir.ScalarType{Name: at.ident, About: about, Doc: doc}, at)
			return
		}
		f.addAlias(schema, &ir.Alias{Name: at.ident, About: about, Doc: doc}, at)
	case *lexicon.Integer:
		f.addScalar(&ir.ScalarType{Name: at.ident, About: about, Doc: doc, Kind: ir.Int}, at)
	case *lexicon.Boolean:
		f.addScalar(&ir.ScalarType{Name: at.ident, About: about, Doc: doc, Kind: ir.Bool}, at)
	default:
		f.addAlias(schema, &ir.Alias{Name: at.ident, About: about, Doc: doc}, at)
	}
}

// addScalar adds a scalar type without values.
func (f *file) addScalar(t *ir.ScalarType, at place) {
	f.declareFor(t.Name, at.owner)
	f.types = append(f.types, t)
}

// addAlias adds another name for the type of a string format or of data. Its constraints are checked
// where it is used.
func (f *file) addAlias(schema lexicon.Node, alias *ir.Alias, at place) {
	alias.Type, _, _ = lowerScalar(schema, ir.Name{})
	f.declareFor(alias.Name, at.owner)
	f.types = append(f.types, alias)
}
