package account

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// referenceHash is what such a server keeps for "asdf", computed with OpenSSL.
const referenceHash = "000102030405060708090a0b0c0d0e0f:16c7d093546bbee6eff0851f06f7c1b5c06f3aa472e07f2edaf67883f5ec73cdcab2cda95da73bdaf52eb9ed7c4db46bd702745d57e2a4fe705e1b359f69f54e"

func TestVerifyScrypt(t *testing.T) {
	t.Parallel()
	hasher := newCheapArgon2(cheapParams)
	for password, want := range map[string]Verdict{"asdf": MatchOutdated, "asdg": Mismatch, "": Mismatch} {
		if got, err := hasher.Verify(t.Context(), referenceHash, password); err != nil || got != want {
			t.Errorf("Verify(%q): got %v, %v, want %v", password, got, err, want)
		}
	}
}

func TestParseScrypt(t *testing.T) {
	t.Parallel()
	salt, key, _ := strings.Cut(referenceHash, ":")
	tests := []struct {
		name string
		hash string
		ok   bool
	}{
		{"valid", referenceHash, true},
		{"no salt", ":" + key, false},
		{"salt of a kilobyte", strings.Repeat("a", 1024) + ":" + key, false},
		{"no key", salt + ":", false},
		{"short key", salt + ":" + key[2:], false},
		{"long key", salt + ":" + key + "00", false},
		{"key not in hex", salt + ":" + key[2:] + "xy", false},
		{"two colons", salt + "::" + key[1:], false},
	}
	hasher := newCheapArgon2(cheapParams)
	for _, tt := range tests {
		_, err := parseScrypt(tt.hash)
		if (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want ok %t", tt.name, err, tt.ok)
		}
		if tt.ok {
			continue
		}
		if _, err := hasher.Verify(t.Context(), tt.hash, "asdf"); !errors.Is(err, errNotScrypt) || strings.Contains(err.Error(), key[:8]) {
			t.Errorf("%s: Verify: got error %v, want %v without the text", tt.name, err, errNotScrypt)
		}
	}
}

// What is neither kind of hash is an error, not a mismatch.
func TestVerifyUnknownHash(t *testing.T) {
	t.Parallel()
	hasher := newCheapArgon2(cheapParams)
	for _, hash := range []string{"", "x", "$2a$10$abcdefghijklmnopqrstuv", "$x:y"} {
		if _, err := hasher.Verify(t.Context(), hash, "asdf"); !errors.Is(err, errNotPHC) {
			t.Errorf("Verify with %q: got error %v, want %v", hash, err, errNotPHC)
		}
	}
}

// What is parsed is a salt and a key, and cannot be taken for a PHC string.
func FuzzParseScrypt(f *testing.F) {
	f.Add(referenceHash)
	f.Add(":")
	f.Add(validPHC)
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parseScrypt(s)
		if err != nil {
			return
		}
		if got := h.salt + ":" + hex.EncodeToString(h.key); !strings.EqualFold(got, s) {
			t.Errorf("parseScrypt(%q): got %q", s, got)
		}
		if _, err := parsePHC(s); err == nil {
			t.Errorf("%q is a hash of both kinds", s)
		}
	})
}
