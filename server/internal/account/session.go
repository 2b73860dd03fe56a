package account

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
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
	ID   string
	DID  syntax.DID
	Kind SessionKind
	// AppPassword is the name of the app password that opened it, or empty.
	AppPassword string
	Client      Client
	CreatedAt   time.Time
	LastUsedAt  time.Time // when it began or was last refreshed
	ExpiresAt   time.Time // when it is over unless it is refreshed before
	EndsAt      time.Time // when it is over in any case; never before ExpiresAt
}

// A SessionKind says with what the session was opened, on which its rights depend.
type SessionKind string

// The kinds of sessions. One opened with the account's own password, at sign-up or at
// login, has all rights.
const (
	SessionPassword   SessionKind = "password"
	SessionApp        SessionKind = "app"
	SessionPrivileged SessionKind = "privileged" // of a privileged app password
	SessionTakendown  SessionKind = "takendown"  // to move away from a server that took the account down
)

// Scope returns the scope of the access tokens of such a session.
func (k SessionKind) Scope() Scope {
	switch k {
	case SessionApp:
		return ScopeAppPassword
	case SessionPrivileged:
		return ScopeAppPasswordPrivileged
	case SessionTakendown:
		return ScopeTakendown
	default:
		return ScopeAccess
	}
}

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

// networkBits is how much of an address of version 6 tells clients apart: whoever has one
// commonly has all of the same /64.
const networkBits = 64

// network returns the network that a client is in: its address of version 4, or the network
// of its address of version 6. It is zero if the address is not known.
func (c Client) network() netip.Prefix {
	address, err := netip.ParseAddr(c.IP)
	if err != nil {
		return netip.Prefix{}
	}
	address = address.Unmap().WithZone("")
	network, err := address.Prefix(min(networkBits, address.BitLen()))
	if err != nil {
		panic("account: an address without a network: " + err.Error())
	}
	return network
}

// A Caller is an account with the session in which it speaks.
type Caller struct {
	Account Account
	Session Session
}

// A Grant is what a client gets when its session begins or goes on.
type Grant struct {
	Account    Account
	DIDDoc     []byte // JSON of the account's DID document; nil if it is not known or not wanted
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
