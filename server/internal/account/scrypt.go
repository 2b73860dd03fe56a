package account

import (
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// The cost of the hashes that accounts bring along from a server written in TypeScript,
// which takes the defaults of its platform.
//
// See https://nodejs.org/api/crypto.html#cryptoscryptpassword-salt-keylen-options-callback.
const (
	scryptN       = 1 << 14
	scryptR       = 8
	scryptP       = 1
	scryptKeySize = 64
	maxScryptSalt = 64
)

// A scryptHash is a password hash that another server made: the salt, a colon and the key
// in hex. The salt is hex too, but used as the text that it is.
type scryptHash struct {
	salt string
	key  []byte
}

var errNotScrypt = errors.New("not a salt and a key of scrypt") // never with the string: it is a secret

// isScrypt reports whether a hash is one of scrypt, if it is any: PHC strings begin with a
// dollar sign.
func isScrypt(hash string) bool {
	return !strings.HasPrefix(hash, "$") && strings.Contains(hash, ":")
}

func parseScrypt(s string) (scryptHash, error) {
	salt, text, _ := strings.Cut(s, ":")
	if salt == "" || len(salt) > maxScryptSalt || len(text) != hex.EncodedLen(scryptKeySize) {
		return scryptHash{}, errNotScrypt
	}
	key, err := hex.DecodeString(text)
	if err != nil {
		return scryptHash{}, errNotScrypt
	}
	return scryptHash{salt, key}, nil
}

// verify reports whether h is the hash of password.
func (h scryptHash) verify(password string) (bool, error) {
	got, err := scrypt.Key([]byte(password), []byte(h.salt), scryptN, scryptR, scryptP, scryptKeySize)
	if err != nil {
		return false, fmt.Errorf("compute scrypt: %w", err)
	}
	return subtle.ConstantTimeCompare(got, h.key) == 1, nil
}
