package source

import (
	"errors"
	"strconv"
	"strings"
)

// Kind is the JSON type of a [Node].
type Kind uint8

// The kinds of JSON values. The zero Kind belongs to no value.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Array
	Object
)

// String returns the kind with its article, for messages: "an object".
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "an array"
	case Object:
		return "an object"
	}
	return "nothing"
}

// Node is a JSON value and the place where it stands. The methods accept a nil
// Node, which stands for an absent value.
type Node struct {
	Kind Kind
	Span Span
	// Text is the decoded text of a string, or the literal of a number,
	// boolean or null as it is written.
	Text string
	// Members are the members of an object in declared order. A duplicate key
	// occurs as often as it is written.
	Members []Member
	// Elems are the elements of an array.
	Elems []*Node
}

// Member is a key and its value in an object.
type Member struct {
	Key     string
	KeySpan Span
	Value   *Node
}

// Is reports whether the value exists and has the given kind.
func (n *Node) Is(kind Kind) bool { return n != nil && n.Kind == kind }

// Member returns the first member of an object with the given key, or nil.
func (n *Node) Member(key string) *Member {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return &n.Members[i]
		}
	}
	return nil
}

// Get returns the value of the first member with the given key, or nil.
func (n *Node) Get(key string) *Node {
	if m := n.Member(key); m != nil {
		return m.Value
	}
	return nil
}

// Lookup returns the value that a JSON pointer leads to, or nil. See
// https://www.rfc-editor.org/rfc/rfc6901.
func (n *Node) Lookup(pointer string) *Node {
	if pointer == "" {
		return n
	}
	if pointer[0] != '/' {
		return nil
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for token := range strings.SplitSeq(pointer[1:], "/") {
		n = n.child(unescape.Replace(token))
	}
	return n
}

func (n *Node) child(token string) *Node {
	if !n.Is(Array) {
		return n.Get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.Elems) || strconv.Itoa(i) != token {
		return nil
	}
	return n.Elems[i]
}

// Bool returns the value of a boolean, false for anything else.
func (n *Node) Bool() bool { return n.Is(Bool) && n.Text == "true" }

// Errors returned by [Node.Int].
var (
	// ErrNotInteger says that a value is not a number or has a fraction.
	ErrNotInteger = errors.New("not an integer")
	// ErrRange says that an integer does not fit into 64 bits.
	ErrRange = errors.New("integer out of range")
)

// Int returns the exact value of an integer, however it is written: 120,
// 120.0 and 1.2e2 are the same number. It returns ErrNotInteger or ErrRange
// for anything else, and never rounds.
func (n *Node) Int() (int64, error) {
	if !n.Is(Number) {
		return 0, ErrNotInteger
	}
	mantissa, exponent, _ := strings.Cut(strings.ReplaceAll(n.Text, "E", "e"), "e")
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return 0, nil
	}
	significant := strings.TrimRight(digits, "0")
	scale := len(digits) - len(significant) - len(fraction)
	if exponent != "" {
		e, err := strconv.Atoi(exponent)
		if err != nil || e > maxExponent || e < -maxExponent {
			if strings.HasPrefix(exponent, "-") {
				return 0, ErrNotInteger
			}
			return 0, ErrRange
		}
		scale += e
	}
	if scale < 0 {
		return 0, ErrNotInteger
	}
	if len(significant)+scale > maxDigits {
		return 0, ErrRange
	}
	v, err := strconv.ParseInt(sign+significant+strings.Repeat("0", scale), 10, 64)
	if err != nil {
		return 0, ErrRange
	}
	return v, nil
}

const (
	maxDigits   = 19      // of a 64-bit integer
	maxExponent = 1 << 30 // beyond it, no literal that fits in memory is an int64
)
