package account

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Accounts keeps accounts. Every method is one transaction, may be called
// concurrently, and can return [ErrStoreFull] if it writes. Handles and emails
// are given in small letters and unique over all accounts, whatever their status.
type Accounts interface {
	// CheckAvailable returns [ErrHandleTaken] or else [ErrEmailTaken] if an account
	// has the handle or the email. A later CreateAccount can still fail.
	CheckAvailable(ctx context.Context, handle syntax.Handle, email string) error

	// CreateAccount keeps all of a new account or nothing. It returns
	// [ErrHandleTaken] or else [ErrEmailTaken] if an account has the handle or
	// the email already.
	CreateAccount(ctx context.Context, account NewAccount) error

	// FindCredentials returns the account that a login names. It returns
	// [ErrAccountNotFound] if there is none.
	FindCredentials(ctx context.Context, identifier Identifier) (Credentials, error)

	// Decoy returns the password hash of the account that is the next at or after
	// near in the order of DIDs, or else the first of all. It passes over accounts
	// without a password. If there is no other, the hash is empty.
	Decoy(ctx context.Context, near syntax.DID) (passwordHash string, err error)
}

// A NewAccount is all that a sign-up creates. Its credentials have the version
// [FirstCredentialVersion].
type NewAccount struct {
	Account      Account
	PasswordHash string
	Genesis      Genesis
	Session      NewSession
}

// Sessions keeps sessions and the chain of refresh tokens in each. Every method is
// one transaction, may be called concurrently, and can return [ErrStoreFull] if it
// writes.
type Sessions interface {
	// StartSession keeps the session of a login whose password was right. It
	// checks again, in the transaction, what may have changed since then and
	// returns [ErrAccountNotFound], [ErrTakendown] or [ErrCredentialsChanged].
	// It forgets sessions of the account that have expired.
	StartSession(ctx context.Context, login Login) error

	// RotateRefresh exchanges a refresh token for the next one and returns the
	// session with its new expiry. A token that was exchanged before, and whose
	// grace lasts, is exchanged for the same next one; neither its grace nor the
	// session grows by that. It returns [ErrTakendown], which outweighs
	// [ErrTokenRevoked]: the account, the session or the token is gone or over.
	RotateRefresh(ctx context.Context, rotation Rotation) (Caller, error)

	// FindSession returns an account and its session. It returns
	// [ErrAccountNotFound] if there is no such account, and [ErrTokenRevoked] if
	// it has no such session. Neither the status of the account nor the expiry of
	// the session is checked.
	FindSession(ctx context.Context, did syntax.DID, sessionID string) (Caller, error)

	// EndSession ends a session of did with every token in it. There need not be
	// one.
	EndSession(ctx context.Context, did syntax.DID, sessionID string) error
}

// A NewSession is a session with its first refresh token, which expires with it.
type NewSession struct {
	Session Session
	Refresh RefreshHash
}

// A Login is a session to be started, with what its password was checked against.
type Login struct {
	NewSession
	CredentialVersion int64
	// Rehash replaces the hash of the same password, unless it is empty. The
	// version of the credentials stays.
	Rehash string
}

// A Rotation is the exchange of one refresh token for the next.
type Rotation struct {
	DID        syntax.DID  // whose token it claims to be
	Presented  RefreshHash // the token that the client has
	Next       RefreshHash // the one that it gets; the same for the same Presented
	Now        time.Time
	GraceUntil time.Time // Presented is over then, if not before
	IdleUntil  time.Time // Next and the session expire then, if EndsAt is not before
}
