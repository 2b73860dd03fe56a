package account

import (
	"context"
	"fmt"
)

// RefreshSession exchanges a refresh token for new tokens of the same session. For
// [RefreshGrace] after its first use the same token is answered with the same next
// one, so that a client which lost an answer, or has several windows, stays logged
// in. A deactivated account may refresh.
//
// It returns the refusals of a token, [ErrTakendown] and [ErrStoreFull].
func (s *Service) RefreshSession(ctx context.Context, refreshJWT string) (Grant, error) {
	now := s.Now()
	claims, err := s.Tokens.VerifyRefresh(refreshJWT, now)
	if err != nil {
		return Grant{}, err
	}
	nextID := s.Tokens.NextRefreshID(claims.ID)
	caller, err := s.Store.RotateRefresh(ctx, Rotation{
		DID:        claims.Subject,
		Presented:  HashRefreshID(claims.ID),
		Next:       HashRefreshID(nextID),
		Now:        now,
		GraceUntil: now.Add(RefreshGrace),
		IdleUntil:  now.Add(IdleLifetime),
	})
	if err != nil {
		return Grant{}, fmt.Errorf("rotate refresh token: %w", err)
	}
	grant, err := s.grant(caller, nextID, now)
	if err != nil {
		return Grant{}, err
	}
	grant.DIDDoc = s.DIDDoc(ctx, caller.Account.DID)
	return grant, nil
}
