package syntax_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// value is what all format types have in common.
type value interface {
	~string
	Valid() bool
	String() string
}

// parseCase is a text and the problem that Parse finds in it, "" if none.
type parseCase struct {
	name    string
	in      string
	problem string
}

// testParse checks every case through Parse, Valid, String and the dynamic
// check.
func testParse[T value](t *testing.T, format string, parse func(string) (T, error), cases []parseCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(tc.in)
			if problem := problemOf(t, format, err); problem != tc.problem {
				t.Errorf("parse %q: got problem %q, want %q", tc.in, problem, tc.problem)
			}
			if valid := T(tc.in).Valid(); valid != (tc.problem == "") {
				t.Errorf("%q valid: got %v, want %v", tc.in, valid, tc.problem == "")
			}
			if ok, known := syntax.Valid(format, tc.in); ok != (tc.problem == "") || !known {
				t.Errorf("Valid(%q, %q): got %v, %v, want %v, true", format, tc.in, ok, known, tc.problem == "")
			}
			want := tc.in
			if tc.problem != "" {
				want = ""
			}
			if got.String() != want {
				t.Errorf("parse %q: got value %q, want %q", tc.in, got, want)
			}
		})
	}
}

// problemOf returns the problem of an error, which must be an *Error of the
// format, and "" for nil.
func problemOf(t *testing.T, format string, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var syntaxErr *syntax.Error
	if !errors.As(err, &syntaxErr) {
		t.Fatalf("error: got %T, want *syntax.Error", err)
	}
	if syntaxErr.Format != format {
		t.Errorf("format of the error: got %q, want %q", syntaxErr.Format, format)
	}
	return syntaxErr.Problem
}

// checkInvariants checks what holds for every text in every format, and that
// the check agrees with the oracle. It reports whether the text is valid.
func checkInvariants[T value](t *testing.T, format string, parse func(string) (T, error), s string) bool {
	t.Helper()
	got, err := parse(s)
	valid := T(s).Valid()
	if (err == nil) != valid {
		t.Errorf("%q: got parse error %v but valid %v", s, err, valid)
	}
	if want := oracle(format, s); valid != want {
		t.Errorf("%q valid: got %v (%v), oracle says %v", s, valid, err, want)
	}
	if valid && got.String() != s {
		t.Errorf("parse %q: got %q, want it unchanged", s, got)
	}
	if valid && (s == "" || strings.TrimSpace(s) != s) {
		t.Errorf("%q valid: got true, want false", s)
	}
	if lenient, _ := syntax.ValidLenient(format, s); valid && !lenient {
		t.Errorf("%q valid lenient: got false although it is valid", s)
	}
	return valid
}

// testEqual reports a value that is not the wanted one.
func testEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// samples has one valid text of each format.
var samples = map[string]string{
	syntax.ATIdentifierFormat: "alice.example.com",
	syntax.ATURIFormat:        "at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3jzfcijpj2z2a",
	syntax.CIDFormat:          "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a",
	syntax.DatetimeFormat:     "2026-01-31T23:59:59.123456+05:30",
	syntax.DIDFormat:          "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
	syntax.HandleFormat:       "alice.example.com",
	syntax.LanguageFormat:     "zh-cmn-Hant-TW-1901-u-co-pinyin-x-mine",
	syntax.NSIDFormat:         "com.atproto.server.createSession",
	syntax.RecordKeyFormat:    "3jzfcijpj2z2a",
	syntax.TIDFormat:          "3jzfcijpj2z2a",
	syntax.URIFormat:          "https://example.com/path?query=yes#fragment",
}
