package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// EmailUpdate is a request for another address, for a switch of the second factor, or for
// both.
type EmailUpdate struct {
	Email      string
	Token      string // empty if the client has none
	AuthFactor *bool  // nil leaves the second factor as it is
	Client     Client
}

// UpdateEmail changes the address of the caller's account, which is unconfirmed then. If
// it is the same address, only the second factor is set.
//
// It returns [ErrInvalidEmail], [ErrInvalidRequest] if codes cannot be mailed to an
// address that is unconfirmed, [ErrEmailTokenRequired], [ErrEmailTokenInvalid],
// [ErrEmailTokenExpired] and [ErrEmailTaken], the first that applies. The token is used
// only if nothing is wrong.
func (s *Service) UpdateEmail(ctx context.Context, caller Caller, update EmailUpdate) error {
	email, err := normalizeEmail(update.Email)
	if err != nil {
		return err
	}
	same := email == caller.Account.Email
	turnOn := update.AuthFactor != nil && *update.AuthFactor
	if same && turnOn && caller.Account.EmailConfirmedAt.IsZero() {
		return ErrInvalidRequest.Because("Confirm your email address before you turn on sign in codes")
	}
	change := EmailChange{DID: caller.Account.DID, Email: email, AuthFactor: update.AuthFactor}
	if strings.TrimSpace(update.Token) != "" {
		proof := s.proof(PurposeUpdateEmail, update.Token)
		change.Proof = &proof
	}
	switch {
	case !same:
		change.Record, err = s.record(caller.Account, EventEmailChanged, update.Client, "", emailChangedNotice(email))
	case update.AuthFactor != nil && turnOn != caller.Account.EmailAuthFactor:
		change.Record, err = s.record(caller.Account, EventAuthFactor, update.Client, describeSwitch(turnOn), authFactorNotice(turnOn))
	}
	if err != nil {
		return err
	}
	return s.setEmail(ctx, change)
}

// SetEmail changes the address of the account that an administrator names, which is
// unconfirmed then. It returns [ErrInvalidEmail], [ErrAccountNotFound] or [ErrEmailTaken].
func (s *Service) SetEmail(ctx context.Context, identifier, email string, client Client) error {
	email, err := normalizeEmail(email)
	if err != nil {
		return err
	}
	account, err := s.Store.FindAccount(ctx, parseIdentifier(identifier))
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return ErrAccountNotFound.Because("Account does not exist: %s", identifier)
	case err != nil:
		return fmt.Errorf("find account: %w", err)
	}
	var letters []letter
	if email != account.Email {
		letters = append(letters, emailChangedNotice(email))
	}
	record, err := s.record(account, EventEmailChanged, client, "by an administrator", letters...)
	if err != nil {
		return err
	}
	return s.setEmail(ctx, EmailChange{DID: account.DID, Email: email, Forced: true, Record: record})
}

func (s *Service) setEmail(ctx context.Context, change EmailChange) error {
	_, err := s.Store.SetEmail(ctx, change)
	switch {
	case errors.Is(err, ErrEmailTaken):
		return ErrEmailTaken.Because("This email address is already in use, please use a different email.")
	case err != nil:
		return fmt.Errorf("set email: %w", err)
	}
	return nil
}

func describeSwitch(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
