package validate_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Texts whose bytes, code points and grapheme clusters differ.
const (
	family    = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466" // one cluster of 7 code points
	flag      = "\U0001F1EB\U0001F1F7"                                       // one cluster of 2
	combining = "e\u0301\u0323"                                              // one cluster of 3
	hangul    = "\u1112\u1161\u11ab"                                         // one cluster of 3
)

// check is a constraint on a value called "v", with the problem that it must find.
type check struct {
	name  string
	check func(c *validate.Checker)
	want  string // empty if the value keeps to the constraint
}

func run(t *testing.T, checks []check) {
	for _, test := range checks {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			test.check(&c)
			got := ""
			if err := c.Err(); err != nil {
				got = err.Error()
			}
			want := test.want
			if want != "" {
				want = "v " + want
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestConstraints(t *testing.T) {
	t.Parallel()
	const maxInteger = 1<<53 - 1
	run(t, []check{
		{"required, present", func(c *validate.Checker) { c.Required("v", true) }, ""},
		{"required, missing", func(c *validate.Checker) { c.Required("v", false) }, "is required"},

		{"integer, largest", func(c *validate.Checker) { c.Integer("v", maxInteger) }, ""},
		{"integer, smallest", func(c *validate.Checker) { c.Integer("v", -maxInteger) }, ""},
		{"integer, above", func(c *validate.Checker) { c.Integer("v", maxInteger+1) }, "must be an integer of at most 53 bits"},
		{"integer, below", func(c *validate.Checker) { c.Integer("v", -maxInteger-1) }, "must be an integer of at most 53 bits"},

		{"minimum, at", func(c *validate.Checker) { c.Minimum("v", -3, -3) }, ""},
		{"minimum, below", func(c *validate.Checker) { c.Minimum("v", -4, -3) }, "must be at least -3"},
		{"maximum, at", func(c *validate.Checker) { c.Maximum("v", 3, 3) }, ""},
		{"maximum, above", func(c *validate.Checker) { c.Maximum("v", 4, 3) }, "must be at most 3"},

		{"min length, at", func(c *validate.Checker) { c.MinLength("v", len("é"), 2) }, ""},
		{"min length, below", func(c *validate.Checker) { c.MinLength("v", len("e"), 2) }, "must have a length of at least 2"},
		{"max length, at", func(c *validate.Checker) { c.MaxLength("v", len("é"), 2) }, ""},
		{"max length, above", func(c *validate.Checker) { c.MaxLength("v", len("éa"), 2) }, "must have a length of at most 2"},

		{"enum, one of", func(c *validate.Checker) { c.Enum("v", "b", "a", "b") }, ""},
		{"enum, other case", func(c *validate.Checker) { c.Enum("v", "B", "a", "b") }, "must be one of a, b"},
		{"enum, empty", func(c *validate.Checker) { c.Enum("v", "", "a", "b") }, "must be one of a, b"},
		{"integer enum, one of", func(c *validate.Checker) { c.IntegerEnum("v", -2, 1, -2) }, ""},
		{"integer enum, none of", func(c *validate.Checker) { c.IntegerEnum("v", 2, 1, -2) }, "must be one of 1, -2"},

		{"const string", func(c *validate.Checker) { validate.Const(c, "v", "a", "a") }, ""},
		{"const string, another", func(c *validate.Checker) { validate.Const(c, "v", "b", "a") }, "must be a"},
		{"const integer, another", func(c *validate.Checker) { validate.Const(c, "v", int64(1), 2) }, "must be 2"},
		{"const boolean", func(c *validate.Checker) { validate.Const(c, "v", true, true) }, ""},
		{"const boolean, another", func(c *validate.Checker) { validate.Const(c, "v", false, true) }, "must be true"},

		{"max size, at", func(c *validate.Checker) { c.MaxSize("v", 10, 10) }, ""},
		{"max size, above", func(c *validate.Checker) { c.MaxSize("v", 11, 10) }, "must have a size of at most 10 bytes"},
	})
}

func TestAccept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, mediaType string
		patterns        []string
		want            bool
	}{
		{"same", "image/png", []string{"image/png"}, true},
		{"second of two", "image/jpeg", []string{"image/png", "image/jpeg"}, true},
		{"another", "image/gif", []string{"image/png", "image/jpeg"}, false},
		{"longer", "image/png2", []string{"image/png"}, false},
		{"subtype", "image/png", []string{"image/*"}, true},
		{"subtype of another type", "video/png", []string{"image/*"}, false},
		{"type that begins alike", "images/png", []string{"image/*"}, false},
		{"any", "a/b", []string{"*/*"}, true},
		{"other case", "Image/PNG", []string{"image/png"}, false},
		{"parameters", "image/png;q=1", []string{"image/png"}, false},
		{"empty", "", []string{"image/*"}, false},
		{"no patterns", "image/png", nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			c.Accept("v", test.mediaType, test.patterns...)
			if got := c.Err() == nil; got != test.want {
				t.Errorf("accepted is %t, want %t", got, test.want)
			}
		})
	}
}

