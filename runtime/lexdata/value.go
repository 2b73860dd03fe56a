package lexdata

import "github.com/lexgen-go/lexgen/runtime/lexjson"

// A Value is any value of the data model: nil, a bool, an int64, a string,
// [Bytes], a [CIDLink], a [Blob], a [List] or an [Object]. There are no other
// types, and no floating-point numbers: https://atproto.com/specs/data-model.
type Value any

// A List is an array of values.
type List []Value

// An Object is a map from strings to values, in the order in which it was
// written. Its keys are distinct and not empty; $link and $bytes are not among
// them, and $type, if it is there, has a non-empty string other than "blob".
type Object []Member

// A Member is a key of an [Object] and its value.
type Member struct {
	Key   string
	Value Value
}

// Get returns the value of key, or false if there is none.
func (o Object) Get(key string) (Value, bool) {
	for _, member := range o {
		if member.Key == key {
			return member.Value, true
		}
	}
	return nil, false
}

// Set makes value the value of key, at the place of the previous one or at the
// end.
func (o *Object) Set(key string, value Value) {
	for i := range *o {
		if (*o)[i].Key == key {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member{key, value})
}

// Type returns the value of $type, or the empty string if there is none.
func (o Object) Type() string {
	value, _ := o.Get(typeKey)
	name, _ := value.(string)
	return name
}

// DecodeJSON reads o from r. Bytes, links and blobs are not objects and are
// reported.
func (o *Object) DecodeJSON(r *lexjson.Reader) {
	*o = Object{}
	object := r.Object()
	for object.Next() {
		key := object.Key()
		*o = append(*o, readMember(r, key))
	}
}

// EncodeJSON writes o to w. It is an error if o breaks the rules for its keys.
func (o Object) EncodeJSON(w *lexjson.Writer) { writeObject(w, o) }

// MarshalJSON returns o in JSON.
func (o Object) MarshalJSON() ([]byte, error) { return lexjson.Marshal(o) }

// UnmarshalJSON sets o from JSON; the errors are those of [Unmarshal].
func (o *Object) UnmarshalJSON(data []byte) error { return Unmarshal(data, o) }
