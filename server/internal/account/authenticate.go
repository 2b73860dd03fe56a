package account

import (
	"context"
	"errors"
	"fmt"
)

// Authenticate returns who speaks with an access token, whatever its scope: the kind of
// the session says what it may do. The session is looked up on each call, so that its end
// takes effect on the next request. The status of the account is not judged: some methods
// are open to accounts that are not active.
//
// It returns the refusals of a token, [ErrAccountNotFound] and, for a session that a takedown
// ended, [ErrTakendown] as long as the account is taken down; the caller then has no session,
// and of the account nothing but the DID.
func (s *Service) Authenticate(ctx context.Context, accessJWT string) (Caller, error) {
	now := s.Now()
	claims, err := s.Tokens.VerifyAccess(accessJWT, now)
	if err != nil {
		return Caller{}, err
	}
	caller, err := s.Store.FindSession(ctx, claims.Subject, claims.SessionID)
	switch {
	case errors.Is(err, ErrTakendown):
		return Caller{Account: Account{DID: claims.Subject}}, ErrTakendown
	case err != nil:
		return Caller{}, fmt.Errorf("find session: %w", err)
	case !now.Before(caller.Session.ExpiresAt):
		return Caller{}, ErrTokenRevoked
	case claims.Scope != caller.Session.Kind.Scope():
		return Caller{}, ErrBadScope
	}
	return caller, nil
}
