package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitDecodeQuery writes
//
//	// DecodeQuery implements [xrpc.Params].
//	func (v *ServerGetAccountInviteCodesParams) DecodeQuery(q *xrpc.QueryReader) {
//		q.Require("account")
//		v.Account = xrpc.QueryString[syntax.DID](q, "account").Or("")
//		v.IncludeUsed = lexdata.Some(q.Bool("includeUsed").Or(true))
//	}
func emitDecodeQuery(file *File, v receiver, s *ir.Struct) {
	var required []string
	var body []Code
	for _, field := range s.Fields {
		if field.Presence == ir.Required && field.Default == nil {
			required = append(required, field.JSON)
		}
		body = append(body, property(field).Op("=").Add(readParam(field)))
	}
	if len(required) > 0 {
		body = append([]Code{Id("q").Dot("Require").Add(texts(required...))}, body...)
	}
	file.Comment("// DecodeQuery implements [xrpc.Params].")
	reader := Id("q").Op("*").Qual(xrpcPath, "QueryReader")
	if len(body) == 0 {
		reader = Op("*").Qual(xrpcPath, "QueryReader")
	}
	file.Add(v.method("DecodeQuery", reader).Block(body...))
}

// readParam writes the value of a parameter.
func readParam(field *ir.Field) *Statement {
	if slice, ok := field.Type.(ir.Slice); ok {
		return queryCall(field, slice.Elem.(ir.Scalar), "s")
	}
	scalar := field.Type.(ir.Scalar)
	value := queryCall(field, scalar, "")
	switch {
	case field.Presence == ir.Required:
		return value.Dot("Or").Call(fallback(field, scalar.Kind))
	case field.Default != nil:
		return Qual(lexdataPath, "Some").Call(value.Dot("Or").Call(literal(field.Default)))
	}
	return value
}

// queryCall writes one of
//
//	q.Bool("includeUsed")
//
//	xrpc.QueryString[syntax.DID](q, "account")
//
// where the methods have a function beside them for each type that is another one by name.
func queryCall(field *ir.Field, t ir.Scalar, plural string) *Statement {
	name := scalarMethod(t.Kind) + plural
	if t.Kind == ir.String || t.Named.Ident != "" {
		return Qual(xrpcPath, "Query"+name).Index(goType(t)).Call(Id("q"), Lit(field.JSON))
	}
	return Id("q").Dot(name).Call(Lit(field.JSON))
}

// fallback writes what a required parameter is when it is absent: its default, or the zero value.
func fallback(field *ir.Field, kind ir.ScalarKind) *Statement {
	switch {
	case field.Default != nil:
		return literal(field.Default)
	case kind == ir.Bool:
		return False()
	case kind == ir.Int:
		return Lit(0)
	}
	return Lit("")
}

// emitEncodeQuery writes
//
//	// EncodeQuery implements [xrpc.Params].
//	func (v *ServerGetAccountInviteCodesParams) EncodeQuery(q *xrpc.QueryWriter) {
//		q.Bool("includeUsed", v.IncludeUsed.Or(true))
//	}
func emitEncodeQuery(file *File, v receiver, s *ir.Struct) {
	var body []Code
	for _, field := range s.Fields {
		body = append(body, writeParam(field))
	}
	file.Comment("// EncodeQuery implements [xrpc.Params].")
	writer := Id("q").Op("*").Qual(xrpcPath, "QueryWriter")
	if len(body) == 0 {
		writer = Op("*").Qual(xrpcPath, "QueryWriter")
	}
	file.Add(v.method("EncodeQuery", writer).Block(body...))
}

// writeParam writes the writing of a parameter, unless it is absent and has no default.
func writeParam(field *ir.Field) *Statement {
	write := func(t ir.Scalar, value *Statement) *Statement {
		return Id("q").Dot(scalarMethod(t.Kind)).Call(Lit(field.JSON), plain(t, value))
	}
	if slice, ok := field.Type.(ir.Slice); ok {
		return For(List(Id("_"), Id("item")).Op(":=").Range().Add(property(field))).Block(
			write(slice.Elem.(ir.Scalar), Id("item")),
		)
	}
	scalar := field.Type.(ir.Scalar)
	switch {
	case field.Presence == ir.Required:
		return write(scalar, property(field))
	case field.Default != nil:
		return write(scalar, property(field).Dot("Or").Call(literal(field.Default)))
	}
	return ifPresent(field, []Code{write(scalar, Id("value"))})
}
