package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitMethods prints the codec and the checks of a struct.
func emitMethods(file *File, s *ir.Struct) {
	if s.Role == ir.Params {
		emitDecodeQuery(file, s)
		emitEncodeQuery(file, s)
		emitCheck(file, s)
		emitValidate(file, s)
		return
	}
	emitDecodeJSON(file, s)
	emitEncodeJSON(file, s)
	emitCheck(file, s)
	emitValidate(file, s)
	emitMarshalers(file, s)
}

// emitDecodeJSON writes
//
//	// DecodeJSON implements [lexjson.Decoder].
//	func (v *ServerCreateSessionInput) DecodeJSON(r *lexjson.Reader) {
//		*v = ServerCreateSessionInput{}
//		for key := range r.Object("identifier") {
//			switch key {
//			case "identifier":
//				v.Identifier = r.String()
//			default:
//				r.Skip()
//			}
//		}
//	}
func emitDecodeJSON(file *File, s *ir.Struct) {
	var cases, required []Code
	for _, field := range s.Fields {
		if field.Presence == ir.Required && !isPreset(s, field) {
			required = append(required, Lit(field.JSON))
		}
		cases = append(cases, Case(Lit(field.JSON)).Block(decodeField(field)...))
	}
	other := Id("r").Dot("Skip").Call()
	if s.Role == ir.Object {
		other = Id("v").Dot("Extra").Dot("DecodeMember").Call(Id("key"), Id("r"))
	}
	object := Range().Id("r").Dot("Object").Add(arguments(required))
	loop := For(Id("key").Op(":=").Add(object)).Block(Switch(Id("key")).Block(append(cases, Default().Block(other))...))
	switch {
	case len(cases) == 0 && s.Role == ir.Object:
		loop = For(Id("key").Op(":=").Add(object)).Block(other)
	case len(cases) == 0:
		loop = For(object).Block(other)
	}
	file.Comment("// DecodeJSON implements [lexjson.Decoder].")
	file.Add(method(s.Name, "DecodeJSON", Id("r").Op("*").Qual(lexjsonPath, "Reader"), reset(s), loop))
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
	return Op("*").Id("v").Op("=").Id(s.Name).Values(defaults...)
}

// arguments writes the arguments of a call, one a line if there are many.
func arguments(list []Code) *Statement {
	if call := Id("f").Call(list...); len(call.GoString()) <= lineWidth {
		return Call(list...)
	}
	return Custom(Options{Open: "(", Close: ")", Separator: ",", Multi: true}, list...)
}

