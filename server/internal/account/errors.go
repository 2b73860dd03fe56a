package account

import (
	"errors"
	"fmt"
	"time"
)

// A Refusal is an error that says which rule a request breaks. Its text is made
// for the client; that of any other error is not and must not reach one.
//
// The Err variables of this package are the kinds of refusals. A refusal with a
// text of its own still is, for [errors.Is], of its kind.
type Refusal struct {
	text  string
	kind  *Refusal // nil if this is the kind itself
	after time.Duration
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

// Because returns a refusal of the kind r with a text of its own.
func (r *Refusal) Because(format string, args ...any) *Refusal {
	return &Refusal{text: fmt.Sprintf(format, args...), kind: r}
}

// After returns a refusal of the kind r, with its text, that says how long to wait.
func (r *Refusal) After(wait time.Duration) *Refusal {
	return &Refusal{text: r.text, kind: r, after: wait}
}

// RetryAfter returns how long to wait until the same request may succeed, or zero if that
// is not known.
func (r *Refusal) RetryAfter() time.Duration {
	return r.after
}

// Refusals of a request whose parts do not fit each other.
var (
	// ErrInvalidRequest is the kind of refusals that clients know by their text only.
	ErrInvalidRequest = &Refusal{text: "Invalid request"}
)

// Refusals of a sign-up.
var (
	ErrHandleInvalid       = &Refusal{text: "Invalid handle"}
	ErrReservedHandle      = &Refusal{text: "Reserved handle"}
	ErrUnsupportedDomain   = &Refusal{text: "Not a supported handle domain"}
	ErrHandleTaken         = &Refusal{text: "Handle already taken"}
	ErrInvalidEmail        = &Refusal{text: "This email address is not supported, please use a different email."}
	ErrEmailTaken          = &Refusal{text: "Email already taken"}
	ErrInvalidPassword     = &Refusal{text: "Invalid password"}
	ErrInvalidRecoveryKey  = &Refusal{text: "Recovery key must be the did:key of a P-256 or secp256k1 public key"}
	ErrInvalidInviteCode   = &Refusal{text: "Provided invite code not available"}
	ErrDIDTaken            = &Refusal{text: "There is an account of this DID already"}
	ErrUnauthorizedImport  = &Refusal{text: "Missing auth to create account with did"}
	ErrUnresolvableDID     = &Refusal{text: "Could not resolve DID"}
	ErrTooManyReservedKeys = &Refusal{text: "Too many signing keys are reserved, please try again later"}
)

// Refusals of a login.
var (
	// ErrInvalidLogin is the one answer to a wrong identifier and to a wrong password.
	ErrInvalidLogin         = &Refusal{text: "Invalid identifier or password"}
	ErrLoginPasswordTooLong = &Refusal{text: "Password too long. Consider resetting your password."}
	// ErrAuthFactorRequired is returned when the password was right, and a code was
	// mailed that has to come with it.
	ErrAuthFactorRequired = &Refusal{text: "A sign in code has been sent to your email address"}
	// ErrTooManyFailures is returned for a login that failed too often, whether or
	// not there is such an account. [Refusal.RetryAfter] says when to try again.
	ErrTooManyFailures = &Refusal{text: "Rate Limit Exceeded"}
	// ErrInvalidDeletion is the one answer to a wrong DID and to a wrong password of a
	// deletion.
	ErrInvalidDeletion = &Refusal{text: "Invalid did or password"}
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

// Refusals of a service token, and of a request for one.
var (
	ErrServiceToken          = &Refusal{text: "poorly formatted jwt"}
	ErrServiceTokenType      = &Refusal{text: "jwt of a type that is not for services"}
	ErrServiceTokenIssuer    = &Refusal{text: "jwt issuer has no such key"}
	ErrServiceTokenExpired   = &Refusal{text: "jwt expired"}
	ErrServiceTokenSignature = &Refusal{text: "jwt signature does not match jwt issuer"}
	ErrServiceTokenAudience  = &Refusal{text: "jwt audience does not match service did"}
	ErrServiceTokenMethod    = &Refusal{text: "bad jwt lexicon method"}
	ErrUntrustedIssuer       = &Refusal{text: "Untrusted issuer"}
	ErrReplayed              = &Refusal{text: "jwt was used before"}
	ErrBadExpiration         = &Refusal{text: "expiration is in past"}
)

// Refusals of a token that was mailed.
var (
	ErrEmailTokenInvalid  = &Refusal{text: "Token is invalid"}
	ErrEmailTokenExpired  = &Refusal{text: "Token is expired"}
	ErrEmailTokenRequired = &Refusal{text: "confirmation token required"}
	// ErrEmailMismatch is returned when an address to be confirmed is not the account's.
	ErrEmailMismatch = &Refusal{text: "invalid email"}
	ErrNoEmail       = &Refusal{text: "account does not have an email address"}
)

// Refusals that depend on the state of the account or of the server.
var (
	ErrAccountNotFound = &Refusal{text: "Account not found"}
	ErrUserNotFound    = &Refusal{text: "user not found"}
	ErrSubjectNotFound = &Refusal{text: "Subject not found"}
	ErrTakendown       = &Refusal{text: "Account has been taken down"}
	ErrNoUserInfo      = &Refusal{text: "Could not find user info for account"}
	ErrHandleNotFound  = &Refusal{text: "Unable to resolve handle"}
	// ErrBusy is returned when more passwords wait to be checked, or more requests for
	// resets to be answered, than the server can do in time. The same request may
	// succeed a moment later.
	ErrBusy = &Refusal{text: "The server is busy, please try again in a moment"}
)

// Refusals of a directory of identities.
var (
	ErrIdentityNotFound = &Refusal{text: "Could not resolve DID"}
	ErrInvalidOperation = &Refusal{text: "Invalid operation"}
	// ErrOperationRefused is returned with the text of the directory.
	ErrOperationRefused = &Refusal{text: "Unable to perform PLC operation"}
	// ErrDirectoryUnavailable is returned when a directory or another server gives no
	// answer, or one that makes no sense.
	ErrDirectoryUnavailable = &Refusal{text: "Unable to perform PLC operation"}
)

// Refusals of app passwords and invite codes.
var (
	ErrAppPasswordName     = &Refusal{text: "App password name must have 1 to 100 characters"}
	ErrAppPasswordTaken    = &Refusal{text: "An app password with this name already exists"}
	ErrTooManyAppPasswords = &Refusal{text: "Too many app passwords"}
	ErrTooManyInvites      = &Refusal{text: "Too many invite codes"}
)

// ErrStoreFull is returned by stores that have no room left. Nothing was written;
// the same request may succeed when there is room again.
var ErrStoreFull = errors.New("no space is left for the database")

// ErrCredentialsChanged is returned by stores when the password was changed after it
// had been checked.
var ErrCredentialsChanged = errors.New("the credentials have changed")

// ErrNotOverdue is returned by stores for an account whose deadline is not over, or that
// has none any more.
var ErrNotOverdue = errors.New("the account is not to be deleted")

// ErrEnoughMails is returned by stores for a mailed token that exceeds the quota of its
// record: nothing was kept, and the token before is as good as it was.
var ErrEnoughMails = errors.New("enough mails have been sent")

// ErrReservationGone is returned by stores when what a request had reserved is not
// there any more.
var ErrReservationGone = errors.New("the reservation is gone")

// ErrNotSent is returned by an [Identity], beside [ErrDirectoryUnavailable], for an operation
// that has certainly not reached the directory: nobody listened there.
var ErrNotSent = errors.New("the operation was not sent")

// ErrMailRefused is returned by a [Mailer] for a mail that will never be accepted.
var ErrMailRefused = errors.New("the mail was refused for good")
