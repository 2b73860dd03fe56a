package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// moderatorMail is a mail to alice.
func moderatorMail(subject, text string) account.ModeratorMail {
	return account.ModeratorMail{Sender: "did:plc:moderator", Recipient: "did:plc:1", Subject: subject, Text: text}
}

// queue queues mails to alice with subjects that are numbers.
func (b *bench) queue(t *testing.T, count int) {
	t.Helper()
	for i := range count {
		if err := b.SendMail(t.Context(), moderatorMail(fmt.Sprint(i), "text")); err != nil {
			t.Fatal(err)
		}
	}
}

func wantDelivery(t *testing.T, call string, got account.Delivery, want account.Delivery) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %+v, want %+v", call, got, want)
	}
}

func TestSendMail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	tests := []struct{ name, subject, text, wantSubject, wantText, wantHTML string }{
		{"plain", "Hello", "first\n\nsecond", "Hello", "\nfirst\n\nsecond\n", "first\n\nsecond"},
		{"no subject", "", "text", "Message via your PDS", "\ntext\n", "text"},
		{"what looks like HTML", "A <b> & c", "<script>alert('x')</script>", "A <b> & c", "<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
	}
	for _, tt := range tests {
		wantError(t, tt.name, b.SendMail(t.Context(), moderatorMail(tt.subject, tt.text)), nil)
		mails := b.newMails(t)
		if len(mails) != 1 || mails[0].To != "alice@example.com" || mails[0].Subject != tt.wantSubject {
			t.Fatalf("%s: got mails %+v, want one to alice with subject %q", tt.name, mails, tt.wantSubject)
		}
		if mail := mails[0]; !strings.Contains(mail.Text, tt.wantText) || !strings.Contains(mail.HTML, tt.wantHTML) {
			t.Errorf("%s: got mail %+v, want text with %q and HTML with %q", tt.name, mail, tt.wantText, tt.wantHTML)
		}
	}
}

func TestSendMailRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	lost := moderatorMail("", "text")
	lost.Recipient = "did:plc:nobody"
	wantText(t, "SendMail to nobody", b.SendMail(t.Context(), lost), "Recipient not found")
	injected := moderatorMail("a\r\nBcc: b@example.com", "text")
	wantError(t, "SendMail with a header", b.SendMail(t.Context(), injected), account.ErrInvalidRequest)
	b.wantEvents(t, "did:plc:1", account.EventCreated)
	if mails := b.newMails(t); len(mails) != 0 {
		t.Errorf("got mails %+v, want none", mails)
	}
}

// The audit log has who sent a mail, and from where, but not what it says. The mail does not
// say who sent it.
func TestSendMailEvent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.now = b.now.Add(time.Minute)
	mail := moderatorMail("Hello", "text")
	mail.Client = account.Client{IP: "192.0.2.7", UserAgent: "moderation tool"}
	wantError(t, "SendMail", b.SendMail(t.Context(), mail), nil)
	events, err := b.store.Events(t.Context(), mail.Recipient, 1)
	want := account.Event{DID: mail.Recipient, Kind: account.EventMailSent, At: b.now, Client: mail.Client, Detail: "did:plc:moderator"}
	if err != nil || len(events) != 1 || events[0] != want {
		t.Errorf("events: got %+v, %v, want %+v", events, err, want)
	}
	mails := b.newMails(t)
	if len(mails) != 1 || strings.Contains(mails[0].Text+mails[0].HTML, "did:plc:moderator") {
		t.Errorf("got mails %+v, want one that does not name the moderator", mails)
	}
}

// Nothing that a mail says can be read in the outbox. (fakeSealer shows the purpose that
// each is sealed for.)
func TestMailsWaitSealed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.queue(t, 1)
	queued, err := b.store.ClaimMails(t.Context(), b.now, b.now.Add(time.Minute), 10)
	if err != nil || len(queued) == 0 {
		t.Fatalf("ClaimMails: got %v, %v, want mails", queued, err)
	}
	for _, mail := range queued {
		if want := "mail " + mail.ID + ": "; mail.ID == "" || !strings.HasPrefix(string(mail.Sealed), want) {
			t.Errorf("got %q, want it sealed for %q", mail.Sealed, want)
		}
	}
}

