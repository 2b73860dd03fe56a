package account_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// A bench is a service on a store of its own and on fakes, with the time in its hand.
type bench struct {
	*account.Service
	store    *sqlite.Store
	identity *fakeIdentity
	hasher   *fakeHasher
	tokens   *fakeTokens
	mailer   *fakeMailer
	failures *fakeFailures
	now      time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	handles, err := account.NewHandlePolicy(account.HandleRules{Domains: []string{".test"}, Block: []string{"rude"}})
	if err != nil {
		t.Fatal(err)
	}
	emails, err := account.NewEmailPolicy(account.EmailRules{})
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{
		store:    store,
		identity: newFakeIdentity(),
		hasher:   &fakeHasher{},
		tokens:   &fakeTokens{},
		mailer:   &fakeMailer{},
		failures: &fakeFailures{},
		now:      time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	b.Service = &account.Service{
		Store:         store,
		Tokens:        b.tokens,
		ServiceTokens: fakeServiceTokens{},
		Identity:      b.identity,
		Hasher:        b.hasher,
		Sealer:        fakeSealer{},
		Mailer:        b.mailer,
		Failures:      b.failures,
		Handles:       handles,
		Emails:        emails,
		Policy:        account.Policy{ServiceDID: "did:web:pds.test", Hostname: "pds.test"},
		Now:           func() time.Time { return b.now },
		Rand:          rand.Reader,
		Pepper:        []byte("a pepper of thirty-two bytes ..."),
	}
	return b
}

// alice is a sign-up that succeeds.
func alice() account.Signup {
	return account.Signup{Handle: "alice.test", Email: "alice@example.com", Password: "asdf"}
}

// signUp creates the account of alice.
func (b *bench) signUp(t *testing.T) account.Grant {
	t.Helper()
	grant, err := b.CreateAccount(t.Context(), alice())
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

func (b *bench) refresh(t *testing.T, token string) account.Grant {
	t.Helper()
	grant, err := b.RefreshSession(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// caller returns who speaks with an access token.
func (b *bench) caller(t *testing.T, grant account.Grant) account.Caller {
	t.Helper()
	caller, err := b.Authenticate(t.Context(), grant.AccessJWT)
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// account returns an account as it is kept now.
func (b *bench) account(t *testing.T, did syntax.DID) account.Account {
	t.Helper()
	found, err := b.store.FindAccount(t.Context(), account.Identifier{Kind: account.ByDID, Value: did.String()})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (b *bench) takeDown(t *testing.T, did syntax.DID) {
	t.Helper()
	if err := b.store.Moderate(t.Context(), account.Decision{
		SubjectUpdate: account.SubjectUpdate{DID: did, Takedown: &account.Applied{Applied: true, Ref: "decision 1"}},
		At:            b.now,
	}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) deactivate(t *testing.T, did syntax.DID) {
	t.Helper()
	if err := b.store.Deactivate(t.Context(), did, b.now, time.Time{}, account.Record{}); err != nil {
		t.Fatal(err)
	}
}

// invite creates an invite code.
func (b *bench) invite(t *testing.T, code string, uses int) {
	t.Helper()
	err := b.store.CreateInvites(t.Context(), []account.InviteCode{{
		Code:       code,
		Available:  uses,
		ForAccount: account.AdminInvites,
		CreatedBy:  account.AdminInvites,
		CreatedAt:  b.now,
	}}, 100)
	if err != nil {
		t.Fatal(err)
	}
}

// wantSignups checks whether alice has an account, and whether no sign-up is under way.
func (b *bench) wantSignups(t *testing.T, created, settled bool) {
	t.Helper()
	_, err := b.store.FindAccount(t.Context(), account.Identifier{Kind: account.ByHandle, Value: "alice.test"})
	if got := err == nil; got != created {
		t.Errorf("account: got %t (%v), want %t", got, err, created)
	}
	reservations, err := b.store.Reservations(t.Context(), b.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(reservations) == 0; got != settled {
		t.Errorf("no sign-up is under way: got %t, want %t", got, settled)
	}
}

// wantEvents checks the audit log of an account, the newest entry first.
func (b *bench) wantEvents(t *testing.T, did syntax.DID, want ...account.EventKind) {
	t.Helper()
	events, err := b.store.Events(t.Context(), did, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []account.EventKind
	for _, event := range events {
		got = append(got, event.Kind)
	}
	if !slices.Equal(got, want) {
		t.Errorf("events: got %q, want %q", got, want)
	}
}

// newMails returns the mails that wait since the last call, the oldest first. Those that
// requests for resets ask for are among them.
func (b *bench) newMails(t *testing.T) []account.Mail {
	t.Helper()
	if err := b.AnswerResets(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.queuedMails(t)
}

// queuedMails is newMails without answers to requests.
func (b *bench) queuedMails(t *testing.T) []account.Mail {
	t.Helper()
	queued, err := b.store.ClaimMails(t.Context(), b.now, b.now.Add(24*time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	var mails []account.Mail
	for _, entry := range queued {
		plain, err := b.Sealer.Open(account.MailPurpose(entry.ID), entry.Sealed)
		if err != nil {
			t.Fatal(err)
		}
		var mail account.Mail
		if err := json.Unmarshal(plain, &mail); err != nil {
			t.Fatal(err)
		}
		mails = append(mails, mail)
	}
	return mails
}

// wantMails checks the subjects of the new mails, the oldest first.
func (b *bench) wantMails(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, mail := range b.newMails(t) {
		got = append(got, mail.Subject)
	}
	if !slices.Equal(got, want) {
		t.Errorf("mails: got %q, want %q", got, want)
	}
}

// mailedToken returns the token in the one new mail that has one.
func (b *bench) mailedToken(t *testing.T) string {
	t.Helper()
	var tokens []string
	for _, mail := range b.newMails(t) {
		tokens = append(tokens, regexp.MustCompile(`[A-Z2-7]{5}-[A-Z2-7]{5}`).FindAllString(mail.Text, -1)...)
	}
	if len(tokens) != 1 {
		t.Fatalf("got %d tokens in the new mails, want 1", len(tokens))
	}
	return tokens[0]
}

// race runs calls at once and returns the errors of those that failed.
func race(calls int, call func(i int) error) []error {
	results := make(chan error, calls)
	start := make(chan struct{})
	for i := range calls {
		go func() {
			<-start
			results <- call(i)
		}()
	}
	close(start)
	var errs []error
	for range calls {
		if err := <-results; err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// handleOf returns a handle of its own for each number.
func handleOf(i int) syntax.Handle {
	return syntax.Handle(fmt.Sprintf("racer%d.test", i))
}

func wantError(t *testing.T, call string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", call, err, want)
	}
}

// wantText checks the text that the client sees.
func wantText(t *testing.T, call string, err error, want string) {
	t.Helper()
	var refusal *account.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("%s: got error %v, want a refusal", call, err)
	} else if refusal.Error() != want {
		t.Errorf("%s: got text %q, want %q", call, refusal.Error(), want)
	}
}
