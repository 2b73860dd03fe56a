package account

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// A Clock tells the time. It may be called concurrently.
type Clock func() time.Time

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

// BreachedPasswords is a list of passwords that are known from data breaches. It may be
// used concurrently.
type BreachedPasswords interface {
	// Contains reports whether a password is on the list. It returns an error if the list
	// cannot be read. The error does not tell what the password is.
	Contains(password string) (bool, error)
}

// A Sealer encrypts secrets that are kept, each for a purpose. It may be used
// concurrently.
type Sealer interface {
	// Seal encrypts a secret.
	Seal(purpose string, secret []byte) ([]byte, error)
	// Open decrypts what Seal returned for the same purpose.
	Open(purpose string, sealed []byte) ([]byte, error)
}

// A Mailer sends mail. It may be used concurrently.
type Mailer interface {
	// Send hands a mail on. After an error the mail may be sent again later; it
	// returns [ErrMailRefused] if that is of no use.
	Send(ctx context.Context, mail Mail) error
}

// A Mail is a message to one address.
type Mail struct {
	Kind    string // for the log: it says nothing that is not in every mail of the kind
	To      string
	Subject string
	Text    string
	HTML    string
}

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
	ScopeAccess                Scope = "com.atproto.access"
	ScopeRefresh               Scope = "com.atproto.refresh"
	ScopeAppPassword           Scope = "com.atproto.appPass"
	ScopeAppPasswordPrivileged Scope = "com.atproto.appPassPrivileged"
	ScopeTakendown             Scope = "com.atproto.takendown"
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

// ServiceTokens makes and reads the tokens with which servers speak to each other
// for an account. It may be used concurrently.
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
type ServiceTokens interface {
	// IssueService returns a token signed with a private key that
	// [Identity].NewSigningKey made.
	IssueService(claims ServiceClaims, private []byte) (string, error)
	// VerifyService returns what a token claims after comparing its signature with
	// the key of its issuer; if that fails, once more with a fresh key. Audience and
	// method are for check to judge, before anybody is asked for a key. It returns
	// [ErrServiceToken], [ErrServiceTokenType], [ErrServiceTokenIssuer],
	// [ErrServiceTokenExpired], an error of check, an error of keyOf, or
	// [ErrServiceTokenSignature], the first that applies.
	VerifyService(ctx context.Context, token string, now time.Time, check ClaimsCheck, keyOf KeyFinder) (ServiceClaims, error)
}

// A ClaimsCheck returns an error for claims that are no good even if their issuer made them,
// which is not known yet.
type ClaimsCheck func(claims ServiceClaims) error

// A KeyFinder returns the public key of an issuer as a did:key. If fresh, it does not
// take it from a cache. It returns [ErrServiceTokenIssuer] if there is none.
type KeyFinder func(ctx context.Context, issuer string, fresh bool) (string, error)

// ServiceClaims is the content of a service token. Times have whole seconds.
type ServiceClaims struct {
	Issuer    string      // a DID, or one with the fragment of a service
	Audience  string      // likewise
	Method    syntax.NSID // the only method it is good for, or empty
	ID        string      // empty if the token has none
	IssuedAt  time.Time   // zero if the token does not say
	ExpiresAt time.Time
}
