package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// handleCases are also the cases of an at-identifier that is not a DID.
func handleCases() []parseCase {
	const badChar = "has a character other than letters, digits, hyphens and dots"
	label63 := strings.Repeat("a", 63)
	bytes253 := strings.Repeat(strings.Repeat("a", 49)+".", 5) + "com"
	return []parseCase{
		{"two labels", "example.com", ""},
		{"many labels", "a.b.c.d.e.f.g", ""},
		{"capitals", "Alice.Example.COM", ""},
		{"hyphens inside", "a--b.c-d.com", ""},
		{"digit first", "8.cn", ""},
		{"digits only", "123.456.com", ""},
		{"last label of one letter", "a.c", ""},
		{"last label with digits", "a.c0m", ""},
		{"punycode", "xn--ls8h.test", ""},
		{"label of 63 bytes", label63 + ".com", ""},
		{"last label of 63 bytes", "com." + label63, ""},
		{"253 bytes", bytes253, ""},
		{"handle.invalid", "handle.invalid", ""},
		{"reserved alt", "alice.alt", ""},
		{"reserved arpa", "alice.arpa", ""},
		{"reserved example", "alice.example", ""},
		{"reserved internal", "alice.internal", ""},
		{"reserved local", "alice.local", ""},
		{"reserved localhost", "alice.localhost", ""},
		{"reserved onion", "alice.onion", ""},
		{"reserved test", "alice.test", ""},

		{"empty", "", "is empty"},
		{"254 bytes", "a" + bytes253, "is longer than 253 bytes"},
		{"one label", "localhost", "has fewer than two labels"},
		{"dot", ".", "has an empty label"},
		{"leading dot", ".example.com", "has an empty label"},
		{"trailing dot", "example.com.", "has an empty label"},
		{"two dots", "example..com", "has an empty label"},
		{"label of 64 bytes", "a" + label63 + ".com", "has a label longer than 63 bytes"},
		{"last label of 64 bytes", "com.a" + label63, "has a label longer than 63 bytes"},
		{"hyphen first", "-a.com", "has a label that starts with a hyphen"},
		{"hyphen last", "a-.com", "has a label that ends with a hyphen"},
		{"hyphen first in the last label", "a.-com", "has a label that starts with a hyphen"},
		{"hyphen last in the last label", "a.com-", "has a label that ends with a hyphen"},
		{"hyphen alone", "a.-.com", "has a label that starts with a hyphen"},
		{"last label starts with a digit", "a.0rg", "has a last label that does not start with a letter"},
		{"IPv4", "127.0.0.1", "has a last label that does not start with a letter"},
		{"IPv6", "2001:db8::1", badChar},
		{"underscore", "jo_hn.test", badChar},
		{"at sign", "@alice.com", badChar},
		{"port", "alice.com:80", badChar},
		{"non-ASCII", "älice.com", badChar},
		{"non-ASCII dot", "alice。com", badChar},
	}
}

func TestParseHandle(t *testing.T) {
	t.Parallel()
	testParse(t, syntax.HandleFormat, syntax.ParseHandle, append(handleCases(),
		parseCase{"DID", "did:plc:abc", "has a character other than letters, digits, hyphens and dots"}))
}

func TestHandleInvalid(t *testing.T) {
	t.Parallel()
	testEqual(t, "text", syntax.HandleInvalid.String(), "handle.invalid")
	testEqual(t, "valid", syntax.HandleInvalid.Valid(), true)
	testEqual(t, "tld", syntax.HandleInvalid.TLD(), "invalid")
}

func TestHandleNormalize(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want syntax.Handle }{
		{"Alice.Example.COM", "alice.example.com"},
		{"Alice.com", "alice.com"},
		{"alice.coM", "alice.com"},
		{"alice.com", "alice.com"},
		{"AZaz09-@[`{.com", "azaz09-@[`{.com"},
		{"ÄLICE.com", "Älice.com"}, // only ASCII, so that no two handles are merged
		{"\u212aelvin.com", "\u212aelvin.com"},
		{"", ""},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String(), tc.in.Normalize(), tc.want)
	}
}

func TestHandleTLD(t *testing.T) {
	t.Parallel()
	tests := map[syntax.Handle]string{
		"alice.example.com": "com", "alice.TEST": "test", "com": "", "alice.": "", "a b.com": "", "": "",
	}
	for handle, want := range tests {
		testEqual(t, handle.String(), handle.TLD(), want)
	}
}

func FuzzHandle(f *testing.F) {
	for _, s := range []string{"Alice.example.com", "a-.com", "a.0", "a..b", ".", "127.0.0.1", "K.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.HandleFormat, syntax.ParseHandle, s)
		handle := syntax.Handle(s)
		normal := handle.Normalize()
		testEqual(t, "normalized twice", normal.Normalize(), normal)
		testEqual(t, "normalized valid", normal.Valid(), valid)
		testEqual(t, "equal but for case", !valid || strings.EqualFold(string(normal), s), true)
		testEqual(t, "has a TLD", handle.TLD() != "", valid)
		testEqual(t, "ends with its TLD", !valid || strings.HasSuffix(string(normal), "."+handle.TLD()), true)
	})
}
