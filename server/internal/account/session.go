package account

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// How long things live.
const (
	// AccessLifetime is the life of an access token.
	AccessLifetime = 120 * time.Minute
	// IdleLifetime is the life of a refresh token, and so the time after which a
	// session that nobody refreshes is over.
	IdleLifetime = 90 * 24 * time.Hour
	// SessionLifetime is the longest life of a session, however busy it is.
	SessionLifetime = 365 * 24 * time.Hour
	// RefreshGrace is how long a refresh token that was used once may be used
	// again, by a client that lost the answer or by several windows at once.
	RefreshGrace = 2 * time.Hour
)

// A Session is what one login began. Its refresh tokens replace each other; they
// are a family and end together.
type Session struct {
	ID         string
	DID        syntax.DID
	Kind       SessionKind
	Client     Client
	CreatedAt  time.Time
	LastUsedAt time.Time // when it began or was last refreshed
	ExpiresAt  time.Time // when it is over unless it is refreshed before
	EndsAt     time.Time // when it is over in any case; never before ExpiresAt
}

// A SessionKind says with what the session was opened, on which its rights depend.
type SessionKind string

// SessionPassword is the kind of a session opened with the account's own password,
// at sign-up or at login. It has all rights.
const SessionPassword SessionKind = "password"

// A Client describes who opened a session, for its owner to recognise.
type Client struct {
	UserAgent string
	IP        string
}

const maxUserAgent = 256 // bytes

// clipped returns c with a user agent of a length worth keeping.
func (c Client) clipped() Client {
	if len(c.UserAgent) > maxUserAgent {
		c.UserAgent = strings.ToValidUTF8(c.UserAgent[:maxUserAgent], "")
	}
	return c
}

// A Caller is an account with the session in which it speaks.
type Caller struct {
	Account Account
	Session Session
}

// UserInfo returns the account as its owner may see it. There is none of an
// account that was taken down: the error is then [ErrNoUserInfo].
func (c Caller) UserInfo() (Account, error) {
	if c.Account.Status() == StatusTakendown {
		return Account{}, ErrNoUserInfo.because("Could not find user info for account: %s", c.Account.DID)
	}
	return c.Account, nil
}

// A Grant is what a client gets when its session begins or goes on.
type Grant struct {
	Account    Account
	AccessJWT  string
	RefreshJWT string
}

// A RefreshHash is the SHA-256 of the id of a refresh token. Stores see only
// hashes: who reads the database cannot continue a session.
type RefreshHash [sha256.Size]byte

// HashRefreshID returns the hash under which stores keep the refresh token id.
func HashRefreshID(id string) RefreshHash {
	return sha256.Sum256([]byte(id))
}

// newRefreshID returns an id for the first refresh token of a session.
func newRefreshID(random io.Reader) (string, error) {
	id, err := randomBytes(random, sha256.Size)
	return base64.StdEncoding.EncodeToString(id), err
}

// newID returns an id that is unique but no secret.
func newID(random io.Reader) (string, error) {
	id, err := randomBytes(random, 16)
	return hex.EncodeToString(id), err
}

func randomBytes(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return b, nil
}
