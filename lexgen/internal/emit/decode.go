package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// decodeStruct writes the reading of a struct:
//
//	*v = FeedPost{}
//	r.Record(FeedPostNSID)
//	object := r.Object("text")
//	for object.Next() {
//		switch object.Key() {
//		case "text":
//			v.Text = r.String()
//		default:
//			v.Extra.DecodeMember(object.Key(), r)
//		}
//	}
func decodeStruct(s *ir.Struct) []Code {
	var cases []Code
	var required []string
	for _, field := range s.Fields {
		if field.Presence == ir.Required && !isPreset(s, field) {
			required = append(required, field.JSON)
		}
		cases = append(cases, Case(Lit(field.JSON)).Block(decodeField(s, field)...))
	}
	key := Id("object").Dot("Key").Call()
	body := Id("r").Dot("Skip").Call()
	if s.Role == ir.Object {
		body = Id("v").Dot("Extra").Dot("DecodeMember").Call(key, Id("r"))
	}
	if len(cases) > 0 {
		body = Switch(key.Clone()).Block(append(cases, Default().Block(body))...)
	}
	code := []Code{reset(s)}
	if s.Record != "" {
		code = append(code, Id("r").Dot("Record").Call(lexiconType(s)))
	}
	return append(code,
		Id("object").Op(":=").Id("r").Dot("Object").Add(texts(required...)),
		For(Id("object").Dot("Next").Call()).Block(body))
}

// isPreset reports whether a property that is absent is taken for its default.
func isPreset(s *ir.Struct, field *ir.Field) bool {
	return s.Role == ir.Input && field.Default != nil
}

// reset writes
//
//	*v = ServerCreateInviteCodesInput{CodeCount: 1}
func reset(s *ir.Struct) *Statement {
	var defaults []Code
	for _, field := range s.Fields {
		if isPreset(s, field) {
			defaults = append(defaults, member(field.Name, presetValue(field)))
		}
	}
	return Op("*").Id("v").Op("=").Id(s.Name).Add(values(defaults...))
}

// presetValue writes the default of a property as a value of its field.
func presetValue(field *ir.Field) *Statement {
	if field.Presence == ir.Required && !field.Nullable {
		return literal(field.Default)
	}
	return wrapper(field).Call(typedLiteral(field))
}

// wrapper writes the function that makes the value of a field from one that is there:
//
//	lexdata.Some
func wrapper(field *ir.Field) *Statement {
	switch {
	case !field.Nullable:
		return Qual(lexdataPath, "Some")
	case field.Presence == ir.Required:
		return Qual(lexdataPath, "NonNull")
	}
	return Qual(lexdataPath, "SomeNonNull")
}

// typedLiteral writes a default as a value of the field's type.
func typedLiteral(field *ir.Field) *Statement {
	scalar := field.Type.(ir.Scalar)
	if scalar.Kind == ir.Int || scalar.Named.Ident != "" {
		return goType(scalar).Call(literal(field.Default))
	}
	return literal(field.Default)
}

// decodeField writes the reading of a property's value:
//
//	v.Email = lexdata.Some(r.String())
//
//	v.Links = new(ServerDescribeServerLinks)
//	v.Links.DecodeJSON(r)
func decodeField(s *ir.Struct, field *ir.Field) []Code {
	switch {
	case field.Nullable:
		return decodeNullable(field, isPreset(s, field))
	case field.Presence == ir.Optional:
		return []Code{property(field).Op("=").Add(wrapper(field)).Call(readValue(field.Type))}
	case isPointer(field):
		return []Code{property(field).Op("=").New(goType(field.Type)), decodeSelf(property(field))}
	}
	return decodeInto(property(field), field.Type)
}

