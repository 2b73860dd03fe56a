package identity

import (
	"crypto/elliptic"
	"errors"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"
)

// A did:key is the prefix, then base58 of the kind of key and the compressed point.
//
// See https://atproto.com/specs/cryptography#public-key-encoding.
const (
	didKeyPrefix    = "did:key:z"
	multicodecK256  = "\xe7\x01"
	multicodecP256  = "\x80\x24"
	compressedBytes = 33
	maxDIDKey       = 64 // more than any of these keys has
)

var errNotDIDKey = errors.New("not the did:key of a P-256 or secp256k1 public key")

// formatDIDKey returns the did:key of a secp256k1 key.
func formatDIDKey(key *secp256k1.PublicKey) string {
	return didKeyPrefix + base58.Encode(append([]byte(multicodecK256), key.SerializeCompressed()...))
}

// checkDIDKey returns an error unless s is the one spelling of a key on one of the
// two curves of the protocol.
func checkDIDKey(s string) error {
	encoded, ok := strings.CutPrefix(s, didKeyPrefix)
	if !ok || len(s) > maxDIDKey {
		return errNotDIDKey
	}
	b, err := base58.Decode(encoded)
	if err != nil || len(b) != len(multicodecK256)+compressedBytes {
		return errNotDIDKey
	}
	multicodec, point := string(b[:2]), b[2:]
	switch multicodec {
	case multicodecK256:
		_, err = secp256k1.ParsePubKey(point)
	case multicodecP256:
		if x, _ := elliptic.UnmarshalCompressed(elliptic.P256(), point); x == nil {
			err = errNotDIDKey
		}
	default:
		err = errNotDIDKey
	}
	if err != nil {
		return errNotDIDKey
	}
	return nil
}
