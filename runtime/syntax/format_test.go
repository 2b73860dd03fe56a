package syntax_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	want := []string{
		"at-identifier", "at-uri", "cid", "datetime", "did", "handle", "language", "nsid", "record-key", "tid", "uri",
	}
	if got := syntax.Formats(); !slices.Equal(got, want) {
		t.Errorf("Formats: got %q, want %q", got, want)
	}
	for _, name := range want {
		if !syntax.IsFormat(name) {
			t.Errorf("IsFormat(%q): got false, want true", name)
		}
		if ok, known := syntax.Valid(name, samples[name]); !ok || !known {
			t.Errorf("Valid(%q, %q): got %v, %v, want true, true", name, samples[name], ok, known)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "DID", "aturi", "at_uri", "space-ref", "string"} {
		if syntax.IsFormat(name) {
			t.Errorf("IsFormat(%q): got true, want false", name)
		}
		if ok, known := syntax.Valid(name, "did:plc:abc"); ok || known {
			t.Errorf("Valid(%q): got %v, %v, want false, false", name, ok, known)
		}
		if ok, known := syntax.ValidLenient(name, "did:plc:abc"); ok || known {
			t.Errorf("ValidLenient(%q): got %v, %v, want false, false", name, ok, known)
		}
	}
}

func TestValidLenient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		format string
		in     string
		want   bool
	}{
		{syntax.ATURIFormat, "at://alice.example.com/", true},
		{syntax.DatetimeFormat, "2026-01-31T23:59:59", true},
		{syntax.LanguageFormat, "de-1901-1901", true},
		{syntax.DIDFormat, "did:plc:abc", true},
		{syntax.DIDFormat, "did:plc:", false},
	}
	for _, tc := range tests {
		if got, known := syntax.ValidLenient(tc.format, tc.in); got != tc.want || !known {
			t.Errorf("ValidLenient(%q, %q): got %v, %v, want %v, true", tc.format, tc.in, got, known, tc.want)
		}
	}
}

// TestEveryFormatRefuses holds texts that no format accepts: white space around
// a value, control characters and the like are never normalised away.
func TestEveryFormatRefuses(t *testing.T) {
	t.Parallel()
	for _, format := range syntax.Formats() {
		sample := samples[format]
		cases := map[string]string{
			"empty":            "",
			"space":            " ",
			"leading space":    " " + sample,
			"trailing space":   sample + " ",
			"inner space":      sample[:4] + " " + sample[4:],
			"trailing newline": sample + "\n",
			"leading tab":      "\t" + sample,
			"trailing NUL":     sample + "\x00",
			"no-break space":   sample + "\u00a0",
			"byte order mark":  "\ufeff" + sample,
			"bad UTF-8":        sample + "\xff",
			"fullwidth":        strings.Replace(sample, "e", "\uff45", 1) + "\u2028",
		}
		for name, in := range cases {
			if ok, _ := syntax.Valid(format, in); ok {
				t.Errorf("%s, %s: %q is valid, want it refused", format, name, in)
			}
			if ok, _ := syntax.ValidLenient(format, in); ok {
				t.Errorf("%s, %s: %q is valid when lenient, want it refused", format, name, in)
			}
		}
	}
}

func TestValidDoesNotAllocate(t *testing.T) {
	// Not parallel: testing.AllocsPerRun counts the allocations of the process.
	for _, format := range syntax.Formats() {
		sample := samples[format]
		for _, in := range []string{sample, sample + "!", sample + "\x00", "", strings.Repeat("a.", 5000)} {
			allocs := testing.AllocsPerRun(100, func() {
				syntax.Valid(format, in)
				syntax.ValidLenient(format, in)
			})
			if allocs != 0 {
				t.Errorf("%s: got %v allocations for %.80q, want 0", format, allocs, in)
			}
		}
	}
}

func TestValidMethodsDoNotAllocate(t *testing.T) {
	methods := map[string]func() bool{
		syntax.ATIdentifierFormat: syntax.ATIdentifier(samples[syntax.ATIdentifierFormat]).Valid,
		syntax.ATURIFormat:        syntax.ATURI(samples[syntax.ATURIFormat]).Valid,
		syntax.CIDFormat:          syntax.CID(samples[syntax.CIDFormat]).Valid,
		syntax.DatetimeFormat:     syntax.Datetime(samples[syntax.DatetimeFormat]).Valid,
		syntax.DIDFormat:          syntax.DID(samples[syntax.DIDFormat]).Valid,
		syntax.HandleFormat:       syntax.Handle(samples[syntax.HandleFormat]).Valid,
		syntax.LanguageFormat:     syntax.Language(samples[syntax.LanguageFormat]).Valid,
		syntax.NSIDFormat:         syntax.NSID(samples[syntax.NSIDFormat]).Valid,
		syntax.RecordKeyFormat:    syntax.RecordKey(samples[syntax.RecordKeyFormat]).Valid,
		syntax.TIDFormat:          syntax.TID(samples[syntax.TIDFormat]).Valid,
		syntax.URIFormat:          syntax.URI(samples[syntax.URIFormat]).Valid,
	}
	for _, format := range syntax.Formats() {
		ok := false
		if allocs := testing.AllocsPerRun(100, func() { ok = methods[format]() }); allocs != 0 || !ok {
			t.Errorf("%s: got %v allocations and valid %v, want 0 and true", format, allocs, ok)
		}
	}
}
