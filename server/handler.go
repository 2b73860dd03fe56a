package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/clientaddr"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// newHandler returns the echo application that answers all requests. Without admin it does not answer
// those of administrators.
func newHandler(p *parts, m *metrics, admin bool) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	address := clientaddr.New(p.config.proxies)
	bypass := ratelimit.NewBypass(p.config.rateBypass)
	methods := api.New(api.Config{
		Accounts:      p.service,
		Description:   describe(p.config),
		AdminPassword: p.config.adminPassword,
		ClientAddr:    address,
		Unlimited:     !p.config.rateLimits,
		Bypass:        bypass,
		Now:           time.Now,
	})
	endpoints := methods.Endpoints(admin)
	e.Use(numberRequests, logRequests(p.logger, m, methodLabels(endpoints), address), middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			p.logger.ErrorContext(c.Request().Context(), "panic", "error", err, "stack", string(stack))
			return err
		},
	}), warnOfProxy(p.logger, p.config.proxies))
	if p.config.rateLimits {
		e.Use(limitRequests(address, bypass))
	}
	serveIdentities(e, p)
	xrpcecho.Mount(e, xrpc.NewHandler(
		endpoints,
		xrpc.WithAuthenticator(m.watchAuthentication(methods.Authenticate)),
		xrpc.WithAdmission(m.watchAdmission(methods.Admit)),
		xrpc.WithInterceptor(m.watchCalls),
		xrpc.WithClientAddr(address),
		xrpc.WithLogger(p.logger),
		xrpc.WithHealth(version(), p.store.Ping),
		xrpc.WithContentEncoding("br", func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(brotli.NewReader(r)), nil }),
	))
	return e
}

// directoryPath is where the server's own directory of identities is.
const directoryPath = "/plc"

// serveIdentities answers who the handles and identities of this server are.
func serveIdentities(e *echo.Echo, p *parts) {
	verbs := []string{http.MethodGet, http.MethodHead}
	e.Match(verbs, "/.well-known/atproto-did", serveHandle(p.service))
	if p.config.serviceDID == "did:web:"+p.config.hostname {
		e.Match(verbs, "/.well-known/did.json", serveDocument(p.config))
	}
	if p.directory != nil {
		handler := http.StripPrefix(directoryPath, &directory.Handler{Directory: p.directory, Logger: p.logger})
		e.Any(directoryPath+"/*", echo.WrapHandler(handler))
	}
}

// The limit for everything that one address asks for, and how many addresses are remembered.
const (
	requestsPerWindow = 3000
	requestWindow     = 5 * time.Minute
	maxAddresses      = 100_000
)

// limitRequests bounds how much one address can ask for. Neither health checks count nor what the bypass
// covers. The answer tells of this limit, unless another one is closer.
func limitRequests(address func(*http.Request) netip.Addr, bypass *ratelimit.Bypass) echo.MiddlewareFunc {
	limiter := ratelimit.New(time.Now, maxAddresses, ratelimit.Limit{Points: requestsPerWindow, Window: requestWindow})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().URL.Path == healthPath || bypass.Covers(c.Request().Header) {
				return next(c)
			}
			result := limiter.Take(ratelimit.ClientKey(address(c.Request())))
			c.Response().Before(func() { tellLimit(c.Response(), result) })
			if !result.Allowed {
				return api.ErrRateLimited()
			}
			return next(c)
		}
	}
}

// tellLimit adds a limit to the header of an answer that may tell of another one already. If something
// else was too much, be it failures, that is not told in numbers that leave calls.
func tellLimit(answer *echo.Response, result ratelimit.Result) {
	if answer.Status == http.StatusTooManyRequests && result.Allowed {
		return
	}
	header := answer.Header()
	other, err := strconv.Atoi(header.Get("RateLimit-Remaining"))
	if err != nil || result.Remaining < other {
		ratelimit.SetHeaders(header, result)
	}
}

// healthPath is asked every few seconds by whatever watches the server.
const healthPath = xrpc.PathPrefix + "_health"

// Bounds of what the log takes from a request, in bytes.
const (
	maxLoggedMethod = 20
	maxLoggedPath   = 200
)

// logRequests logs one line a request: where it comes from, but nothing of its query, headers or body,
// which may hold secrets. It is how an operator sees that the server is in use; the health checks among
// them only show if the log goes into detail.
func logRequests(logger *slog.Logger, m *metrics, labels map[string]string, address func(*http.Request) netip.Addr) echo.MiddlewareFunc {
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
			took := time.Since(start)
			method, ok := labels[c.Request().URL.Path]
			if !ok {
				method = otherMethod
			}
			m.answered(method, c.Response().Status, took)
			logger.Log(c.Request().Context(), level, "request",
				"method", clip(c.Request().Method, maxLoggedMethod),
				"path", clip(c.Request().URL.Path, maxLoggedPath),
				"client", address(c.Request()),
				"status", c.Response().Status,
				"bytes", c.Response().Size,
				"duration_ms", float64(took.Microseconds())/1000,
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
