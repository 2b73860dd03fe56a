package lexicon

import "github.com/lexgen-go/lexgen/lexgen/internal/source"

// Object is a JSON object with known properties.
type Object struct {
	Base
	Properties []*Property // in declared order
}

// Params are the query parameters of an endpoint. Their properties are
// booleans, integers, strings, and arrays of these; none is nullable.
type Params struct {
	Base
	Properties []*Property // in declared order
}

// Property is a property of an object or a parameter.
type Property struct {
	// Name is the key on the wire.
	Name     string
	NameSpan source.Span
	Schema   Node // a data type, or *Broken
	Required bool
	Nullable bool
}

// Array is a list of values of one type.
type Array struct {
	Base
	Items Node // a data type, or *Broken
	// MinLength and MaxLength bound the number of elements; nil is no bound.
	MinLength, MaxLength *int64
}

// Boolean is true or false.
type Boolean struct {
	Base
	Default, Const *bool // at most one is set
}

// Integer is a whole number of up to 64 bits.
type Integer struct {
	Base
	Minimum, Maximum *int64
	Enum             []int64 // the only values allowed; nil allows all
	Default, Const   *int64  // at most one is set
}

// String is Unicode text.
type String struct {
	Base
	// Format is the name of a string format, "" if there is none or an unknown
	// one.
	Format string
	// MinLength and MaxLength bound the number of bytes in UTF-8.
	MinLength, MaxLength *int64
	// MinGraphemes and MaxGraphemes bound the number of grapheme clusters.
	MinGraphemes, MaxGraphemes *int64
	Enum                       []string // the only values allowed; nil allows all
	KnownValues                []string // values with a meaning, others are allowed
	Default, Const             *string  // at most one is set
}

// Bytes is binary data.
type Bytes struct {
	Base
	// MinLength and MaxLength bound the number of bytes.
	MinLength, MaxLength *int64
}

// CIDLink is a link to content by its hash.
type CIDLink struct{ Base }

// Blob is a reference to an uploaded file.
type Blob struct {
	Base
	Accept  []string // media types or globs; nil accepts all
	MaxSize *int64   // in bytes
}

// Unknown is any object of the data model.
type Unknown struct{ Base }

// Token is a name without data. Its value is its own canonical name.
type Token struct{ Base }

// Ref stands for the schema of another def.
type Ref struct {
	Base
	To *Reference
}

// Union is an object of one of several types, told apart by $type.
type Union struct {
	Base
	Refs   []*Reference // without duplicates; may be empty if open
	Closed bool         // whether other types than these are refused
}
