package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseATURI(t *testing.T) {
	t.Parallel()
	const (
		badAuthority  = "has an authority that is neither a DID nor a handle"
		badCollection = "has a collection that is not an NSID"
		badKey        = "has a record key that is not valid"
		badScheme     = `does not start with "at://"`
		tooDeep       = "has more than two segments in the path"
	)
	testParse(t, syntax.ATURIFormat, syntax.ParseATURI, []parseCase{
		{"DID", "at://did:plc:abc", ""},
		{"handle", "at://Alice.example.com", ""},
		{"collection", "at://did:plc:abc/app.bsky.feed.post", ""},
		{"record", "at://did:plc:abc/app.bsky.feed.post/3jzfcijpj2z2a", ""},
		{"percent sign in a DID", "at://did:web:localhost%3A2583/app.bsky.feed.post", ""},
		{"all key characters", "at://alice.example.com/com.example.thing/aZ09_~.:-", ""},
		{"longest parts", "at://did:plc:" + strings.Repeat("a", 2040) + "/com.example.thing/" + strings.Repeat("o", 512), ""},

		{"empty", "", "is empty"},
		{"8192 bytes", "at://did:plc:" + strings.Repeat("a", 8179), badAuthority},
		{"8193 bytes", "at://did:plc:" + strings.Repeat("a", 8180), "is longer than 8192 bytes"},
		{"capital scheme", "AT://did:plc:abc", badScheme},
		{"other scheme", "https://alice.example.com", badScheme},
		{"one slash", "at:/did:plc:abc", badScheme},
		{"no scheme", "did:plc:abc/app.bsky.feed.post", badScheme},
		{"prefix alone", "at://", badAuthority},
		{"no authority", "at:///app.bsky.feed.post", badAuthority},
		{"word as authority", "at://localhost", badAuthority},
		{"broken DID", "at://did:plc:", badAuthority},
		{"port", "at://alice.example.com:80", badAuthority},
		{"user", "at://user@alice.example.com", badAuthority},
		{"collection is a word", "at://did:plc:abc/posts", badCollection},
		{"collection is a percent escape", "at://did:plc:abc/app.bsky.feed%2Epost", badCollection},
		{"empty collection", "at://did:plc:abc//3jzfcijpj2z2a", badCollection},
		{"percent escape in the key", "at://did:plc:abc/app.bsky.feed.post/a%20b", badKey},
		{"key is a dot", "at://did:plc:abc/app.bsky.feed.post/.", badKey},
		{"key is two dots", "at://did:plc:abc/app.bsky.feed.post/..", badKey},
		{"key of 513 bytes", "at://did:plc:abc/app.bsky.feed.post/" + strings.Repeat("o", 513), badKey},
		{"third segment", "at://did:plc:abc/app.bsky.feed.post/self/text", tooDeep},
		{"empty segment before the key", "at://did:plc:abc/app.bsky.feed.post//self", tooDeep},
		{"slash after the authority", "at://did:plc:abc/", "ends with a slash"},
		{"slash after the collection", "at://did:plc:abc/app.bsky.feed.post/", "ends with a slash"},
		{"slash after the key", "at://did:plc:abc/app.bsky.feed.post/self/", tooDeep},
		{"query", "at://did:plc:abc/app.bsky.feed.post?a=b", "has a query"},
		{"empty query", "at://did:plc:abc?", "has a query"},
		{"fragment", "at://did:plc:abc/app.bsky.feed.post/self#/text", "has a fragment"},
		{"empty fragment", "at://did:plc:abc#", "has a fragment"},
		{"fragment alone", "#/text", "has a fragment"},
		{"query alone", "?a=b", "has a query"},
	})
}

