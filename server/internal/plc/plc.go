// Package plc knows the rules of did:plc: how an operation is written, signed and
// hashed, which one may follow which, and what an identity looks like that they add up
// to. It keeps nothing and asks nobody. It imports didkey, runtime/lexjson and
// runtime/syntax.
//
// See https://web.plc.directory/spec/v0.1/did-plc.
package plc

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// What can be wrong with an operation. The texts of all errors of this package are
// made for the one who sent it.
var (
	// ErrInvalid is the kind of errors about one operation as it stands.
	ErrInvalid = errors.New("invalid operation")
	// ErrGenesis is returned if the first operation is not the one that a DID is
	// made of.
	ErrGenesis = errors.New("the DID is not that of its first operation")
	// ErrMisordered is returned if an operation does not follow one that counts.
	ErrMisordered = errors.New("prev is not an operation that can be followed")
	// ErrSignature is returned if no key that may do so has signed.
	ErrSignature = errors.New("invalid signature")
	// ErrLateRecovery is returned if operations are to become void that are too old.
	ErrLateRecovery = errors.New("operations older than 72 hours cannot be recovered from")
)

// A DID is the prefix, then the first characters of a hash in base32.
const (
	didPrefix          = "did:plc:"
	didIdentifierChars = 24
	base32Alphabet     = "abcdefghijklmnopqrstuvwxyz234567"
)

var base32Lower = base32.NewEncoding(base32Alphabet).WithPadding(base32.NoPadding)

// cidPrefix stands for CID version 1, DAG-CBOR, and a SHA-256 of 32 bytes.
//
// See https://github.com/multiformats/cid.
const cidPrefix = "\x01\x71\x12\x20"

// ValidDID tells whether did has the form of a did:plc.
func ValidDID(did syntax.DID) bool {
	identifier, ok := strings.CutPrefix(string(did), didPrefix)
	return ok && len(identifier) == didIdentifierChars && strings.Trim(identifier, base32Alphabet) == ""
}

// cidOf returns the address of content in DAG-CBOR.
func cidOf(content []byte) syntax.CID {
	digest := sha256.Sum256(content)
	return syntax.CID("b" + lowerBase32(append([]byte(cidPrefix), digest[:]...)))
}

// didOf returns the identity that an operation creates.
func didOf(signed []byte) syntax.DID {
	digest := sha256.Sum256(signed)
	return syntax.DID(didPrefix + lowerBase32(digest[:])[:didIdentifierChars])
}

func lowerBase32(b []byte) string {
	return base32Lower.EncodeToString(b)
}
