package validator

import (
	"math"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

type booleanSchema struct{ *lexicon.Boolean }

func (s booleanSchema) read(r *lexjson.Reader) any { return r.Bool() }

func (s booleanSchema) check(c *validate.Checker, value any) {
	b, _ := value.(bool)
	if s.Const != nil {
		validate.Const(c, "", b, *s.Const)
	}
}

type integerSchema struct {
	*lexicon.Integer
	enum []int64
}

func (s integerSchema) read(r *lexjson.Reader) any { return r.Int() }

func (s integerSchema) check(c *validate.Checker, value any) {
	n, _ := value.(int64)
	if !s.bounded() {
		c.Integer("", n)
	}
	if s.Minimum != nil {
		c.Minimum("", n, *s.Minimum)
	}
	if s.Maximum != nil {
		c.Maximum("", n, *s.Maximum)
	}
	if len(s.enum) > 0 {
		c.IntegerEnum("", n, s.enum...)
	}
	if s.Const != nil {
		validate.Const(c, "", n, *s.Const)
	}
}

// bounded reports whether other constraints keep the values in the range that every implementation
// represents exactly.
func (s integerSchema) bounded() bool {
	inRange := s.Minimum != nil && *s.Minimum >= -lexicon.MaxSafeInteger &&
		s.Maximum != nil && *s.Maximum <= lexicon.MaxSafeInteger
	return inRange || len(s.enum) > 0 || s.Const != nil
}

type stringSchema struct {
	*lexicon.String
	enum []string
}

func (s stringSchema) read(r *lexjson.Reader) any { return r.String() }

func (s stringSchema) check(c *validate.Checker, value any) {
	text, _ := value.(string)
	checkFormat(c, s.Format, text)
	checkLength(c, len(text), s.MinLength, s.MaxLength)
	if s.MinGraphemes != nil {
		c.MinGraphemes("", text, least(*s.MinGraphemes))
	}
	if s.MaxGraphemes != nil && *s.MaxGraphemes <= math.MaxInt32 {
		c.MaxGraphemes("", text, int(*s.MaxGraphemes))
	}
	if len(s.enum) > 0 {
		c.Enum("", text, s.enum...)
	}
	if s.Const != nil {
		validate.Const(c, "", text, *s.Const)
	}
}

// checkLength checks a length against bounds, each of which may be nil. No data is so long that it
// exceeds a maximum beyond the int of 32-bit machines.
func checkLength(c *validate.Checker, length int, minimum, maximum *int64) {
	if minimum != nil {
		c.MinLength("", length, least(*minimum))
	}
	if maximum != nil && *maximum <= math.MaxInt32 {
		c.MaxLength("", length, int(*maximum))
	}
}

// least returns a minimum length, cut to the int of 32-bit machines: no data reaches that.
func least(minimum int64) int { return int(min(minimum, math.MaxInt32)) }

// checkFormat checks the format of a string. An empty one is none.
// See https://atproto.com/specs/lexicon#string-formats.
func checkFormat(c *validate.Checker, format, text string) {
	switch format {
	case "at-identifier":
		c.ATIdentifier("", syntax.ATIdentifier(text))
	case "at-uri":
		c.ATURI("", syntax.ATURI(text))
	case "cid":
		c.CID("", syntax.CID(text))
	case "datetime":
		c.Datetime("", syntax.Datetime(text))
	case "did":
		c.DID("", syntax.DID(text))
	case "handle":
		c.Handle("", syntax.Handle(text))
	case "language":
		c.Language("", syntax.Language(text))
	case "nsid":
		c.NSID("", syntax.NSID(text))
	case "record-key":
		c.RecordKey("", syntax.RecordKey(text))
	case "tid":
		c.TID("", syntax.TID(text))
	case "uri":
		c.URI("", syntax.URI(text))
	}
}

// tokenSchema is a token: a string that is the name of its def.
type tokenSchema struct{ name string }

func (s tokenSchema) read(r *lexjson.Reader) any { return r.String() }

func (s tokenSchema) check(c *validate.Checker, value any) {
	text, _ := value.(string)
	validate.Const(c, "", text, s.name)
}
