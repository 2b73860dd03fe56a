package didkey

import (
	"errors"
	"strings"

	"github.com/mr-tron/base58"
)

// A Multikey is a prefix that stands for base58, then the kind of key and the
// compressed point.
//
// See https://www.w3.org/TR/cid-1.0/#Multikey.
const (
	base58Prefix   = "z"
	multicodecK256 = "\xe7\x01"
	multicodecP256 = "\x80\x24"
)

// Forms of a point, by their first byte.
//
// See https://www.secg.org/sec1-v2.pdf, section 2.3.3.
const (
	evenForm          = 0x02 // compressed, with an even y; the next is that with an odd one
	uncompressedForm  = 0x04
	compressedBytes   = 33
	uncompressedBytes = 65
)

// maxBase58 is more than the text of any key has.
const maxBase58 = 96

// Types of a verification method. The older two have a key without its kind in front,
// and mostly uncompressed.
//
// See https://atproto.com/specs/did#did-documents.
const (
	typeMultikey = "Multikey"
	typeK256     = "EcdsaSecp256k1VerificationKey2019"
	typeP256     = "EcdsaSecp256r1VerificationKey2019"
)

var errNotMultikey = errors.New("not the Multikey of a P-256 or secp256k1 public key")

// ParseMultibase returns the key of a Multikey, of which there is one spelling.
func ParseMultibase(s string) (PublicKey, error) {
	encoded, ok := strings.CutPrefix(s, base58Prefix)
	if !ok {
		return PublicKey{}, errNotMultikey
	}
	b, ok := decodeBase58(encoded)
	if !ok {
		return PublicKey{}, errNotMultikey
	}
	if point, ok := strings.CutPrefix(string(b), multicodecK256); ok {
		return parsePoint(es256k, []byte(point))
	}
	if point, ok := strings.CutPrefix(string(b), multicodecP256); ok {
		return parsePoint(es256, []byte(point))
	}
	return PublicKey{}, errNotMultikey
}

// Multibase returns the key as a Multikey.
func (k PublicKey) Multibase() string {
	multicodec := multicodecP256
	if k.k256 != nil {
		multicodec = multicodecK256
	}
	return base58Prefix + base58.Encode(append([]byte(multicodec), k.compressed()...))
}

// ParseVerificationMethod returns the key of a verification method in a DID document,
// given its type and its publicKeyMultibase. Besides a Multikey it knows the two older
// types.
//
// See https://atproto.com/specs/did#did-documents.
func ParseVerificationMethod(kind, multibase string) (PublicKey, error) {
	switch kind {
	case typeMultikey:
		return ParseMultibase(multibase)
	case typeK256:
		return parseBare(es256k, multibase)
	case typeP256:
		return parseBare(es256, multibase)
	default:
		return PublicKey{}, errors.New("a verification method of another type")
	}
}

// parseBare returns the key of a point that stands alone, in either form.
func parseBare(algorithm, multibase string) (PublicKey, error) {
	encoded, ok := strings.CutPrefix(multibase, base58Prefix)
	if !ok {
		return PublicKey{}, errNotMultikey
	}
	point, ok := decodeBase58(encoded)
	if !ok {
		return PublicKey{}, errNotMultikey
	}
	if len(point) != uncompressedBytes {
		return parsePoint(algorithm, point)
	}
	key, err := parsePoint(algorithm, compress(point))
	if err != nil || point[0] != uncompressedForm || !key.hasY(point[compressedBytes:]) {
		return PublicKey{}, errNotMultikey
	}
	return key, nil
}

// hasY tells whether y is the second coordinate of the key's point.
func (k PublicKey) hasY(y []byte) bool {
	if k.k256 != nil {
		return string(k.k256.SerializeUncompressed()[compressedBytes:]) == string(y)
	}
	uncompressed, err := k.p256.Bytes()
	return err == nil && string(uncompressed[compressedBytes:]) == string(y)
}
