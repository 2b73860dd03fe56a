package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// lowerType makes the Go type of a schema and the checks of its values. Types that the schema needs
// are added to the file.
func (f *file) lowerType(schema lexicon.Node, at place) (ir.Type, []ir.Check, bool) {
	switch schema := schema.(type) {
	case *lexicon.Array:
		return f.lowerArray(schema, at)
	case *lexicon.Object:
		f.addStruct(&ir.Struct{Name: at.ident, About: "is " + at.of + "."}, schema.Properties, at)
		return ir.Named{Name: ir.Name{Ident: at.ident}, Kind: ir.StructKind}, nil, true
	case *lexicon.Union:
		name := at.ident + "Union"
		ok := f.addUnion(schema, &ir.Union{Name: name, About: "is " + choice(schema)}, at.owner)
		return ir.Named{Name: ir.Name{Ident: name}, Kind: ir.UnionKind}, nil, ok
	case *lexicon.Ref:
		return f.lowerRef(schema.To)
	case *lexicon.String:
		if valuesKey(schema) != "" {
			f.addScalarType(schema, &ir.ScalarType{Name: at.ident, About: "is the type of " + at.of + "."}, at)
			return lowerScalar(schema, ir.Name{Ident: at.ident})
		}
	}
	return lowerScalar(schema, ir.Name{})
}

// lowerArray makes a slice type and the checks of its length.
func (f *file) lowerArray(schema *lexicon.Array, at place) (ir.Type, []ir.Check, bool) {
	elem, checks, ok := f.lowerElem(schema.Items, at.items())
	return ir.Slice{Elem: elem, Checks: checks}, lengthChecks(schema.MinLength, schema.MaxLength), ok
}

// lowerElem makes the type of an array's elements and the checks of each. An array has a named type
// if it stands in another.
func (f *file) lowerElem(schema lexicon.Node, at place) (ir.Type, []ir.Check, bool) {
	array, ok := schema.(*lexicon.Array)
	if !ok {
		return f.lowerType(schema, at)
	}
	list := &ir.List{Name: at.ident, About: "is " + at.of + ".", Doc: lexicon.Description(array.Items)}
	return ir.Named{Name: ir.Name{Ident: at.ident}, Kind: ir.ListKind}, nil, f.addList(list, array, at)
}

// addList adds a named slice type.
func (f *file) addList(list *ir.List, schema *lexicon.Array, at place) bool {
	f.declareFor(list.Name, at.owner)
	f.types = append(f.types, list)
	t, checks, ok := f.lowerArray(schema, at)
	list.Type, list.Checks = t.(ir.Slice), checks
	return ok
}
