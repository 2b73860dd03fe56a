package account

import "context"

// RequestEmailConfirmation mails the token of [Service.ConfirmEmail]. It returns
// [ErrNoEmail], and, if the account or the caller's session has ended meanwhile,
// [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) RequestEmailConfirmation(ctx context.Context, caller Caller, client Client) error {
	return s.mailToken(ctx, caller, PurposeConfirmEmail, client)
}

// RequestEmailUpdate mails the token of [Service.UpdateEmail] to the address that the
// account has, if one is required: if that address is confirmed. It returns what
// RequestEmailConfirmation returns.
func (s *Service) RequestEmailUpdate(ctx context.Context, caller Caller, client Client) (tokenRequired bool, err error) {
	if caller.Account.EmailConfirmedAt.IsZero() {
		return false, nil
	}
	return true, s.mailToken(ctx, caller, PurposeUpdateEmail, client)
}

// RequestAccountDelete mails the token of [Service.DeleteAccount]. It returns what
// [Service.RequestEmailConfirmation] returns.
func (s *Service) RequestAccountDelete(ctx context.Context, caller Caller, client Client) error {
	return s.mailToken(ctx, caller, PurposeDeleteAccount, client)
}
