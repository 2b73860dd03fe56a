package lexdata

import (
	"bytes"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Unmarshal sets v from JSON, of which it makes a copy first. It checks the
// structure, which is the types of values and the presence of required ones,
// and not the constraints: see [Validate].
//
// The error is a [*lexjson.SyntaxError] if data is not well-formed, and
// otherwise a [*validate.Errors] with everything that breaks the structure; v
// then holds what could be read.
func Unmarshal(data []byte, v lexjson.Decoder) error {
	return unmarshal(data, v, false /* lenient */)
}

// UnmarshalLenient is like [Unmarshal] for data that others have published: it
// also takes what is no longer valid but was in the past, see [Blob].
func UnmarshalLenient(data []byte, v lexjson.Decoder) error {
	return unmarshal(data, v, true /* lenient */)
}

// Validate returns a [*validate.Errors] with every constraint of its schema
// that v breaks, or nil.
func Validate(v validate.Checkable) error {
	return validate.Value(v)
}

// A decoding is what one call of Unmarshal needs.
type decoding struct {
	reader  lexjson.Reader
	checker validate.Checker
}

// decodings holds what Unmarshal needs between its calls.
var decodings = sync.Pool{New: func() any { return new(decoding) }}

func unmarshal(data []byte, v lexjson.Decoder, lenient bool) error {
	d := decodings.Get().(*decoding)
	r := &d.reader
	r.Reset(bytes.Clone(data), &d.checker)
	r.Lenient = lenient
	v.DecodeJSON(r)
	err := r.End()
	if err == nil {
		err = d.checker.Err()
	}
	r.Reset(nil, nil)
	d.checker.Reset()
	decodings.Put(d)
	return err
}
