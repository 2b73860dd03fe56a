package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseRecordKey(t *testing.T) {
	t.Parallel()
	const (
		badChar  = "has a character other than letters, digits and _~.:-"
		relative = "is a relative path"
	)
	testParse(t, syntax.RecordKeyFormat, syntax.ParseRecordKey, []parseCase{
		{"tid", "3jzfcijpj2z2a", ""},
		{"self", "self", ""},
		{"one byte", "1", ""},
		{"all characters", "aZ09_~.:-", ""},
		{"three dots", "...", ""},
		{"colon", ":", ""},
		{"hyphen", "-", ""},
		{"dot last", "self.", ""},
		{"dot first", ".self", ""},
		{"colon last", "lang:", ""},
		{"literal", "literal:self", ""},
		{"domain", "example.com", ""},
		{"512 bytes", strings.Repeat("o", 512), ""},

		{"empty", "", "is empty"},
		{"513 bytes", strings.Repeat("o", 513), "is longer than 512 bytes"},
		{"dot", ".", relative},
		{"two dots", "..", relative},
		{"percent escape", "any%20thing", badChar},
		{"slash", "alpha/beta", badChar},
		{"at sign", "@handle", badChar},
		{"plus", "any+thing", badChar},
		{"hash", "#extra", badChar},
		{"space", "any space", badChar},
		{"parentheses", "pre(fix)", badChar},
		{"non-ASCII", "größe", badChar},
	})
}

func FuzzRecordKey(f *testing.F) {
	for _, s := range []string{"3jzfcijpj2z2a", ".", "..", "...", "a%20", "literal:self", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.RecordKeyFormat, syntax.ParseRecordKey, s)
		uri := syntax.ATURI("at://alice.example.com/com.example.thing/" + s)
		testEqual(t, "valid in a URI", uri.Valid(), valid)
		if valid {
			testEqual(t, "key of that URI", uri.RecordKey(), syntax.RecordKey(s))
		}
	})
}
