package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// retryBusy is when a client should come back that met a busy server.
const retryBusy = 2 * time.Second

// An exception gives refusals of a kind another error name than they commonly have.
type exception struct {
	kind *account.Refusal
	name xrpc.ErrorName
}

// refuse gives an error of package account its status and its error name: that of the first
// exception that applies, or else the common one. The text of a refusal is made for clients; any
// other error stays a fault of the server.
func refuse(err error, exceptions ...exception) error {
	var refusal *account.Refusal
	switch {
	case errors.Is(err, account.ErrStoreFull):
		return &xrpc.Error{
			Status: http.StatusServiceUnavailable, Name: xrpc.ErrNotEnoughResources,
			Message: "The server cannot store anything at the moment", Cause: err,
		}
	case !errors.As(err, &refusal):
		return err
	}
	for _, e := range exceptions {
		if errors.Is(refusal, e.kind) {
			return e.name.New(refusal.Error())
		}
	}
	answer := xrpc.ErrInvalidRequest.New(refusal.Error())
	for _, c := range classes {
		if errors.Is(refusal, c.kind) {
			answer.Status, answer.Name = c.status, c.name
			break
		}
	}
	complete(answer, refusal, err)
	return answer
}

// refuseGuess is refuse for a try at a password. Who has to wait after too many failures is not told of
// the calls that the rate limit leaves.
func (h *serverHandler) refuseGuess(ctx context.Context, err error) error {
	var refusal *account.Refusal
	if errors.As(err, &refusal) && errors.Is(refusal, account.ErrTooManyFailures) {
		ratelimit.Exhaust(xrpc.CallFrom(ctx).ResponseHeader, h.accounts.Now().Add(refusal.RetryAfter()))
	}
	return refuse(err)
}

// complete adds what an answer has besides its status, name and text.
func complete(answer *xrpc.Error, refusal *account.Refusal, err error) {
	switch {
	case refusal.RetryAfter() > 0:
		answer.Header = retryAfter(refusal.RetryAfter())
	case errors.Is(refusal, account.ErrBusy):
		answer.Header = retryAfter(retryBusy)
	case answer.Status == http.StatusBadGateway:
		answer.Cause = err
	}
}

// retryAfter returns the header that says how long to wait, in whole seconds, rounded up.
func retryAfter(wait time.Duration) http.Header {
	seconds := (wait + time.Second - 1) / time.Second
	return http.Header{"Retry-After": {strconv.FormatInt(int64(seconds), 10)}}
}

// isTransient reports whether the same request may succeed later: an error that must not cost a
// client its credentials.
func isTransient(err error) bool {
	var refusal *account.Refusal
	return err != nil && (!errors.As(err, &refusal) || errors.Is(err, account.ErrDirectoryUnavailable))
}

// The error names that no lexicon declares.
const (
	errAuthMissing         xrpc.ErrorName = "AuthMissing"
	errMissingJWT          xrpc.ErrorName = "MissingJwt"
	errBadJWT              xrpc.ErrorName = "BadJwt"
	errBadJWTType          xrpc.ErrorName = "BadJwtType"
	errBadJWTIssuer        xrpc.ErrorName = "BadJwtIss"
	errBadJWTSignature     xrpc.ErrorName = "BadJwtSignature"
	errBadJWTAudience      xrpc.ErrorName = "BadJwtAudience"
	errBadJWTLexiconMethod xrpc.ErrorName = "BadJwtLexiconMethod"
	errJWTExpired          xrpc.ErrorName = "JwtExpired"
	errUntrustedIssuer     xrpc.ErrorName = "UntrustedIss"
)

// The error names that several lexicons declare, with one meaning.
const (
	errAccountNotFound = comatproto.ServerConfirmEmailErrAccountNotFound
	errNotFound        = comatproto.AdminGetSubjectStatusErrNotFound
	errInvalidToken    = comatproto.ServerDeleteAccountErrInvalidToken
	errExpiredToken    = comatproto.ServerDeleteAccountErrExpiredToken
)

