package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// administrator is the caller of an endpoint for administrators or moderators.
type administrator struct{}

// adminUser is the name that goes with the administrator's password.
const adminUser = "admin"

// authenticateAdmin lets only the administrator pass. Whatever is wrong, the answer is the same, until
// too much was: then nothing is looked at for a while.
func (a *API) authenticateAdmin(r *http.Request) (any, error) {
	user, password, ok := basic(r.Header)
	if ok {
		right, wait := a.guard.try(a.clientAddr(r), func() bool { return a.isAdmin(user, password) })
		switch {
		case right:
			return administrator{}, nil
		case wait > 0:
			refusal := xrpc.NewError(http.StatusTooManyRequests)
			refusal.Header = retryAfter(wait)
			return nil, refusal
		}
	}
	refusal := xrpc.NewError(http.StatusUnauthorized)
	refusal.Header = http.Header{"Www-Authenticate": {`Basic realm="admin", charset="UTF-8"`}}
	return nil, refusal
}

// isAdmin compares hashes, in a time that does not depend on them.
func (a *API) isAdmin(user, password string) bool {
	hash := sha256.Sum256([]byte(password))
	return a.admin != nil && subtle.ConstantTimeCompare(hash[:], a.admin[:]) == 1 && user == adminUser
}

// basic returns the name and the password of an Authorization header.
//
// See https://www.rfc-editor.org/rfc/rfc7617.
func basic(header http.Header) (user, password string, ok bool) {
	scheme, value, ok := authorization(header)
	if !ok || !strings.EqualFold(scheme, "basic") {
		return "", "", false
	}
	plain, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(plain), ":")
}

// authenticateModerator lets the administrator pass, and the moderation service with a token for the
// method. Whoever sends no token is taken for an administrator who forgot the password.
func (a *API) authenticateModerator(r *http.Request, method syntax.NSID) (any, error) {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return a.authenticateAdmin(r)
	}
	_, token, ok := authorization(r.Header)
	if !ok {
		return nil, &xrpc.Error{Status: http.StatusUnauthorized, Name: errMissingJWT, Message: "missing jwt"}
	}
	if err := a.accounts.VerifyModerator(r.Context(), token, method); err != nil {
		return nil, refuse(err)
	}
	return administrator{}, nil
}
