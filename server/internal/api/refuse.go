package api

import (
	"errors"
	"net/http"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// retryAfter is when, in seconds, a client that met a busy server should come back.
const retryAfter = "2"

// refuse gives an error of package account its status and its error name. The text of a refusal is
// made for clients; any other error stays a fault of the server.
func refuse(err error) error {
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
	answer := classify(refusal)
	answer.Message = refusal.Error()
	return answer
}

// classify returns the status and the error name of a refusal.
func classify(refusal *account.Refusal) *xrpc.Error {
	is := func(kinds ...*account.Refusal) bool {
		for _, kind := range kinds {
			if errors.Is(refusal, kind) {
				return true
			}
		}
		return false
	}
	switch {
	case is(account.ErrHandleInvalid):
		return comatproto.ServerCreateAccountErrInvalidHandle.New("")
	case is(account.ErrHandleTaken, account.ErrReservedHandle):
		return comatproto.ServerCreateAccountErrHandleNotAvailable.New("")
	case is(account.ErrUnsupportedDomain):
		return comatproto.ServerCreateAccountErrUnsupportedDomain.New("")
	case is(account.ErrInvalidPassword):
		return comatproto.ServerCreateAccountErrInvalidPassword.New("")
	case is(account.ErrInvalidLogin, account.ErrLoginPasswordTooLong):
		return xrpc.NewError(http.StatusUnauthorized)
	case is(account.ErrTokenExpired, account.ErrTokenRevoked):
		return errExpiredToken.New("")
	case is(account.ErrTokenInvalid, account.ErrTokenMalformed, account.ErrBadScope):
		return errInvalidToken.New("")
	case is(account.ErrAccountNotFound):
		return &xrpc.Error{Status: http.StatusForbidden, Name: errAccountNotFound}
	case is(account.ErrTakendown):
		return &xrpc.Error{Status: http.StatusUnauthorized, Name: comatproto.ServerCreateSessionErrAccountTakedown}
	case is(account.ErrBusy):
		busy := xrpc.NewError(http.StatusServiceUnavailable)
		busy.Header = http.Header{"Retry-After": {retryAfter}}
		return busy
	}
	return xrpc.NewError(http.StatusBadRequest)
}
