package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// ResetPassword replaces the password of the account that a token was mailed to and ends
// all its sessions. Of several resets with one token exactly one succeeds. A token that is
// no good costs no hashing.
//
// It returns [ErrInvalidRequest] for a password that cannot be chosen,
// [ErrEmailTokenInvalid] and [ErrEmailTokenExpired]. It can also return [ErrBusy].
func (s *Service) ResetPassword(ctx context.Context, token, password string, client Client) error {
	if err := s.Passwords.checkReset(password); err != nil {
		return err
	}
	proof := s.proof(PurposeResetPassword, token)
	account, err := s.Store.FindByEmailToken(ctx, proof)
	if err != nil {
		return fmt.Errorf("find account of token: %w", err)
	}
	err = s.replacePassword(ctx, account, password, &proof, EventPasswordReset, client)
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return ErrEmailTokenInvalid
	case err != nil:
		return err
	}
	s.forgetFailures(account)
	return nil
}

// SetPassword replaces the password of an account and ends all its sessions, for an
// administrator. It returns [ErrInvalidRequest] for a password that cannot be chosen, and
// [ErrAccountNotFound].
func (s *Service) SetPassword(ctx context.Context, did syntax.DID, password string, client Client) error {
	if err := s.Passwords.checkReset(password); err != nil {
		return err
	}
	account, err := s.Store.FindAccount(ctx, byDID(did))
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	return s.replacePassword(ctx, account, password, nil /* proof */, EventPasswordSet, client)
}

// replacePassword hashes a password and keeps it, and tells the owner which app passwords
// still work.
func (s *Service) replacePassword(ctx context.Context, account Account, password string, proof *TokenProof, kind EventKind, client Client) error {
	hash, err := s.Hasher.Hash(ctx, normalizePassword(password))
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	var kept []AppPassword
	if !s.Policy.ResetDropsAppPasswords {
		if kept, err = s.Store.AppPasswords(ctx, account.DID); err != nil {
			return fmt.Errorf("list app passwords: %w", err)
		}
	}
	record, err := s.record(account, kind, client, "", passwordChangedNotice(kept))
	if err != nil {
		return err
	}
	err = s.Store.SetPassword(ctx, PasswordChange{
		DID:              account.DID,
		PasswordHash:     hash,
		Proof:            proof,
		DropAppPasswords: s.Policy.ResetDropsAppPasswords,
		Record:           record,
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}
