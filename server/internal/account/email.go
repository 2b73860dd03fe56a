package account

import (
	"net/mail"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Bounds of an email address in bytes, of RFC 5321, section 4.5.3.1.
const (
	maxEmail      = 254
	maxEmailLocal = 64
)

// normalizeEmail returns an address in small letters, in which it is kept and
// compared: users seldom type their address in the same case twice.
func normalizeEmail(s string) (string, error) {
	if s == "" {
		return "", ErrInvalidEmail.Because("Email is required")
	}
	if !isEmail(s) {
		return "", ErrInvalidEmail
	}
	return lowerASCII(s), nil
}

// isEmail reports whether s is a bare ASCII address at a domain that has a dot.
// What RFC 5322 allows beyond that, such as quotes, comments and names, no
// mailbox of a person needs.
func isEmail(s string) bool {
	if len(s) > maxEmail || !isVisibleASCII(s) {
		return false
	}
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	// The syntax of handles is that of domain names.
	return at <= maxEmailLocal && syntax.Handle(s[at+1:]).Valid()
}

func isVisibleASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// refuseTakenEmail returns [ErrEmailTaken] with a text, or with that of [ErrInvalidEmail] if
// the client is not to learn which of both it is. The kind stays: what counts how often
// somebody meets a taken address has to know.
func (s *Service) refuseTakenEmail(text string) error {
	if s.Policy.HideTakenEmails {
		text = ErrInvalidEmail.Error()
	}
	return ErrEmailTaken.Because("%s", text)
}
