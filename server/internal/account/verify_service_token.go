package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// serviceTokenSkew is by how much clocks of other servers may be wrong.
const serviceTokenSkew = 5 * time.Second

// VerifyServiceToken returns what a token for one method of this server claims. A token is
// good once.
//
// It returns the refusals of a service token, [ErrReplayed], or [ErrDirectoryUnavailable].
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
func (s *Service) VerifyServiceToken(ctx context.Context, token string, method syntax.NSID) (ServiceClaims, error) {
	return s.verifyServiceToken(ctx, token, method, s.serviceKey)
}

// Fragments that name the moderation service of an identity and the key that signs for it.
const (
	moderationServiceFragment = "atproto_labeler"
	moderationKeyFragment     = "atproto_label"
)

// VerifyModerator returns nil if a token for one method of this server is the moderation
// service's. It returns what [Service.VerifyServiceToken] returns, and [ErrUntrustedIssuer].
func (s *Service) VerifyModerator(ctx context.Context, token string, method syntax.NSID) error {
	// Who is trusted is looked at first: strangers cause no look-ups and leave no nonces.
	keyOf := func(ctx context.Context, issuer string, fresh bool) (string, error) {
		moderator := string(s.Policy.ModerationDID)
		if moderator == "" || issuer != moderator && issuer != moderator+"#"+moderationServiceFragment {
			return "", ErrUntrustedIssuer
		}
		return s.serviceKey(ctx, issuer, fresh)
	}
	_, err := s.verifyServiceToken(ctx, token, method, keyOf)
	return err
}

func (s *Service) verifyServiceToken(ctx context.Context, token string, method syntax.NSID, keyOf KeyFinder) (ServiceClaims, error) {
	now := s.Now()
	claims, err := s.ServiceTokens.VerifyService(ctx, token, now.Add(-serviceTokenSkew), keyOf)
	if err != nil {
		return ServiceClaims{}, fmt.Errorf("verify service token: %w", err)
	}
	audience, _, _ := strings.Cut(claims.Audience, "#")
	switch {
	case audience != string(s.Policy.ServiceDID):
		return ServiceClaims{}, ErrServiceTokenAudience
	case claims.Method == "":
		return ServiceClaims{}, ErrServiceTokenMethod.Because("missing jwt lexicon method (%q). must match: %s", "lxm", method)
	case claims.Method != method:
		return ServiceClaims{}, ErrServiceTokenMethod.Because("bad jwt lexicon method (%q). must match: %s", "lxm", method)
	case claims.ExpiresAt.After(now.Add(maxServiceTokenLifetime + serviceTokenSkew)):
		return ServiceClaims{}, ErrServiceToken.Because("jwt expires too far in the future")
	}
	if err := s.Store.ClaimNonce(ctx, s.serviceNonce(token, claims), now, claims.ExpiresAt.Add(serviceTokenSkew)); err != nil {
		return ServiceClaims{}, fmt.Errorf("claim nonce: %w", err)
	}
	return claims, nil
}

// serviceNonce returns what tells a service token from every other one. Without an id it
// is what is signed: a signature can be rewritten by anybody.
func (s *Service) serviceNonce(token string, claims ServiceClaims) SecretHash {
	if claims.ID == "" {
		return s.hashSecret("service token", token[:strings.LastIndexByte(token, '.')+1])
	}
	return s.hashSecret("service token", claims.Issuer, claims.ID)
}

// serviceKey is a [KeyFinder]: it returns the key that signs for the issuer of a service
// token.
func (s *Service) serviceKey(ctx context.Context, issuer string, fresh bool) (string, error) {
	did, service, _ := strings.Cut(issuer, "#")
	fragment := SigningKeyFragment
	switch service {
	case "":
	case moderationServiceFragment:
		fragment = moderationKeyFragment
	default:
		return "", ErrServiceTokenIssuer
	}
	if !syntax.DID(did).Valid() {
		return "", ErrServiceTokenIssuer
	}
	document, err := s.Identity.Document(ctx, syntax.DID(did), fresh)
	switch {
	case errors.Is(err, ErrIdentityNotFound):
		return "", ErrServiceTokenIssuer
	case err != nil:
		return "", fmt.Errorf("resolve issuer: %w", err)
	}
	key, ok := document.Keys[fragment]
	if !ok {
		return "", ErrServiceTokenIssuer
	}
	return key, nil
}
