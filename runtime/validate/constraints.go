package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// The methods below each check one constraint of a field type, as defined in
// https://atproto.com/specs/lexicon#field-types. The first argument names the property of the
// object at which the check stands; an empty name stands for the value itself.

// maxInteger is the largest integer that every implementation represents exactly.
const maxInteger = 1<<53 - 1

// Integer checks that an integer lies in the range that the data model lets applications rely on:
// 53 bits and a sign. See https://atproto.com/specs/data-model#data-types.
func (c *Checker) Integer(name string, value int64) {
	if (value > maxInteger || value < -maxInteger) && !c.Lenient {
		c.Fail(name, "must be an integer of at most 53 bits")
	}
}

// Minimum checks that value is not below minimum.
func (c *Checker) Minimum(name string, value, minimum int64) {
	if value < minimum {
		c.Fail(name, fmt.Sprintf("must be at least %d", minimum))
	}
}

// Maximum checks that value is not above maximum.
func (c *Checker) Maximum(name string, value, maximum int64) {
	if value > maximum {
		c.Fail(name, fmt.Sprintf("must be at most %d", maximum))
	}
}

// MinLength checks a length: of a string or of bytes in bytes, of an array in items.
func (c *Checker) MinLength(name string, length, minimum int) {
	if length < minimum {
		c.Fail(name, fmt.Sprintf("must have a length of at least %d", minimum))
	}
}

// MaxLength checks a length: of a string or of bytes in bytes, of an array in items.
func (c *Checker) MaxLength(name string, length, maximum int) {
	if length > maximum {
		c.Fail(name, fmt.Sprintf("must have a length of at most %d", maximum))
	}
}

// MinGraphemes checks that a string has no less than minimum extended grapheme clusters
// (https://unicode.org/reports/tr29/).
func (c *Checker) MinGraphemes(name, value string, minimum int) {
	if len(value) < minimum || !moreGraphemes(value, minimum-1) {
		c.Fail(name, fmt.Sprintf("must have at least %d graphemes", minimum))
	}
}

// MaxGraphemes checks that a string has no more than maximum extended grapheme clusters
// (https://unicode.org/reports/tr29/).
func (c *Checker) MaxGraphemes(name, value string, maximum int) {
	if len(value) > maximum && moreGraphemes(value, maximum) {
		c.Fail(name, fmt.Sprintf("must have at most %d graphemes", maximum))
	}
}

// moreGraphemes reports whether s has more than n grapheme clusters. It stops counting there.
func moreGraphemes(s string, n int) bool {
	clusters := graphemes.FromString(s)
	for ; n >= 0; n-- {
		if !clusters.Next() {
			return false
		}
	}
	return true
}

// Enum checks that a string is one of a closed set.
func (c *Checker) Enum(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.Fail(name, "must be one of "+strings.Join(allowed, ", "))
	}
}

// IntegerEnum checks that an integer is one of a closed set.
func (c *Checker) IntegerEnum(name string, value int64, allowed ...int64) {
	if slices.Contains(allowed, value) {
		return
	}
	list := make([]string, len(allowed)) // not fmt.Sprint, for which each caller would allocate allowed
	for i, n := range allowed {
		list[i] = strconv.FormatInt(n, 10)
	}
	c.Fail(name, "must be one of "+strings.Join(list, ", "))
}

// Const checks that a value is the only one that its schema allows.
func Const[T comparable](c *Checker, name string, value, only T) {
	if value != only {
		c.Fail(name, fmt.Sprintf("must be %v", only))
	}
}

// Accept checks that a blob's media type matches one of the patterns: a media type, one with a
// wildcard subtype such as "image/*", or "*/*".
func (c *Checker) Accept(name, mediaType string, patterns ...string) {
	if c.Lenient {
		return
	}
	for _, pattern := range patterns {
		prefix, wild := strings.CutSuffix(pattern, "*")
		if pattern == "*/*" || mediaType == pattern || wild && strings.HasPrefix(mediaType, prefix) && mediaType != prefix {
			return
		}
	}
	c.Fail(name, "must have a media type of "+strings.Join(patterns, ", "))
}

// MaxSize checks the size in bytes that a blob declares.
func (c *Checker) MaxSize(name string, size, maximum int64) {
	if size > maximum && !c.Lenient {
		c.Fail(name, fmt.Sprintf("must have a size of at most %d bytes", maximum))
	}
}
