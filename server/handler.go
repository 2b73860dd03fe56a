package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// pinger is what the health check asks.
type pinger interface {
	Ping(ctx context.Context) error
}

// newHandler returns the echo application that answers all requests.
func newHandler(accounts *account.Service, description comatproto.ServerDescribeServerOutput, database pinger, logger *slog.Logger) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Use(numberRequests, logRequests(logger), middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			logger.Error("panic", "error", err, "stack", string(stack))
			return err
		},
	}))
	xrpcecho.Mount(e, xrpc.NewHandler(
		api.Endpoints(accounts, description),
		xrpc.WithAuthenticator(api.Authenticator(accounts)),
		xrpc.WithLogger(logger),
		xrpc.WithHealth(version(), database.Ping),
		xrpc.WithContentEncoding("br", func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(brotli.NewReader(r)), nil }),
	))
	return e
}

// numberRequests gives each request an id, under which it stands in the log and in the answer. Ids
// that clients send are not taken: two requests could have the same, or one of any length.
func numberRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, rand.Text())
		return next(c)
	}
}

// healthPath is asked every few seconds by whatever watches the server.
const healthPath = xrpc.PathPrefix + "_health"

// Bounds of what the log takes from a request, in bytes.
const (
	maxLoggedMethod = 20
	maxLoggedPath   = 200
)

// logRequests logs one line a request: nothing of its query, headers or body, which may hold secrets.
// It is how an operator sees that the server is in use; the health checks among them only show if the
// log goes into detail.
func logRequests(logger *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			level := slog.LevelInfo
			if c.Request().URL.Path == healthPath {
				level = slog.LevelDebug
			}
			logger.Log(c.Request().Context(), level, "request",
				"method", clip(c.Request().Method, maxLoggedMethod),
				"path", clip(c.Request().URL.Path, maxLoggedPath),
				"status", c.Response().Status,
				"bytes", c.Response().Size,
				"duration_ms", float64(time.Since(start).Microseconds())/1000,
				"id", c.Response().Header().Get(echo.HeaderXRequestID),
			)
			return nil
		}
	}
}

// clip returns the first bytes of a text that a client chose.
func clip(text string, size int) string {
	if len(text) <= size {
		return text
	}
	return strings.ToValidUTF8(text[:size], "") + "..."
}

// version returns the module version that the server was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
