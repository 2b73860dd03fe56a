package mail

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// maxAddress bounds an address in bytes, as RFC 5321, section 4.5.3.1.3 does.
const maxAddress = 254

var errBadAddress = errors.New("not an email address")

// parseSender reads the address that mails come from, with or without a name, such as
// "Example <noreply@example.com>".
func parseSender(s string) (*mail.Address, error) {
	sender, err := mail.ParseAddress(s)
	if err != nil || !isPlain(s) || checkAddress(sender.Address) != nil {
		return nil, fmt.Errorf("sender %q: %w", s, errBadAddress)
	}
	return sender, nil
}

// checkAddress returns an error unless s is an ASCII address and nothing else.
func checkAddress(s string) error {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || address.Name != "" || len(s) > maxAddress || !isPlain(s) || !isASCII(s) {
		return errBadAddress
	}
	return nil
}

// isPlain tells whether s has no control characters, with which headers could be added.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\x7f' })
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}

// compose returns a mail as a message from sender, as text and as HTML. It returns
// [account.ErrMailRefused] for what no server may be sent.
//
// See https://www.rfc-editor.org/rfc/rfc5322 and, for Auto-Submitted, with which
// machines know not to answer, https://www.rfc-editor.org/rfc/rfc3834.
func compose(sender *mail.Address, m account.Mail, date time.Time, encoding gomail.Encoding) (*gomail.Msg, error) {
	if err := checkAddress(m.To); err != nil {
		return nil, fmt.Errorf("recipient: %w: %w", err, account.ErrMailRefused)
	}
	if !isPlain(m.Subject) {
		return nil, fmt.Errorf("subject with control characters: %w", account.ErrMailRefused)
	}
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(encoding))
	message.FromMailAddress(sender)
	message.ToMailAddress(&mail.Address{Address: m.To})
	message.Subject(m.Subject)
	message.SetDateWithValue(date)
	message.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + domain(sender))
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	// A reader shows the last form that it knows.
	message.SetBodyString(gomail.TypeTextPlain, lines(m.Text))
	message.AddAlternativeString(gomail.TypeTextHTML, lines(m.HTML))
	return message, nil
}

// domain returns what follows the @ of an address.
func domain(address *mail.Address) string {
	return address.Address[strings.LastIndexByte(address.Address, '@')+1:]
}

// lines ends all lines of a text as mail does.
func lines(text string) string {
	return strings.NewReplacer("\r\n", "\r\n", "\n", "\r\n", "\r", "\r\n").Replace(text)
}