// TestGraphemes checks the limits at, below and above the number of clusters.
func TestGraphemes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		clusters   int
	}{
		{"empty", "", 0},
		{"ASCII", "abc", 3},
		{"two bytes each", "éé", 2},
		{"family", family, 1},
		{"families", family + family, 2},
		{"flags", flag + flag + flag, 3},
		{"odd number of regional indicators", flag + "\U0001F1EB", 2},
		{"combining marks", combining + combining, 2},
		{"many combining marks", "e" + strings.Repeat("\u0301", 1000), 1},
		{"Hangul", hangul + hangul, 2},
		{"skin tone", "\U0001F44D\U0001F3FD", 1},
		{"line break", "\r\n", 1},
		{"line breaks", "\n\r", 2},
		{"NUL", "\x00\x00", 2},
		{"mixture", "a" + family + flag + combining + "b", 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, limit := range []int{test.clusters - 1, test.clusters, test.clusters + 1} {
				if got := fewest(test.text, limit); got != (test.clusters >= limit) {
					t.Errorf("MinGraphemes %d of %d: %t", limit, test.clusters, got)
				}
				if got := most(test.text, limit); got != (test.clusters <= limit) {
					t.Errorf("MaxGraphemes %d of %d: %t", limit, test.clusters, got)
				}
			}
		})
	}
	run(t, []check{
		{"problem of too few", func(c *validate.Checker) { c.MinGraphemes("v", family, 2) }, "must have at least 2 graphemes"},
		{"problem of too many", func(c *validate.Checker) { c.MaxGraphemes("v", flag+flag, 1) }, "must have at most 1 graphemes"},
	})
}

// fewest and most report whether text keeps to a limit.
func fewest(text string, limit int) bool {
	var c validate.Checker
	c.MinGraphemes("v", text, limit)
	return c.Err() == nil
}

func most(text string, limit int) bool {
	var c validate.Checker
	c.MaxGraphemes("v", text, limit)
	return c.Err() == nil
}

func TestFormats(t *testing.T) {
	t.Parallel()
	run(t, []check{
		{"at-identifier, DID", func(c *validate.Checker) { c.ATIdentifier("v", "did:plc:abc") }, ""},
		{"at-identifier, handle", func(c *validate.Checker) { c.ATIdentifier("v", "alice.test") }, ""},
		{"at-identifier, neither", func(c *validate.Checker) { c.ATIdentifier("v", "alice") }, "must be a valid DID or handle"},
		{"at-uri", func(c *validate.Checker) { c.ATURI("v", "at://alice.test/com.example.note/self") }, ""},
		{"at-uri, other scheme", func(c *validate.Checker) { c.ATURI("v", "https://alice.test") }, "must be a valid at-uri"},
		{"cid", func(c *validate.Checker) { c.CID("v", "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a") }, ""},
		{"cid, empty", func(c *validate.Checker) { c.CID("v", "") }, "must be a valid CID"},
		{"datetime", func(c *validate.Checker) { c.Datetime("v", "2024-05-06T07:08:09.123Z") }, ""},
		{"datetime, no zone", func(c *validate.Checker) { c.Datetime("v", "2024-05-06T07:08:09") }, "must be a valid datetime"},
		{"did", func(c *validate.Checker) { c.DID("v", "did:web:example.com") }, ""},
		{"did, handle", func(c *validate.Checker) { c.DID("v", "example.com") }, "must be a valid DID"},
		{"handle", func(c *validate.Checker) { c.Handle("v", "alice.test") }, ""},
		{"handle, one label", func(c *validate.Checker) { c.Handle("v", "alice") }, "must be a valid handle"},
		{"language", func(c *validate.Checker) { c.Language("v", "pt-BR") }, ""},
		{"language, underscore", func(c *validate.Checker) { c.Language("v", "pt_BR") }, "must be a valid language tag"},
		{"nsid", func(c *validate.Checker) { c.NSID("v", "com.example.note") }, ""},
		{"nsid, two segments", func(c *validate.Checker) { c.NSID("v", "com.example") }, "must be a valid NSID"},
		{"record key", func(c *validate.Checker) { c.RecordKey("v", "self") }, ""},
		{"record key, dot", func(c *validate.Checker) { c.RecordKey("v", ".") }, "must be a valid record key"},
		{"tid", func(c *validate.Checker) { c.TID("v", "3jzfcijpj2z2a") }, ""},
		{"tid, short", func(c *validate.Checker) { c.TID("v", "3jzfcijpj2z2") }, "must be a valid TID"},
		{"uri", func(c *validate.Checker) { c.URI("v", "https://example.com/a?b#c") }, ""},
		{"uri, no scheme", func(c *validate.Checker) { c.URI("v", "example.com") }, "must be a valid URI"},
	})
}
