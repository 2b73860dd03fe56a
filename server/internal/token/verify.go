package token

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// maxTokenSize bounds the work on a token that is not ours, in bytes. A subject
// can have 2 KiB; nothing else in a token comes near that.
const maxTokenSize = 8 << 10

// VerifyAccess implements [account.TokenIssuer].
func (i *Issuer) VerifyAccess(token string, now time.Time) (account.AccessClaims, error) {
	claims, err := i.verify(token, accessType)
	if err != nil {
		return account.AccessClaims{}, err
	}
	if claims.expired(now) {
		return account.AccessClaims{}, account.ErrTokenExpired
	}
	access := account.AccessClaims{
		Subject:   claims.did("sub"),
		Scope:     account.Scope(claims.text("scope")),
		SessionID: claims.text("sid"),
		ID:        claims.text("jti"),
		IssuedAt:  claims.time("iat"),
		ExpiresAt: claims.time("exp"),
	}
	if claims.malformed() {
		return account.AccessClaims{}, account.ErrTokenMalformed
	}
	return access, nil
}

// VerifyRefresh implements [account.TokenIssuer].
func (i *Issuer) VerifyRefresh(token string, now time.Time) (account.RefreshClaims, error) {
	claims, err := i.verify(token, refreshType)
	if err != nil {
		return account.RefreshClaims{}, err
	}
	if claims.expired(now) {
		return account.RefreshClaims{}, account.ErrTokenExpired
	}
	return claims.refresh()
}

// VerifyRefreshOfAnyAge implements [account.TokenIssuer].
func (i *Issuer) VerifyRefreshOfAnyAge(token string) (account.RefreshClaims, error) {
	claims, err := i.verify(token, refreshType)
	if err != nil {
		return account.RefreshClaims{}, err
	}
	return claims.refresh()
}

// verify returns the claims of a token that this server signed as typ and for
// itself. All else is [account.ErrTokenInvalid]: it is nobody's business why.
func (i *Issuer) verify(token, typ string) (*claimReader, error) {
	// The base64 decoder skips line breaks, which would give a token two spellings.
	if len(token) > maxTokenSize || strings.ContainsAny(token, "\r\n") {
		return nil, account.ErrTokenInvalid
	}
	claims := jwt.MapClaims{}
	parsed, err := i.parser.ParseWithClaims(token, claims, i.keyOf)
	if err != nil || parsed.Header["typ"] != typ || claims["aud"] != string(i.audience) {
		return nil, account.ErrTokenInvalid
	}
	return &claimReader{claims: claims}, nil
}

// keyOf returns the secret that a token says it was signed with. A header with
// critical extensions must be refused by who does not know them.
func (i *Issuer) keyOf(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical {
		return nil, errors.New("unknown critical extension")
	}
	id, _ := token.Header["kid"].(string)
	secret, ok := i.keys.secret(id)
	if !ok {
		return nil, errors.New("unknown key")
	}
	return secret, nil
}

// A claimReader reads the claims of a verified token and remembers whether one was
// not as it should be.
type claimReader struct {
	claims jwt.MapClaims
	broken bool
}

// expired reports whether the token says that it has expired. One that does not
// say when is malformed instead.
func (r *claimReader) expired(now time.Time) bool {
	expiry, ok := unixTime(r.claims["exp"])
	return ok && !now.Before(expiry)
}

// refresh reads the claims of a refresh token.
func (r *claimReader) refresh() (account.RefreshClaims, error) {
	refresh := account.RefreshClaims{
		Subject:   r.did("sub"),
		SessionID: r.text("sid"),
		ID:        r.text("jti"),
		IssuedAt:  r.time("iat"),
		ExpiresAt: r.time("exp"),
	}
	scope := r.text("scope")
	switch {
	case r.malformed():
		return account.RefreshClaims{}, account.ErrTokenMalformed
	case scope != string(account.ScopeRefresh):
		return account.RefreshClaims{}, account.ErrBadScope
	}
	return refresh, nil
}

func (r *claimReader) text(name string) string {
	s, _ := r.claims[name].(string)
	r.broken = r.broken || s == ""
	return s
}

func (r *claimReader) did(name string) syntax.DID {
	did := syntax.DID(r.text(name))
	r.broken = r.broken || !did.Valid()
	return did
}

func (r *claimReader) time(name string) time.Time {
	t, ok := unixTime(r.claims[name])
	r.broken = r.broken || !ok
	return t
}

// malformed reports whether a claim that was read is wrong, or whether the token
// bears a claim by which it is restricted to something else: a method (lxm) or a
// key (cnf).
func (r *claimReader) malformed() bool {
	_, hasMethod := r.claims["lxm"]
	_, hasKey := r.claims["cnf"]
	return r.broken || hasMethod || hasKey
}

// unixTime reads a claim that is a whole number of seconds.
func unixTime(claim any) (time.Time, bool) {
	number, _ := claim.(json.Number)
	seconds, err := number.Int64()
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}
