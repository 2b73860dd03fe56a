package lexdata

import (
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

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
	member := readMember(r, key)
	if name, ok := member.Value.(string); ok && r.Lenient && key == typeKey {
		member.Value = withoutMain(name)
	}
	*e = append(*e, member)
}

// withoutMain returns the name of a type without the fragment that some have
// written for the main definition of a document.
func withoutMain(name string) string {
	if document, ok := strings.CutSuffix(name, "#main"); ok && document != "" {
		return document
	}
	return name
}

// Check reports to c what [Object.Check] would, and a $type among the members
// that is another than want, the type of the object. A plain reference needs
// none, and none is no violation: https://atproto.com/specs/lexicon#ref. An
// object that has no name in a lexicon wants "", which any $type satisfies.
func (e Extra) Check(c *validate.Checker, want string) {
	if len(e) > 0 {
		checkExtra(c, Object(e), want)
	}
}

func checkExtra(c *validate.Checker, o Object, want string) {
	for i := range o {
		if o[i].Key == typeKey && o[i].Value != want && want != "" {
			c.Fail(typeKey, "must be "+want)
		}
	}
	o.Check(c)
}

// EncodeMembers writes the members to w. It is called after the other members
// of the object have been written, and passes over a $type if w has written one.
func (e Extra) EncodeMembers(w *lexjson.Writer) {
	if len(e) > 0 {
		writeMembers(w, Object(e))
	}
}
