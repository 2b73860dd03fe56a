// Package syntax holds the string formats of the Lexicon language: identifiers,
// references and times that travel as JSON strings with a syntax of their own.
//
// Every format is a Go string type that holds the text exactly as it was
// received. Conversion such as DID("did:plc:abc") is therefore always possible
// and never checks anything; three ways lead to a checked value:
//
//   - ParseDID and its siblings return the value or an [*Error] that says which
//     part of the text breaks which rule.
//   - The Valid method answers yes or no without allocating.
//   - [Valid] does the same for a format whose name is known only at run time.
//
// The rules are those of syntax alone. Whether a DID method is supported, a
// handle resolves, or a record exists is for the application to find out. No
// text is normalised before it is checked, white space around a value is never
// accepted, and the empty string is never valid. Accessors return zero values
// for values that are not valid.
//
// [Datetime], [Language] and [ATURI] also have a ValidLenient method, which
// accepts what other implementations are known to have published. It is meant
// for reading the network's data, never for checking what one writes.
//
// All values are immutable, so everything here is safe for concurrent use. The
// package imports nothing but the standard library.
//
// The formats are specified at https://atproto.com/specs/lexicon#string-formats.
package syntax
