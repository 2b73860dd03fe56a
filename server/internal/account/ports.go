package account

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// A Clock tells the time. It may be called concurrently.
type Clock func() time.Time

// Identity creates identities. It may be used concurrently.
type Identity interface {
	// NewGenesis creates a DID with handle and a fresh signing key. recoveryKey
	// may be empty; otherwise it is a did:key that may later change the identity
	// and outranks the server's own. It returns [ErrInvalidRecoveryKey] if
	// recoveryKey is no such key, or not one of the user's own.
	NewGenesis(handle syntax.Handle, recoveryKey string) (Genesis, error)
}

// A Hasher turns passwords into text that can be kept. It may be used
// concurrently; each method costs time and memory on purpose and returns
// [ErrBusy] if too many callers want that at once.
type Hasher interface {
	// Hash returns the text to keep for a password.
	Hash(ctx context.Context, password string) (string, error)
	// Verify compares a password with a text that Hash returned once.
	Verify(ctx context.Context, hash, password string) (Verdict, error)
	// VerifyNone does the work of a failing Verify, where there is no hash at all.
	VerifyNone(ctx context.Context, password string) error
}

// A Verdict is the outcome of comparing a password with a hash.
type Verdict int

// The verdicts. MatchOutdated means that the password is right and that its hash
// should be replaced by a new one.
const (
	Mismatch Verdict = iota
	Match
	MatchOutdated
)

// TokenIssuer makes and reads the tokens of sessions. It may be used concurrently.
// It does not know which sessions are over.
type TokenIssuer interface {
	// IssueAccess returns a signed access token.
	IssueAccess(claims AccessClaims) (string, error)
	// IssueRefresh returns a signed refresh token.
	IssueRefresh(claims RefreshClaims) (string, error)

	// VerifyAccess returns what an access token claims; its scope is for the
	// caller to judge. It returns [ErrTokenInvalid], [ErrTokenExpired] or
	// [ErrTokenMalformed], the first that applies.
	VerifyAccess(token string, now time.Time) (AccessClaims, error)
	// VerifyRefresh returns what a refresh token claims. It returns
	// [ErrTokenInvalid], [ErrTokenExpired], [ErrTokenMalformed] or [ErrBadScope],
	// the first that applies.
	VerifyRefresh(token string, now time.Time) (RefreshClaims, error)
	// VerifyRefreshOfAnyAge is VerifyRefresh without [ErrTokenExpired].
	VerifyRefreshOfAnyAge(token string) (RefreshClaims, error)

	// NextRefreshID returns the id of the refresh token that follows the one with
	// the given id: always the same one, and nobody else can tell which.
	NextRefreshID(id string) string
}

// A Scope says what a token may be used for.
type Scope string

// The scopes of the tokens that this server issues.
const (
	ScopeAccess  Scope = "com.atproto.access"
	ScopeRefresh Scope = "com.atproto.refresh"
)

// AccessClaims is the content of an access token. Times have whole seconds.
type AccessClaims struct {
	Subject   syntax.DID
	Scope     Scope
	SessionID string
	ID        string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// RefreshClaims is the content of a refresh token. Times have whole seconds. Its
// scope is always [ScopeRefresh].
type RefreshClaims struct {
	Subject   syntax.DID
	SessionID string
	ID        string
	IssuedAt  time.Time
	ExpiresAt time.Time
}
