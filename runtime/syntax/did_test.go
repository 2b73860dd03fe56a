package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseDID(t *testing.T) {
	t.Parallel()
	const (
		badMethod     = "has a character other than small letters in the method"
		badIdentifier = "has a character other than letters, digits and ._:%- in the identifier"
	)
	testParse(t, syntax.DIDFormat, syntax.ParseDID, []parseCase{
		{"plc", "did:plc:ewvi7nxzyoun6zhxrhs64oiz", ""},
		{"web", "did:web:example.com", ""},
		{"shortest", "did:m:v", ""},
		{"unknown method", "did:doesnotexist:x", ""},
		{"all identifier characters", "did:m:aZ09._:%-x", ""},
		{"colons inside", "did:m::::x", ""},
		{"starts with a colon", "did:m::x", ""},
		{"percent escape", "did:method:val%BB", ""},
		{"percent sign without digits", "did:m:v%x", ""},
		{"ends with a hyphen", "did:m:v-", ""},
		{"ends with a dot", "did:m:v.", ""},
		{"ends with an underscore", "did:m:_", ""},
		{"2048 bytes", "did:plc:" + strings.Repeat("a", 2040), ""},

		{"empty", "", "is empty"},
		{"2049 bytes", "did:plc:" + strings.Repeat("a", 2041), "is longer than 2048 bytes"},
		{"word did", "did", `does not start with "did:"`},
		{"capital prefix", "DID:plc:abc", `does not start with "did:"`},
		{"other scheme", "urn:plc:abc", `does not start with "did:"`},
		{"prefix alone", "did:", "has no colon after the method"},
		{"no identifier part", "did:plc", "has no colon after the method"},
		{"empty method", "did::abc", "has an empty method"},
		{"capital in the method", "did:pLc:abc", badMethod},
		{"digit in the method", "did:m1:abc", badMethod},
		{"hyphen in the method", "did:m-n:abc", badMethod},
		{"empty identifier", "did:plc:", "has an empty identifier"},
		{"ends with a colon", "did:m:v:", "ends with a colon"},
		{"ends with a percent sign", "did:m:val%", "ends with a percent sign"},
		{"path", "did:m:v/path", badIdentifier},
		{"query", "did:m:v?query", badIdentifier},
		{"fragment", "did:m:v#fragment", badIdentifier},
		{"at sign", "did:m:v@v", badIdentifier},
		{"non-ASCII", "did:m:vé", badIdentifier},
	})
}

func TestDIDParts(t *testing.T) {
	t.Parallel()
	tests := []struct{ did, method, identifier string }{
		{"did:plc:abc", "plc", "abc"},
		{"did:web:localhost%3A2583", "web", "localhost%3A2583"},
		{"did:m::a:b", "m", ":a:b"},
		{"did:plc:", "", ""},
		{"did", "", ""},
		{"", "", ""},
		{"alice.example.com", "", ""},
	}
	for _, tc := range tests {
		did := syntax.DID(tc.did)
		testEqual(t, tc.did+" method", did.Method(), tc.method)
		testEqual(t, tc.did+" identifier", did.Identifier(), tc.identifier)
	}
}

func FuzzDID(f *testing.F) {
	for _, s := range []string{"did:plc:abc", "did:m::x", "did:m:v%", "did::", "did:", "DID:m:v", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.DIDFormat, syntax.ParseDID, s)
		did := syntax.DID(s)
		if !valid {
			testEqual(t, "method of an invalid DID", did.Method(), "")
			testEqual(t, "identifier of an invalid DID", did.Identifier(), "")
			return
		}
		testEqual(t, "recombined", "did:"+did.Method()+":"+did.Identifier(), s)
	})
}
