package lexdata

import "github.com/lexgen-go/lexgen/runtime/lexjson"

// Extra holds the members of an object that its schema does not mention, in the
// order in which they were read, so that they are not lost when the object is
// written again. Among them may be a $type where none is needed. Objects of
// every kind keep them, as schemas may gain fields:
// https://atproto.com/specs/lexicon#lexicon-evolution.
//
// It is an [Object]; convert it to one for Get and Set. A key that the schema
// does mention must not be added: it would be written twice, and no reader
// accepts that.
type Extra Object

// DecodeMember reads the value of a member that the schema does not mention
// from r. It is called in a loop over the keys of the object.
func (e *Extra) DecodeMember(key string, r *lexjson.Reader) {
	*e = append(*e, readMember(r, key))
}

// EncodeMembers writes the members to w. It is called after the other members
// of the object have been written, and passes over a $type if w has written one.
func (e Extra) EncodeMembers(w *lexjson.Writer) {
	writeMembers(w, Object(e))
}