func TestDeliverMails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 40)
	got, err := b.DeliverMails(t.Context())
	wantError(t, "DeliverMails", err, nil)
	wantDelivery(t, "DeliverMails", got, account.Delivery{Sent: 40})
	sent := map[string]bool{}
	for _, mail := range b.mailer.sent {
		sent[mail.Subject] = true
	}
	if len(sent) != 40 {
		t.Errorf("got %d different mails, want 40", len(sent))
	}
	b.now = b.now.Add(24 * time.Hour)
	got, err = b.DeliverMails(t.Context())
	wantError(t, "DeliverMails again", err, nil)
	wantDelivery(t, "DeliverMails again", got, account.Delivery{})
}

// Mails that fail are tried again, ever later, for about two days.
func TestDeliverMailsPostpones(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 1)
	b.mailer.onSend = func(mail account.Mail) error {
		return fmt.Errorf("450 <%s> try later: %w", strings.ToUpper(mail.To), errTest)
	}
	begin := b.now
	var delays []time.Duration
	last := begin
	for b.now.Before(begin.Add(7 * 24 * time.Hour)) {
		got, err := b.DeliverMails(t.Context())
		if got != (account.Delivery{}) {
			wantError(t, "DeliverMails", err, errTest)
			if strings.Contains(strings.ToLower(err.Error()), "alice") {
				t.Errorf("the error shows the address: %v", err)
			}
			delays = append(delays, b.now.Sub(last))
			last = b.now
		}
		if got.GivenUp == 1 {
			break
		}
		b.now = b.now.Add(time.Minute)
	}
	want := []time.Duration{0, 1, 2, 4, 8, 16, 32, 64, 128}
	for i := range want {
		want[i] *= time.Minute
	}
	for len(want) < 20 {
		want = append(want, 4*time.Hour)
	}
	if !slices.Equal(delays, want) {
		t.Errorf("delays: got %v, want %v", delays, want)
	}
}

// What is logged of a mail that was not sent tells the operator whose it is, of which kind, how often it has
// failed and when it is tried again; and no more than that.
func TestDeliverMailsError(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.now = time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 1)
	b.mailer.onSend = func(mail account.Mail) error { return fmt.Errorf("550 no <%s>: %w", mail.To, errTest) }
	wantFailure := func(want string) {
		t.Helper()
		_, err := b.DeliverMails(t.Context())
		if err == nil {
			t.Fatal("the mail was sent")
		}
		_, got, _ := strings.Cut(err.Error(), " (") // behind the id
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	wantFailure("message) for did:plc:1, failure 1, tried again at 2027-01-31T12:01:00Z: 550 no <(the address)>: " + errTest.Error())
	b.now = b.now.Add(time.Hour)
	wantFailure("message) for did:plc:1, failure 2, tried again at 2027-01-31T13:02:00Z: 550 no <(the address)>: " + errTest.Error())
	b.mailer.onSend = func(account.Mail) error { return account.ErrMailRefused }
	b.now = b.now.Add(time.Hour)
	wantFailure("message) for did:plc:1, failure 3, given up: " + account.ErrMailRefused.Error())
}

// The kind of a mail says nothing that a moderator or an owner has written.
func TestMailKinds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	b.newMails(t)
	tests := []struct {
		name string
		call func() error
		want string
	}{
		{"a code", func() error {
			return b.RequestPasswordReset(t.Context(), "alice@example.com")
		}, "Password Reset Requested"},
		{"a moderator's mail", func() error { return b.SendMail(t.Context(), moderatorMail("a secret", "text")) }, "message"},
		{"a notice", func() error { return b.RemoveAccount(t.Context(), did) }, "Account deleted"},
	}
	for _, tt := range tests {
		wantError(t, tt.name, tt.call(), nil)
		mails := b.newMails(t)
		if len(mails) != 1 || mails[0].Kind != tt.want {
			t.Errorf("%s: got %+v, want one mail of the kind %q", tt.name, mails, tt.want)
		}
	}
}

