// Package token makes and verifies JSON Web Tokens: those of sessions, signed with
// HMAC-SHA-256 and keys that only this server has, and those with which servers speak to
// each other, signed with the keys of accounts.
//
// An access token, a refresh token and a service token differ in the typ of their
// header, so that one is never taken for the other. The package imports account, didkey,
// runtime/syntax and golang-jwt/jwt.
//
// See https://www.rfc-editor.org/rfc/rfc7519 and https://atproto.com/specs/xrpc.
package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// The typ of a token's header, of https://www.rfc-editor.org/rfc/rfc9068.
const (
	accessType  = "at+jwt"
	refreshType = "refresh+jwt"
)

// Config configures an [Issuer].
type Config struct {
	// Audience is the DID of the service that the tokens are for.
	Audience syntax.DID
	// Keys sign the tokens.
	Keys Keyring
	// RefreshKey is the secret from which the ids of refresh tokens follow each
	// other, at least 32 bytes. A new one ends the grace of every used token.
	RefreshKey []byte
}

// An Issuer makes and verifies tokens. It does not change and may be used
// concurrently.
type Issuer struct {
	audience   syntax.DID
	keys       Keyring
	refreshKey []byte
	parser     *jwt.Parser
}

var _ account.TokenIssuer = (*Issuer)(nil)

// NewIssuer returns an issuer.
func NewIssuer(config Config) (*Issuer, error) {
	switch {
	case !config.Audience.Valid():
		return nil, fmt.Errorf("token audience %q is not a DID", config.Audience)
	case len(config.Keys.keys) == 0:
		return nil, errors.New("no token key")
	case len(config.RefreshKey) < secretSize:
		return nil, fmt.Errorf("refresh key is shorter than %d bytes", secretSize)
	}
	return &Issuer{
		audience:   config.Audience,
		keys:       config.Keys,
		refreshKey: config.RefreshKey,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithStrictDecoding(),
			jwt.WithJSONNumber(),
			// The claims are checked here, in the order of the errors that
			// clients of the protocol know.
			jwt.WithoutClaimsValidation(),
		),
	}, nil
}

// IssueAccess implements [account.TokenIssuer].
func (i *Issuer) IssueAccess(claims account.AccessClaims) (string, error) {
	return i.sign(accessType, jwt.MapClaims{
		"scope": claims.Scope,
		"aud":   i.audience,
		"sub":   claims.Subject,
		"sid":   claims.SessionID,
		"jti":   claims.ID,
		"iat":   claims.IssuedAt.Unix(),
		"exp":   claims.ExpiresAt.Unix(),
	})
}

// IssueRefresh implements [account.TokenIssuer].
func (i *Issuer) IssueRefresh(claims account.RefreshClaims) (string, error) {
	return i.sign(refreshType, jwt.MapClaims{
		"scope": account.ScopeRefresh,
		"aud":   i.audience,
		"sub":   claims.Subject,
		"sid":   claims.SessionID,
		"jti":   claims.ID,
		"iat":   claims.IssuedAt.Unix(),
		"exp":   claims.ExpiresAt.Unix(),
	})
}

func (i *Issuer) sign(typ string, claims jwt.MapClaims) (string, error) {
	key := i.keys.newest()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["typ"] = typ
	token.Header["kid"] = key.ID
	signed, err := token.SignedString(key.Secret)
	if err != nil {
		return "", fmt.Errorf("sign %s: %w", typ, err)
	}
	return signed, nil
}

// NextRefreshID implements [account.TokenIssuer]. It derives the id instead of
// choosing one, so that using a token twice gives the same answer although the
// store keeps no id.
func (i *Issuer) NextRefreshID(id string) string {
	mac := hmac.New(sha256.New, i.refreshKey)
	mac.Write([]byte("next"))
	mac.Write([]byte(id))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
