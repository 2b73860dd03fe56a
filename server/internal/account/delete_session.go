package account

import (
	"context"
	"fmt"
)

// DeleteSession ends the session of a refresh token: from then on none of its
// tokens, access tokens included, is worth anything. It succeeds if the session is
// over already. The token may have been used, however long ago, and may have expired.
//
// It returns the refusals of a token except [ErrTokenExpired] and
// [ErrTokenRevoked], and [ErrStoreFull].
func (s *Service) DeleteSession(ctx context.Context, refreshJWT string) error {
	claims, err := s.Tokens.VerifyRefreshOfAnyAge(refreshJWT)
	if err != nil {
		return err
	}
	if err := s.Store.EndSession(ctx, claims.Subject, claims.SessionID, Record{}); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
