// Package lexdata is the data model of the AT Protocol in Go: the types of
// the fields of generated structs that Go has no type for, and values whose
// schema is not known.
//
//   - [Opt], [Null] and [OptNull] hold values that may be absent or null.
//   - [Bytes], [CIDLink] and [Blob] are the three kinds of values that JSON
//     writes as objects of a special shape.
//   - [Value] is any value of the data model, [Object] a map of them in the
//     order in which it was written, and [Unknown] the value of a field whose
//     type in the lexicon is unknown.
//   - [Typed] is a variant of a union, [UnknownVariant] one that the program
//     knows no type for, and [Extra] holds the members of an object that its
//     schema does not mention. With them nothing gets lost between reading and
//     writing.
//   - [Decode] reads and checks one document, [Unmarshal] reads a copy of it.
//
// All types read and write themselves with package lexjson, which generated
// code calls, and with encoding/json.
//
// A value that was read holds slices of the text that it was read from, as
// described at [lexjson.NewReader]; [Unmarshal] makes a copy first. None of the
// types may be changed by one goroutine while others use them.
//
// The data model is specified at https://atproto.com/specs/data-model.
package lexdata
