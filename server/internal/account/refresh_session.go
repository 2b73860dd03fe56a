package account

import (
	"context"
	"errors"
	"fmt"
)

// RefreshSession exchanges a refresh token for new tokens of the same session. For
// [RefreshGrace] after its first use the same token is answered with the same next
// one, so that a client which lost an answer, or has several windows, stays logged
// in. A deactivated account may refresh.
//
// A token that was used and whose grace is over is refused; an operator may have it end its
// session too, as [Policy] says. That is so for as long as the token itself has not expired.
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
		SessionID:  claims.SessionID,
		Presented:  HashRefreshID(claims.ID),
		Next:       HashRefreshID(nextID),
		Now:        now,
		GraceUntil: now.Add(RefreshGrace),
		IdleUntil:  now.Add(IdleLifetime),
	})
	if errors.Is(err, ErrTokenRevoked) && s.Policy.EndReplayedSessions {
		if fault := s.endReplayed(ctx, claims); fault != nil {
			return Grant{}, fault
		}
	}
	if err != nil {
		return Grant{}, fmt.Errorf("rotate refresh token: %w", err)
	}
	grant, err := s.grant(caller, nextID, now)
	if err != nil {
		return Grant{}, err
	}
	grant.DIDDoc = s.sessionDIDDoc(ctx, caller.Account.DID)
	return grant, nil
}

// endReplayed ends the session of a refresh token that the store has refused, and tells the
// owner, if the session is not over. Then the token was used before, whether the store still
// has it or not: nothing else spoils one that this server signed, unless the store went back
// to a backup from before the token.
func (s *Service) endReplayed(ctx context.Context, claims RefreshClaims) error {
	caller, err := s.Store.FindSession(ctx, claims.Subject, claims.SessionID)
	switch {
	case isRefusal(err), err == nil && !caller.Session.ExpiresAt.After(s.Now()):
		return nil
	case err != nil:
		return fmt.Errorf("find session: %w", err)
	}
	record, err := s.recordNotice(caller, EventTokenReplayed, Client{}, caller.Session.AppPassword, tokenReplayedNotice(caller.Session))
	if err != nil {
		return err
	}
	err = s.Store.EndSession(ctx, claims.Subject, claims.SessionID, record)
	if err != nil && !isRefusal(err) {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

func isRefusal(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal)
}
