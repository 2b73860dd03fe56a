package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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

// admit returns [ErrTooManyFailures] if an identifier was guessed at too often. A client
// whose address the account knows goes on: strangers shall not lock the owner out.
func (s *Service) admit(ctx context.Context, identifier Identifier, account Account, client Client) error {
	if s.Failures.Wait(failureKey(identifier)) <= 0 {
		return nil
	}
	known, err := s.Store.KnowsClient(ctx, account.DID, Client{IP: client.IP})
	switch {
	case err != nil:
		return fmt.Errorf("look for client: %w", err)
	case !known:
		return ErrTooManyFailures
	}
	return nil
}

// failureKey returns under which key failures are counted: by what was typed, so that
// nobody learns which handle and which email belong together. Strangers choose what is
// typed; its hash is short.
func failureKey(identifier Identifier) string {
	sum := sha256.Sum256([]byte(identifier.Value))
	return hex.EncodeToString(sum[:])
}

// forgetFailures lets the owner of an account, who proved to be, log in at once.
func (s *Service) forgetFailures(account Account) {
	s.Failures.Succeed(failureKey(Identifier{ByHandle, string(account.Handle)}))
	s.Failures.Succeed(failureKey(Identifier{ByEmail, account.Email}))
	s.Failures.Succeed(failureKey(byDID(account.DID)))
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
