package lexdata

import (
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// WriteValue writes v to w, such that [ReadValue] reads it as the same value.
// A nil List is written as an empty one, and so is a nil Object. It is an error
// if v is of no type that a [Value] may have, or breaks the rules of its type.
func WriteValue(w *lexjson.Writer, v Value) {
	switch v := v.(type) {
	case nil:
		w.Null()
	case bool:
		w.Bool(v)
	case int64:
		w.Int(v)
	case string:
		w.String(v)
	case List:
		w.BeginArray()
		for _, element := range v {
			WriteValue(w, element)
		}
		w.EndArray()
	case Object:
		writeObject(w, v)
	case Bytes:
		v.EncodeJSON(w)
	case CIDLink:
		v.EncodeJSON(w)
	case Blob:
		writeBlobValue(w, v)
	default:
		w.Fail(fmt.Sprintf("%T is not a type of the data model", v))
		w.Null()
	}
}

// writeBlobValue writes a blob where no schema says that there is one.
func writeBlobValue(w *lexjson.Writer, b Blob) {
	if b.legacy {
		w.Fail("a blob in the old form must stand where a schema wants a blob")
	}
	b.EncodeJSON(w)
}

func writeObject(w *lexjson.Writer, o Object) {
	w.BeginObject()
	writeMembers(w, o)
	w.EndObject()
}

// writeMembers writes the members of an object that is open.
func writeMembers(w *lexjson.Writer, o Object) {
	if problem := checkObject(o); problem != "" {
		w.Fail(problem)
	}
	typed := w.Typed()
	for _, member := range o {
		if typed && member.Key == typeKey {
			continue
		}
		WriteValue(w.Key(member.Key), member.Value)
	}
}

// checkObject returns what is wrong with the keys of o or its $type.
func checkObject(o Object) (problem string) {
	for i, member := range o {
		switch member.Key {
		case "":
			return "an object " + emptyKey
		case bytesKey, linkKey:
			return "an object must not have the key " + member.Key
		case typeKey:
			if name, _ := member.Value.(string); name == "" || name == blobType {
				return "the $type of an object must be a non-empty string other than " + blobType
			}
		}
		if len(o) <= smallObject {
			if _, ok := o[:i].Get(member.Key); ok {
				return fmt.Sprintf("the key %q occurs more than once", member.Key)
			}
		}
	}
	if len(o) > smallObject {
		return checkDistinct(o)
	}
	return ""
}

// smallObject is the number of members up to which comparing each key with
// all before it is quicker than a map.
const smallObject = 16

func checkDistinct(o Object) (problem string) {
	seen := make(map[string]struct{}, len(o))
	for _, member := range o {
		seen[member.Key] = struct{}{}
	}
	if len(seen) < len(o) {
		return "a key occurs more than once"
	}
	return ""
}
