package lexdata

import (
	"bytes"
	"math"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Unmarshal sets v from JSON, of which it makes a copy first. It checks the
// structure, which is the types of values and the presence of required ones,
// and not the constraints: for these see [Decode] and [validate.Value]. As data
// of others may be old, it also takes what is no longer valid but was in the
// past, see [Blob].
//
// The error is a [*lexjson.SyntaxError] if data is not well-formed, and
// otherwise a [*validate.Errors] with everything that breaks the structure; v
// then holds what could be read.
//
// It is not inlined, as every generated type calls it, and is quicker to compile so.
//
//go:noinline
func Unmarshal(data []byte, v lexjson.Decoder) error {
	return decode(bytes.Clone(data), v, nil /* no constraints */, Options{Lenient: true})
}

// Options say how [Decode] goes about it. The zero value is right for input that
// somebody has sent.
type Options struct {
	// MaxDepth is how deeply objects and arrays may nest. Zero stands for
	// [lexjson.DefaultMaxDepth].
	MaxDepth int
	// Lenient also takes what is no longer valid but was in the past, see [Blob] and
	// [validate.Checker].
	Lenient bool
	// StructureOnly leaves out the constraints.
	StructureOnly bool
	// MaxErrors is how many violations the error lists. Zero stands for
	// [validate.DefaultMaxErrors], which bounds what somebody's input costs; with
	// [math.MaxInt] there is no bound.
	MaxErrors int
}

// Decode sets v from JSON and checks it against its schema, structure and
// constraints, in one go that finds everything that is wrong. It makes no copy:
// v holds slices of data, which must not be changed as long as v is in use.
//
// The errors are those of [Unmarshal], and the [*validate.Errors] has the
// constraints that are broken as well.
func Decode(data []byte, v interface {
	lexjson.Decoder
	validate.Checkable
}, options Options,
) error {
	if options.StructureOnly {
		return decode(data, v, nil /* no constraints */, options)
	}
	return decode(data, v, v, options)
}

// A decoding is what it takes to decode and check one document.
type decoding struct {
	reader  lexjson.Reader
	checker validate.Checker
}

// decodings holds what decode needs between its calls.
var decodings = sync.Pool{New: func() any { return new(decoding) }}

// decode sets v from data, which becomes v's, and checks the constraints of
// checked unless it is nil.
func decode(data []byte, v lexjson.Decoder, checked validate.Checkable, options Options) error {
	d := decodings.Get().(*decoding)
	r := &d.reader
	r.MaxDepth, r.Lenient = options.MaxDepth, options.Lenient
	r.MaxReports = max(lexjson.DefaultMaxReports, min(options.MaxErrors, math.MaxInt-1)+1) // one tells that there are more
	d.checker.MaxErrors = options.MaxErrors
	r.Reset(data, &d.checker)
	v.DecodeJSON(r)
	err := r.End()
	if err == nil {
		if checked != nil {
			d.checker.Lenient = options.Lenient
			checked.Check(&d.checker)
		}
		err = d.checker.Err()
	}
	r.Reset(nil, nil)
	d.checker.Reset()
	decodings.Put(d)
	return err
}
