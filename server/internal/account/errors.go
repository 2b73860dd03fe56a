package account

import (
	"errors"
	"fmt"
)

// A Refusal is an error that says which rule a request breaks. Its text is made
// for the client; that of any other error is not and must not reach one.
//
// The Err variables of this package are the kinds of refusals. A refusal with a
// text of its own still is, for [errors.Is], of its kind.
type Refusal struct {
	text string
	kind *Refusal // nil if this is the kind itself
}

// Error returns the text for the client.
func (r *Refusal) Error() string {
	return r.text
}

// Unwrap returns the kind of r, or nil if r is a kind.
func (r *Refusal) Unwrap() error {
	if r.kind == nil {
		return nil
	}
	return r.kind
}

// because returns a refusal of the kind r with a text of its own.
func (r *Refusal) because(format string, args ...any) *Refusal {
	return &Refusal{text: fmt.Sprintf(format, args...), kind: r}
}

// Refusals of a sign-up.
var (
	ErrHandleInvalid      = &Refusal{text: "Invalid handle"}
	ErrReservedHandle     = &Refusal{text: "Reserved handle"}
	ErrUnsupportedDomain  = &Refusal{text: "Not a supported handle domain"}
	ErrHandleTaken        = &Refusal{text: "Handle already taken"}
	ErrInvalidEmail       = &Refusal{text: "This email address is not supported, please use a different email."}
	ErrEmailTaken         = &Refusal{text: "Email already taken"}
	ErrInvalidPassword    = &Refusal{text: "Invalid password"}
	ErrInvalidRecoveryKey = &Refusal{text: "Recovery key must be the did:key of a P-256 or secp256k1 public key"}
)

// Refusals of a login.
var (
	// ErrInvalidLogin is the one answer to a wrong identifier and to a wrong password.
	ErrInvalidLogin         = &Refusal{text: "Invalid identifier or password"}
	ErrLoginPasswordTooLong = &Refusal{text: "Password too long. Consider resetting your password."}
)

// Refusals of a token.
var (
	// ErrTokenInvalid is returned for a token that this server did not sign, or
	// signed for another purpose or another audience.
	ErrTokenInvalid = &Refusal{text: "Token could not be verified"}
	ErrTokenExpired = &Refusal{text: "Token has expired"}
	// ErrTokenMalformed is returned for a token with our signature whose claims
	// are not those of a session token.
	ErrTokenMalformed = &Refusal{text: "Malformed token"}
	ErrBadScope       = &Refusal{text: "Bad token scope"}
	// ErrTokenRevoked is returned for a token whose session is over, and for a
	// refresh token that was used and whose grace is over too.
	ErrTokenRevoked = &Refusal{text: "Token has been revoked"}
)

// Refusals that depend on the state of the account or of the server.
var (
	ErrAccountNotFound = &Refusal{text: "Account not found"}
	ErrTakendown       = &Refusal{text: "Account has been taken down"}
	ErrNoUserInfo      = &Refusal{text: "Could not find user info for account"}
	// ErrBusy is returned when more passwords wait to be checked than the server
	// can check in time. The same request may succeed a moment later.
	ErrBusy = &Refusal{text: "The server is busy, please try again in a moment"}
)

// ErrStoreFull is returned by stores that have no room left. Nothing was written;
// the same request may succeed when there is room again.
var ErrStoreFull = errors.New("no space is left for the database")

// ErrCredentialsChanged is returned by [Sessions].StartSession when the password
// was changed after it had been checked.
var ErrCredentialsChanged = errors.New("the credentials have changed")
