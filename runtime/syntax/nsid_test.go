package syntax_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseNSID(t *testing.T) {
	t.Parallel()
	const (
		tooFew   = "has fewer than three segments"
		badLabel = "has a character other than letters, digits, hyphens and dots"
		badName  = "has a character other than letters and digits in the name"
	)
	label63 := strings.Repeat("a", 63)
	authority253 := strings.Repeat(strings.Repeat("a", 49)+".", 5) + "com"
	testParse(t, syntax.NSIDFormat, syntax.ParseNSID, []parseCase{
		{"four segments", "com.atproto.server.createSession", ""},
		{"three segments", "com.example.thing", ""},
		{"one byte each", "a.b.c", ""},
		{"digit first in a later segment", "cn.8.lex.stuff", ""},
		{"hyphen in the authority", "com.my-example.thing", ""},
		{"capitals in the authority", "COM.Example.thing", ""},
		{"capital first in the name", "com.example.Thing", ""},
		{"digits in the name", "com.example.f00", ""},
		{"onion", "onion.expyuzz4wqqyqhjn.spec.getThing", ""},
		{"segment of 63 bytes", "com." + label63 + ".thing", ""},
		{"first segment of 63 bytes", label63 + ".example.thing", ""},
		{"name of 63 bytes", "com.example." + label63, ""},
		{"317 bytes", authority253 + "." + label63, ""},
		{"authority longer than a domain name", "a." + authority253 + ".thing", ""},

		{"empty", "", "is empty"},
		{"318 bytes", "a" + authority253 + "." + label63, "is longer than 317 bytes"},
		{"one segment", "thing", tooFew},
		{"two segments", "example.thing", tooFew},
		{"two dots", "..", "has an empty label"},
		{"leading dot", ".com.example.thing", "has an empty label"},
		{"empty segment", "com..thing", "has an empty label"},
		{"trailing dot", "com.example.", "has an empty name"},
		{"segment of 64 bytes", "com.a" + label63 + ".thing", "has a label longer than 63 bytes"},
		{"name of 64 bytes", "com.example.a" + label63, "has a name longer than 63 bytes"},
		{"hyphen first", "com.-example.thing", "has a label that starts with a hyphen"},
		{"hyphen last", "com.example-.thing", "has a label that ends with a hyphen"},
		{"first segment starts with a digit", "1com.example.thing", "does not start with a letter"},
		{"name starts with a digit", "com.example.3", "has a name that does not start with a letter"},
		{"name is a digit", "a.b.2", "has a name that does not start with a letter"},
		{"hyphen in the name", "a.b.c-3", badName},
		{"underscore in the name", "a.b.c_d", badName},
		{"fragment", "com.example.thing#main", badName},
		{"wildcard", "com.example.*", "has a name that does not start with a letter"},
		{"underscore in the authority", "com.ex_ample.thing", badLabel},
		{"slash", "com/example.foo.thing", badLabel},
		{"non-ASCII", "com.exämple.thing", badLabel},
		{"non-ASCII name", "com.example.thïng", badName},
	})
}

func TestNSIDParts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in                     syntax.NSID
		authority, group, name string
		segments               []string
		normal                 syntax.NSID
	}{
		{
			"com.atproto.server.createSession", "server.atproto.com", "com.atproto.server", "createSession",
			[]string{"com", "atproto", "server", "createSession"},
			"com.atproto.server.createSession",
		},
		{
			"COM.Example.Thing", "example.com", "COM.Example", "Thing",
			[]string{"COM", "Example", "Thing"},
			"com.example.Thing",
		},
		{"Com.Example", "", "", "", nil, "Com.Example"},
		{"Com.Example.thing#main", "", "", "", nil, "Com.Example.thing#main"},
		{"", "", "", "", nil, ""},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String()+" authority", tc.in.Authority(), tc.authority)
		testEqual(t, tc.in.String()+" group", tc.in.Group(), tc.group)
		testEqual(t, tc.in.String()+" name", tc.in.Name(), tc.name)
		testEqual(t, tc.in.String()+" normalized", tc.in.Normalize(), tc.normal)
		if got := slices.Collect(tc.in.Segments()); !slices.Equal(got, tc.segments) {
			t.Errorf("%s segments: got %q, want %q", tc.in, got, tc.segments)
		}
	}
}

func FuzzNSID(f *testing.F) {
	for _, s := range []string{"com.atproto.server.createSession", "COM.8.thing", "a.b.c-3", "a.b", "..", "com.example.*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.NSIDFormat, syntax.ParseNSID, s)
		nsid := syntax.NSID(s)
		testEqual(t, "normalized valid", nsid.Normalize().Valid(), valid)
		if !valid {
			testEqual(t, "parts of an invalid NSID", nsid.Authority()+nsid.Group()+nsid.Name(), "")
			testEqual(t, "normalized", nsid.Normalize(), nsid)
			return
		}
		testEqual(t, "recombined", nsid.Group()+"."+nsid.Name(), s)
		segments := slices.Collect(nsid.Segments())
		testEqual(t, "segments", strings.Join(segments, "."), s)
		labels := strings.Split(nsid.Authority(), ".")
		slices.Reverse(labels)
		testEqual(t, "authority", syntax.NSID(strings.Join(append(labels, nsid.Name()), ".")), nsid.Normalize())
	})
}
