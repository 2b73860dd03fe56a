package token_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// The newest key signs, all of them verify, and one that is gone does not.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	before := newIssuer(t, audience, "k1")
	during := newIssuer(t, audience, "k1", "k2")
	after := newIssuer(t, audience, "k2")
	old := issueAccess(t, before)
	fresh := issueAccess(t, during)
	if header, _ := decode(t, fresh); header["kid"] != "k2" {
		t.Errorf("key that signs: got %v, want the newest, k2", header["kid"])
	}
	tests := []struct {
		name   string
		issuer *token.Issuer
		text   string
		want   error
	}{
		{"old token during", during, old, nil},
		{"old token after", after, old, account.ErrTokenInvalid},
		{"fresh token before", before, fresh, account.ErrTokenInvalid},
		{"fresh token during", during, fresh, nil},
		{"fresh token after", after, fresh, nil},
	}
	for _, tt := range tests {
		if _, err := tt.issuer.VerifyAccess(tt.text, issuedAt); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestNewKeyringErrors(t *testing.T) {
	t.Parallel()
	short := testKey("k1")
	short.Secret = short.Secret[:31]
	tests := []struct {
		name string
		keys []token.Key
	}{
		{"no keys", nil},
		{"short secret", []token.Key{short}},
		{"no id", []token.Key{testKey("")}},
		{"same id twice", []token.Key{testKey("k1"), testKey("k1")}},
	}
	for _, tt := range tests {
		_, err := token.NewKeyring(tt.keys...)
		if err == nil {
			t.Errorf("%s: NewKeyring succeeded", tt.name)
		}
	}
}

func TestKeyringEncoding(t *testing.T) {
	t.Parallel()
	data, err := token.GenerateKeyring(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keyring, err := token.DecodeKeyring(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyring.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, data) {
		t.Error("a keyring changes when it is decoded and encoded")
	}
	other, err := token.GenerateKeyring(rand.Reader)
	if err != nil || bytes.Equal(other, data) {
		t.Errorf("two keyrings are the same, or: %v", err)
	}
	for _, broken := range []string{"", "{}", `{"keys":[]}`, `{"keys":[{"id":"k1","secret":"c2VjcmV0"}]}`, string(data[:len(data)-1])} {
		if _, err := token.DecodeKeyring([]byte(broken)); err == nil {
			t.Errorf("DecodeKeyring(%q) succeeded", broken)
		} else if strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("the error %q shows the secret", err)
		}
	}
	if _, err := token.GenerateKeyring(strings.NewReader("too little")); err == nil {
		t.Error("GenerateKeyring without random bytes succeeded")
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	begin := issuedAt
	const day = 24 * time.Hour
	tests := []struct {
		name      string
		rotations []time.Duration // after begin
		want      int             // how many keys are left
	}{
		{"once", []time.Duration{0}, 2},
		{"again while tokens live", []time.Duration{0, 90*day - time.Second}, 3},
		{"again when the first key's tokens have expired", []time.Duration{0, 90 * day}, 2},
		{"a key that was replaced of late stays, however old it is", []time.Duration{0, 300 * day, 301 * day}, 3},
		{"long after several", []time.Duration{0, day, 2 * day, 300 * day}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keyring, err := token.NewKeyring(testKey("first"))
			if err != nil {
				t.Fatal(err)
			}
			for _, after := range tt.rotations {
				if keyring, err = keyring.Rotate(rand.Reader, begin.Add(after)); err != nil {
					t.Fatal(err)
				}
				keyring = reload(t, keyring)
			}
			if got := len(keyIDs(t, keyring)); got != tt.want {
				t.Errorf("got %d keys, want %d", got, tt.want)
			}
		})
	}
}

// The new key signs, and tokens of the one before still verify.
func TestRotateKeepsTokens(t *testing.T) {
	t.Parallel()
	keyring, err := token.NewKeyring(testKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := keyring.Rotate(rand.Reader, issuedAt)
	if err != nil {
		t.Fatal(err)
	}
	if got := keyIDs(t, keyring); len(got) != 1 {
		t.Errorf("the keyring that was rotated: got keys %v, want k1 alone", got)
	}
	issuer, err := token.NewIssuer(token.Config{Audience: audience, Keys: rotated, RefreshKey: testKey("refresh").Secret})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.VerifyAccess(issueAccess(t, newIssuer(t, audience, "k1")), issuedAt); err != nil {
		t.Errorf("token of the key before: %v", err)
	}
	ids := keyIDs(t, rotated)
	if header, _ := decode(t, issueAccess(t, issuer)); header["kid"] != ids[len(ids)-1] || header["kid"] == "k1" {
		t.Errorf("key that signs: got %v of %v, want the new one", header["kid"], ids)
	}
	if _, err := keyring.Rotate(strings.NewReader("too little"), issuedAt); err == nil {
		t.Error("Rotate without random bytes succeeded")
	}
}

// reload returns the keyring as it is after it was kept.
func reload(t *testing.T, keyring token.Keyring) token.Keyring {
	t.Helper()
	data, err := keyring.Encode()
	if err != nil {
		t.Fatal(err)
	}
	keyring, err = token.DecodeKeyring(data)
	if err != nil {
		t.Fatal(err)
	}
	return keyring
}

// keyIDs returns the ids in a keyring, that of the oldest key first.
func keyIDs(t *testing.T, keyring token.Keyring) []string {
	t.Helper()
	data, err := keyring.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Keys []struct{ ID string } }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, key := range file.Keys {
		ids = append(ids, key.ID)
	}
	return ids
}
