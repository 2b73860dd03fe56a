package account

import (
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An EmailPurpose says what a mailed token is good for.
type EmailPurpose string

// The purposes of mailed tokens.
const (
	PurposeConfirmEmail  EmailPurpose = "confirm_email"
	PurposeUpdateEmail   EmailPurpose = "update_email"
	PurposeResetPassword EmailPurpose = "reset_password"
	PurposeDeleteAccount EmailPurpose = "delete_account"
	PurposePLCOperation  EmailPurpose = "plc_operation"
	PurposeAuthFactor    EmailPurpose = "auth_factor"
)

// EmailTokenLifetime is how long a mailed token is good.
const EmailTokenLifetime = 15 * time.Minute

// EmailTokenMemory is how long a mailed token that is not good any more is kept, so that who
// comes with it late learns that it has expired.
const EmailTokenMemory = 24 * time.Hour

// MaxTokenAttempts is how often an account may be given a wrong token before the right
// one is void too.
const MaxTokenAttempts = 10

// An EmailToken is a token that was mailed to an account.
type EmailToken struct {
	DID         syntax.DID
	Purpose     EmailPurpose
	Hash        SecretHash
	RequestedAt time.Time
	// Record returns what the token leaves behind, with the letter that brings it to the
	// owner's address, or why there is none. Only the store knows the account that the token
	// meets: a letter to an address from before could outlive the change of the address.
	Record func(owner Account) (Record, error)
}

// A TokenProof is a mailed token as a client sends it. Stores answer it with
// [ErrEmailTokenInvalid] if the account has no such token, which counts as a failed
// attempt even though nothing else is written, and with [ErrEmailTokenExpired] if the
// token was requested at or before NotBefore. A token that is good is used up by the
// change that it proves, and only if that succeeds.
type TokenProof struct {
	Purpose   EmailPurpose
	Hash      SecretHash
	NotBefore time.Time
}
