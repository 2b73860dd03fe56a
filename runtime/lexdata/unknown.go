package lexdata

import (
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// An Unknown is the value of a field whose type in the lexicon is unknown: an
// object of any content, often a record. [As] reads it as a generated type, and
// [NewUnknown] makes it from one.
//
// See https://atproto.com/specs/lexicon#unknown.
type Unknown struct {
	Object
}

// ReadUnknown reads an unknown value from r.
func ReadUnknown(r *lexjson.Reader) Unknown {
	var u Unknown
	u.DecodeJSON(r)
	return u
}

// NewUnknown returns v as an Unknown. If v is [Typed], the result has its
// $type. The error is that of [lexjson.Marshal], or says that v is written as
// something else than an object.
func NewUnknown(v lexjson.Encoder) (Unknown, error) {
	encoder := v
	if typed, ok := v.(Typed); ok {
		encoder = variant{typed}
	}
	data, err := lexjson.Marshal(encoder)
	if err != nil {
		return Unknown{}, err
	}
	var u Unknown
	if err := decode(data, &u, nil /* no constraints */, Options{}); err != nil {
		return Unknown{}, fmt.Errorf("%T as an unknown object: %w", v, err)
	}
	return u, nil
}

// As returns u as a value of type T:
//
//	post, err := lexdata.As[comexample.FeedPost](u)
//
// If *T is [Typed] and u has a $type, this must be the same, otherwise the
// error is a [*TypeError]; to tell several types apart, look at u.Type first. For
// other errors see [Unmarshal]; constraints are not checked.
func As[T any, P interface {
	*T
	lexjson.Decoder
}](u Unknown) (*T, error) {
	value := new(T)
	var decoder lexjson.Decoder = P(value)
	if typed, ok := decoder.(Typed); ok && u.Type() != "" {
		if want := typed.LexiconType(); withoutMain(u.Type()) != want {
			return nil, &TypeError{Type: u.Type(), Want: want}
		}
		decoder = variant{typed}
	}
	data, err := lexjson.Marshal(u)
	if err != nil {
		return nil, err
	}
	if err := decode(data, decoder, nil /* no constraints */, Options{Lenient: true}); err != nil {
		return nil, err
	}
	return value, nil
}

// A TypeError says that a value has another $type than the one that is wanted.
type TypeError struct {
	Type string // the $type that is there
	Want string // the $type that is wanted
}

// Error names both types.
func (e *TypeError) Error() string {
	return fmt.Sprintf("$type is %q, want %q", e.Type, e.Want)
}

// A variant reads and writes a value together with its $type.
type variant struct {
	Typed
}

// DecodeJSON reads the value from r without its $type, which is known.
func (v variant) DecodeJSON(r *lexjson.Reader) {
	r.Variant()
	v.Typed.DecodeJSON(r)
}

// EncodeJSON writes the value to w.
func (v variant) EncodeJSON(w *lexjson.Writer) { EncodeVariant(w, v.Typed) }
