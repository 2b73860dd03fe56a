package lexdata

import (
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// A Typed is a value that says in its $type of which type it is: a record, or
// an object that is a variant of a union. Its methods have pointer receivers.
//
// See https://atproto.com/specs/lexicon#union.
type Typed interface {
	// LexiconType returns the value of $type, such as
	// "com.example.feed.post" or "com.example.feed.defs#image".
	LexiconType() string

	lexjson.Encoder
	lexjson.Decoder
	validate.Checkable
}

// An UnknownVariant is a variant of an open union whose type the program does
// not know. It is kept so that it can be written again.
type UnknownVariant struct {
	Type   string // the $type; not empty
	Fields Object // the other members
}

var _ Typed = (*UnknownVariant)(nil)

// LexiconType returns v.Type.
func (v *UnknownVariant) LexiconType() string { return v.Type }

// Check reports a missing type.
func (v *UnknownVariant) Check(c *validate.Checker) {
	if v.Type == "" {
		c.Fail(typeKey, "is required")
	}
}

// DecodeJSON reads v, its $type included, from r.
func (v *UnknownVariant) DecodeJSON(r *lexjson.Reader) {
	*v = UnknownVariant{}
	if typ := r.Variant(); typ != "" {
		*v = *ReadUnknownVariant(r, typ)
	}
}

// EncodeJSON writes v, its $type included, to w. A $type among the fields is
// passed over.
func (v *UnknownVariant) EncodeJSON(w *lexjson.Writer) {
	if v.Type == "" || v.Type == blobType {
		w.Fail("the type of a variant must be a non-empty string other than " + blobType)
	}
	w.Type(v.Type)
	writeObject(w, v.Fields)
}

// MarshalJSON returns v in JSON.
func (v *UnknownVariant) MarshalJSON() ([]byte, error) { return lexjson.Marshal(v) }

// UnmarshalJSON sets v from JSON; the errors are those of [Unmarshal].
func (v *UnknownVariant) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }

// ReadUnknownVariant reads a variant whose $type [lexjson.Reader.Variant] has
// just returned.
func ReadUnknownVariant(r *lexjson.Reader, typ string) *UnknownVariant {
	v := &UnknownVariant{Type: typ}
	v.Fields.DecodeJSON(r)
	if typ == blobType {
		r.ReportMember(typeKey, "must not be "+blobType)
	}
	return v
}

// DecodeVariant reads v from r and returns it. In the decoder of a union it
// makes each case one line:
//
//	u.Value = lexdata.DecodeVariant(r, new(FeedImage))
func DecodeVariant[T lexjson.Decoder](r *lexjson.Reader, v T) T {
	v.DecodeJSON(r)
	return v
}

// EncodeVariant writes v as a variant of a union to w, with its $type. It is an
// error if v is nil, which stands for a union without a value.
func EncodeVariant(w *lexjson.Writer, v Typed) {
	if v == nil {
		w.Fail("a union must have a value")
		w.Null()
		return
	}
	w.Type(v.LexiconType())
	v.EncodeJSON(w)
}
