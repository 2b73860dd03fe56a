package metaschema

import (
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// A shape is a schema that answers one question, and quickly: whether a value is plainly valid. It knows
// the keywords that the embedded schema uses. What it accepts the library accepts as well; what it does
// not accept, such as an integer that is too large, is for the library to judge and to explain.
type shape struct {
	kinds      []source.Kind // of which one is that of the value; any will do if there is none
	integer    bool          // a number must be an integer of 64 bits
	notEmpty   bool          // a string, an array or an object must not be
	words      []string      // of which a value must be one, if there are any
	number     *int64        // which a value must be
	minimum    *int64
	maximum    *int64
	required   []string
	properties map[string]*shape
	additional *shape // of the members that are not in properties
	items      *shape
	all        []*shape // which hold as well
	condition  *condition
	// then or otherwise holds as well if there is a condition.
	then, otherwise *shape
}

// A condition is that an object has a word as the value of a key. It is no shape, as it must be exact: of
// a key that occurs more than once, the library sees the first.
type condition struct{ key, word string }

// holds reports whether a value meets the condition. What is no object does, in a JSON Schema.
func (c *condition) holds(n *source.Node) bool {
	value := n.Get(c.key)
	return n.Kind != source.Object || value.Is(source.String) && value.Text == c.word
}

// accepts reports whether a value is plainly valid. A nil shape accepts everything.
func (s *shape) accepts(n *source.Node) bool {
	if s == nil {
		return true
	}
	if len(s.kinds) > 0 && !slices.Contains(s.kinds, n.Kind) || !s.acceptsScalar(n) {
		return false
	}
	for _, elem := range n.Elems {
		if !s.items.accepts(elem) {
			return false
		}
	}
	if n.Kind == source.Object && !s.acceptsMembers(n) {
		return false
	}
	for _, other := range s.all {
		if !other.accepts(n) {
			return false
		}
	}
	switch {
	case s.condition == nil:
		return true
	case s.condition.holds(n):
		return s.then.accepts(n)
	}
	return s.otherwise.accepts(n)
}

// acceptsScalar is about everything but what is inside of an object or array.
func (s *shape) acceptsScalar(n *source.Node) bool {
	if len(s.words) > 0 && (n.Kind != source.String || !slices.Contains(s.words, n.Text)) {
		return false
	}
	if s.notEmpty && len(n.Elems)+len(n.Members) == 0 && (n.Kind != source.String || n.Text == "") {
		return false
	}
	if s.number == nil && (n.Kind != source.Number || !s.integer && s.minimum == nil && s.maximum == nil) {
		return true
	}
	value, err := n.Int()
	return err == nil && (s.number == nil || value == *s.number) &&
		(s.minimum == nil || value >= *s.minimum) && (s.maximum == nil || value <= *s.maximum)
}

func (s *shape) acceptsMembers(n *source.Node) bool {
	for _, key := range s.required {
		if n.Get(key) == nil {
			return false
		}
	}
	for i := range n.Members {
		inside, known := s.properties[n.Members[i].Key]
		if !known {
			inside = s.additional
		}
		if !inside.accepts(n.Members[i].Value) {
			return false
		}
	}
	return true
}
