package account

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// UserInfo returns the caller's account as its owner may see it, with its DID document,
// which is nil if it is not known or not wanted. An account that was taken down has none:
// the error is then [ErrNoUserInfo].
func (s *Service) UserInfo(ctx context.Context, caller Caller) (Account, []byte, error) {
	if caller.Account.Status() == StatusTakendown {
		return Account{}, nil, NoUserInfo(caller.Account.DID)
	}
	return caller.Account, s.sessionDIDDoc(ctx, caller.Account.DID), nil
}

// NoUserInfo returns the [ErrNoUserInfo] of an account.
func NoUserInfo(did syntax.DID) error {
	return ErrNoUserInfo.Because("Could not find user info for account: %s", did)
}
