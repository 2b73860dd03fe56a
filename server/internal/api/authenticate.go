package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// The error names of authentication that no lexicon declares.
const (
	errAuthMissing     xrpc.ErrorName = "AuthMissing"
	errAccountNotFound xrpc.ErrorName = "AccountNotFound"
)

// The error names of tokens. Several lexicons declare them, with one meaning.
const (
	errInvalidToken = comatproto.ServerDeleteAccountErrInvalidToken
	errExpiredToken = comatproto.ServerDeleteAccountErrExpiredToken
)

// refreshToken is the caller of an endpoint that takes a refresh token: the token, of which the
// signature is checked and nothing else.
type refreshToken string

// Authenticator returns the authenticator of the endpoints. Its callers are an [account.Caller]
// where an access token is required, and a refreshToken where that is; an endpoint that requires
// neither does not look at the header.
func Authenticator(accounts *account.Service) xrpc.Authenticator {
	return func(r *http.Request, endpoint *xrpc.Endpoint) (any, error) {
		switch endpoint.NSID {
		case comatproto.ServerGetSessionNSID:
			return authenticateAccess(r.Context(), accounts, r.Header)
		case comatproto.ServerRefreshSessionNSID:
			return authenticateRefresh(r.Header, func(token string) error {
				_, err := accounts.Tokens.VerifyRefresh(token, accounts.Now())
				return err
			})
		case comatproto.ServerDeleteSessionNSID:
			return authenticateRefresh(r.Header, func(token string) error {
				_, err := accounts.Tokens.VerifyRefreshOfAnyAge(token)
				return err
			})
		}
		return nil, nil
	}
}

// authenticateAccess returns who speaks with the access token in the header.
func authenticateAccess(ctx context.Context, accounts *account.Service, header http.Header) (any, error) {
	token, err := bearer(header)
	if err != nil {
		return nil, err
	}
	caller, err := accounts.Authenticate(ctx, token)
	if err != nil {
		return nil, refuse(err)
	}
	return caller, nil
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

// bearer returns the token of an Authorization header.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", &xrpc.Error{Status: http.StatusUnauthorized, Name: errAuthMissing, Message: "Authentication Required"}
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || scheme == "" || token == "" || strings.Contains(token, " ") {
		return "", errInvalidToken.New("Malformed authorization header")
	}
	switch strings.ToLower(scheme) {
	case "bearer":
		return token, nil
	case "basic":
		return "", errInvalidToken.New("Unexpected authorization type")
	case "dpop":
		err := xrpc.NewError(http.StatusForbidden)
		err.Message = "OAuth credentials are not supported for this endpoint"
		return "", err
	}
	return "", errInvalidToken.New("Unsupported authorization type: " + scheme)
}
