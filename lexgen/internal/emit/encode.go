package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// encodeStruct writes the writing of a struct:
//
//	w.Type(FeedPostNSID)
//	w.BeginObject()
//	w.Key("text").String(v.Text)
//	v.Extra.EncodeMembers(w)
//	w.EndObject()
func encodeStruct(s *ir.Struct) []Code {
	var body []Code
	if s.Record != "" {
		body = append(body, Id("w").Dot("Type").Call(lexiconType(s)))
	}
	body = append(body, Id("w").Dot("BeginObject").Call())
	for _, field := range s.Fields {
		body = append(body, encodeField(s, field)...)
	}
	if s.Role == ir.Object {
		body = append(body, Id("v").Dot("Extra").Dot("EncodeMembers").Call(Id("w")))
	}
	return append(body, Id("w").Dot("EndObject").Call())
}

// encodeField writes the writing of a property, unless it is absent:
//
//	if value, ok := v.Email.Get(); ok {
//		w.Key("email").String(value)
//	}
//
//	if v.Embed.Value != nil {
//		v.Embed.EncodeJSON(w.Key("embed"))
//	}
//
//	w.Key("codeCount").Int(v.CodeCount.Or(1))
func encodeField(s *ir.Struct, field *ir.Field) []Code {
	switch {
	case field.Nullable:
		return []Code{encodeNullable(s, field)}
	case field.Presence == ir.Optional && isPreset(s, field):
		return encodeValue(field, property(field).Dot("Or").Call(literal(field.Default)))
	case field.Presence == ir.Optional:
		return []Code{ifPresent(field, encodeValue(field, Id("value")))}
	case field.Presence == ir.OptionalNil:
		return []Code{If(isThere(field)).Block(encodeValue(field, property(field))...)}
	case field.Pointer:
		return []Code{encodePointer(field)}
	}
	return encodeValue(field, property(field))
}

// encodeNullable writes
//
//	if value, ok := v.Since.Get(); ok {
//		w.Key("since").String(string(value))
//	} else {
//		w.Key("since").Null()
//	}
//
// where a property that may be absent as well is null only
//
//	} else if v.Since.IsNull() {
//
// and a nil pointer, which the Or of a struct takes for null, only
//
//	} else if !v.Since.IsZero() {
//
// A property that is absent and has a default is written as that.
func encodeNullable(s *ir.Struct, field *ir.Field) *Statement {
	present := ifPresent(field, encodeValue(field, Id("value")))
	null := key(field).Dot("Null").Call()
	switch {
	case field.Presence == ir.Required:
		return present.Else().Block(null)
	case isPointer(field):
		return present.Else().If(Op("!").Add(property(field)).Dot("IsZero").Call()).Block(null)
	}
	present.Else().If(property(field).Dot("IsNull").Call()).Block(null)
	if isPreset(s, field) {
		present.Else().Block(key(field).Dot(scalarMethod(field.Type.(ir.Scalar).Kind)).Call(literal(field.Default)))
	}
	return present
}

// encodePointer writes
//
//	if v.Next != nil {
//		v.Next.EncodeJSON(w.Key("next"))
//	} else {
//		w.Key("next").Fail("is required")
//	}
func encodePointer(field *ir.Field) *Statement {
	missing := key(field).Dot("Fail").Call(Lit("is required"))
	return If(isThere(field)).Block(encodeValue(field, property(field))...).Else().Block(missing)
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
	switch t := field.Type.(type) {
	case ir.Scalar:
		return []Code{writeScalar(key(field), t, value)}
	case ir.Slice:
		return encodeArray(key(field), t, arrayIn(value))
	}
	return []Code{value.Clone().Dot("EncodeJSON").Call(key(field))}
}

// encodeArray writes an array to w, which may stand behind a key:
//
//	w.Key("codes").BeginArray()
//	for i := range v.Codes {
//		v.Codes[i].EncodeJSON(w)
//	}
//	w.EndArray()
func encodeArray(w *Statement, t ir.Slice, list array) []Code {
	return []Code{w.Dot("BeginArray").Call(), encodeItems(t.Elem, list), Id("w").Dot("EndArray").Call()}
}

// encodeItems writes the loop of encodeArray.
func encodeItems(elem ir.Type, list array) *Statement {
	switch t := elem.(type) {
	case ir.Scalar:
		item := Id("item")
		return For(List(Id("_"), item).Op(":=").Range().Add(list.all)).Block(writeScalar(Id("w"), t, item))
	case ir.Data, ir.Named:
		return For(Id("i").Op(":=").Range().Add(list.all)).Block(list.item.Clone().Dot("EncodeJSON").Call(Id("w")))
	}
	panic(fmt.Sprintf("emit: type %T", elem))
}

// writeScalar writes
//
//	w.Key("did").String(string(v.DID))
func writeScalar(w *Statement, t ir.Scalar, value *Statement) *Statement {
	return w.Dot(scalarMethod(t.Kind)).Call(plain(t, value))
}