// presetValue writes the default of a property as a value of its field.
func presetValue(field *ir.Field) *Statement {
	if field.Presence == ir.Required {
		return literal(field.Default)
	}
	return Qual(lexdataPath, "Some").Call(typedLiteral(field))
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
func decodeField(field *ir.Field) []Code {
	switch t := field.Type.(type) {
	case ir.Scalar:
		value := readScalar(t)
		if field.Presence == ir.Optional {
			value = Qual(lexdataPath, "Some").Call(value)
		}
		return []Code{property(field).Op("=").Add(value)}
	case ir.StructType:
		decode := property(field).Dot("DecodeJSON").Call(Id("r"))
		if field.Presence == ir.Required {
			return []Code{decode}
		}
		return []Code{property(field).Op("=").New(goType(t)), decode}
	case ir.Slice:
		return decodeSlice(field, t)
	}
	panic(fmt.Sprintf("emit: type %T", field.Type))
}

// decodeSlice writes
//
//	v.Codes = []ServerInviteCode{}
//	for range r.Array() {
//		var item ServerInviteCode
//		item.DecodeJSON(r)
//		v.Codes = append(v.Codes, item)
//	}
func decodeSlice(field *ir.Field, t ir.Slice) []Code {
	var body []Code
	var item *Statement
	switch elem := t.Elem.(type) {
	case ir.Scalar:
		item = readScalar(elem)
	default:
		item = Id("item")
		body = append(body, Var().Id("item").Add(goType(elem)), Id("item").Dot("DecodeJSON").Call(Id("r")))
	}
	body = append(body, property(field).Op("=").Append(property(field), item))
	return []Code{
		property(field).Op("=").Add(goType(t)).Values(),
		For(Range().Id("r").Dot("Array").Call()).Block(body...),
	}
}

// readScalar writes
//
//	syntax.DID(r.String())
func readScalar(t ir.Scalar) *Statement {
	return named(t, Id("r").Dot(scalarMethod(t.Kind)).Call())
}

// named converts a value to the named type of a scalar, if it has one.
func named(t ir.Scalar, value *Statement) *Statement {
	if t.Named.Ident == "" {
		return value
	}
	return qual(t.Named).Call(value)
}

// plain converts a value of a scalar's type to the type that the JSON reader and writer have.
func plain(t ir.Scalar, value *Statement) *Statement {
	if t.Named.Ident == "" {
		return value
	}
	return Id(plainType(t.Kind)).Call(value)
}

// scalarMethod returns the name of the methods that read and write a kind of scalar.
func scalarMethod(kind ir.ScalarKind) string {
	switch kind {
	case ir.Bool:
		return "Bool"
	case ir.Int:
		return "Int"
	}
	return "String"
}

// emitEncodeJSON writes
//
//	// EncodeJSON implements [lexjson.Encoder].
//	func (v *ServerCreateSessionInput) EncodeJSON(w *lexjson.Writer) {
//		w.BeginObject()
//		w.Key("identifier").String(v.Identifier)
//		w.EndObject()
//	}
func emitEncodeJSON(file *File, s *ir.Struct) {
	body := []Code{Id("w").Dot("BeginObject").Call()}
	for _, field := range s.Fields {
		body = append(body, encodeField(s, field)...)
	}
	if s.Role == ir.Object {
		body = append(body, Id("v").Dot("Extra").Dot("EncodeMembers").Call(Id("w")))
	}
	body = append(body, Id("w").Dot("EndObject").Call())
	file.Comment("// EncodeJSON implements [lexjson.Encoder].")
	file.Add(method(s.Name, "EncodeJSON", Id("w").Op("*").Qual(lexjsonPath, "Writer"), body...))
}

// encodeField writes the writing of a property, unless it is absent:
//
//	if value, ok := v.Email.Get(); ok {
//		w.Key("email").String(value)
//	}
func encodeField(s *ir.Struct, field *ir.Field) []Code {
	value := property(field)
	if s.Role == ir.Input && field.Default != nil && field.Presence == ir.Optional {
		value = value.Dot("Or").Call(literal(field.Default))
		return encodeValue(field, value)
	}
	switch field.Presence {
	case ir.Optional:
		return []Code{ifPresent(field, encodeValue(field, Id("value")))}
	case ir.OptionalNil:
		return []Code{If(property(field).Op("!=").Nil()).Block(encodeValue(field, value)...)}
	}
	return encodeValue(field, value)
}

// ifPresent writes
//
//	if value, ok := v.Email.Get(); ok {
//	}
func ifPresent(field *ir.Field, body []Code) *Statement {
	return If(List(Id("value"), Id("ok")).Op(":=").Add(property(field)).Dot("Get").Call(), Id("ok")).Block(body...)
}

// encodeValue writes one of
//
//	w.Key("did").String(string(v.DID))
//
//	v.Links.EncodeJSON(w.Key("links"))
//
//	w.Key("codes").BeginArray()
//	for i := range v.Codes {
//		v.Codes[i].EncodeJSON(w)
//	}
//	w.EndArray()
func encodeValue(field *ir.Field, value *Statement) []Code {
	key := Id("w").Dot("Key").Call(Lit(field.JSON))
	switch t := field.Type.(type) {
	case ir.Scalar:
		return []Code{key.Dot(scalarMethod(t.Kind)).Call(plain(t, value))}
	case ir.StructType:
		return []Code{value.Dot("EncodeJSON").Call(key)}
	case ir.Slice:
		return []Code{key.Dot("BeginArray").Call(), encodeItems(field, t), Id("w").Dot("EndArray").Call()}
	}
	panic(fmt.Sprintf("emit: type %T", field.Type))
}

// encodeItems writes the loop of encodeValue.
func encodeItems(field *ir.Field, t ir.Slice) *Statement {
	if scalar, ok := t.Elem.(ir.Scalar); ok {
		return For(List(Id("_"), Id("item")).Op(":=").Range().Add(property(field))).Block(
			Id("w").Dot(scalarMethod(scalar.Kind)).Call(plain(scalar, Id("item"))),
		)
	}
	return For(Id("i").Op(":=").Range().Add(property(field))).Block(
		property(field).Index(Id("i")).Dot("EncodeJSON").Call(Id("w")),
	)
}

// emitMarshalers writes
//
//	// MarshalJSON implements [encoding/json.Marshaler].
//	func (v ServerCreateSessionInput) MarshalJSON() ([]byte, error) { return lexjson.Marshal(&v) }
//
//	// UnmarshalJSON implements [encoding/json.Unmarshaler].
//	func (v *ServerCreateSessionInput) UnmarshalJSON(data []byte) error { return lexdata.Unmarshal(data, v) }
func emitMarshalers(file *File, s *ir.Struct) {
	file.Comment("// MarshalJSON implements [encoding/json.Marshaler].")
	file.Func().Params(Id("v").Id(s.Name)).Id("MarshalJSON").Params().Params(Index().Byte(), Error()).Block(
		Return(Qual(lexjsonPath, "Marshal").Call(Op("&").Id("v"))),
	)
	file.Comment("// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.")
	file.Func().Params(Id("v").Op("*").Id(s.Name)).Id("UnmarshalJSON").Params(Id("data").Index().Byte()).Error().Block(
		Return(Qual(lexdataPath, "Unmarshal").Call(Id("data"), Id("v"))),
	)
}
