package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ListAppPasswords returns the app passwords of the caller's account, the newest first.
func (s *Service) ListAppPasswords(ctx context.Context, caller Caller) ([]AppPassword, error) {
	passwords, err := s.Store.AppPasswords(ctx, caller.Account.DID)
	if err != nil {
		return nil, fmt.Errorf("list app passwords: %w", err)
	}
	return slices.DeleteFunc(passwords, func(p AppPassword) bool { return !s.mayManage(caller, p.Name) }), nil
}

// RevokeAppPassword deletes an app password and ends every session that was opened with
// it. There need not be one of that name. It returns [ErrBadScope] to a session that may
// revoke none but its own, and, if the account or the session has ended meanwhile,
// [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) RevokeAppPassword(ctx context.Context, caller Caller, name string, client Client) error {
	name = strings.TrimSpace(name)
	if !s.mayManage(caller, name) {
		return ErrBadScope
	}
	record, err := s.recordNotice(caller, EventAppPasswordRevoked, client, name, appPasswordRevokedNotice(name))
	if err != nil {
		return err
	}
	if err := s.Store.DeleteAppPassword(ctx, caller.Account.DID, name, record); err != nil {
		return fmt.Errorf("delete app password: %w", err)
	}
	return nil
}

// mayManage reports whether a session may see and revoke an app password.
func (s *Service) mayManage(caller Caller, name string) bool {
	return !s.Policy.ConfineAppPasswords || caller.Session.AppPassword == "" || caller.Session.AppPassword == name
}
