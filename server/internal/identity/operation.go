package identity

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Words of a did:plc operation.
const (
	operationType      = "plc_operation"
	signingMethod      = "atproto"
	serviceID          = "atproto_pds"
	serviceType        = "AtprotoPersonalDataServer"
	didPrefix          = "did:plc:"
	didIdentifierChars = 24
)

// cidPrefix stands for CID version 1, DAG-CBOR, and a SHA-256 of 32 bytes.
//
// See https://github.com/multiformats/cid.
const cidPrefix = "\x01\x71\x12\x20"

// A genesisOperation is the first operation of an identity, before it is signed.
//
// See https://web.plc.directory/spec/v0.1/did-plc#operation-serialization-signing-and-validation.
type genesisOperation struct {
	RotationKeys []string // each a did:key, the mightiest first
	SigningKey   string   // a did:key
	Handle       syntax.Handle
	Endpoint     string // URL of the server, without a slash at the end
}

// A signedOperation is an [genesisOperation] with the signature of one of its rotation
// keys. The identity follows from it.
type signedOperation struct {
	genesisOperation
	Signature string // in base64url without padding
}

// sign returns the operation with the signature of key, which is the same each
// time and has a low S, as did:plc demands.
func (o genesisOperation) sign(key *secp256k1.PrivateKey) signedOperation {
	digest := sha256.Sum256(o.encode())
	signature := ecdsa.Sign(key, digest[:])
	r, s := signature.R(), signature.S()
	rBytes, sBytes := r.Bytes(), s.Bytes()
	return signedOperation{
		genesisOperation: o,
		Signature:        base64.RawURLEncoding.EncodeToString(append(rBytes[:], sBytes[:]...)),
	}
}

// encode returns the DAG-CBOR that is signed.
func (o genesisOperation) encode() []byte {
	return appendMap(nil, o.fields()...)
}

// fields returns what an operation consists of, in no particular order.
func (o genesisOperation) fields() []field {
	keys := make(cborArray, len(o.RotationKeys))
	for i, key := range o.RotationKeys {
		keys[i] = cborText(key)
	}
	return []field{
		{"type", cborText(operationType)},
		{"rotationKeys", keys},
		{"verificationMethods", cborMap{{signingMethod, cborText(o.SigningKey)}}},
		{"alsoKnownAs", cborArray{cborText("at://" + o.Handle)}},
		{"services", cborMap{{serviceID, cborMap{
			{"type", cborText(serviceType)},
			{"endpoint", cborText(o.Endpoint)},
		}}}},
		{"prev", cborNull{}},
	}
}

// encode returns the DAG-CBOR that the identity is derived from.
func (o signedOperation) encode() []byte {
	return appendMap(nil, append(o.fields(), field{"sig", cborText(o.Signature)})...)
}

// did returns the identity that the operation creates.
func (o signedOperation) did() syntax.DID {
	digest := sha256.Sum256(o.encode())
	return syntax.DID(didPrefix + lowerBase32(digest[:])[:didIdentifierChars])
}

// cid returns the address of the operation's content.
func (o signedOperation) cid() syntax.CID {
	digest := sha256.Sum256(o.encode())
	return syntax.CID("b" + lowerBase32(append([]byte(cidPrefix), digest[:]...)))
}

// MarshalJSON returns the operation as a directory takes it.
func (o signedOperation) MarshalJSON() ([]byte, error) {
	type service struct {
		Type     string `json:"type"`
		Endpoint string `json:"endpoint"`
	}
	return json.Marshal(struct {
		Type                string             `json:"type"`
		RotationKeys        []string           `json:"rotationKeys"`
		VerificationMethods map[string]string  `json:"verificationMethods"`
		AlsoKnownAs         []string           `json:"alsoKnownAs"`
		Services            map[string]service `json:"services"`
		Prev                *string            `json:"prev"`
		Sig                 string             `json:"sig"`
	}{
		Type:                operationType,
		RotationKeys:        o.RotationKeys,
		VerificationMethods: map[string]string{signingMethod: o.SigningKey},
		AlsoKnownAs:         []string{"at://" + string(o.Handle)},
		Services:            map[string]service{serviceID: {serviceType, o.Endpoint}},
		Sig:                 o.Signature,
	})
}

func lowerBase32(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}
