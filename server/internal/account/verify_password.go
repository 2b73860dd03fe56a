package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// findCredentials returns the zero Credentials if an identifier names no account: who
// asks goes on as if there were one, so that nobody sees a difference.
func (s *Service) findCredentials(ctx context.Context, identifier Identifier) (Credentials, error) {
	credentials, err := s.Store.FindCredentials(ctx, identifier)
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return Credentials{}, nil
	case err != nil:
		return Credentials{}, fmt.Errorf("find account: %w", err)
	}
	return credentials, nil
}

// A guess is a try at a password.
type guess struct {
	key     string
	counted bool          // as a failure, until settle knows better
	wait    time.Duration // for which guesses have to wait, or zero
	barred  bool          // even the right password has to
}

// admit lets somebody try at the password of an identifier. The try counts before the
// password is looked at, so that many at once learn no more than one after the other.
//
// If that failed too often, who guesses has to wait. The right password from a network that
// the account knows does not: strangers shall not lock the owner out. Settle says so when the
// password was looked at, whoever sent it: neither the answer nor the time it takes tells
// whether there is such an account, and which networks it knows.
func (s *Service) admit(ctx context.Context, identifier Identifier, account Account, client Client) (guess, error) {
	g := guess{key: failureKey(identifier, account)}
	g.wait = s.Failures.Try(g.key)
	if g.wait <= 0 {
		g.counted = true
		return g, nil
	}
	known, err := s.Store.KnowsNetwork(ctx, account.DID, ownEvents(), client.network())
	if err != nil {
		return guess{}, fmt.Errorf("look for network: %w", err)
	}
	g.barred = !known
	return g, nil
}

// settle notes what became of a guess, and returns what who made it is told: that, or
// [ErrTooManyFailures]. What is neither a failure nor the account's own password, such as an
// app password, leaves the failures as they were.
func (s *Service) settle(g guess, own bool, err error) error {
	switch {
	case g.barred && err == nil, g.wait > 0 && isWrongPassword(err):
		return ErrTooManyFailures.After(g.wait)
	case err == nil && own:
		s.Failures.Succeed(g.key)
	case g.counted && !isWrongPassword(err) && !errors.Is(err, ErrEmailTokenInvalid):
		s.Failures.Forgive(g.key)
	}
	return err
}

// isWrongPassword reports whether an error is one of those that who guesses gets.
func isWrongPassword(err error) bool {
	return errors.Is(err, ErrInvalidLogin) || errors.Is(err, ErrInvalidDeletion) || errors.Is(err, ErrLoginPasswordTooLong)
}

// failureKey returns under which key the failures of an identifier are counted. Those of an
// account's handle and of its DID count together, as everybody knows that they are its. Those of
// its email count apart, so that nobody learns whose that is. Strangers choose what is typed; its
// hash is short.
func failureKey(identifier Identifier, account Account) string {
	value := identifier.Value
	if identifier.Kind != ByEmail && account.DID != "" {
		value = string(account.DID)
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// forgetFailures lets the owner of an account, who proved to be, log in at once.
func (s *Service) forgetFailures(account Account) {
	s.Failures.Succeed(failureKey(byDID(account.DID), account))
	s.Failures.Succeed(failureKey(Identifier{ByEmail, account.Email}, account))
}

// verifyPassword compares a password with the account's own. An account that is not
// there, or has no password, costs as much as a wrong password, and so does a password
// that nobody can have: in its place the empty one is compared, and the refusal of
// checkLoginPassword is returned.
func (s *Service) verifyPassword(ctx context.Context, identifier Identifier, credentials Credentials, typed string) (Verdict, error) {
	refusal := checkLoginPassword(typed)
	if refusal != nil {
		typed = ""
	}
	verdict, err := s.compare(ctx, identifier, credentials.PasswordHash, normalizePassword(typed))
	switch {
	case err != nil:
		return Mismatch, err
	case refusal != nil:
		return Mismatch, refusal
	}
	return verdict, nil
}

func (s *Service) compare(ctx context.Context, identifier Identifier, hash, password string) (Verdict, error) {
	if hash == "" {
		return Mismatch, s.verifyDecoy(ctx, identifier, password)
	}
	verdict, err := s.Hasher.Verify(ctx, hash, password)
	if err != nil {
		return Mismatch, fmt.Errorf("verify password: %w", err)
	}
	return verdict, nil
}
