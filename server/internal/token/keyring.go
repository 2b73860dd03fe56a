package token

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// secretSize is the least size of a secret in bytes: that of the hash, of
// https://www.rfc-editor.org/rfc/rfc7518#section-3.2.
const secretSize = 32

// A Key signs tokens. Its ID stands in the header of each.
type Key struct {
	ID        string
	Secret    []byte
	CreatedAt time.Time // in whole seconds; zero if it is not known
}

// GenerateKey returns a new key of bytes from random, which does not know its age.
func GenerateKey(random io.Reader) (Key, error) {
	b := make([]byte, 8+secretSize)
	if _, err := io.ReadFull(random, b); err != nil {
		return Key{}, fmt.Errorf("read random bytes: %w", err)
	}
	return Key{ID: hex.EncodeToString(b[:8]), Secret: b[8:]}, nil
}

// A Keyring is one or more keys. All verify and the newest signs, so that a key can
// be replaced while tokens of the one before still live. It does not change.
type Keyring struct {
	keys []Key // the oldest first
}

// NewKeyring returns a keyring of keys, given with the oldest first.
func NewKeyring(keys ...Key) (Keyring, error) {
	if len(keys) == 0 {
		return Keyring{}, errors.New("a keyring needs a key")
	}
	seen := map[string]bool{}
	for _, key := range keys {
		switch {
		case key.ID == "" || seen[key.ID]:
			return Keyring{}, fmt.Errorf("key id %q is empty or used twice", key.ID)
		case len(key.Secret) < secretSize:
			return Keyring{}, fmt.Errorf("key %s is shorter than %d bytes", key.ID, secretSize)
		}
		seen[key.ID] = true
	}
	return Keyring{keys: slices.Clone(keys)}, nil
}

// keyringFile is the form in which a keyring is kept.
type keyringFile struct {
	Keys []keyFile `json:"keys"`
}

type keyFile struct {
	ID        string    `json:"id"`
	Secret    []byte    `json:"secret"`
	CreatedAt time.Time `json:"createdAt,omitzero"`
}

// DecodeKeyring reads what Encode wrote. Its errors do not show the data.
func DecodeKeyring(data []byte) (Keyring, error) {
	var file keyringFile
	if err := json.Unmarshal(data, &file); err != nil {
		return Keyring{}, errors.New("token keyring is not valid JSON")
	}
	keys := make([]Key, len(file.Keys))
	for i, key := range file.Keys {
		keys[i] = Key(key)
	}
	return NewKeyring(keys...)
}

// Encode returns the keyring with its secrets, to be kept encrypted.
func (r Keyring) Encode() ([]byte, error) {
	file := keyringFile{Keys: make([]keyFile, len(r.keys))}
	for i, key := range r.keys {
		file.Keys[i] = keyFile(key)
	}
	return json.Marshal(file)
}

// Rotate returns the keyring with a new key, which signs from now on, and without the keys
// whose last tokens have expired: every one that was replaced the life of a refresh token
// ago. The keyring itself stays as it is. A server that is running goes on with the keys
// that it has loaded.
func (r Keyring) Rotate(random io.Reader, now time.Time) (Keyring, error) {
	key, err := GenerateKey(random)
	if err != nil {
		return Keyring{}, err
	}
	key.CreatedAt = now.UTC().Truncate(time.Second)
	keys := append(slices.Clone(r.keys), key)
	first := 0
	for first+1 < len(keys) && !now.Before(keys[first+1].CreatedAt.Add(account.IdleLifetime)) {
		first++
	}
	return NewKeyring(keys[first:]...)
}

func (r Keyring) newest() Key {
	return r.keys[len(r.keys)-1]
}

func (r Keyring) secret(id string) ([]byte, bool) {
	for _, key := range r.keys {
		if key.ID == id {
			return key.Secret, true
		}
	}
	return nil, false
}

// GenerateKeyring returns the encoded form of a keyring with one new key, for a
// server that starts for the first time.
func GenerateKeyring(random io.Reader) ([]byte, error) {
	key, err := GenerateKey(random)
	if err != nil {
		return nil, err
	}
	keyring, err := NewKeyring(key)
	if err != nil {
		return nil, err
	}
	return keyring.Encode()
}
