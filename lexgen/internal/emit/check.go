package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitCheck writes
//
//	// Check implements [validate.Checkable].
//	func (v *ServerCreateSessionOutput) Check(c *validate.Checker) {
//		c.Handle("handle", v.Handle)
//	}
func emitCheck(file *File, s *ir.Struct) {
	var body []Code
	for _, field := range s.Fields {
		body = append(body, checkField(field)...)
	}
	if len(body) == 0 {
		file.Comment("// Check implements [validate.Checkable]. The lexicon sets no constraints.")
		file.Add(method(s.Name, "Check", Op("*").Qual(validatePath, "Checker")))
		return
	}
	file.Comment("// Check implements [validate.Checkable].")
	file.Add(method(s.Name, "Check", Id("c").Op("*").Qual(validatePath, "Checker"), body...))
}

// emitValidate writes
//
//	// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
//	func (v *ServerCreateSessionInput) Validate() error {
//		return validate.Value(v)
//	}
func emitValidate(file *File, s *ir.Struct) {
	file.Comment("// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].")
	file.Func().Params(Id("v").Op("*").Id(s.Name)).Id("Validate").Params().Error().Block(
		Return(Qual(validatePath, "Value").Call(Id("v"))),
	)
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
//	for i := range c.Items("codes", len(v.Codes)) {
//		v.Codes[i].Check(c)
//	}
func checkField(field *ir.Field) []Code {
	value := property(field)
	if field.Presence == ir.Optional {
		value = Id("value")
	}
	checks := checkValue(field, value)
	if len(checks) > 0 {
		switch field.Presence {
		case ir.Optional:
			checks = []Code{ifPresent(field, checks)}
		case ir.OptionalNil:
			checks = []Code{If(property(field).Op("!=").Nil()).Block(checks...)}
		}
	}
	return append(checks, checkItems(field)...)
}

// checkValue writes the checks of a value that is there:
//
//	c.DID("did", v.DID)
//
//	c.Within("links", &v.Links)
func checkValue(field *ir.Field, value *Statement) []Code {
	checks := checkCalls(field.Checks, field.Type, Lit(field.JSON), value)
	if _, ok := field.Type.(ir.StructType); ok {
		if field.Presence == ir.Required {
			value = Op("&").Add(value)
		}
		checks = append(checks, Id("c").Dot("Within").Call(Lit(field.JSON), value))
	}
	return checks
}

// checkItems writes the checks of the elements of an array:
//
//	for i := range c.Items("codes", len(v.Codes)) {
//		v.Codes[i].Check(c)
//	}
func checkItems(field *ir.Field) []Code {
	t, ok := field.Type.(ir.Slice)
	if !ok {
		return nil
	}
	item := property(field).Index(Id("i"))
	checks := checkCalls(t.Checks, t.Elem, Lit(""), item)
	if _, ok := t.Elem.(ir.StructType); ok {
		checks = append(checks, item.Clone().Dot("Check").Call(Id("c")))
	}
	if len(checks) == 0 {
		return nil
	}
	items := Id("c").Dot("Items").Call(Lit(field.JSON), Len(property(field)))
	return []Code{For(Id("i").Op(":=").Range().Add(items)).Block(checks...)}
}

// checkCalls writes a line for each constraint:
//
//	c.MaxLength("text", len(v.Text), 3000)
func checkCalls(checks []ir.Check, t ir.Type, name, value *Statement) []Code {
	var calls []Code
	for _, check := range checks {
		operand := value.Clone()
		switch check.On {
		case ir.Length:
			operand = Len(operand)
		case ir.Text:
			operand = plain(t.(ir.Scalar), operand)
		}
		args := []Code{name, operand}
		if check.Bound != nil {
			args = append(args, integer(*check.Bound))
		}
		calls = append(calls, Id("c").Dot(check.Method).Call(args...))
	}
	return calls
}
