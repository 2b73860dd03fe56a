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
	err = s.replacePassword(ctx, account.DID, password, &proof, EventPasswordReset, client)
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
	if _, err := s.Store.FindAccount(ctx, byDID(did)); err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	return s.replacePassword(ctx, did, password, nil /* proof */, EventPasswordSet, client)
}

// replacePassword hashes a password and keeps it, and tells the owner which app passwords
// still work.
func (s *Service) replacePassword(ctx context.Context, did syntax.DID, password string, proof *TokenProof, kind EventKind, client Client) error {
	hash, err := s.Hasher.Hash(ctx, normalizePassword(password))
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	err = s.Store.SetPassword(ctx, PasswordChange{
		DID:              did,
		PasswordHash:     hash,
		Proof:            proof,
		DropAppPasswords: s.Policy.ResetDropsAppPasswords,
		Record: func(owner Account, kept []AppPassword) (Record, error) {
			return s.record(owner, kind, client, "", passwordChangedNotice(kept))
		},
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}
