package account

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Identity creates, changes and resolves identities. It may be used concurrently.
// Methods that ask a directory or another server return [ErrDirectoryUnavailable]
// if there is no answer: what was asked for may have happened nevertheless.
//
// See https://atproto.com/specs/did and https://web.plc.directory/spec/v0.1/did-plc.
type Identity interface {
	// NewSigningKey creates a key that signs for an identity.
	NewSigningKey() (SigningKey, error)

	// NewGenesis returns the operation that creates a did:plc identity, signed and
	// not published. recoveryKey may be empty; otherwise it is a did:key that
	// may later change the identity and outranks the server's own. It returns
	// [ErrInvalidRecoveryKey] if recoveryKey is no such key, or not the user's own.
	NewGenesis(handle syntax.Handle, signingKey, recoveryKey string) (Operation, error)

	// NewChange returns the operation that changes an identity, signed with the
	// server's rotation key and not published. It follows the last operation that the
	// directory has and keeps what change leaves out. It returns
	// [ErrIdentityNotFound], or [ErrInvalidOperation] with a text.
	NewChange(ctx context.Context, did syntax.DID, change PLCChange) (Operation, error)

	// ReadOperation returns what an operation that a client made wants an identity to
	// be. Its signature is left to the directory. It returns [ErrInvalidOperation].
	ReadOperation(operation []byte) (PLCFields, error)

	// Publish hands an operation to the directory. The same one may be published
	// twice. It returns [ErrOperationRefused] with the text of the directory, and
	// [ErrNotSent] if there is no answer because there was no question.
	Publish(ctx context.Context, did syntax.DID, operation []byte) error

	// LastOperation returns the operation that counts. It asks the directory and no
	// cache. It returns [ErrIdentityNotFound].
	LastOperation(ctx context.Context, did syntax.DID) (PublishedOperation, error)

	// Document resolves a DID of any method that the protocol knows. If fresh, it does
	// not take the document from its cache. It returns [ErrIdentityNotFound].
	Document(ctx context.Context, did syntax.DID, fresh bool) (Document, error)

	// ResolveHandle returns the DID that the domain of a handle names. It does not
	// know the accounts of this server. It returns [ErrHandleNotFound].
	ResolveHandle(ctx context.Context, handle syntax.Handle) (syntax.DID, error)

	// RotationKeys returns, as did:keys, the keys that the server puts into the
	// operations that it makes, the mightiest first. The last is the server's own.
	RotationKeys() []string

	// Endpoint returns the URL under which the services of this server are reached.
	Endpoint() string
}

// A SigningKey is a key pair.
type SigningKey struct {
	Public  string // as a did:key
	Private []byte
}

// An Operation is a signed did:plc operation.
type Operation struct {
	DID  syntax.DID
	CID  syntax.CID
	JSON []byte
}

// PLCFields is what a did:plc operation says of an identity.
type PLCFields struct {
	RotationKeys        []string          // did:keys, the mightiest first
	VerificationMethods map[string]string // did:keys by name
	AlsoKnownAs         []string          // URIs, the handle as at:// among them
	Services            map[string]PLCService
}

// A PLCService is a service in an identity.
type PLCService struct {
	Type     string `json:"type"`
	Endpoint string `json:"endpoint"`
}

// A PLCChange is what a new operation says differently. What is nil stays.
type PLCChange struct {
	Handle              syntax.Handle // if not empty, comes first in AlsoKnownAs, in place of the one before
	RotationKeys        []string
	VerificationMethods map[string]string
	AlsoKnownAs         []string
	Services            map[string]PLCService
}

// A PublishedOperation is one that the directory has.
type PublishedOperation struct {
	CID        syntax.CID
	Fields     PLCFields
	Tombstoned bool // the identity is no more; Fields is empty
}

// A Document is what a DID resolves to.
//
// See https://atproto.com/specs/did#did-documents.
type Document struct {
	DID    syntax.DID
	Handle syntax.Handle     // the first that it claims, unchecked; empty if there is none
	Keys   map[string]string // did:keys by fragment, such as atproto
	PDS    string            // the endpoint of the service #atproto_pds, if it has the right type
	JSON   []byte
}

// Fragments and words of a document that have a meaning for this server.
const (
	SigningKeyFragment = "atproto"
	PDSFragment        = "atproto_pds"
	PDSServiceType     = "AtprotoPersonalDataServer"
)
