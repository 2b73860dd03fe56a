package account

import "context"

// UserInfo returns the caller's account as its owner may see it, with its DID document,
// which is nil if it is not known or not wanted. An account that was taken down has none:
// the error is then [ErrNoUserInfo].
func (s *Service) UserInfo(ctx context.Context, caller Caller) (Account, []byte, error) {
	if caller.Account.Status() == StatusTakendown {
		return Account{}, nil, ErrNoUserInfo.Because("Could not find user info for account: %s", caller.Account.DID)
	}
	return caller.Account, s.DIDDoc(ctx, caller.Account.DID), nil
}
