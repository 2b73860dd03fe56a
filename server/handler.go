package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
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
	e.Use(middleware.RequestID(), logRequests(logger), middleware.RecoverWithConfig(middleware.RecoverConfig{
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

// healthPath is asked every few seconds by whatever watches the server.
const healthPath = xrpc.PathPrefix + "_health"

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
				"method", c.Request().Method,
				"path", c.Request().URL.Path,
				"status", c.Response().Status,
				"bytes", c.Response().Size,
				"duration", time.Since(start),
				"id", c.Response().Header().Get(echo.HeaderXRequestID),
			)
			return nil
		}
	}
}

// version returns the module version that the server was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
