// Package account holds the rules of the account server: who may sign up under
// which handle, how a password is kept, how a session begins, goes on and ends, how
// an account changes its email and its handle, moves, and is deleted.
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
	Handle           syntax.Handle // in small letters; empty if the account lost it
	Email            string        // in small letters
	EmailConfirmedAt time.Time     // zero while the address is unconfirmed
	EmailAuthFactor  bool          // a login also needs a code that is mailed
	CreatedAt        time.Time
	DeactivatedAt    time.Time // zero unless the owner switched the account off
	DeleteAfter      time.Time // zero, or when a deactivated account is to be deleted
	TakendownAt      time.Time // zero unless a moderator took the account down
	TakedownRef      string    // names the decision of the takedown
	InvitesDisabled  bool      // the account gets no usable invite codes any more
	InviteNote       string    // why, in a moderator's words
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

// HandleInvalid stands, in the protocol, for the handle of an account that has none.
//
// See https://atproto.com/specs/handle.
const HandleInvalid syntax.Handle = "handle.invalid"

// PublicHandle returns the handle, or [HandleInvalid].
func (a Account) PublicHandle() syntax.Handle {
	if a.Handle == "" {
		return HandleInvalid
	}
	return a.Handle
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

// A SealedKey is a signing key of which the private part is encrypted.
type SealedKey struct {
	Public string // as a did:key
	Sealed []byte // the private key, encrypted for the purpose [SigningKeyPurpose]
}

// SigningKeyPurpose is the purpose for which the private part of a signing key is
// sealed: one key cannot be put in the place of another.
func SigningKeyPurpose(public string) string {
	return "signing key " + public
}
