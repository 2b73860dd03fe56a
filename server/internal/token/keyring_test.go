package token_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

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
