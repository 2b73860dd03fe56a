// Package xrpcecho mounts XRPC endpoints in an echo application (https://echo.labstack.com).
//
// The endpoints answer under echo as they do under net/http, byte for byte: echo's own answers to
// unknown paths, wrong verbs and HEAD requests never show below /xrpc/. The application's
// middleware runs before them as it does before any other route.
package xrpcecho

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Mount makes handler, which is usually an [xrpc.Handler], answer every request below /xrpc/,
// whatever its verb. Service methods find the echo context of their call with [Context].
func Mount(e *echo.Echo, handler http.Handler) {
	forward := func(c echo.Context) error {
		r := c.Request()
		handler.ServeHTTP(c.Response(), r.WithContext(context.WithValue(r.Context(), contextKey{}, c)))
		return nil
	}
	// The route of a path that has no other is taken for every verb, those included that echo
	// does not know.
	e.RouteNotFound(xrpc.PathPrefix+"*", forward)
}

type contextKey struct{}

// Context returns the echo context of the request in which ctx was handed to a service method, or
// nil if the request did not come through [Mount].
func Context(ctx context.Context) echo.Context {
	c, _ := ctx.Value(contextKey{}).(echo.Context)
	return c
}

// HandleError is an [echo.HTTPErrorHandler] that answers errors in the form of XRPC, so that
// clients need to know one form only: those of echo, such as 404 for a path that has no route, and
// those of middleware, which may be an [*xrpc.Error]. Any other error is a fault of the server, of
// which the client learns nothing but that.
func HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var status *echo.HTTPError
	var xerr *xrpc.Error
	if errors.As(err, &status) && !errors.As(err, &xerr) {
		err = fromEcho(status)
	}
	xrpc.ErrorResponse(c.Response(), c.Request(), err)
}

// fromEcho gives an error of echo the name that goes with its status, and keeps its text.
func fromEcho(status *echo.HTTPError) *xrpc.Error {
	err := xrpc.NewError(status.Code)
	err.Cause = status
	if text, ok := status.Message.(string); ok && text != http.StatusText(status.Code) {
		err.Message = text
	}
	return err
}