func TestATURIValidLenient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   syntax.ATURI
		want bool
	}{
		{"strictly valid", "at://did:plc:abc/app.bsky.feed.post/self", true},
		{"slash after the authority", "at://did:plc:abc/", true},
		{"slash after the collection", "at://did:plc:abc/app.bsky.feed.post/", true},
		{"slash after the key", "at://did:plc:abc/app.bsky.feed.post/self/", true},
		{"query", "at://did:plc:abc?a=b&c=/d?e", true},
		{"empty query", "at://did:plc:abc/app.bsky.feed.post?", true},
		{"slash and query", "at://did:plc:abc/app.bsky.feed.post/self/?a=b", true},
		{"free key", "at://did:plc:abc/app.bsky.feed.post/a%20b!$&'()*+,;=@", true},
		{"key is a dot", "at://did:plc:abc/app.bsky.feed.post/.", true},
		{"empty", "", false},
		{"scheme alone", "at://", false},
		{"two slashes", "at://did:plc:abc//", false},
		{"third segment", "at://did:plc:abc/app.bsky.feed.post/self/text", false},
		{"fragment", "at://did:plc:abc/app.bsky.feed.post/self#/text", false},
		{"fragment after the query", "at://did:plc:abc?a=b#c", false},
		{"bad authority", "at://localhost/", false},
		{"bad collection", "at://did:plc:abc/posts/", false},
		{"bracket in the key", "at://did:plc:abc/app.bsky.feed.post/[", false},
		{"non-ASCII key", "at://did:plc:abc/app.bsky.feed.post/é", false},
		{"space in the query", "at://did:plc:abc?a b", false},
		{"8193 bytes", syntax.ATURI("at://did:plc:abc?" + strings.Repeat("a", 8193-17)), false},
		{"8192 bytes", syntax.ATURI("at://did:plc:abc?" + strings.Repeat("a", 8192-17)), true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			testEqual(t, tc.in.String(), tc.in.ValidLenient(), tc.want)
		})
	}
}

func TestATURIParts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in         syntax.ATURI
		authority  syntax.ATIdentifier
		collection syntax.NSID
		key        syntax.RecordKey
	}{
		{"at://alice.example.com", "alice.example.com", "", ""},
		{"at://did:plc:abc/com.example.thing", "did:plc:abc", "com.example.thing", ""},
		{"at://did:plc:abc/com.example.thing/self", "did:plc:abc", "com.example.thing", "self"},
		{"at://did:plc:abc/com.example.thing/self/?a=b/c", "did:plc:abc", "com.example.thing", "self"},
		{"at://did:plc:abc/com.example.thing/a%20b", "did:plc:abc", "com.example.thing", ""},
		{"at://did:plc:abc/com.example.thing/..", "did:plc:abc", "com.example.thing", ""},
		{"at://did:plc:abc/thing/self", "", "", ""},
		{"at://", "", "", ""},
		{"at:", "", "", ""},
		{"", "", "", ""},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String()+" authority", tc.in.Authority(), tc.authority)
		testEqual(t, tc.in.String()+" collection", tc.in.Collection(), tc.collection)
		testEqual(t, tc.in.String()+" record key", tc.in.RecordKey(), tc.key)
	}
}

func FuzzATURI(f *testing.F) {
	for _, s := range []string{
		"at://did:plc:abc/app.bsky.feed.post/self", "at://alice.example.com/", "at://", "at:///", "at://did:plc:abc?a#b",
		"at://did:plc:abc/app.bsky.feed.post/a%20b/?q",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.ATURIFormat, syntax.ParseATURI, s)
		uri := syntax.ATURI(s)
		lenient := uri.ValidLenient()
		testEqual(t, "authority valid", uri.Authority().Valid(), lenient)
		testEqual(t, "collection empty or valid", uri.Collection() == "" || uri.Collection().Valid(), true)
		testEqual(t, "key empty or valid", uri.RecordKey() == "" || uri.RecordKey().Valid(), true)

		recombined := "at://" + string(uri.Authority())
		if uri.Collection() != "" {
			recombined += "/" + string(uri.Collection())
		}
		if uri.RecordKey() != "" {
			recombined += "/" + string(uri.RecordKey())
		}
		if valid {
			testEqual(t, "recombined", recombined, s)
		} else if lenient {
			testEqual(t, "starts with the recombined parts", strings.HasPrefix(s, recombined), true)
			testEqual(t, "recombined parts valid", syntax.ATURI(recombined).Valid(), true)
		}
	})
}
