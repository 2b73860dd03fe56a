package account

import (
	"context"
	"errors"
	"fmt"
)

// ConfirmEmail notes that the address of the caller's account is its owner's, who read the
// token there.
//
// It returns [ErrEmailMismatch] if email is not that address, [ErrEmailTokenInvalid],
// [ErrEmailTokenExpired], [ErrUserNotFound], and, if the caller's session has ended
// meanwhile, [ErrTakendown] or [ErrTokenRevoked].
func (s *Service) ConfirmEmail(ctx context.Context, caller Caller, email, token string, client Client) error {
	record, err := s.recordAs(caller, EventEmailConfirmed, client, "")
	if err != nil {
		return err
	}
	proof := s.proof(PurposeConfirmEmail, token)
	err = s.Store.ConfirmEmail(ctx, caller.Account.DID, lowerASCII(email), proof, record)
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return ErrUserNotFound
	case err != nil:
		return fmt.Errorf("confirm email: %w", err)
	}
	return nil
}
