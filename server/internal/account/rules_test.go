package account

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestReservedList(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(reservedList, "\n"), "\n")
	if !slices.IsSorted(lines) {
		t.Error("the list is not sorted")
	}
	if got := len(slices.Compact(slices.Clone(lines))); got != len(lines) {
		t.Errorf("got %d different words in %d lines", got, len(lines))
	}
	for _, line := range lines {
		if strings.Trim(line, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || line == "" {
			t.Errorf("%q is not a word of small letters and digits", line)
		}
	}
	words := reservedWords()
	for _, word := range []string{
		"about", "at", "atp", "plc", "pds", "did", "repo", "tid", "nsid", "xrpc", "lex", "lexicon",
		"bsky", "bluesky", "handle", "admin", "root", "support", "security", "www", "barackobama", "dril",
	} {
		if !words[word] {
			t.Errorf("%s is not reserved", word)
		}
	}
	for _, word := range []string{"alice", "bob", "carol", "dan", "john", "eve"} {
		if words[word] {
			t.Errorf("%s is reserved", word)
		}
	}
}

func TestNormalizeEmail(t *testing.T) {
	t.Parallel()
	const domain = ".example.com"
	valid := map[string]string{
		"alice@example.com":                      "alice@example.com",
		"Alice@Example.COM":                      "alice@example.com",
		"alice+tag@mail.example.com":             "alice+tag@mail.example.com",
		"a@b.test":                               "a@b.test",
		"o'brien_1.2-3@example.museum":           "o'brien_1.2-3@example.museum",
		strings.Repeat("a", 64) + "@example.com": strings.Repeat("a", 64) + "@example.com",
	}
	for email, want := range valid {
		if got, err := normalizeEmail(email); err != nil || got != want {
			t.Errorf("normalizeEmail(%q): got %q, %v, want %q", email, got, err, want)
		}
	}
	invalid := []string{
		"", "alice", "@example.com", "alice@", "alice@@example.com", "alice@localhost", "alice@example.com.",
		"alice@.example.com", "alice@exa_mple.com", "alice@[192.0.2.1]", "alice@192.0.2.1", "alice@-a.com",
		" alice@example.com", "alice@example.com ", "al ice@example.com", "alice@example.com\n", "alice\x00@example.com",
		"Alice <alice@example.com>", "<alice@example.com>", `"alice"@example.com`, "alice(comment)@example.com",
		".alice@example.com", "alice.@example.com", "al..ice@example.com", "älice@example.com", "alice@exämple.com",
		"alice@example.com,bob@example.com", "mailto:alice@example.com",
		strings.Repeat("a", 65) + "@example.com",
		"a@" + strings.Repeat(strings.Repeat("b", 60)+".", 4) + domain[1:],
	}
	for _, email := range invalid {
		got, err := normalizeEmail(email)
		if !errors.Is(err, ErrInvalidEmail) {
			t.Errorf("normalizeEmail(%q): got %q, %v, want %v", email, got, err, ErrInvalidEmail)
		} else if !strings.Contains(strings.ToLower(err.Error()), "email") {
			t.Errorf("normalizeEmail(%q): the text %q does not name the email", email, err)
		}
	}
}

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		min      int
		password string
		want     error
		text     string
	}{
		{"short", 0, "a", nil, ""},
		{"empty", 0, "", ErrInvalidPassword, "Password is required"},
		{"spaces", 0, "   ", nil, ""},
		{"longest", 0, strings.Repeat("é", 256), nil, ""},
		{"too long", 0, strings.Repeat("é", 257), ErrInvalidPassword, "Password too long. Maximum length is 256 characters."},
		{"too long and not text", 0, strings.Repeat("\x00", 257), ErrInvalidPassword, "Password too long. Maximum length is 256 characters."},
		{"NUL", 0, "as\x00df", ErrInvalidPassword, "Password has characters that are not text"},
		{"no UTF-8", 0, "as\xffdf", ErrInvalidPassword, "Password has characters that are not text"},
		{"minimum met", 8, "pässwörd", nil, ""},
		{"minimum missed", 8, "pässwör", ErrInvalidPassword, "Password too short. Minimum length is 8 characters."},
		{"minimum and empty", 8, "", ErrInvalidPassword, "Password is required"},
	}
	for _, tt := range tests {
		err := PasswordPolicy{MinLength: tt.min}.checkNew(tt.password)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got error %v, want %v", tt.name, err, tt.want)
		} else if err != nil && err.Error() != tt.text {
			t.Errorf("%s: got text %q, want %q", tt.name, err, tt.text)
		}
	}
}

func TestParseIdentifier(t *testing.T) {
	t.Parallel()
	tests := map[string]Identifier{
		"alice.test":               {ByHandle, "alice.test"},
		"Alice.TEST":               {ByHandle, "alice.test"},
		"Alice@Example.com":        {ByEmail, "alice@example.com"},
		"did:plc:abc":              {ByDID, "did:plc:abc"},
		"DID:plc:abc":              {ByDID, "did:plc:abc"},
		"did:x@example.com":        {ByEmail, "did:x@example.com"},
		"Did:Web:Alice.TEST":       {ByDID, "did:web:alice.test"},
		"did:key:zQ3shXj":          {ByDID, "did:key:zQ3shXj"},
		"did:web:LOCALHOST%3A2583": {ByDID, "did:web:localhost%3A2583"},
		"":                         {ByHandle, ""},
		"didactic.test":            {ByHandle, "didactic.test"},
		"\u212a.test":              {ByHandle, "\u212a.test"}, // the Kelvin sign is no k
		"\u212a@test.com":          {ByEmail, "\u212a@test.com"},
	}
	for s, want := range tests {
		if got := parseIdentifier(s); got != want {
			t.Errorf("parseIdentifier(%q): got %v, want %v", s, got, want)
		}
	}
}
