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

// A ServiceToken is a token of another server's identity that was verified and, as such, is
// not used yet.
type ServiceToken struct {
	ServiceClaims
	// Nonce is to be claimed by what the token is used for, so that it is good once.
	Nonce Nonce
}

// VerifyServiceToken verifies a token for one method of this server. It leaves the token
// good: that it is used once is for the change to see to that is made with it.
//
// It returns the refusals of a service token, or [ErrDirectoryUnavailable].
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
func (s *Service) VerifyServiceToken(ctx context.Context, token string, method syntax.NSID) (ServiceToken, error) {
	return s.verifyServiceToken(ctx, token, func(claims ServiceClaims) error {
		return s.checkServiceClaims(claims, method)
	})
}

// Fragments that name the moderation service of an identity and the key that signs for it.
const (
	moderationServiceFragment = "atproto_labeler"
	moderationKeyFragment     = "atproto_label"
)

// VerifyModerator returns nil if a token for one method of this server is the moderation
// service's, and uses it up. It returns what [Service.VerifyServiceToken] returns,
// [ErrUntrustedIssuer], and [ErrReplayed] for a token that was used before.
func (s *Service) VerifyModerator(ctx context.Context, token string, method syntax.NSID) error {
	verified, err := s.verifyServiceToken(ctx, token, func(claims ServiceClaims) error {
		if err := s.checkServiceClaims(claims, method); err != nil {
			return err
		}
		moderator := string(s.Policy.ModerationDID)
		if moderator == "" || claims.Issuer != moderator && claims.Issuer != moderator+"#"+moderationServiceFragment {
			return ErrUntrustedIssuer
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.Store.ClaimNonce(ctx, verified.Nonce.Hash, s.Now(), verified.Nonce.ExpiresAt); err != nil {
		return fmt.Errorf("claim nonce: %w", err)
	}
	return nil
}

// checkServiceClaims refuses a token that is not for a method of this server, or for too long.
func (s *Service) checkServiceClaims(claims ServiceClaims, method syntax.NSID) error {
	audience, _, _ := strings.Cut(claims.Audience, "#")
	switch {
	case audience != string(s.Policy.ServiceDID):
		return ErrServiceTokenAudience
	case claims.Method == "":
		return ErrServiceTokenMethod.Because("missing jwt lexicon method (%q). must match: %s", "lxm", method)
	case claims.Method != method:
		return ErrServiceTokenMethod.Because("bad jwt lexicon method (%q). must match: %s", "lxm", method)
	case claims.ExpiresAt.After(s.Now().Add(maxServiceTokenLifetime + serviceTokenSkew)):
		return ErrServiceToken.Because("jwt expires too far in the future")
	}
	return nil
}

// verifyServiceToken returns what a token claims that passes check. What does not pass, which
// anybody can send, causes no look-ups and leaves no nonces.
func (s *Service) verifyServiceToken(ctx context.Context, token string, check ClaimsCheck) (ServiceToken, error) {
	claims, err := s.ServiceTokens.VerifyService(ctx, token, s.Now().Add(-serviceTokenSkew), check, s.serviceKey)
	if err != nil {
		return ServiceToken{}, fmt.Errorf("verify service token: %w", err)
	}
	return ServiceToken{claims, s.serviceNonce(token, claims)}, nil
}

// serviceNonce returns what tells a service token from every other one. Without an id it
// is what is signed: a signature can be rewritten by anybody.
func (s *Service) serviceNonce(token string, claims ServiceClaims) Nonce {
	nonce := Nonce{ExpiresAt: claims.ExpiresAt.Add(serviceTokenSkew)}
	if claims.ID == "" {
		nonce.Hash = s.hashSecret("service token", token[:strings.LastIndexByte(token, '.')+1])
	} else {
		nonce.Hash = s.hashSecret("service token", claims.Issuer, claims.ID)
	}
	return nonce
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
