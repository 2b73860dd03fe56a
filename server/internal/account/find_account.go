package account

import (
	"context"
	"fmt"
)

// FindAccount returns the account that somebody names by its handle, DID or email, for
// an operator. It returns [ErrAccountNotFound].
func (s *Service) FindAccount(ctx context.Context, name string) (Account, error) {
	found, err := s.Store.FindAccount(ctx, parseIdentifier(name))
	if err != nil {
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	return found, nil
}
