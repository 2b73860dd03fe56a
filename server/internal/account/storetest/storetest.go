// Package storetest holds the stores of package account to their contracts. Each
// store's own tests call [Run]; what is particular to a database they test
// themselves.
package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A Store is what is tested: every store of package account in one.
type Store interface {
	account.Accounts
	account.Sessions
}

// Run tests stores that open returns. Each call of open returns a new, empty store
// that lasts as long as the test that it is given.
func Run(t *testing.T, open func(t *testing.T) Store) {
	groups := []struct {
		name string
		run  func(t *testing.T, open func(t *testing.T) Store)
	}{
		{"accounts", testAccounts},
		{"decoys", testDecoys},
		{"signups", testSignups},
		{"logins", testLogins},
		{"rotation", testRotation},
		{"sessions", testSessions},
		{"races", testRaces},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) { group.run(t, open) })
	}
}

// now is when everything in these tests happens, unless it is later.
var now = time.Date(2026, 3, 1, 12, 0, 0, int(345*time.Millisecond), time.UTC)

// newAccount returns the account that everything is made for which a test does not
// care about. Its DID, email and so on follow from its name.
func newAccount(name string) account.NewAccount {
	did := syntax.DID("did:plc:" + name)
	return account.NewAccount{
		Account: account.Account{
			DID:       did,
			Handle:    syntax.Handle(name + ".test"),
			Email:     name + "@example.com",
			CreatedAt: now,
		},
		PasswordHash: "hash of " + name,
		Genesis: account.Genesis{
			DID:              did,
			CID:              syntax.CID("cid of " + name),
			Operation:        []byte(`{}`),
			SigningPublicKey: "did:key:" + name,
			SealedSigningKey: []byte("sealed key of " + name),
		},
		Session: newSession(did, name+"-1"),
	}
}

// newSession returns a session whose first refresh token has the session's id as
// its own.
func newSession(did syntax.DID, id string) account.NewSession {
	return account.NewSession{
		Session: account.Session{
			ID:         id,
			DID:        did,
			Kind:       account.SessionPassword,
			Client:     account.Client{UserAgent: "browser of " + id, IP: "192.0.2.1"},
			CreatedAt:  now,
			LastUsedAt: now,
			ExpiresAt:  now.Add(account.IdleLifetime),
			EndsAt:     now.Add(account.SessionLifetime),
		},
		Refresh: hashOf(id),
	}
}

func newLogin(did syntax.DID, id string) account.Login {
	return account.Login{NewSession: newSession(did, id), CredentialVersion: account.FirstCredentialVersion}
}

// newRotation returns the exchange of token for the one called token+, at a time.
func newRotation(did syntax.DID, token string, at time.Time) account.Rotation {
	return account.Rotation{
		DID:        did,
		Presented:  hashOf(token),
		Next:       hashOf(token + "+"),
		Now:        at,
		GraceUntil: at.Add(account.RefreshGrace),
		IdleUntil:  at.Add(account.IdleLifetime),
	}
}

func hashOf(token string) account.RefreshHash {
	return account.HashRefreshID(token)
}

// mustCreate puts an account into the store.
func mustCreate(t *testing.T, store Store, created account.NewAccount) account.NewAccount {
	t.Helper()
	if err := store.CreateAccount(t.Context(), created); err != nil {
		t.Fatalf("CreateAccount(%s): %v", created.Account.Handle, err)
	}
	return created
}

// mustRotate exchanges a token and returns the session.
func mustRotate(t *testing.T, store Store, rotation account.Rotation) account.Session {
	t.Helper()
	caller, err := store.RotateRefresh(t.Context(), rotation)
	if err != nil {
		t.Fatalf("RotateRefresh at %s: %v", rotation.Now, err)
	}
	return caller.Session
}

func wantError(t *testing.T, call string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", call, err, want)
	}
}

func wantEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// inParallel calls f n times at once and returns the errors.
func inParallel(n int, f func(i int) error) []error {
	start := make(chan struct{})
	results := make(chan error, n)
	for i := range n {
		go func() {
			<-start
			results <- f(i)
		}()
	}
	close(start)
	errs := make([]error, n)
	for i := range errs {
		errs[i] = <-results
	}
	return errs
}

// tally counts errors by what they are.
func tally(errs []error, kinds ...error) string {
	counts := make([]int, len(kinds))
	rest := 0
	for _, err := range errs {
		known := false
		for i, kind := range kinds {
			if errors.Is(err, kind) {
				counts[i]++
				known = true
				break
			}
		}
		if !known {
			rest++
		}
	}
	return fmt.Sprint(counts, " others ", rest)
}
