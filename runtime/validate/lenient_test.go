package validate_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/validate"
)

// TestLenient demands that a lenient Checker takes what a strict one refuses, and no more than that.
func TestLenient(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		check   func(c *validate.Checker)
		refused bool // by a lenient one, too
	}{
		"large integer":         {check: func(c *validate.Checker) { c.Integer("", 1<<53) }},
		"datetime without zone": {check: func(c *validate.Checker) { c.Datetime("", "2020-01-01T00:00:00") }},
		"no datetime":           {check: func(c *validate.Checker) { c.Datetime("", "today") }, refused: true},
		"language":              {check: func(c *validate.Checker) { c.Language("", "de-DE-1996-1996") }},
		"no language":           {check: func(c *validate.Checker) { c.Language("", "-") }, refused: true},
		"trailing slash":        {check: func(c *validate.Checker) { c.ATURI("", "at://did:plc:abc/com.example.note/") }},
		"no AT URI":             {check: func(c *validate.Checker) { c.ATURI("", "https://example.com") }, refused: true},
		"media type":            {check: func(c *validate.Checker) { c.Accept("", "text/plain", "image/*") }},
		"size":                  {check: func(c *validate.Checker) { c.MaxSize("", 2, 1) }},
		"length":                {check: func(c *validate.Checker) { c.MaxLength("", 2, 1) }, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var strict validate.Checker
			test.check(&strict)
			lenient := validate.Checker{Lenient: true}
			test.check(&lenient)
			if strict.Err() == nil || (lenient.Err() != nil) != test.refused {
				t.Errorf("strict: %v, lenient: %v", strict.Err(), lenient.Err())
			}
		})
	}
}
