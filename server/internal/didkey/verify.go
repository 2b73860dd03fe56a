package didkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	k256ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// A signature is r and s, in 32 bytes each.
const (
	scalarBytes    = 32
	signatureBytes = 2 * scalarBytes
)

// Verify tells whether signature is one of the message's SHA-256 in the only form that
// the protocol allows: 64 bytes, with a low S.
//
// See https://atproto.com/specs/cryptography#ecdsa-signature-malleability.
func (k PublicKey) Verify(message, signature []byte) bool {
	return k.verify(message, signature, false /* high S */)
}

// VerifyLenient is Verify for signatures that also may have a high S: those of JSON
// Web Tokens, whose specification does not forbid it.
func (k PublicKey) VerifyLenient(message, signature []byte) bool {
	return k.verify(message, signature, true /* high S */)
}

func (k PublicKey) verify(message, signature []byte, highS bool) bool {
	if len(signature) != signatureBytes {
		return false
	}
	digest := sha256.Sum256(message)
	r, s := signature[:scalarBytes], signature[scalarBytes:]
	if k.k256 != nil {
		return verifyK256(k.k256, digest[:], r, s, highS)
	}
	return verifyP256(k.p256, digest[:], r, s, highS)
}

func verifyK256(key *secp256k1.PublicKey, digest, r, s []byte, highS bool) bool {
	var rScalar, sScalar secp256k1.ModNScalar
	if rScalar.SetByteSlice(r) || sScalar.SetByteSlice(s) {
		return false
	}
	if sScalar.IsOverHalfOrder() && !highS {
		return false
	}
	return k256ecdsa.NewSignature(&rScalar, &sScalar).Verify(digest, key)
}

func verifyP256(key *ecdsa.PublicKey, digest, r, s []byte, highS bool) bool {
	sInt := new(big.Int).SetBytes(s)
	half := new(big.Int).Rsh(elliptic.P256().Params().N, 1)
	if sInt.Cmp(half) > 0 && !highS {
		return false
	}
	return ecdsa.Verify(key, digest, new(big.Int).SetBytes(r), sInt)
}
