// Package xrpcecho mounts XRPC endpoints in an echo application (https://echo.labstack.com).
//
// The endpoints answer under echo as they do under net/http, byte for byte: echo's own answers to
// unknown paths, wrong verbs and HEAD requests never show below /xrpc/. The application's
// middleware runs before them as it does before any other route.
package xrpcecho

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Router is where handlers are mounted: an [echo.Echo], or an [echo.Group] whose middleware is to
// run before them.
type Router interface {
	// RouteNotFound adds the route of those paths that have no other, for every verb.
	RouteNotFound(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) *echo.Route
}

// Mount makes handler, which is usually an [xrpc.Handler], answer every request below /xrpc/,
// whatever its verb, unless the application has another route for just that path and verb.
// Service methods find the echo context of their call with [Context].
//
// The path of a group comes before /xrpc/, so that a group with one needs [http.StripPrefix] around
// the handler.
func Mount(router Router, handler http.Handler) {
	forward := func(c echo.Context) error {
		r := c.Request()
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, c))
		r.Body = body{r.Body}
		handler.ServeHTTP(response{c.Response()}, r)
		return nil
	}
	// Not Any, which leaves out the verbs that echo does not know.
	router.RouteNotFound(xrpc.PathPrefix+"*", forward)
}

// A body makes the errors of echo's middleware that reading meets, such as a limit's, those of XRPC.
type body struct{ io.ReadCloser }

// Read implements [io.Reader].
func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if status, ok := errors.AsType[*echo.HTTPError](err); ok {
		err = fromEcho(status)
	}
	return n, err
}

// A response tells who flushes it if the application's response writer cannot, where that of echo panics.
type response struct{ *echo.Response }

// FlushError is what [http.ResponseController] calls.
func (r response) FlushError() error {
	return http.NewResponseController(r.Writer).Flush()
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
// which the client learns nothing but that; the application's middleware logs it.
func HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, echoed := errors.AsType[*echo.HTTPError](err)
	if _, chosen := errors.AsType[*xrpc.Error](err); echoed && !chosen {
		err = fromEcho(status)
	}
	xrpc.WriteError(c.Response(), c.Request(), err)
}

// fromEcho gives an error of echo the name that goes with its status, and keeps its text.
func fromEcho(status *echo.HTTPError) *xrpc.Error {
	err := xrpc.NewError(status.Code)
	err.Cause = status
	if text, ok := status.Message.(string); ok && (err.Message == "" || text != http.StatusText(status.Code)) {
		err.Message = text
	}
	return err
}
