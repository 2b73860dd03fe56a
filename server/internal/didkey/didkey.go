// Package didkey reads and writes the public keys of the protocol in their textual
// forms, checks signatures with them, and signs with private keys of one of the two
// curves. It imports crypto/ecdsa, and modules for secp256k1 and base58.
//
// See https://atproto.com/specs/cryptography.
package didkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"
)

// A did:key is a prefix, then the key as a Multikey.
const prefix = "did:key:"

// Algorithms of https://www.rfc-editor.org/rfc/rfc8812#section-3.2 and
// https://www.rfc-editor.org/rfc/rfc7518#section-3.1.
const (
	es256k = "ES256K"
	es256  = "ES256"
)

var errNotDIDKey = errors.New("not the did:key of a P-256 or secp256k1 public key")

// A PublicKey is a public key on secp256k1 or P-256. It may be used concurrently. The
// zero value is no key and must not be used.
type PublicKey struct {
	k256 *secp256k1.PublicKey
	p256 *ecdsa.PublicKey // not nil if k256 is
}

// Parse returns the key of a did:key. Each key has one spelling; any other is refused.
//
// See https://atproto.com/specs/cryptography#public-key-encoding.
func Parse(s string) (PublicKey, error) {
	multibase, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return PublicKey{}, errNotDIDKey
	}
	key, err := ParseMultibase(multibase)
	if err != nil {
		return PublicKey{}, errNotDIDKey
	}
	return key, nil
}

// String returns the did:key.
func (k PublicKey) String() string {
	return prefix + k.Multibase()
}

// Algorithm returns the name that the key's signatures have in a JSON Web Token:
// ES256K or ES256.
func (k PublicKey) Algorithm() string {
	if k.k256 != nil {
		return es256k
	}
	return es256
}

// parsePoint returns the key with a point in compressed form.
func parsePoint(algorithm string, point []byte) (PublicKey, error) {
	if len(point) != compressedBytes {
		return PublicKey{}, errNotMultikey
	}
	if algorithm == es256k {
		key, err := secp256k1.ParsePubKey(point)
		if err != nil {
			return PublicKey{}, errNotMultikey
		}
		return PublicKey{k256: key}, nil
	}
	x, y := elliptic.UnmarshalCompressed(elliptic.P256(), point)
	if x == nil {
		return PublicKey{}, errNotMultikey
	}
	uncompressed := make([]byte, uncompressedBytes)
	uncompressed[0] = uncompressedForm
	x.FillBytes(uncompressed[1:compressedBytes])
	y.FillBytes(uncompressed[compressedBytes:])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed)
	if err != nil {
		return PublicKey{}, errNotMultikey
	}
	return PublicKey{p256: key}, nil
}

// compressed returns the key's point in compressed form.
func (k PublicKey) compressed() []byte {
	if k.k256 != nil {
		return k.k256.SerializeCompressed()
	}
	uncompressed, err := k.p256.Bytes()
	if err != nil {
		panic("didkey: a key without a point: " + err.Error())
	}
	return compress(uncompressed)
}

// compress returns the compressed form of an uncompressed point, of which it does not
// look at the first byte.
func compress(uncompressed []byte) []byte {
	sign := uncompressed[uncompressedBytes-1] & 1
	return append([]byte{evenForm | sign}, uncompressed[1:compressedBytes]...)
}

// decodeBase58 returns the bytes of a base58 text of limited length, which must be the
// one that encodes them.
func decodeBase58(s string) ([]byte, bool) {
	if len(s) > maxBase58 {
		return nil, false
	}
	b, err := base58.Decode(s)
	if err != nil || base58.Encode(b) != s {
		return nil, false
	}
	return b, true
}
