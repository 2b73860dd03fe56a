package account_test

import (
	"context"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// What there is in the world besides the server.
const (
	movingDID  syntax.DID    = "did:web:carol.example.com"
	ownDomain  syntax.Handle = "carol.example.com"
	lostDomain syntax.Handle = "lost.example.com" // gives no answer
	oldPDS     string        = "https://old.example.org"
)

// moving is the import of an identity that exists, under a domain of its own.
func moving() account.Signup {
	return account.Signup{
		Handle:    ownDomain,
		Email:     "carol@example.com",
		Password:  "asdf",
		DID:       movingDID,
		Requester: movingDID,
	}
}

// newMovingBench returns a bench in a world that has the identity of moving.
func newMovingBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.identity.documents[movingDID] = account.Document{DID: movingDID, Handle: ownDomain, PDS: oldPDS, JSON: []byte(`{}`)}
	b.identity.domains[ownDomain] = movingDID
	b.identity.domains["other.example.com"] = "did:web:other.example.com"
	b.identity.domains[lostDomain] = ""
	return b
}

func TestImportAccount(t *testing.T) {
	t.Parallel()
	for _, handle := range []syntax.Handle{ownDomain, "carol.test"} {
		t.Run(handle.String(), func(t *testing.T) {
			t.Parallel()
			b := newMovingBench(t)
			signup := moving()
			signup.Handle = handle
			grant, err := b.CreateAccount(t.Context(), signup)
			if err != nil {
				t.Fatal(err)
			}
			want := account.Account{
				DID:           movingDID,
				Handle:        handle,
				Email:         "carol@example.com",
				CreatedAt:     b.now,
				DeactivatedAt: b.now,
				DeleteAfter:   b.now.AddDate(0, 0, 3),
			}
			if grant.Account != want || b.account(t, movingDID) != want {
				t.Errorf("account: got %+v and %+v, want %+v", grant.Account, b.account(t, movingDID), want)
			}
			if got := b.caller(t, grant).Account; got != want {
				t.Errorf("caller: got %+v, want %+v", got, want)
			}
			b.wantEvents(t, movingDID, account.EventImported)
			if len(b.identity.logs) != 0 {
				t.Error("an import published an operation")
			}
		})
	}
}

func TestImportAccountRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(s *account.Signup)
		want   error
		text   string
		asked  int // domains
	}{
		{"no requester", func(s *account.Signup) { s.Requester = "" }, account.ErrUnauthorizedImport, "Missing auth to create account with did: did:web:carol.example.com", 0},
		{"another requester", func(s *account.Signup) { s.Requester = "did:web:mallory.example.com" }, account.ErrUnauthorizedImport, "Missing auth to create account with did: did:web:carol.example.com", 0},
		{"unknown identity", func(s *account.Signup) {
			s.DID, s.Requester = "did:web:nobody.example.com", "did:web:nobody.example.com"
		}, account.ErrUnresolvableDID, "Could not resolve DID", 0},
		{"host in capitals", func(s *account.Signup) {
			s.DID, s.Requester = "did:web:Carol.example.com", "did:web:Carol.example.com"
		}, account.ErrInvalidRequest, "The host of a did:web must be in small letters", 0},
		{"domain of another", func(s *account.Signup) { s.Handle = "other.example.com" }, account.ErrInvalidRequest, "External handle did not resolve to DID", 1},
		{"unknown domain", func(s *account.Signup) { s.Handle = "unknown.example.com" }, account.ErrInvalidRequest, "External handle did not resolve to DID", 1},
		{"silent domain", func(s *account.Signup) { s.Handle = lostDomain }, account.ErrInvalidRequest, "External handle did not resolve to DID", 1},
		{"reserved handle", func(s *account.Signup) { s.Handle = "about.test" }, account.ErrReservedHandle, "Reserved handle", 0},
		{"handle taken", func(s *account.Signup) { s.Handle = "alice.test" }, account.ErrHandleTaken, "Handle already taken: alice.test", 0},
		{"email taken", func(s *account.Signup) { s.Email = "Alice@example.com" }, account.ErrEmailTaken, "Email already taken: Alice@example.com", 0},
		{"no password", func(s *account.Signup) { s.Password = "" }, account.ErrInvalidPassword, "Password is required", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newMovingBench(t)
			b.signUp(t)
			signup := moving()
			tt.change(&signup)
			_, err := b.CreateAccount(t.Context(), signup)
			wantError(t, "CreateAccount", err, tt.want)
			wantText(t, "CreateAccount", err, tt.text)
			if b.identity.asked != tt.asked {
				t.Errorf("asked %d domains, want %d", b.identity.asked, tt.asked)
			}
		})
	}
}

func TestImportAccountTwice(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	if _, err := b.CreateAccount(t.Context(), moving()); err != nil {
		t.Fatal(err)
	}
	again := moving()
	again.Handle, again.Email = "carol.test", "carol2@example.com"
	_, err := b.CreateAccount(t.Context(), again)
	wantError(t, "CreateAccount of the same identity", err, account.ErrDIDTaken)
}

func TestImportAccountRace(t *testing.T) {
	t.Parallel()
	const racers = 6
	b := newMovingBench(t)
	errs := race(racers, func(i int) error {
		signup := moving()
		signup.Handle = handleOf(i)
		signup.Email = handleOf(i).String() + "@example.com"
		_, err := b.CreateAccount(t.Context(), signup)
		return err
	})
	if len(errs) != racers-1 {
		t.Errorf("got %d losers, want %d", len(errs), racers-1)
	}
	for _, err := range errs {
		wantError(t, "a losing CreateAccount", err, account.ErrDIDTaken)
	}
}

func TestImportAccountSilentDirectory(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	b.identity.onLast = silent
	signup := moving()
	signup.DID, signup.Requester = "did:plc:moving", "did:plc:moving"
	_, err := b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount", err, account.ErrDirectoryUnavailable)
}

// The key that was reserved for an identity signs for it, so that its owner can name
// the key before moving.
func TestImportAccountReservedKey(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	reserved, err := b.ReserveSigningKey(t.Context(), movingDID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.CreateAccount(t.Context(), moving()); err != nil {
		t.Fatal(err)
	}
	key, err := b.store.SigningKey(t.Context(), movingDID)
	if err != nil || key.Public != reserved {
		t.Errorf("signing key: got %s, %v, want %s", key.Public, err, reserved)
	}
	next, err := b.ReserveSigningKey(t.Context(), movingDID)
	if err != nil || next == reserved {
		t.Errorf("ReserveSigningKey: got %s, %v, want another key than that of the account", next, err)
	}
}

// A reservingStore has a signing key reserved at the last moment before an import.
type reservingStore struct {
	account.Store
	reserve func()
}

func (s reservingStore) ImportAccount(ctx context.Context, reservation account.Reservation, session account.NewSession, record account.Record) error {
	s.reserve()
	return s.Store.ImportAccount(ctx, reservation, session, record)
}

// A key that is reserved while the account is on its way signs for it too: its owner was told that
// it will.
func TestImportAccountKeyReservedMeanwhile(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	var reserved string
	b.Store = reservingStore{b.Store, func() {
		var err error
		reserved, err = b.ReserveSigningKey(t.Context(), movingDID)
		wantError(t, "ReserveSigningKey", err, nil)
	}}
	if _, err := b.CreateAccount(t.Context(), moving()); err != nil {
		t.Fatal(err)
	}
	key, err := b.store.SigningKey(t.Context(), movingDID)
	if err != nil || key.Public != reserved {
		t.Errorf("signing key: got %s, %v, want %s", key.Public, err, reserved)
	}
}