// While nothing can be sent, a pass does not try everything that waits.
func TestDeliverMailsStops(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 40)
	b.mailer.onSend = func(account.Mail) error { return errTest }
	got, err := b.DeliverMails(t.Context())
	wantError(t, "DeliverMails", err, errTest)
	wantDelivery(t, "DeliverMails", got, account.Delivery{Postponed: 16})
	b.mailer.onSend = nil
	b.now = b.now.Add(time.Hour)
	got, err = b.DeliverMails(t.Context())
	wantError(t, "DeliverMails later", err, nil)
	wantDelivery(t, "DeliverMails later", got, account.Delivery{Sent: 40})
}

func TestDeliverMailsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 3)
	b.mailer.onSend = func(mail account.Mail) error {
		if mail.Subject == "1" {
			return account.ErrMailRefused
		}
		return nil
	}
	got, err := b.DeliverMails(t.Context())
	wantError(t, "DeliverMails", err, account.ErrMailRefused)
	wantDelivery(t, "DeliverMails", got, account.Delivery{Sent: 2, GivenUp: 1})
}

// A mail that cannot be opened waits: the operator may have given the wrong key.
func TestDeliverMailsUnreadable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 1)
	broken := account.QueuedMail{ID: "broken", Sealed: []byte("mail broken: alice@example.com"), Due: b.now}
	err := b.store.AddEvent(t.Context(), account.Record{Mails: []account.QueuedMail{broken}})
	wantError(t, "AddEvent", err, nil)
	got, err := b.DeliverMails(t.Context())
	wantDelivery(t, "DeliverMails", got, account.Delivery{Sent: 1, Postponed: 1})
	if err == nil || strings.Contains(err.Error(), "alice") {
		t.Errorf("DeliverMails: got error %v, want one without the contents", err)
	}

	b.Sealer = brokenSealer{}
	b.now = b.now.Add(time.Hour)
	got, err = b.DeliverMails(t.Context())
	wantError(t, "DeliverMails without the key", err, errTest)
	wantDelivery(t, "DeliverMails without the key", got, account.Delivery{Postponed: 1})
}

// A shutdown costs a mail no try and no time, and one that left is not sent again.
func TestDeliverMailsShutdown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		answer   error
		sent     account.Delivery
		sentNext account.Delivery
	}{
		{"after the mail left", nil, account.Delivery{Sent: 1}, account.Delivery{Sent: 2}},
		{"before the mail left", context.Canceled, account.Delivery{}, account.Delivery{Sent: 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			b.newMails(t)
			b.queue(t, 3)
			ctx, cancel := context.WithCancel(t.Context())
			b.mailer.onSend = func(account.Mail) error {
				cancel()
				return tt.answer
			}
			got, err := b.DeliverMails(ctx)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("DeliverMails: got error %v, want %v", err, context.Canceled)
			}
			wantDelivery(t, "DeliverMails", got, tt.sent)
			b.mailer.onSend = nil
			waiting, err := b.store.ClaimMails(t.Context(), b.now, b.now, 10)
			if err != nil || len(waiting) != tt.sentNext.Sent {
				t.Errorf("ClaimMails: got %d mails, %v, want %d", len(waiting), err, tt.sentNext.Sent)
			}
			for _, mail := range waiting {
				if mail.Failures != 0 {
					t.Errorf("mail %s has failed %d times", mail.ID, mail.Failures)
				}
			}
			got, err = b.DeliverMails(t.Context())
			wantError(t, "DeliverMails after the start", err, nil)
			wantDelivery(t, "DeliverMails after the start", got, tt.sentNext)
		})
	}
}

// Two servers on one database send no mail twice.
func TestDeliverMailsParallel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 50)
	for _, err := range race(4, func(int) error {
		_, err := b.DeliverMails(t.Context())
		return err
	}) {
		t.Error(err)
	}
	if got := len(b.mailer.sent); got != 50 {
		t.Errorf("got %d mails, want 50", got)
	}
}
