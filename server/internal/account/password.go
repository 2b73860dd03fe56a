package account

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, in characters. What is typed in at login may be longer
// than what can be chosen now, for passwords chosen under other rules.
const (
	maxPassword      = 256
	maxLoginPassword = 512
)

// PasswordPolicy says which passwords may be chosen. It says nothing of those that were
// chosen before.
type PasswordPolicy struct {
	// MinLength is the least number of characters; 0 allows any but the empty one.
	MinLength int
	// Optional lets accounts be made without a password. Their owners get one by a reset.
	Optional bool
	// Breached lists passwords that cannot be chosen; nil if there is no such list.
	Breached BreachedPasswords
}

// checkSignup is checkNew for the password of a sign-up.
func (p PasswordPolicy) checkSignup(signup Signup) error {
	if p.Optional && signup.NoPassword {
		return nil
	}
	return p.checkNew(signup.Password)
}

// checkNew returns [ErrInvalidPassword] if password cannot be chosen. Any other error is
// one of the list of breached passwords.
func (p PasswordPolicy) checkNew(password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n > maxPassword:
		return ErrInvalidPassword.Because("Password too long. Maximum length is %d characters.", maxPassword)
	case n == 0:
		return ErrInvalidPassword.Because("Password is required")
	case !isHashable(password):
		return ErrInvalidPassword.Because("Password has characters that are not text")
	case n < p.MinLength:
		return ErrInvalidPassword.Because("Password too short. Minimum length is %d characters.", p.MinLength)
	}
	return p.checkBreached(password)
}

// checkBreached returns [ErrInvalidPassword] if password is on the list of breached ones,
// as it was typed or in the form in which it is hashed: both open the account.
func (p PasswordPolicy) checkBreached(password string) error {
	if p.Breached == nil {
		return nil
	}
	for _, form := range slices.Compact([]string{password, normalizePassword(password)}) {
		isBreached, err := p.Breached.Contains(form)
		switch {
		case err != nil:
			return fmt.Errorf("look for breached password: %w", err)
		case isBreached:
			return ErrInvalidPassword.Because("This password is known from a data breach, please choose a different password.")
		}
	}
	return nil
}

// checkReset is checkNew for a reset, whose clients know other refusals.
func (p PasswordPolicy) checkReset(password string) error {
	err := p.checkNew(password)
	switch {
	case !errors.Is(err, ErrInvalidPassword):
		return err
	case utf8.RuneCountInString(password) > maxPassword:
		return ErrInvalidRequest.Because("Invalid password length.")
	}
	return ErrInvalidRequest.Because("%s", err)
}

// checkLoginPassword returns an error for what no account can have as a password.
func checkLoginPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) > maxLoginPassword:
		return ErrLoginPasswordTooLong
	case !isHashable(password):
		return ErrInvalidLogin
	}
	return nil
}

func isHashable(password string) bool {
	return utf8.ValidString(password) && !strings.ContainsRune(password, 0)
}

// normalizePassword returns the form in which a password is hashed and compared:
// NFC, because keyboards disagree on how to write an accented letter.
//
// See https://www.unicode.org/reports/tr15/.
func normalizePassword(password string) string {
	return norm.NFC.String(password)
}
