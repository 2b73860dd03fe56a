package account_test

import (
	"cmp"
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
		wantError(t, "RequestPasswordReset for "+email, b.RequestPasswordReset(t.Context(), email), nil)
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

func (s *keepingStore) KeepResetRequest(_ context.Context, request account.ResetRequest, max int) error {
	if max != 10_000 {
		return fmt.Errorf("%d requests may wait", max)
	}
	s.kept = append(s.kept, request)
	return nil
}

// Before the answer the same is done for every address, and nobody looks whose it is.
func TestResetRequestLooksAtNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
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
		wantError(t, tt.name, b.RequestPasswordReset(t.Context(), tt.email), nil)
		want := []account.ResetRequest{{Email: tt.want, At: b.now}}
		if !slices.Equal(store.kept, want) {
			t.Errorf("%s: kept %+v, want %+v", tt.name, store.kept, want)
		}
	}
}

// However many requests wait, and however many are at it at once, each is answered once.
func TestAnswerResets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.ask(t, aliceEmail)
	for i := range 150 { // more than are read at once
		b.ask(t, fmt.Sprintf("nobody%d@example.com", i))
	}
	b.ask(t, aliceEmail)
	for _, err := range race(10, func(int) error { return b.AnswerResets(t.Context()) }) {
		t.Errorf("AnswerResets: %v", err)
	}
	if got, want := subjects(b.queuedMails(t)), slices.Repeat([]string{"Password Reset Requested"}, 2); !slices.Equal(got, want) {
		t.Errorf("mails: got %q, want %q", got, want)
	}
	if left := b.waiting(t); len(left) != 0 {
		t.Errorf("requests for %q still wait", left)
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
		wantError(t, "RequestPasswordReset for "+email, b.RequestPasswordReset(t.Context(), email), account.ErrBusy)
	}
	b.wantMails(t, "Password Reset Requested")
	b.ask(t, aliceEmail)
}

// A strickenStore fails for one address, or to forget what was answered.
type strickenStore struct {
	account.Store
	email    string
	fault    error // errTest if nil
	remember bool
}

func (s strickenStore) FindAccount(ctx context.Context, identifier account.Identifier) (account.Account, error) {
	if identifier.Value == s.email {
		return account.Account{}, cmp.Or(s.fault, errTest)
	}
	return s.Store.FindAccount(ctx, identifier)
}

func (s strickenStore) ForgetResetRequest(ctx context.Context, id int64) error {
	if s.remember {
		return errTest
	}
	return s.Store.ForgetResetRequest(ctx, id)
}

// A request that fails is in the way of no other, and is tried again.
func TestResetRequestFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	b.ask(t, "stricken@example.com", aliceEmail, "stricken@example.com")
	b.Store = strickenStore{Store: b.store, email: "stricken@example.com"}
	err := b.AnswerResets(t.Context())
	wantError(t, "AnswerResets", err, errTest)
	if want := "2 wait for the next time, the first: find account: " + errTest.Error(); err.Error() != want {
		t.Errorf("AnswerResets: got error %q, want %q", err, want)
	}
	if left := b.waiting(t); len(left) != 2 {
		t.Errorf("requests for %q wait, want the two that failed", left)
	}
	b.Store = b.store
	b.wantMails(t, "Password Reset Requested")
	if left := b.waiting(t); len(left) != 0 {
		t.Errorf("requests for %q still wait", left)
	}
}

// A store without space is not asked again and again.
func TestResetRequestsOfFullStore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ask(t, "full@example.com", nobodyEmail)
	b.Store = strickenStore{Store: b.store, email: "full@example.com", fault: account.ErrStoreFull}
	wantError(t, "AnswerResets", b.AnswerResets(t.Context()), account.ErrStoreFull)
	if left := b.waiting(t); len(left) != 2 {
		t.Errorf("requests for %q wait, want both", left)
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
