package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// fieldType writes the Go type of a field: string, lexdata.Opt[syntax.DID], *Links, []Code,
// lexdata.Null[*Links].
func fieldType(field *ir.Field) *Statement {
	t := valueType(field)
	switch {
	case field.Nullable && field.Presence == ir.Required:
		return Qual(lexdataPath, "Null").Index(t)
	case field.Nullable:
		return Qual(lexdataPath, "OptNull").Index(t)
	case field.Presence == ir.Optional:
		return Qual(lexdataPath, "Opt").Index(t)
	}
	return t
}

// valueType writes the type of what a field holds when its property is there and not null.
func valueType(field *ir.Field) *Statement {
	if isPointer(field) {
		return Op("*").Add(goType(field.Type))
	}
	return goType(field.Type)
}

// isPointer reports whether a field holds its struct by pointer.
func isPointer(field *ir.Field) bool {
	return isKind(field.Type, ir.StructKind) && (field.Pointer || field.Nullable || field.Presence != ir.Required)
}

// property writes the selector of a field: v.Email.
func property(field *ir.Field) *Statement {
	return Id("v").Dot(field.Name)
}

// key writes
//
//	w.Key("email")
func key(field *ir.Field) *Statement {
	return Id("w").Dot("Key").Call(Lit(field.JSON))
}

// isThere writes the condition that a property is there which tells its absence by nil:
//
//	v.Links != nil
//
//	v.Embed.Value != nil
func isThere(field *ir.Field) *Statement {
	if isKind(field.Type, ir.UnionKind) {
		return property(field).Dot("Value").Op("!=").Nil()
	}
	return property(field).Op("!=").Nil()
}

// ifPresent writes
//
//	if value, ok := v.Email.Get(); ok {
//	}
//
// and of a nullable struct, of which nil may have been taken for a value,
//
//	if value := v.Links.Or(nil); value != nil {
//	}
func ifPresent(field *ir.Field, body []Code) *Statement {
	if isPointer(field) {
		return If(Id("value").Op(":=").Add(property(field)).Dot("Or").Call(Nil()), Id("value").Op("!=").Nil()).Block(body...)
	}
	return If(List(Id("value"), Id("ok")).Op(":=").Add(property(field)).Dot("Get").Call(), Id("ok")).Block(body...)
}

// array is an expression for an array, and one for its element at the index i.
type array struct{ all, item *Statement }

// arrayIn returns the array that a variable or a field holds.
func arrayIn(variable *Statement) array {
	return array{variable, variable.Clone().Index(Id("i"))}
}
