package account

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of app passwords: how many characters a name has, and how many app passwords an
// account has.
const (
	maxAppPasswordName = 100
	maxAppPasswords    = 100
)

// AppPasswordRequest is a request for an app password.
type AppPasswordRequest struct {
	Name       string // by which the owner knows it, trimmed of space
	Privileged bool
	Client     Client
}

// CreateAppPassword makes an app password and returns it. It is not shown again.
//
// It returns [ErrAppPasswordName], [ErrAppPasswordTaken], [ErrTooManyAppPasswords], and, if
// the account or the caller's session has ended meanwhile, [ErrAccountNotFound],
// [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) CreateAppPassword(ctx context.Context, caller Caller, request AppPasswordRequest) (string, AppPassword, error) {
	name := strings.TrimSpace(request.Name)
	if !isAppPasswordName(name) {
		return "", AppPassword{}, ErrAppPasswordName
	}
	secret, err := s.newAppPassword()
	if err != nil {
		return "", AppPassword{}, err
	}
	record, err := s.recordNotice(caller, EventAppPasswordCreated, request.Client, name, appPasswordCreatedNotice(name))
	if err != nil {
		return "", AppPassword{}, err
	}
	password := AppPassword{
		DID:        caller.Account.DID,
		Name:       name,
		Hash:       s.hashAppPassword(caller.Account.DID, secret),
		Privileged: request.Privileged,
		CreatedAt:  s.Now(),
	}
	if err := s.Store.CreateAppPassword(ctx, password, maxAppPasswords, record); err != nil {
		return "", AppPassword{}, fmt.Errorf("create app password: %w", err)
	}
	return secret, password, nil
}

// isAppPasswordName reports whether name fits on a line of a mail.
func isAppPasswordName(name string) bool {
	n := utf8.RuneCountInString(name)
	return n >= 1 && n <= maxAppPasswordName && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsControl)
}
