package lexdata

import (
	"reflect"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// A Typed is a value that says in its $type of which type it is: a record, or
// an object that is a variant of a union. Its methods have pointer receivers.
//
// A union whose Typed is nil, or a nil pointer, has no value. Where it must have
// one, that is found by [CheckVariant] and refused by [EncodeVariant].
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

// Check reports a type that is missing or that is not absolute, and what
// [Object.Check] reports of the fields.
func (v *UnknownVariant) Check(c *validate.Checker) {
	switch {
	case v.Type == "":
		c.Fail(typeKey, "is required")
	case v.Type[0] == '#', v.Type == blobType:
		c.Fail(typeKey, "must be the full name of a type")
	}
	v.Fields.Check(c)
}

// DecodeJSON reads v, its $type included, from r.
func (v *UnknownVariant) DecodeJSON(r *lexjson.Reader) {
	*v = UnknownVariant{Type: r.Variant()}
	if v.Type == "" {
		return
	}
	v.Fields.DecodeJSON(r)
	if v.Type == blobType {
		r.ReportMember(typeKey, "must not be "+blobType)
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

// RefuseVariant skips the variant that comes next, whose $type is none of types,
// and reports that it must be. It is called by the decoder of a closed union.
func RefuseVariant(r *lexjson.Reader, types ...string) {
	r.Skip()
	r.ReportMember(typeKey, oneOf(types))
}

// CheckVariant checks v, the value of an open union: that it is there, and its
// constraints.
func CheckVariant(c *validate.Checker, v Typed) {
	if present(v) {
		v.Check(c)
	} else {
		c.Required("", false /* present */)
	}
}

// CheckClosedVariant is [CheckVariant] for a closed union, whose value must be of
// one of types. An [UnknownVariant] is of none.
func CheckClosedVariant(c *validate.Checker, v Typed, types ...string) {
	if present(v) && !listed(v, types) {
		c.Fail(typeKey, oneOf(types))
	} else {
		CheckVariant(c, v)
	}
}

// EncodeVariant writes v as a variant of a union to w, with its $type. It is an
// error if the union has no value.
func EncodeVariant(w *lexjson.Writer, v Typed) {
	if !present(v) {
		w.Fail("a union must have a value")
		w.Null()
		return
	}
	w.Type(v.LexiconType())
	v.EncodeJSON(w)
}

// present reports whether a union with v has a value.
func present(v Typed) bool {
	if v == nil {
		return false
	}
	pointer := reflect.ValueOf(v)
	return pointer.Kind() != reflect.Pointer || !pointer.IsNil()
}

// listed reports whether v, which is no nil pointer, is of one of types.
func listed(v Typed, types []string) bool {
	_, unknown := v.(*UnknownVariant)
	return !unknown && slices.Contains(types, v.LexiconType())
}

func oneOf(types []string) string {
	return "must be one of " + strings.Join(types, ", ")
}
