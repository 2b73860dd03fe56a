package account_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// An account whose owner set a deadline is deleted when that is over, and not before.
func TestHousekeepDeletes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	b.enter(t, "did:plc:bob", "bob.test", "hash of secret")
	deadline := b.now.Add(time.Hour)
	if err := b.store.Deactivate(t.Context(), did, b.now, deadline, account.Record{}); err != nil {
		t.Fatal(err)
	}
	b.deactivate(t, "did:plc:bob")
	b.newMails(t)

	b.now = deadline.Add(-time.Second)
	wantError(t, "Housekeep before", b.Housekeep(t.Context()), nil)
	b.account(t, did)

	b.now = deadline
	wantError(t, "Housekeep", b.Housekeep(t.Context()), nil)
	_, err := b.store.FindAccount(t.Context(), account.Identifier{Kind: account.ByDID, Value: string(did)})
	wantError(t, "FindAccount", err, account.ErrAccountNotFound)
	b.wantMails(t, "Account deleted")
	b.account(t, "did:plc:bob")
}

func TestHousekeepForgets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	b.now = b.now.AddDate(1, 0, 1)
	wantError(t, "Housekeep", b.Housekeep(t.Context()), nil)
	b.wantEvents(t, did)
}

// One fault does not keep the rest from being done.
func TestHousekeepGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	if err := b.store.Deactivate(t.Context(), did, b.now, b.now, account.Record{}); err != nil {
		t.Fatal(err)
	}
	b.Sealer = brokenSealer{}
	b.now = b.now.AddDate(1, 0, 1)
	wantError(t, "Housekeep", b.Housekeep(t.Context()), errTest)
	b.wantEvents(t, did)
}

// brokenSealer seals and opens nothing.
type brokenSealer struct{}

func (brokenSealer) Seal(string, []byte) ([]byte, error) { return nil, errTest }

func (brokenSealer) Open(string, []byte) ([]byte, error) { return nil, errTest }

// overdueStore does something between finding the overdue accounts and deleting them.
type overdueStore struct {
	account.Store
	then func(did syntax.DID)
}

func (s overdueStore) Overdue(ctx context.Context, query account.OverdueQuery) ([]account.Account, error) {
	accounts, err := s.Store.Overdue(ctx, query)
	for _, found := range accounts {
		s.then(found.DID)
	}
	return accounts, err
}

// Who activates the account in the last moment keeps it.
func TestHousekeepLooksAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	if err := b.store.Deactivate(t.Context(), did, b.now, b.now, account.Record{}); err != nil {
		t.Fatal(err)
	}
	looked := 0
	b.Store = overdueStore{b.store, func(did syntax.DID) {
		looked++
		if err := b.store.Activate(t.Context(), did, account.Record{}); err != nil {
			t.Error(err)
		}
	}}
	wantError(t, "Housekeep", b.Housekeep(t.Context()), nil)
	b.account(t, did)

	if err := b.store.Deactivate(t.Context(), did, b.now, b.now, account.Record{}); err != nil {
		t.Fatal(err)
	}
	b.Store = overdueStore{b.store, func(did syntax.DID) {
		looked++
		b.remove(t, did)
	}}
	wantError(t, "Housekeep of an account that is gone", b.Housekeep(t.Context()), account.ErrAccountNotFound)
	if looked != 2 {
		t.Errorf("got %d overdue accounts, want 2", looked)
	}
}

// undeletable is a store that cannot delete some accounts.
type undeletable struct {
	account.Store
	prefix string // of their DIDs
}

func (s undeletable) DeleteAccount(ctx context.Context, deletion account.Deletion) error {
	if strings.HasPrefix(string(deletion.DID), s.prefix) {
		return errTest
	}
	return s.Store.DeleteAccount(ctx, deletion)
}

// However many accounts cannot be deleted, they are in nobody's way.
func TestHousekeepPagesThrough(t *testing.T) {
	t.Parallel()
	const stuck = 205
	b := newBench(t)
	did := b.signUp(t).Account.DID
	for i := range stuck {
		b.doom(t, syntax.DID(fmt.Sprintf("did:plc:0stuck%d", i)), syntax.Handle(fmt.Sprintf("stuck%d.test", i)))
	}
	if err := b.store.Deactivate(t.Context(), did, b.now, b.now, account.Record{}); err != nil {
		t.Fatal(err)
	}
	b.Store = undeletable{b.store, "did:plc:0stuck"}
	err := b.Housekeep(t.Context())
	wantError(t, "Housekeep", err, errTest)
	if got := strings.Count(err.Error(), errTest.Error()); got != stuck {
		t.Errorf("got %d faults, want %d", got, stuck)
	}
	_, err = b.store.FindAccount(t.Context(), account.Identifier{Kind: account.ByDID, Value: string(did)})
	wantError(t, "FindAccount", err, account.ErrAccountNotFound)
}

// doom creates an account whose deadline is over.
func (b *bench) doom(t *testing.T, did syntax.DID, handle syntax.Handle) {
	t.Helper()
	b.enter(t, did, handle, "hash of secret")
	if err := b.store.Deactivate(t.Context(), did, b.now, b.now, account.Record{}); err != nil {
		t.Fatal(err)
	}
}

// A DID is compared to the letter: one with capitals can be deleted too, by whom it belongs
// to and when its deadline is over.
func TestDeleteCapitals(t *testing.T) {
	t.Parallel()
	const did = syntax.DID("did:web:Erin.example.com")
	b := newBench(t)
	b.doom(t, did, "erin.test")
	wantError(t, "Housekeep", b.Housekeep(t.Context()), nil)
	b.doom(t, did, "erin.test")
	wantError(t, "RemoveAccount", b.RemoveAccount(t.Context(), did), nil)
	b.enter(t, did, "erin.test", "hash of secret")
	caller := account.Caller{Account: b.account(t, did)}
	b.newMails(t)
	wantError(t, "RequestAccountDelete", b.RequestAccountDelete(t.Context(), caller, account.Client{}), nil)
	request := account.DeleteRequest{DID: did, Password: "secret", Token: b.mailedToken(t)}
	wantError(t, "DeleteAccount", b.DeleteAccount(t.Context(), request), nil)
}
