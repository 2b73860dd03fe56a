package token

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// Services makes and verifies the tokens with which servers speak to each other. It keeps
// nothing and may be used concurrently.
//
// Unlike an [Issuer] it does without golang-jwt, which does not know ES256K and would have
// to be taught for the whole process.
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
type Services struct{}

var _ account.ServiceTokens = Services{}

const serviceType = "JWT"

type serviceHeader struct {
	Type      string `json:"typ"`
	Algorithm string `json:"alg"`
}

type serviceClaims struct {
	IssuedAt  int64  `json:"iat"`
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	ExpiresAt int64  `json:"exp"`
	Method    string `json:"lxm,omitempty"`
	ID        string `json:"jti,omitempty"`
}

// IssueService implements [account.ServiceTokens].
func (Services) IssueService(claims account.ServiceClaims, private []byte) (string, error) {
	key, err := didkey.ParsePrivate(private)
	if err != nil {
		return "", fmt.Errorf("parse signing key: %w", err)
	}
	header, err := encodePart(serviceHeader{Type: serviceType, Algorithm: key.Public().Algorithm()})
	if err != nil {
		return "", err
	}
	payload, err := encodePart(serviceClaims{
		IssuedAt:  claims.IssuedAt.Unix(),
		Issuer:    claims.Issuer,
		Audience:  claims.Audience,
		ExpiresAt: claims.ExpiresAt.Unix(),
		Method:    string(claims.Method),
		ID:        claims.ID,
	})
	if err != nil {
		return "", err
	}
	signed := header + "." + payload
	return signed + "." + base64.RawURLEncoding.EncodeToString(key.Sign([]byte(signed))), nil
}

func encodePart(v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode service token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(data), nil
}

// VerifyService implements [account.ServiceTokens].
func (Services) VerifyService(ctx context.Context, token string, now time.Time, check account.ClaimsCheck, keyOf account.KeyFinder) (account.ServiceClaims, error) {
	parsed, err := parseService(token)
	if err != nil {
		return account.ServiceClaims{}, err
	}
	switch did, _, _ := strings.Cut(parsed.claims.Issuer, "#"); {
	case !syntax.DID(did).Valid():
		return account.ServiceClaims{}, account.ErrServiceTokenIssuer
	case !now.Before(parsed.claims.ExpiresAt):
		return account.ServiceClaims{}, account.ErrServiceTokenExpired
	}
	// Whoever names an issuer has it looked up, so nothing may be wrong but the signature.
	if err := check(parsed.claims); err != nil {
		return account.ServiceClaims{}, err
	}
	// A key that does not fit may have been replaced since it was looked up, as may one
	// that was not there.
	err = parsed.verify(ctx, keyOf, false /* fresh */)
	if errors.Is(err, account.ErrServiceTokenSignature) || errors.Is(err, account.ErrServiceTokenIssuer) {
		err = parsed.verify(ctx, keyOf, true /* fresh */)
	}
	if err != nil {
		return account.ServiceClaims{}, err
	}
	return parsed.claims, nil
}

// A serviceToken is a token that was taken apart and nothing more.
type serviceToken struct {
	algorithm string
	claims    account.ServiceClaims
	signed    string // what the signature is of
	signature []byte
}

// verify compares the signature with the key of the issuer. Others may have signed with a
// high S: the specification of the algorithm does not forbid it.
func (t serviceToken) verify(ctx context.Context, keyOf account.KeyFinder, fresh bool) error {
	text, err := keyOf(ctx, t.claims.Issuer, fresh)
	if err != nil {
		return err
	}
	key, err := didkey.Parse(text)
	switch {
	case err != nil:
		return account.ErrServiceTokenIssuer
	case key.Algorithm() != t.algorithm || !key.VerifyLenient([]byte(t.signed), t.signature):
		return account.ErrServiceTokenSignature
	}
	return nil
}

// foreignTypes are the types of tokens that are made for something else, in small letters.
var foreignTypes = []string{accessType, refreshType, "dpop+jwt"}

// parseService takes a token apart. It returns [account.ErrServiceToken] or
// [account.ErrServiceTokenType].
func parseService(token string) (serviceToken, error) {
	parts := strings.Split(token, ".")
	if len(token) > maxTokenSize || len(parts) != 3 {
		return serviceToken{}, account.ErrServiceToken
	}
	var header struct {
		serviceHeader
		Critical json.RawMessage `json:"crit"`
	}
	var claims struct {
		serviceClaims
		ExpiresAt *int64 `json:"exp"`
		IssuedAt  *int64 `json:"iat"`
	}
	signature, err := decodePart(parts[2])
	if err != nil || !readPart(parts[0], &header) || !readPart(parts[1], &claims) || header.Critical != nil || claims.ExpiresAt == nil {
		return serviceToken{}, account.ErrServiceToken
	}
	if slices.Contains(foreignTypes, strings.ToLower(header.Type)) {
		return serviceToken{}, account.ErrServiceTokenType
	}
	parsed := serviceToken{
		algorithm: header.Algorithm,
		claims: account.ServiceClaims{
			Issuer:    claims.Issuer,
			Audience:  claims.Audience,
			Method:    syntax.NSID(claims.Method),
			ID:        claims.ID,
			ExpiresAt: time.Unix(*claims.ExpiresAt, 0).UTC(),
		},
		signed:    parts[0] + "." + parts[1],
		signature: signature,
	}
	if claims.IssuedAt != nil {
		parsed.claims.IssuedAt = time.Unix(*claims.IssuedAt, 0).UTC()
	}
	return parsed, nil
}

func readPart(part string, into any) bool {
	data, err := decodePart(part)
	return err == nil && json.Unmarshal(data, into) == nil
}

// decodePart decodes the one spelling that bytes have. The decoder skips line breaks.
func decodePart(part string) ([]byte, error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, errors.New("line break")
	}
	return base64.RawURLEncoding.Strict().DecodeString(part)
}
