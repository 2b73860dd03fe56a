package didkey

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	k256ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// A PrivateKey is a private key on secp256k1. It may be used concurrently. The zero
// value is no key and must not be used.
type PrivateKey struct {
	key *secp256k1.PrivateKey
}

// Generate returns a new key made of random bytes.
func Generate(random io.Reader) (PrivateKey, error) {
	key, err := secp256k1.GeneratePrivateKeyFromRand(random)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("read random bytes: %w", err)
	}
	return PrivateKey{key}, nil
}

// ParsePrivate returns the key that Bytes returned. Its errors do not show it.
func ParsePrivate(b []byte) (PrivateKey, error) {
	var scalar secp256k1.ModNScalar
	if len(b) != secp256k1.PrivKeyBytesLen || scalar.SetByteSlice(b) || scalar.IsZero() {
		return PrivateKey{}, errors.New("not a private key for secp256k1")
	}
	return PrivateKey{secp256k1.NewPrivateKey(&scalar)}, nil
}

// Public returns the public key.
func (k PrivateKey) Public() PublicKey {
	return PublicKey{k256: k.key.PubKey()}
}

// Bytes returns the key in 32 bytes.
func (k PrivateKey) Bytes() []byte {
	return k.key.Serialize()
}

// Sign returns the signature of the message's SHA-256 in 64 bytes, which is the same
// each time and has a low S.
//
// See https://www.rfc-editor.org/rfc/rfc6979.
func (k PrivateKey) Sign(message []byte) []byte {
	digest := sha256.Sum256(message)
	signature := k256ecdsa.Sign(k.key, digest[:])
	r, s := signature.R(), signature.S()
	rBytes, sBytes := r.Bytes(), s.Bytes()
	return append(rBytes[:], sBytes[:]...)
}
