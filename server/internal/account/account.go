// Package account holds the rules of the account server: who may sign up under
// which handle, how a password is kept, how a session begins, goes on and ends.
//
// [Service] is the entry. It knows no HTTP, no SQL and no generated type: what it
// needs of the outside it declares here as interfaces, one per concept, and what
// it refuses it returns as a [Refusal]. The package imports runtime/syntax and
// the Go project's own cryptography and text modules.
package account

import (
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An Account is a person's or an organisation's place on this server. It carries
// nothing secret.
type Account struct {
	DID              syntax.DID
	Handle           syntax.Handle // in small letters
	Email            string        // in small letters
	EmailConfirmedAt time.Time     // zero while the address is unconfirmed
	CreatedAt        time.Time
	DeactivatedAt    time.Time // zero unless the owner switched the account off
	TakendownAt      time.Time // zero unless a moderator took the account down
}

// A Status says whether an account may be used, in the words of the protocol.
//
// See https://atproto.com/specs/account.
type Status string

// The statuses that an account on this server can have.
const (
	StatusActive      Status = "active"
	StatusDeactivated Status = "deactivated"
	StatusTakendown   Status = "takendown"
)

// Status returns the status that counts: a takedown outweighs a deactivation,
// which is still there when the takedown is lifted.
func (a Account) Status() Status {
	switch {
	case !a.TakendownAt.IsZero():
		return StatusTakendown
	case !a.DeactivatedAt.IsZero():
		return StatusDeactivated
	default:
		return StatusActive
	}
}

// Credentials are what a login is checked against. CredentialVersion grows with
// every change of the password, so that a login that was checked against an older
// one can be told apart.
type Credentials struct {
	Account           Account
	PasswordHash      string // empty for an account without a password
	CredentialVersion int64
}

// FirstCredentialVersion is the CredentialVersion of a new account.
const FirstCredentialVersion int64 = 1

// A Genesis is the birth of an identity: a signed did:plc operation and the
// signing key that it announces.
//
// See https://web.plc.directory/spec/v0.1/did-plc.
type Genesis struct {
	DID              syntax.DID
	CID              syntax.CID // of the operation
	Operation        []byte     // the signed operation as JSON
	SigningPublicKey string     // as a did:key
	SealedSigningKey []byte     // the private key, encrypted for this DID
}
