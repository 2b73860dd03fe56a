package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	aliceEmail  = "alice@example.com"
	nobodyEmail = "nobody@example.com"
)

// ask asks for resets for addresses, at all of which the answer is the same.
func (b *bench) ask(t *testing.T, emails ...string) {
	t.Helper()
	for _, email := range emails {
		wantError(t, "RequestPasswordReset for "+email, b.RequestPasswordReset(t.Context(), email, account.Client{}), nil)
	}
}

// waiting returns the addresses for which requests for resets wait.
func (b *bench) waiting(t *testing.T) (emails []string) {
	t.Helper()
	requests, err := b.store.ResetRequests(t.Context(), 0, 1000)
	wantError(t, "ResetRequests", err, nil)
	for _, request := range requests {
		emails = append(emails, request.Email)
	}
	return emails
}

// A keepingStore can keep requests for resets, and panics at every other call.
type keepingStore struct {
	account.Store // nil
	kept          []account.ResetRequest
}

func (s *keepingStore) KeepResetRequest(_ context.Context, request account.ResetRequest, _ int) error {
	s.kept = append(s.kept, request)
	return nil
}

// Before the answer the same is done for every address, and nobody looks whose it is.
func TestResetRequestLooksAtNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	client := account.Client{IP: "192.0.2.1", UserAgent: strings.Repeat("x", 1000)}
	tests := []struct{ name, email, want string }{
		{"somebody's", aliceEmail, aliceEmail},
		{"in capitals", "Alice@Example.COM", aliceEmail},
		{"nobody's", nobodyEmail, nobodyEmail},
		{"none", "", ""},
		{"not an address", "did:plc:1", "did:plc:1"},
		{"as long as one can be", strings.Repeat("a", 254), strings.Repeat("a", 254)},
		{"longer", strings.Repeat("a", 255), ""},
	}
	for _, tt := range tests {
		store := &keepingStore{}
		b.Store = store
		wantError(t, tt.name, b.RequestPasswordReset(t.Context(), tt.email, client), nil)
		want := []account.ResetRequest{{
			Email: tt.want, At: b.now,
			Client: account.Client{IP: client.IP, UserAgent: client.UserAgent[:256]},
		}}
		if !slices.Equal(store.kept, want) {
			t.Errorf("%s: kept %+v, want %+v", tt.name, store.kept, want)
		}
	}
}

// A pass over the outbox answers what waits, and sends the mails.
func TestDeliverMailsAnswersResets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	for i := range 150 { // more than are read at once
		b.ask(t, fmt.Sprintf("nobody%d@example.com", i))
	}
	b.ask(t, aliceEmail)
	got, err := b.DeliverMails(t.Context())
	wantError(t, "DeliverMails", err, nil)
	wantDelivery(t, "DeliverMails", got, account.Delivery{Sent: 1})
	if got := subjects(b.mailer.sent); !slices.Equal(got, []string{"Password Reset Requested"}) {
		t.Errorf("mails: got %q", got)
	}
	if left := b.waiting(t); len(left) != 0 {
		t.Errorf("requests for %q still wait", left)
	}
}

// However many are at it at once, a request is answered once.
func TestDeliverMailsAnswersOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.ask(t, aliceEmail, nobodyEmail)
	for _, err := range race(10, func(int) error {
		_, err := b.DeliverMails(t.Context())
		return err
	}) {
		t.Errorf("DeliverMails: %v", err)
	}
	if got := len(b.mailer.sent); got != 1 {
		t.Errorf("got %d mails, want 1", got)
	}
}

// A mail about a reset that somebody wanted a long time ago does not come any more.
func TestResetRequestTooLate(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration][]string{
		account.EmailTokenLifetime - time.Millisecond: {"Password Reset Requested"},
		account.EmailTokenLifetime:                    nil,
	} {
		b := newBench(t)
		b.signUp(t)
		b.newMails(t)
		b.ask(t, aliceEmail)
		b.now = b.now.Add(wait)
		b.wantMails(t, want...)
		if left := b.waiting(t); len(left) != 0 {
			t.Errorf("after %s: requests for %q still wait", wait, left)
		}
	}
}

// A narrowStore has room for two requests for resets.
type narrowStore struct{ account.Store }

func (s narrowStore) KeepResetRequest(ctx context.Context, request account.ResetRequest, max int) error {
	return s.Store.KeepResetRequest(ctx, request, min(max, 2))
}

// When too many requests wait, that is said for every address, until they are answered.
func TestResetRequestsAreBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.Store = narrowStore{b.store}
	b.ask(t, nobodyEmail, aliceEmail)
	for _, email := range []string{aliceEmail, nobodyEmail} {
		wantError(t, "RequestPasswordReset for "+email, b.RequestPasswordReset(t.Context(), email, account.Client{}), account.ErrBusy)
	}
	b.wantMails(t, "Password Reset Requested")
	b.ask(t, aliceEmail)
}

// A strickenStore fails for one address, or to forget what was answered.
type strickenStore struct {
	account.Store
	email    string
	remember bool
}

func (s strickenStore) FindAccount(ctx context.Context, identifier account.Identifier) (account.Account, error) {
	if identifier.Value == s.email {
		return account.Account{}, errTest
	}
	return s.Store.FindAccount(ctx, identifier)
}

func (s strickenStore) ForgetResetRequest(ctx context.Context, id int64) error {
	if s.remember {
		return errTest
	}
	return s.Store.ForgetResetRequest(ctx, id)
}

// A request that fails is in the way of no other, nor of the mails, and is tried again.
func TestResetRequestFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.queue(t, 1)
	b.ask(t, "stricken@example.com", aliceEmail, "stricken@example.com")
	b.Store = strickenStore{Store: b.store, email: "stricken@example.com"}
	got, err := b.DeliverMails(t.Context())
	wantError(t, "DeliverMails", err, errTest)
	if want := "requests for resets that wait for the next time: 2, the first: find account: " + errTest.Error(); err.Error() != want {
		t.Errorf("DeliverMails: got error %q, want %q", err, want)
	}
	wantDelivery(t, "DeliverMails", got, account.Delivery{Sent: 2})
	if left := b.waiting(t); len(left) != 2 {
		t.Errorf("requests for %q wait, want the two that failed", left)
	}
	b.Store = b.store
	got, err = b.DeliverMails(t.Context())
	wantError(t, "DeliverMails again", err, nil)
	wantDelivery(t, "DeliverMails again", got, account.Delivery{})
	if left := b.waiting(t); len(left) != 0 {
		t.Errorf("requests for %q still wait", left)
	}
}

// Who is mailed a token, which could not be noted, is mailed another one. The last is good.
func TestResetRequestNotNoted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.ask(t, aliceEmail)
	b.Store = strickenStore{Store: b.store, remember: true}
	wantError(t, "AnswerResets", b.AnswerResets(t.Context()), errTest)
	if got := subjects(b.queuedMails(t)); !slices.Equal(got, []string{"Password Reset Requested"}) {
		t.Errorf("mails: got %q, want one", got)
	}
	b.Store = b.store
	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), b.mailedToken(t), "new", account.Client{}), nil)
}
