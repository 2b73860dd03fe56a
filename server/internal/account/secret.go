package account

import (
	"crypto/hmac"
	"crypto/sha256"
)

// A SecretHash is an HMAC-SHA-256, under a key that is not in the database, of a
// secret with so much randomness that no slow hash is needed: who reads the database
// can neither use the secret nor try guesses.
type SecretHash [sha256.Size]byte

// hashSecret returns the hash of parts under the service's pepper. Each part is
// preceded by its length, so that no two lists have the same hash.
func (s *Service) hashSecret(parts ...string) SecretHash {
	mac := hmac.New(sha256.New, s.Pepper)
	for _, part := range parts {
		var length [4]byte
		length[0], length[1], length[2], length[3] = byte(len(part)>>24), byte(len(part)>>16), byte(len(part)>>8), byte(len(part))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return SecretHash(mac.Sum(nil))
}
