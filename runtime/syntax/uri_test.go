package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseURI(t *testing.T) {
	t.Parallel()
	const (
		badFirst  = "does not start with a letter"
		badScheme = "has a character other than letters, digits and +-. in the scheme"
		noColon   = "has no colon after the scheme"
		noRest    = "has nothing after the scheme"
		badRest   = "has a space or an unprintable character"
	)
	scheme81 := strings.Repeat("a", 81)
	testParse(t, syntax.URIFormat, syntax.ParseURI, []parseCase{
		{"https", "https://example.com/path?query#fragment", ""},
		{"dns", "dns:example.com", ""},
		{"at", "at://handle.example.com/com.example.thing/self", ""},
		{"did", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", ""},
		{"hyphen in the scheme", "content-type:text/plain", ""},
		{"dots in the scheme", "microsoft.windows.camera:thing", ""},
		{"plus and digits in the scheme", "h2+tls:thing", ""},
		{"capital scheme", "HTTPS://example.com", ""},
		{"percent escape", "go://?Mercedes%20Benz", ""},
		{"path from the root", "file:///etc/hosts", ""},
		{"one slash", "foo:/bar", ""},
		{"slash alone", "foo:/", ""},
		{"three slashes", "foo:///", ""},
		{"colon alone", "a::", ""},
		{"shortest", "a:b", ""},
		{"non-ASCII", "https://exämple.com/日本", ""},
		{"scheme of 81 bytes", scheme81 + ":b", ""},
		{"8192 bytes", "https:" + strings.Repeat("o", 8186), ""},

		{"empty", "", "is empty"},
		{"8193 bytes", "https:" + strings.Repeat("o", 8187), "is longer than 8192 bytes"},
		{"scheme of 82 bytes", "a" + scheme81 + ":b", "has a scheme longer than 81 bytes"},
		{"scheme alone", "http:", noRest},
		{"scheme and slashes alone", "http://", noRest},
		{"no scheme", "//example.com", badFirst},
		{"empty scheme", "://example.com", badFirst},
		{"colon first", ":thing", badFirst},
		{"dot first", ".http://example.com", badFirst},
		{"hyphen first", "-http://example.com", badFirst},
		{"digit first", "8ball:thing", badFirst},
		{"digits", "12345", badFirst},
		{"IPv4", "127.0.0.1", badFirst},
		{"bare host", "example.com", noColon},
		{"bare host and path", "example.com/path", badScheme},
		{"underscore in the scheme", "my_app:thing", badScheme},
		{"percent sign in the scheme", "ht%74p:thing", badScheme},
		{"non-ASCII scheme", "schéma:thing", badScheme},
		{"inner space", "https://example.com/a b", badRest},
		{"tab", "https://example.com/a\tb", badRest},
		{"newline", "https://example.com/\n", badRest},
		{"delete", "https://example.com/\x7f", badRest},
		{"line separator", "https://example.com/\u2028", badRest},
		{"no-break space", "https://example.com/\u00a0", badRest},
		{"right-to-left override", "https://example.com/\u202etxt", badRest},
		{"bad UTF-8", "https://example.com/\xff", "is not valid UTF-8"},
	})
}

func TestURIScheme(t *testing.T) {
	t.Parallel()
	tests := map[syntax.URI]string{
		"https://example.com": "https", "HTTPS://example.com": "https", "did:key:abc": "did", "h2+tls:x": "h2+tls",
		"http://": "", "example.com": "", "": "",
	}
	for uri, want := range tests {
		testEqual(t, uri.String(), uri.Scheme(), want)
	}
}

func FuzzURI(f *testing.F) {
	for _, s := range []string{
		"https://example.com/", "h2+tls:x", "http://", "a:\xff", "a:\ufffd", "a:b c", "://", "HTTPS:日本", "a:\u200b", "a:\u00ad",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.URIFormat, syntax.ParseURI, s)
		scheme := syntax.URI(s).Scheme()
		testEqual(t, "has a scheme", scheme != "", valid)
		if valid {
			testEqual(t, "starts with its scheme", strings.EqualFold(s[:len(scheme)+1], scheme+":"), true)
		}
	})
}
