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
	// Nullable says that the property may be null: its type is wrapped in lexdata.Null if it is
	// required, and in lexdata.OptNull otherwise. A struct is then held by pointer.
	Nullable bool
	// Pointer says that a required struct is held by pointer, because it would contain itself.
	Pointer bool
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
	// Optional scalars and data are wrapped in lexdata.Opt.
	Optional
	// OptionalNil properties are absent when the pointer, the slice or the union's value is nil.
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

// Data is a value of the data model that is neither a scalar nor generated.
type Data struct {
	Kind DataKind
	// Named is another name for the type, if it has one.
	Named Name
}

// DataKind is the kind of a Data.
type DataKind uint8

// The kinds of data, each with the type that it is.
const (
	Bytes   DataKind = iota + 1 // lexdata.Bytes
	CIDLink                     // lexdata.CIDLink
	Blob                        // lexdata.Blob
	Unknown                     // lexdata.Unknown
)

// Named is a type that is generated, here or in another package, and that has a codec and checks.
type Named struct {
	Name Name
	Kind NamedKind
}

// NamedKind is the kind of a Named, which decides how a value is held and how it tells its absence.
type NamedKind uint8

// The kinds of named types.
const (
	StructKind NamedKind = iota + 1 // optional ones are held by pointer
	UnionKind                       // absent if its field Value is nil
	ListKind                        // a slice type; absent if nil
)

// Slice is an array.
type Slice struct {
	// Elem is a Scalar, a Data or a Named: an array of arrays has elements of a named list type.
	Elem Type
	// Checks are the constraints of each element.
	Checks []Check
}

func (Scalar) typ() {}
func (Data) typ()   {}
func (Named) typ()  {}
func (Slice) typ()  {}

// Check is one constraint of a value: a call of a method of validate.Checker, or of the function
// validate.Const.
type Check struct {
	// Method is the method's name, or "Const".
	Method string
	// On is what the method looks at.
	On Operand
	// As is the type that the operand is converted to, if it has another.
	As Name
	// Args are the last arguments: bools, int64s and strings.
	Args []any
}

// Operand is what of a value a check looks at.
type Operand uint8

// The operands of checks.
const (
	// Value is the value itself.
	Value Operand = iota + 1
	// Length is the number of a string's or bytes' bytes, or of an array's elements.
	Length
	// Plain is a scalar as the type that its kind stands for.
	Plain
	// MIMEType and Size are those that a blob declares.
	MIMEType
	Size
)