// decodeNullable writes
//
//	if !r.Null() {
//		v.CID = lexdata.NonNull(lexdata.ReadCIDLink(r))
//	}
//
// or, if the property may be absent as well,
//
//	if r.Null() {
//		v.CID = lexdata.SomeNull[lexdata.CIDLink]()
//	} else {
//		v.CID = lexdata.SomeNonNull(lexdata.ReadCIDLink(r))
//	}
//
// or, if its absence stands for a default, which a null does not,
//
//	if r.Null() {
//		v.Limit = lexdata.Null[int64]{}
//	} else {
//		v.Limit = lexdata.NonNull(r.Int())
//	}
func decodeNullable(field *ir.Field, preset bool) []Code {
	isNull := Id("r").Dot("Null").Call()
	null := Qual(lexdataPath, "Null").Index(valueType(field)).Values()
	switch {
	case field.Presence != ir.Required:
		null = Qual(lexdataPath, "SomeNull").Index(valueType(field)).Call()
	case !preset:
		return []Code{If(Op("!").Add(isNull)).Block(decodeNonNull(field)...)}
	}
	return []Code{If(isNull).Block(property(field).Op("=").Add(null)).Else().Block(decodeNonNull(field)...)}
}

// decodeNonNull writes one of
//
//	v.CID = lexdata.NonNull(lexdata.ReadCIDLink(r))
//
//	value := new(RepoThing)
//	value.DecodeJSON(r)
//	v.Thing = lexdata.NonNull(value)
//
//	var value RepoThingUnion
//	value.DecodeJSON(r)
//	v.Thing = lexdata.NonNull(value)
//
//	value := []string{}
//	array := r.Array()
//	for array.Next() {
//		value = append(value, r.String())
//	}
//	v.Names = lexdata.NonNull(value)
func decodeNonNull(field *ir.Field) []Code {
	value := Id("value")
	done := property(field).Op("=").Add(wrapper(field)).Call(value)
	switch t := field.Type.(type) {
	case ir.Slice:
		return append(append([]Code{value.Clone().Op(":=").Add(goType(t)).Values()}, decodeItems(value, t.Elem)...), done)
	case ir.Named:
		if isPointer(field) {
			return []Code{value.Clone().Op(":=").New(goType(t)), decodeSelf(value), done}
		}
		return []Code{Var().Id("value").Add(goType(t)), decodeSelf(value), done}
	}
	return []Code{property(field).Op("=").Add(wrapper(field)).Call(readValue(field.Type))}
}

// decodeInto writes the reading of a value into a variable or a field:
//
//	v.Text = r.String()
//
//	v.Embed.DecodeJSON(r)
//
//	v.Codes = []ServerInviteCode{}
//	array := r.Array()
//	for array.Next() {
//		var item ServerInviteCode
//		item.DecodeJSON(r)
//		v.Codes = append(v.Codes, item)
//	}
func decodeInto(target *Statement, t ir.Type) []Code {
	switch t := t.(type) {
	case ir.Scalar:
		return []Code{target.Clone().Op("=").Add(readValue(t))}
	case ir.Slice:
		return append([]Code{target.Clone().Op("=").Add(goType(t)).Values()}, decodeItems(target, t.Elem)...)
	}
	return []Code{decodeSelf(target)}
}

// decodeSelf writes
//
//	v.Embed.DecodeJSON(r)
func decodeSelf(target *Statement) *Statement {
	return target.Clone().Dot("DecodeJSON").Call(Id("r"))
}

// decodeItems writes the loop of decodeInto.
func decodeItems(target *Statement, elem ir.Type) []Code {
	var body []Code
	item := Id("item")
	if t, ok := elem.(ir.Named); ok {
		body = append(body, Var().Id("item").Add(goType(t)), decodeSelf(item))
	} else {
		item = readValue(elem)
	}
	body = append(body, target.Clone().Op("=").Append(target, item))
	return []Code{
		Id("array").Op(":=").Id("r").Dot("Array").Call(),
		For(Id("array").Dot("Next").Call()).Block(body...),
	}
}

// readValue writes the reading of a scalar or of data as an expression:
//
//	syntax.DID(r.String())
//
//	lexdata.ReadBlob(r)
func readValue(t ir.Type) *Statement {
	switch t := t.(type) {
	case ir.Scalar:
		return named(t, Id("r").Dot(scalarMethod(t.Kind)).Call())
	case ir.Data:
		return Qual(lexdataPath, "Read"+dataType(t.Kind)).Call(Id("r"))
	}
	panic(fmt.Sprintf("emit: type %T", t))
}
