package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// handleFinder is what the answer to a handle's domain is looked up with.
type handleFinder interface {
	LocalHandle(ctx context.Context, host string) (syntax.DID, error)
}

// serveHandle answers, for the domain that is a handle of this server, which DID it belongs to.
//
// See https://atproto.com/specs/handle#handle-resolution.
func serveHandle(find handleFinder) echo.HandlerFunc {
	return func(c echo.Context) error {
		letEverybodyRead(c)
		did, err := find.LocalHandle(c.Request().Context(), hostOf(c.Request()))
		switch {
		case errors.Is(err, account.ErrHandleNotFound):
			return c.String(http.StatusNotFound, "User not found")
		case err != nil:
			return err
		}
		return c.String(http.StatusOK, string(did))
	}
}

// hostOf returns the domain that a request was made to, without the port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.ToLower(host)
}

// serviceDocument is the DID document of a server whose DID is a did:web of its hostname.
//
// See https://w3c-ccg.github.io/did-method-web/.
type serviceDocument struct {
	Context  []string          `json:"@context"`
	ID       string            `json:"id"`
	Services []documentService `json:"service"`
}

type documentService struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Endpoint string `json:"serviceEndpoint"`
}

// serveDocument answers the DID document of the server itself.
func serveDocument(c config) echo.HandlerFunc {
	document := serviceDocument{
		Context:  []string{"https://www.w3.org/ns/did/v1"},
		ID:       c.serviceDID,
		Services: []documentService{{"#" + account.PDSFragment, account.PDSServiceType, c.publicURL}},
	}
	return func(c echo.Context) error {
		letEverybodyRead(c)
		return c.JSON(http.StatusOK, document)
	}
}

// letEverybodyRead allows the pages of all origins to read an answer, which is public.
func letEverybodyRead(c echo.Context) {
	c.Response().Header().Set(echo.HeaderAccessControlAllowOrigin, "*")
}
