package ir

// Name is an identifier of a package. ImportPath is empty for the package that refers to it.
type Name struct {
	ImportPath string
	Ident      string
}

// Field is a field of a struct.
type Field struct {
	Name string
	// JSON is the name on the wire.
	JSON string
	Doc  string
	Type Type
	// Presence says whether the property may be absent, and how Go tells.
	Presence Presence
	// Default is what a server takes an absent property for: a bool, an int64 or a string, or nil
	// if there is none.
	Default any
	// Checks are the constraints of the value, or of the array.
	Checks []Check
}

// Presence says how a field tells that its property is absent.
type Presence uint8

// The ways of being present.
const (
	// Required properties are always there.
	Required Presence = iota + 1
	// Optional scalars are wrapped in lexdata.Opt.
	Optional
	// OptionalNil properties are absent when the pointer or slice is nil.
	OptionalNil
)

// Type is the type of a property's value: one of the types below.
type Type interface{ typ() }

// Scalar is a value that the JSON reader and writer know.
type Scalar struct {
	Kind ScalarKind
	// Named is the Go type, if it is not the one that the kind stands for.
	Named Name
}

// ScalarKind is the kind of a scalar.
type ScalarKind uint8

// The kinds of scalars.
const (
	Bool   ScalarKind = iota + 1 // bool
	Int                          // int64
	String                       // string
)

// StructType is a struct that is generated, here or in another package.
type StructType struct{ Name Name }

// Slice is an array.
type Slice struct {
	// Elem is a Scalar or a StructType.
	Elem Type
	// Checks are the constraints of each element.
	Checks []Check
}

func (Scalar) typ()     {}
func (StructType) typ() {}
func (Slice) typ()      {}

// Check is one constraint of a value: a call of a method of validate.Checker.
type Check struct {
	// Method is the method's name.
	Method string
	// On is what the method looks at.
	On Operand
	// Bound is the last argument, if the method has one.
	Bound *int64
}

// Operand is what of a value a check looks at.
type Operand uint8

// The operands of checks.
const (
	// Value is the value itself.
	Value Operand = iota + 1
	// Length is the number of a string's bytes, or of an array's elements.
	Length
	// Text is the value as a plain string.
	Text
)
