package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// refreshToken is the caller of an endpoint that takes a refresh token: the token, of which the
// signature is checked and nothing else.
type refreshToken string

var _ xrpc.Authenticator = (*API)(nil).Authenticate

// Authenticate is an [xrpc.Authenticator]. By the endpoint's rule its callers are an
// [account.Caller], a refreshToken, an [account.ServiceToken] or nil, an administrator, or nil.
func (a *API) Authenticate(r *http.Request, endpoint *xrpc.Endpoint) (any, error) {
	required := a.rules[endpoint.NSID]
	switch required.access {
	case public:
		return nil, nil
	case fullAccess, standardAccess:
		return a.authenticateAccount(r.Context(), r.Header, required)
	case refreshing:
		return authenticateRefresh(r.Header, func(token string) error {
			_, err := a.accounts.Tokens.VerifyRefresh(token, a.accounts.Now())
			return err
		})
	case loggingOut:
		return authenticateRefresh(r.Header, func(token string) error {
			_, err := a.accounts.Tokens.VerifyRefreshOfAnyAge(token)
			return err
		})
	case importing:
		return a.authenticateImport(r.Context(), r.Header, endpoint.NSID)
	case administering:
		return a.authenticateAdmin(r)
	case moderating:
		return a.authenticateModerator(r, endpoint.NSID)
	}
	return nil, fmt.Errorf("no rule for %s", endpoint.NSID)
}

// authenticateAccount returns who speaks with the access token in the header.
func (a *API) authenticateAccount(ctx context.Context, header http.Header, required rule) (any, error) {
	token, err := bearer(header)
	if err != nil {
		return nil, err
	}
	caller, err := a.accounts.Authenticate(ctx, token)
	switch {
	case errors.Is(err, account.ErrTakendown) && required.takendown == untold:
		return nil, refuse(account.NoUserInfo(caller.Account.DID))
	case required.takendown == gone && (errors.Is(err, account.ErrTakendown) || errors.Is(err, account.ErrAccountNotFound)):
		return nil, refuse(account.ErrUserNotFound)
	case err != nil:
		return nil, refuse(err)
	case !required.allows(caller.Session.Kind):
		return nil, refuse(account.ErrBadScope)
	case required.takendown == refused && caller.Account.Status() == account.StatusTakendown:
		return nil, refuse(account.ErrTakendown)
	}
	return caller, nil
}

// allows reports whether a session of a kind has the rights that an endpoint requires.
func (r rule) allows(kind account.SessionKind) bool {
	kinds := []account.SessionKind{account.SessionPassword}
	if r.access == standardAccess {
		kinds = append(kinds, account.SessionApp, account.SessionPrivileged)
	}
	if r.takendown == welcome {
		kinds = append(kinds, account.SessionTakendown)
	}
	return slices.Contains(kinds, kind)
}

// authenticateRefresh returns the refresh token in the header, if verify has nothing against it.
func authenticateRefresh(header http.Header, verify func(token string) error) (any, error) {
	token, err := bearer(header)
	if err != nil {
		return nil, err
	}
	if err := verify(token); err != nil {
		return nil, refuse(err)
	}
	return refreshToken(token), nil
}

// authenticateImport returns the service token in the header, or nil if there is no header. What is
// wrong with a token is told to nobody; that it could not be verified for now is.
func (a *API) authenticateImport(ctx context.Context, header http.Header, method syntax.NSID) (any, error) {
	if len(header.Values("Authorization")) == 0 {
		return nil, nil
	}
	invalid := xrpc.NewError(http.StatusUnauthorized)
	invalid.Message = "Invalid authorization header"
	token, err := bearer(header)
	if err != nil {
		return nil, invalid
	}
	verified, err := a.accounts.VerifyServiceToken(ctx, token, method)
	switch {
	case isTransient(err):
		return nil, refuse(err)
	case err != nil:
		return nil, invalid
	}
	return verified, nil
}

// presented returns the refresh token that authenticated the call.
func presented(ctx context.Context) string {
	return string(xrpc.CallFrom(ctx).Caller.(refreshToken))
}
