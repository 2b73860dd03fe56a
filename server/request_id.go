package main

import (
	"context"
	"crypto/rand"
	"log/slog"

	"github.com/labstack/echo/v4"
)

// requestIDKey is the key of a request's id in its context.
type requestIDKey struct{}

// numberRequests gives each request an id, under which it stands in the log and in the answer. Ids
// that clients send are not taken: two requests could have the same, or one of any length.
func numberRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := rand.Text()
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey{}, id)))
		return next(c)
	}
}

// numbered is a handler of log lines that adds the id of the request to those that are written in the
// context of one. Like all that a line adds, the id is in the group of the logger, if that is in one.
type numbered struct{ slog.Handler }

// Handle implements [slog.Handler].
func (h numbered) Handle(ctx context.Context, line slog.Record) error {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		line.AddAttrs(slog.String("id", id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements [slog.Handler].
func (h numbered) WithAttrs(attrs []slog.Attr) slog.Handler {
	return numbered{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (h numbered) WithGroup(name string) slog.Handler {
	return numbered{h.Handler.WithGroup(name)}
}
