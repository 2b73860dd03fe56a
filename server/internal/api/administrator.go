package api

import (
	"context"
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

// authenticateAdmin lets only the administrator pass. Whatever is wrong, the answer is the same.
func (a *API) authenticateAdmin(header http.Header) (any, error) {
	user, password, ok := basic(header)
	if !ok || user != adminUser || !a.isAdminPassword(password) {
		refusal := xrpc.NewError(http.StatusUnauthorized)
		refusal.Header = http.Header{"Www-Authenticate": {`Basic realm="admin", charset="UTF-8"`}}
		return nil, refusal
	}
	return administrator{}, nil
}

// isAdminPassword compares hashes, in a time that does not depend on them.
func (a *API) isAdminPassword(password string) bool {
	hash := sha256.Sum256([]byte(password))
	return a.admin != nil && subtle.ConstantTimeCompare(hash[:], a.admin[:]) == 1
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
func (a *API) authenticateModerator(ctx context.Context, header http.Header, method syntax.NSID) (any, error) {
	scheme, _, _ := strings.Cut(header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return a.authenticateAdmin(header)
	}
	_, token, ok := authorization(header)
	if !ok {
		return nil, &xrpc.Error{Status: http.StatusUnauthorized, Name: errMissingJWT, Message: "missing jwt"}
	}
	if err := a.accounts.VerifyModerator(ctx, token, method); err != nil {
		return nil, refuse(err)
	}
	return administrator{}, nil
}
