package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// checkStruct writes the checks of a struct, which begin with
//
//	v.Extra.Check(c, "app.bsky.embed.defs#aspectRatio")
//
// if it keeps what the lexicon does not know. An object without a name has any.
func checkStruct(s *ir.Struct) []Code {
	var body []Code
	if s.Role == ir.Object {
		body = append(body, Id("v").Dot("Extra").Dot("Check").Call(Id("c"), lexiconType(s)))
	}
	for _, field := range s.Fields {
		body = append(body, checkField(field)...)
	}
	return body
}

// checkField writes the checks of a property, unless it is absent:
//
//	if value, ok := v.Email.Get(); ok {
//		c.MaxLength("email", len(value), 100)
//	}
//
//	if v.Codes != nil {
//		c.MinLength("codes", len(v.Codes), 1)
//	}
//	for i := range v.Codes {
//		c.EnterItem("codes", i)
//		v.Codes[i].Check(c)
//		c.Leave()
//	}
func checkField(field *ir.Field) []Code {
	name := Lit(field.JSON)
	if field.Nullable || field.Presence == ir.Optional {
		value := Id("value")
		checks := append(checkValue(field, value), checkItems(name, field.Type, arrayIn(value))...)
		if len(checks) == 0 {
			return nil
		}
		return []Code{ifPresent(field, checks)}
	}
	checks := checkValue(field, property(field))
	if len(checks) > 0 && (field.Presence == ir.OptionalNil || field.Pointer) {
		checks = []Code{If(isThere(field)).Block(checks...)}
	}
	if field.Presence == ir.Required && field.Pointer {
		checks = append([]Code{Id("c").Dot("Required").Call(name, isThere(field))}, checks...)
	}
	return append(checks, checkItems(name, field.Type, arrayIn(property(field)))...)
}

// checkValue writes the checks of a value that is there:
//
//	c.DID("did", v.DID)
//
//	c.Within("image", &v.Image)
//	c.MaxSize("image", v.Image.Size, 2000000)
//
// A copy in a variable checks itself without becoming an interface, which would allocate:
//
//	c.Enter("thumb")
//	value.Check(c)
//	c.Leave()
func checkValue(field *ir.Field, value *Statement) []Code {
	var checks []Code
	switch isCopy := field.Nullable || field.Presence == ir.Optional; {
	case !checksItself(field.Type):
	case isPointer(field):
		checks = append(checks, Id("c").Dot("Within").Call(Lit(field.JSON), value))
	case isCopy:
		checks = append(checks,
			Id("c").Dot("Enter").Call(Lit(field.JSON)), value.Clone().Dot("Check").Call(Id("c")), Id("c").Dot("Leave").Call())
	default:
		checks = append(checks, Id("c").Dot("Within").Call(Lit(field.JSON), Op("&").Add(value)))
	}
	return append(checks, checkCalls(field.Checks, field.Type, Lit(field.JSON), value)...)
}

// checksItself reports whether a type has a method Check.
func checksItself(t ir.Type) bool {
	switch t := t.(type) {
	case ir.Data:
		return t.Kind != ir.Bytes
	case ir.Named:
		return true
	}
	return false
}

// checkItems writes the checks of the elements of an array:
//
//	for i := range v.Codes {
//		c.EnterItem("codes", i)
//		v.Codes[i].Check(c)
//		c.Leave()
//	}
func checkItems(name *Statement, t ir.Type, list array) []Code {
	slice, ok := t.(ir.Slice)
	if !ok {
		return nil
	}
	var checks []Code
	if checksItself(slice.Elem) {
		checks = append(checks, list.item.Clone().Dot("Check").Call(Id("c")))
	}
	checks = append(checks, checkCalls(slice.Checks, slice.Elem, Lit(""), list.item)...)
	if len(checks) == 0 {
		return nil
	}
	enter := Id("c").Dot("EnterItem").Call(name, Id("i"))
	checks = append(append([]Code{enter}, checks...), Id("c").Dot("Leave").Call())
	return []Code{For(Id("i").Op(":=").Range().Add(list.all)).Block(checks...)}
}

// checkCalls writes a line for each constraint:
//
//	c.MaxLength("text", len(v.Text), 3000)
//
//	validate.Const(c, "kind", v.Kind, "x")
func checkCalls(checks []ir.Check, t ir.Type, name, value *Statement) []Code {
	var calls []Code
	for _, check := range checks {
		args := []Code{name, operand(check, t, value)}
		for _, arg := range check.Args {
			args = append(args, literal(arg))
		}
		switch {
		case check.Method == "Const":
			calls = append(calls, Qual(validatePath, "Const").Call(append([]Code{Id("c")}, args...)...))
		case len(check.Args) > 1:
			calls = append(calls, Id("c").Dot(check.Method).Add(arguments(args...)))
		default:
			calls = append(calls, Id("c").Dot(check.Method).Call(args...))
		}
	}
	return calls
}

// operand writes what a check looks at: v.Text, len(v.Text), string(v.Sort), v.Image.Size.
func operand(check ir.Check, t ir.Type, value *Statement) *Statement {
	operand := value.Clone()
	switch check.On {
	case ir.Length:
		operand = Len(operand)
	case ir.Plain:
		operand = plain(t.(ir.Scalar), operand)
	case ir.MIMEType:
		operand = operand.Dot("MIMEType")
	case ir.Size:
		operand = operand.Dot("Size")
	}
	if check.As.Ident != "" {
		operand = qual(check.As).Call(operand)
	}
	return operand
}
