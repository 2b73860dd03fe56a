package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

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

// An account is mailed at most maxTokenMails tokens in tokenMailWindow for a purpose for
// which others than its owner can ask.
const (
	maxTokenMails   = 10
	tokenMailWindow = time.Hour
)

// RequestPasswordReset mails the token of [Service.ResetPassword], if there is an account
// with that address. Whether there is one shows neither in the answer nor in the work.
func (s *Service) RequestPasswordReset(ctx context.Context, email string, client Client) error {
	account, err := s.Store.FindAccount(ctx, Identifier{ByEmail, lowerASCII(email)})
	if err != nil && !errors.Is(err, ErrAccountNotFound) {
		return fmt.Errorf("find account: %w", err)
	}
	enough, err := s.hasTokenMails(ctx, account.DID, PurposeResetPassword)
	switch {
	case err != nil:
		return err
	case enough || account.Email == "":
		return s.mailNobody(ctx)
	}
	err = s.mailToken(ctx, Caller{Account: account}, PurposeResetPassword, client)
	if errors.Is(err, ErrAccountNotFound) {
		return nil // it is gone, or has another address by now
	}
	return err
}

// hasTokenMails reports whether an account was mailed enough tokens of late.
func (s *Service) hasTokenMails(ctx context.Context, did syntax.DID, purpose EmailPurpose) (bool, error) {
	events, err := s.Store.Events(ctx, did, 5*maxTokenMails)
	if err != nil {
		return false, fmt.Errorf("list events: %w", err)
	}
	count, since := 0, s.Now().Add(-tokenMailWindow)
	for _, event := range events {
		if event.Kind == EventTokenMailed && event.Detail == string(purpose) && event.At.After(since) {
			count++
		}
	}
	return count >= maxTokenMails, nil
}

// mailNobody does the work of mailToken where no mail is to be sent. In place of a token
// it keeps a nonce for as long, because a write takes most of the time.
func (s *Service) mailNobody(ctx context.Context) error {
	token, err := s.newEmailToken()
	if err != nil {
		return err
	}
	nobody := Account{Email: "nobody@example.com"}
	if _, err := s.newMail(nobody, tokenLetter(PurposeResetPassword, token)); err != nil {
		return err
	}
	nonce := s.hashSecret("mail to nobody", token)
	if err := s.Store.ClaimNonce(ctx, nonce, s.Now(), s.Now().Add(EmailTokenLifetime)); err != nil {
		return fmt.Errorf("keep nonce: %w", err)
	}
	return nil
}
