// Package lexjson is the JSON reader and writer that generated codecs call.
// It is exact, strict and makes one pass: the [Reader] pulls values from one
// immutable buffer and always knows the path at which it stands, the [Writer]
// appends to one buffer and puts the commas in.
//
// There are two kinds of trouble. Malformed JSON stops the Reader: the first
// [SyntaxError] stays, every later call returns the zero value at once and
// loops end. A well-formed value that is not the wanted one (another JSON
// type, a required key that is missing, a key that occurs twice) is told to
// the [Reporter] together with its path, the value is skipped, and reading
// goes on, so that one pass finds all violations.
//
// What is accepted is RFC 8259 without the freedoms that it leaves to
// parsers: text must be valid UTF-8 without a byte order mark, surrogate
// escapes must come in pairs, and the keys of an object must be distinct.
// The rules of the data model that are expressed in JSON are described at
// https://atproto.com/specs/data-model; their types live in package lexdata.
//
// The package imports nothing but the standard library.
package lexjson

// A Decoder reads itself from the value that comes next in a [Reader]. It
// consumes exactly that value, whatever is wrong with it.
type Decoder interface {
	DecodeJSON(r *Reader)
}

// An Encoder writes itself as one JSON value. What cannot be written is told
// to [Writer.Fail].
type Encoder interface {
	EncodeJSON(w *Writer)
}

// A Kind is the JSON type of a value.
type Kind uint8

// The kinds of JSON values. Invalid stands for anything that starts no value,
// the end of the input included.
const (
	Invalid Kind = iota
	Object
	Array
	String
	Number
	Bool
	Null
)
