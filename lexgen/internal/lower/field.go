package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// addStruct adds a struct with a field for each property.
func (f *file) addStruct(s *ir.Struct, properties []*lexicon.Property, at place) {
	s.Role = at.role
	f.declareFor(s.Name, at.owner)
	f.types = append(f.types, s)
	names := newScope("field", reportedPairs{})
	for _, p := range properties {
		if !hasName(p) {
			continue
		}
		field := f.lowerProperty(&names, p, at)
		if field != nil {
			s.Fields = append(s.Fields, field)
		}
	}
}

// hasName reports whether a property has a name that it may have. Any other was reported before.
func hasName(p *lexicon.Property) bool {
	return p.Name != "" && !strings.HasPrefix(p.Name, "$")
}

// lowerProperty makes the field of a property of an object, or nil if its schema is broken.
func (f *file) lowerProperty(names *scope, p *lexicon.Property, object place) *ir.Field {
	path := object.path + "/properties/" + escape(p.Name)
	name, typeName := f.fieldName(path, p.Name)
	at := object.inside("/properties/"+escape(p.Name), object.ident+typeName, propertyOf(object, p.Name), object.role)
	at.owner = f.owner(fmt.Sprintf("property %q of %s", p.Name, object.owner.what), p.NameSpan, cure{
		path: path, ident: typeName, better: []string{typeName + kindOf(p.Schema)},
	})
	names.declare(f.lowerer, object.ident+"."+name, at.owner)
	field := &ir.Field{Name: name, JSON: p.Name, Doc: schemaDoc(p.Schema), Nullable: p.Nullable, Default: f.defaultOf(p.Schema)}
	var ok bool
	if field.Type, field.Checks, ok = f.lowerType(p.Schema, at); !ok {
		return nil
	}
	field.Presence = presence(p, field.Type)
	if ref, ok := p.Schema.(*lexicon.Ref); ok && p.Required && !p.Nullable {
		field.Pointer = f.catalog.OnRequiredCycle(ref.To)
	}
	return field
}

// propertyOf returns what a sentence calls the values of a property.
func propertyOf(object place, name string) string {
	if object.role == ir.Params {
		return "the parameter " + name + " of " + object.of
	}
	return "the property " + name + " of " + object.of
}

// presence tells how the field of a property says that it is absent.
func presence(p *lexicon.Property, t ir.Type) ir.Presence {
	if p.Required {
		return ir.Required
	}
	switch t.(type) {
	case ir.Scalar, ir.Data:
		return ir.Optional
	}
	return ir.OptionalNil
}

// schemaDoc returns the description of a schema, and of the elements if it is an array.
func schemaDoc(schema lexicon.Node) string {
	text := lexicon.Description(schema)
	if array, ok := schema.(*lexicon.Array); ok && array.Items != nil {
		return description(text, lexicon.Description(array.Items))
	}
	return text
}

// description joins the descriptions of a construct and of what is in it.
func description(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "\n\n")
}

// defaultOf returns the default of a schema, or of the scalar that it refers to, as a bool, an int64
// or a string, or nil.
func (f *file) defaultOf(schema lexicon.Node) any {
	switch schema := schema.(type) {
	case *lexicon.Ref:
		if def := f.catalog.Target(schema.To); def != nil {
			return f.defaultOf(def.Schema) // which is no ref
		}
	case *lexicon.Boolean:
		return value(schema.Default)
	case *lexicon.Integer:
		return value(schema.Default)
	case *lexicon.String:
		return value(schema.Default)
	}
	return nil
}

// value returns what a pointer points to, or nil.
func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