// classes lists the kinds of refusals that are not the common 400 InvalidRequest.
var classes = []struct {
	kind   *account.Refusal
	status int
	name   xrpc.ErrorName
}{
	{account.ErrHandleInvalid, 400, comatproto.ServerCreateAccountErrInvalidHandle},
	{account.ErrReservedHandle, 400, comatproto.ServerCreateAccountErrHandleNotAvailable},
	{account.ErrHandleTaken, 400, comatproto.ServerCreateAccountErrHandleNotAvailable},
	{account.ErrUnsupportedDomain, 400, comatproto.ServerCreateAccountErrUnsupportedDomain},
	{account.ErrInvalidPassword, 400, comatproto.ServerCreateAccountErrInvalidPassword},
	{account.ErrInvalidInviteCode, 400, comatproto.ServerCreateAccountErrInvalidInviteCode},
	{account.ErrUnauthorizedImport, 401, xrpc.ErrAuthenticationRequired},
	{account.ErrUnresolvableDID, 400, comatproto.ServerCreateAccountErrUnresolvableDID},
	{account.ErrTooManyReservedKeys, 503, xrpc.ErrNotEnoughResources},

	{account.ErrInvalidLogin, 401, xrpc.ErrAuthenticationRequired},
	{account.ErrLoginPasswordTooLong, 401, xrpc.ErrAuthenticationRequired},
	{account.ErrInvalidDeletion, 401, xrpc.ErrAuthenticationRequired},
	{account.ErrAuthFactorRequired, 401, comatproto.ServerCreateSessionErrAuthFactorTokenRequired},
	{account.ErrTooManyFailures, 429, xrpc.ErrRateLimitExceeded},

	{account.ErrTokenInvalid, 400, errInvalidToken},
	{account.ErrTokenMalformed, 400, errInvalidToken},
	{account.ErrBadScope, 400, errInvalidToken},
	{account.ErrTokenExpired, 400, errExpiredToken},
	{account.ErrTokenRevoked, 400, errExpiredToken},

	{account.ErrServiceToken, 401, errBadJWT},
	{account.ErrServiceTokenType, 401, errBadJWTType},
	{account.ErrServiceTokenIssuer, 401, errBadJWTIssuer},
	{account.ErrServiceTokenExpired, 401, errJWTExpired},
	{account.ErrServiceTokenSignature, 401, errBadJWTSignature},
	{account.ErrServiceTokenAudience, 401, errBadJWTAudience},
	{account.ErrServiceTokenMethod, 401, errBadJWTLexiconMethod},
	{account.ErrUntrustedIssuer, 401, errUntrustedIssuer},
	{account.ErrReplayed, 401, errBadJWT},
	{account.ErrBadExpiration, 400, comatproto.ServerGetServiceAuthErrBadExpiration},

	{account.ErrEmailTokenInvalid, 400, errInvalidToken},
	{account.ErrEmailTokenExpired, 400, errExpiredToken},
	{account.ErrEmailTokenRequired, 400, comatproto.ServerUpdateEmailErrTokenRequired},
	{account.ErrEmailMismatch, 400, comatproto.ServerConfirmEmailErrInvalidEmail},

	{account.ErrAccountNotFound, 403, errAccountNotFound},
	{account.ErrUserNotFound, 400, errAccountNotFound},
	{account.ErrSubjectNotFound, 400, errNotFound},
	{account.ErrTakendown, 401, comatproto.ServerCreateSessionErrAccountTakedown},
	{account.ErrHandleNotFound, 400, comatproto.IdentityResolveHandleErrHandleNotFound},
	{account.ErrBusy, 503, xrpc.ErrNotEnoughResources},
	{account.ErrDirectoryUnavailable, 502, xrpc.ErrUpstreamFailure},
}
