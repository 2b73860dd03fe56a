package api_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A mailbox keeps all mails that are sent.
type mailbox struct {
	mu    sync.Mutex
	mails []account.Mail
}

func (m *mailbox) Send(_ context.Context, mail account.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = append(m.mails, mail)
	return nil
}

// mails sends the mails that wait and returns those of a subject, the newest last.
func (b *bench) mails(t *testing.T, subject string) []account.Mail {
	t.Helper()
	must(t, b.service.AnswerResets(t.Context()))
	_, err := b.service.DeliverMails(t.Context())
	must(t, err)
	b.mailbox.mu.Lock()
	defer b.mailbox.mu.Unlock()
	var found []account.Mail
	for _, mail := range b.mailbox.mails {
		if mail.Subject == subject {
			found = append(found, mail)
		}
	}
	return found
}

// The subjects of the mails that bring tokens.
const (
	subjectConfirm = "Email Confirmation"
	subjectUpdate  = "Email Update Requested"
	subjectReset   = "Password Reset Requested"
	subjectDelete  = "Account Deletion Requested"
	subjectPLC     = "PLC Update Operation Requested"
)

// mail returns the newest mail of a subject, which must go to an address and have all parts in its HTML.
func (b *bench) mail(t *testing.T, subject, to string, parts ...string) account.Mail {
	t.Helper()
	found := b.mails(t, subject)
	if len(found) == 0 {
		t.Fatalf("no mail %q", subject)
	}
	mail := found[len(found)-1]
	if mail.To != to {
		t.Errorf("mail %q: got address %s, want %s", subject, mail.To, to)
	}
	for _, part := range parts {
		if !strings.Contains(mail.HTML, part) {
			t.Errorf("mail %q: got %s, want %q in it", subject, mail.HTML, part)
		}
	}
	return mail
}

// codePattern is the form of a mailed token, by which clients know it.
var codePattern = regexp.MustCompile(`\b[A-Z2-7]{5}-[A-Z2-7]{5}\b`)

// code returns the token in the newest mail of a subject.
func (b *bench) code(t *testing.T, subject string) string {
	t.Helper()
	found := b.mails(t, subject)
	if len(found) == 0 {
		t.Fatalf("no mail %q", subject)
	}
	mail := found[len(found)-1]
	code := codePattern.FindString(mail.Text)
	if code == "" || !strings.Contains(mail.HTML, code) {
		t.Fatalf("mail %q: no code in %s", subject, mail.Text)
	}
	return code
}
