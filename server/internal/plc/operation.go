package plc

import (
	"encoding/base64"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// A Kind is the type of an operation.
type Kind string

// The kinds of operations.
const (
	// Update says what an identity is from then on; the first one creates it.
	Update Kind = "plc_operation"
	// Tombstone ends an identity.
	Tombstone Kind = "plc_tombstone"
	// Create is how identities were created once. It is read and no longer made.
	Create Kind = "create"
)

// A State is what an operation says of an identity.
type State struct {
	RotationKeys        []string          // did:keys, the mightiest first
	VerificationMethods map[string]string // did:keys by name
	AlsoKnownAs         []string          // URIs
	Services            map[string]Service
}

// A Service is something that an identity points to.
type Service struct {
	Type     string `json:"type"`
	Endpoint string `json:"endpoint"`
}

// An Operation is a link of the chain that an identity is.
//
// See https://web.plc.directory/spec/v0.1/did-plc#operation-serialization-signing-and-validation.
type Operation struct {
	Kind      Kind
	State     State      // empty in a tombstone
	Prev      syntax.CID // the operation before; empty in the first
	Signature string     // in base64url without padding; empty before it is signed

	create creation // what State follows from, in a Create
}

// A creation is an operation of the kind Create as it was written.
type creation struct {
	signingKey, recoveryKey, handle, service string
}

// Sign returns the operation with the signature of key.
func (o Operation) Sign(key didkey.PrivateKey) Operation {
	o.Signature = base64.RawURLEncoding.EncodeToString(key.Sign(o.unsigned()))
	return o
}

// SignedBy tells whether the operation has a signature of key, in the one form that
// is allowed.
func (o Operation) SignedBy(key didkey.PublicKey) bool {
	signature, err := base64.RawURLEncoding.DecodeString(o.Signature)
	// The decoder skips line ends and ignores bits at the end.
	if err != nil || base64.RawURLEncoding.EncodeToString(signature) != o.Signature {
		return false
	}
	return key.Verify(o.unsigned(), signature)
}

// CID returns the address of the signed operation.
func (o Operation) CID() syntax.CID {
	return cidOf(o.signed())
}

// DID returns the identity that the operation creates, if it is the first of one.
func (o Operation) DID() syntax.DID {
	return didOf(o.signed())
}

// unsigned returns the DAG-CBOR that is signed.
func (o Operation) unsigned() []byte {
	return appendMap(nil, o.fields()...)
}

// signed returns the DAG-CBOR that is hashed.
func (o Operation) signed() []byte {
	return appendMap(nil, append(o.fields(), field{"sig", cborText(o.Signature)})...)
}

// fields returns what is signed, in no particular order.
func (o Operation) fields() []field {
	fields := []field{{"type", cborText(o.Kind)}, {"prev", o.prev()}}
	switch o.Kind {
	case Tombstone:
		return fields
	case Create:
		return append(fields,
			field{"signingKey", cborText(o.create.signingKey)},
			field{"recoveryKey", cborText(o.create.recoveryKey)},
			field{"handle", cborText(o.create.handle)},
			field{"service", cborText(o.create.service)})
	default:
		return append(fields,
			field{"rotationKeys", cborTexts(o.State.RotationKeys)},
			field{"verificationMethods", cborMethods(o.State.VerificationMethods)},
			field{"alsoKnownAs", cborTexts(o.State.AlsoKnownAs)},
			field{"services", cborServices(o.State.Services)})
	}
}

func (o Operation) prev() cborValue {
	if o.Prev == "" {
		return cborNull{}
	}
	return cborText(o.Prev)
}

func cborTexts(texts []string) cborArray {
	array := make(cborArray, len(texts))
	for i, text := range texts {
		array[i] = cborText(text)
	}
	return array
}

func cborMethods(methods map[string]string) cborMap {
	fields := make(cborMap, 0, len(methods))
	for name, key := range methods {
		fields = append(fields, field{name, cborText(key)})
	}
	return fields
}

func cborServices(services map[string]Service) cborMap {
	fields := make(cborMap, 0, len(services))
	for name, service := range services {
		fields = append(fields, field{name, cborMap{
			{"type", cborText(service.Type)},
			{"endpoint", cborText(service.Endpoint)},
		}})
	}
	return fields
}
