package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// How long service tokens may live.
const (
	serviceTokenLifetime    = time.Minute // if the client does not say, and at most if it names no method
	maxServiceTokenLifetime = time.Hour
)

// maxAudience bounds the audience of a service token, in bytes.
const maxAudience = 2048

// ServiceTokenRequest is a request for a token with which the account's client goes to
// another server.
type ServiceTokenRequest struct {
	Audience  string      // the DID of that server, or one with the fragment of a service
	Method    syntax.NSID // the only method that the token is good for, or empty
	ExpiresAt time.Time   // zero for a minute from now
}

// IssueServiceToken returns a service token of the caller's account.
//
// It returns [ErrInvalidRequest] for an audience that cannot be one, [ErrBadScope] to an
// account that was taken down and wants anything but to move, [ErrInvalidRequest] to an
// app password that has not the right to a method, or to any, [ErrBadExpiration], and
// [ErrInvalidRequest] for a method that no token is issued for; the first that applies.
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
func (s *Service) IssueServiceToken(ctx context.Context, caller Caller, request ServiceTokenRequest) (string, error) {
	now := s.Now()
	expiresAt, err := s.checkServiceToken(caller.Session.Kind, request, now)
	if err != nil {
		return "", err
	}
	key, err := s.Store.SigningKey(ctx, caller.Account.DID)
	if err != nil {
		return "", fmt.Errorf("find signing key: %w", err)
	}
	private, err := s.Sealer.Open(SigningKeyPurpose(key.Public), key.Sealed)
	if err != nil {
		return "", fmt.Errorf("open signing key: %w", err)
	}
	id, err := newID(s.Rand)
	if err != nil {
		return "", err
	}
	token, err := s.ServiceTokens.IssueService(ServiceClaims{
		Issuer:    string(caller.Account.DID),
		Audience:  request.Audience,
		Method:    request.Method,
		ID:        id,
		IssuedAt:  now,
		ExpiresAt: expiresAt,
	}, private)
	if err != nil {
		return "", fmt.Errorf("issue service token: %w", err)
	}
	return token, nil
}

// checkServiceToken returns when the token that a session asks for expires.
func (s *Service) checkServiceToken(kind SessionKind, request ServiceTokenRequest, now time.Time) (time.Time, error) {
	// Servers may compare NSIDs with or without regard to case.
	method := lowerASCII(string(request.Method))
	switch {
	case !isAudience(request.Audience):
		return time.Time{}, ErrInvalidRequest.Because("aud must be a valid atproto DID or did#serviceId reference")
	case kind == SessionTakendown && method != methodCreateAccount:
		return time.Time{}, ErrBadScope
	case kind == SessionApp && method == "" && s.Policy.ConfineServiceTokens:
		return time.Time{}, ErrInvalidRequest.Because("insufficient access to request a service auth token without a method")
	case kind == SessionApp && isPrivilegedMethod(method):
		return time.Time{}, ErrInvalidRequest.Because("insufficient access to request a service auth token for the following method: %s", request.Method)
	}
	expiresAt := request.ExpiresAt
	if expiresAt.IsZero() {
		expiresAt = now.Add(serviceTokenLifetime)
	}
	switch {
	case expiresAt.Before(now):
		return time.Time{}, ErrBadExpiration.Because("expiration is in past")
	case expiresAt.After(now.Add(maxServiceTokenLifetime)):
		return time.Time{}, ErrBadExpiration.Because("cannot request a token with an expiration more than an hour in the future")
	case method == "" && expiresAt.After(now.Add(serviceTokenLifetime)):
		return time.Time{}, ErrBadExpiration.Because("cannot request a method-less token with an expiration more than a minute in the future")
	case isProtectedMethod(method):
		return time.Time{}, ErrInvalidRequest.Because("cannot request a service auth token for the following protected method: %s", request.Method)
	}
	return expiresAt, nil
}

// isAudience reports whether s is a DID that a server can have, or one with a fragment.
func isAudience(s string) bool {
	did, fragment, hasFragment := strings.Cut(s, "#")
	if len(s) > maxAudience || hasFragment && !isFragment(fragment) || !syntax.DID(did).Valid() {
		return false
	}
	switch syntax.DID(did).Method() {
	case "plc":
		return isPLCIdentifier(syntax.DID(did).Identifier())
	case "web":
		return isWebHost(syntax.DID(did).Identifier())
	}
	return false
}

// isPLCIdentifier reports whether s is 24 characters of base32.
//
// See https://web.plc.directory/spec/v0.1/did-plc.
func isPLCIdentifier(s string) bool {
	for i := range len(s) {
		if !isBase32(s[i]) {
			return false
		}
	}
	return len(s) == 24
}

// webPortMark stands between host and port in a did:web.
const webPortMark = "%3A"

// isWebHost reports whether s is the name of a host: the protocol allows neither paths nor,
// except on a developer's own machine, ports.
//
// See https://atproto.com/specs/did#blessed-did-methods.
func isWebHost(s string) bool {
	host, port, hasPort := strings.Cut(s, webPortMark)
	if host == "localhost" {
		return !hasPort || strings.Trim(port, "0123456789") == "" && port != ""
	}
	return !hasPort && syntax.Handle(host).Valid() // the syntax of handles is that of domain names
}

// isFragment reports whether s can be the fragment of a service.
func isFragment(s string) bool {
	for i := range len(s) {
		c := s[i]
		isLetter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !isLetter && (c < '0' || c > '9') && !strings.ContainsRune("-._~", rune(c)) {
			return false
		}
	}
	return s != ""
}
