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
// It returns [ErrInvalidEmail]; [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked]
// if the account or the caller's session has ended meanwhile; [ErrInvalidRequest] if codes
// cannot be mailed to an address that is unconfirmed, as a new one is, [ErrEmailTokenRequired],
// [ErrEmailTokenInvalid], [ErrEmailTokenExpired] and [ErrEmailTaken], the first that
// applies. The token is looked at only if the address is confirmed at the time of the call,
// and used only if nothing is wrong.
func (s *Service) UpdateEmail(ctx context.Context, caller Caller, update EmailUpdate) error {
	email, err := normalizeEmail(update.Email)
	if err != nil {
		return err
	}
	if email != caller.Account.Email {
		if err := s.Emails.check(email); err != nil {
			return err
		}
	}
	change := EmailChange{
		DID:        caller.Account.DID,
		Email:      email,
		AuthFactor: update.AuthFactor,
		Record: func(before Account) (Record, error) {
			return s.recordEmailUpdate(Caller{before, caller.Session}, email, update)
		},
	}
	isConfirmed := !caller.Account.EmailConfirmedAt.IsZero()
	if isConfirmed && strings.TrimSpace(update.Token) != "" {
		proof := s.proof(PurposeUpdateEmail, update.Token)
		change.Proof = &proof
	}
	return s.setEmail(ctx, change)
}

// recordEmailUpdate returns what a change of the address to email, or of the second factor,
// leaves behind.
func (s *Service) recordEmailUpdate(caller Caller, email string, update EmailUpdate) (Record, error) {
	before := caller.Account
	same := email == before.Email
	turnOn := update.AuthFactor != nil && *update.AuthFactor
	switch {
	case same && turnOn && before.EmailConfirmedAt.IsZero():
		return Record{}, ErrInvalidRequest.Because("Confirm your email address before you turn on sign in codes")
	case !same && turnOn:
		return Record{}, ErrInvalidRequest.Because("Confirm the new email address before you turn on sign in codes")
	case !same:
		return s.recordNotice(caller, EventEmailChanged, update.Client, "", emailChangedNotice(before, email))
	case update.AuthFactor != nil && turnOn != before.EmailAuthFactor:
		return s.recordNotice(caller, EventAuthFactor, update.Client, describeSwitch(turnOn), authFactorNotice(turnOn))
	}
	return Record{SessionID: caller.Session.ID}, nil
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
	return s.setEmail(ctx, EmailChange{
		DID:    account.DID,
		Email:  email,
		Forced: true,
		Record: func(before Account) (Record, error) {
			var letters []letter
			if email != before.Email {
				letters = append(letters, emailChangedNotice(before, email))
			}
			return s.record(before, EventEmailChanged, client, "by an administrator", letters...)
		},
	})
}

func (s *Service) setEmail(ctx context.Context, change EmailChange) error {
	const taken = "This email address is already in use, please use a different email."
	_, err := s.Store.SetEmail(ctx, change)
	switch {
	case errors.Is(err, ErrEmailTaken) && change.Forced:
		return ErrEmailTaken.Because(taken) // an administrator may know
	case errors.Is(err, ErrEmailTaken):
		return s.refuseTakenEmail(taken)
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
