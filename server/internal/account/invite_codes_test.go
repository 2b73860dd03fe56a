package account

import (
	"bytes"
	"crypto/rand"
	"io"
	"regexp"
	"slices"
	"testing"
)

func TestNewInviteCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		hostname string
		random   io.Reader
		want     *regexp.Regexp
	}{
		{"a domain", "pds.example.com", rand.Reader, regexp.MustCompile(`^pds-example-com-[a-z2-7]{5}-[a-z2-7]{5}$`)},
		{"a name without a dot", "localhost", rand.Reader, regexp.MustCompile(`^localhost-[a-z2-7]{5}-[a-z2-7]{5}$`)},
		{"capital letters", "Example.COM", rand.Reader, regexp.MustCompile(`^example-com-[a-z2-7]{5}-[a-z2-7]{5}$`)},
		{"all bits zero", "a.test", bytes.NewReader(make([]byte, 21)), regexp.MustCompile(`^a-test-aaaaa-aaaaa$`)},
		{"all bits one", "a.test", bytes.NewReader(bytes.Repeat([]byte{255}, 21)), regexp.MustCompile(`^a-test-77777-77777$`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			codes, err := newInviteCodes(tt.random, tt.hostname, 3)
			if err != nil || len(codes) != 3 {
				t.Fatalf("got %q, %v, want 3 codes", codes, err)
			}
			for _, code := range codes {
				if !tt.want.MatchString(code) {
					t.Errorf("got code %q, want one that matches %s", code, tt.want)
				}
				if normalized := normalizeInviteCode(code); normalized != code {
					t.Errorf("code %q is kept as %q", code, normalized)
				}
			}
			if tt.random == rand.Reader && len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 3 {
				t.Errorf("codes are not distinct: %q", codes)
			}
		})
	}
	if _, err := newInviteCodes(bytes.NewReader(make([]byte, 20)), "a.test", 3); err == nil {
		t.Error("no error without enough random bytes")
	}
}

func TestNormalizeInviteCode(t *testing.T) {
	t.Parallel()
	const want = "example-com-abcde-fghij"
	for _, code := range []string{want, "Example-Com-ABCDE-fghij", " example-com-abcde-fghij\r\n"} {
		if got := normalizeInviteCode(code); got != want {
			t.Errorf("normalizeInviteCode(%q): got %q, want %q", code, got, want)
		}
	}
}
