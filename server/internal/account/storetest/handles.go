package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func newChange(did syntax.DID, handle syntax.Handle) account.HandleReservation {
	return account.HandleReservation{DID: did, Handle: handle, LeaseUntil: now.Add(time.Minute)}
}

// testHandles tests changes of handles.
func testHandles(t *testing.T, open func(t *testing.T) Store) {
	t.Run("reserve", func(t *testing.T) { testReserveHandle(t, open) })
	t.Run("commit", func(t *testing.T) { testCommitHandle(t, open) })
	t.Run("release", func(t *testing.T) { testReleaseHandle(t, open) })
	t.Run("several", func(t *testing.T) { testSeveralHandles(t, open) })
}

func testReserveHandle(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	tests := []struct {
		name   string
		did    syntax.DID
		handle syntax.Handle
		want   error
	}{
		{"free", did, "free.test", nil},
		{"its own", did, "alice.test", nil},
		{"reserved for itself", did, "mine.test", nil},
		{"of another", did, "bob.test", account.ErrHandleTaken},
		{"of a sign-up under way", did, "under.test", account.ErrHandleTaken},
		{"reserved for another", did, "wanted.test", account.ErrHandleTaken},
		{"not yet free again", did, "quarantined.test", account.ErrHandleTaken},
		{"free again", did, "released.test", nil},
		{"that it gave up", did, "former.test", nil},
		{"of nobody", "did:plc:nobody", "free.test", account.ErrAccountNotFound},
		{"of nobody, taken", "did:plc:nobody", "bob.test", account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			former := alice
			former.Account.Handle = "former.test"
			mustCreate(t, store, former)
			changeHandle(t, store, did, "alice.test", now.Add(time.Hour))
			bob := mustCreate(t, store, newAccount("bob"))
			must(t, store.ReserveSignup(t.Context(), newAccount("under").Reservation))
			must(t, store.ReserveHandle(t.Context(), newChange(bob.Account.DID, "wanted.test"), now))
			must(t, store.ReserveHandle(t.Context(), newChange(did, "mine.test"), now))
			giveUp(t, store, "quarantined", now.Add(time.Hour))
			giveUp(t, store, "released", now)

			err := store.ReserveHandle(t.Context(), newChange(tt.did, tt.handle), now)
			wantError(t, "ReserveHandle", err, tt.want)
			_, err = store.CommitHandle(t.Context(), did, tt.handle, time.Time{}, account.Record{})
			if tt.want != nil {
				wantError(t, "CommitHandle", err, account.ErrReservationGone)
				wantEqual(t, "handle", mustFind(t, store, did).Handle, "alice.test")
				return
			}
			wantError(t, "CommitHandle", err, nil)
			wantEqual(t, "handle", mustFind(t, store, did).Handle, tt.handle)
		})
	}
}

// changeHandle gives an account a handle and keeps the one before from others.
func changeHandle(t *testing.T, store Store, did syntax.DID, handle syntax.Handle, until time.Time) {
	t.Helper()
	must(t, store.ReserveHandle(t.Context(), newChange(did, handle), now))
	_, err := store.CommitHandle(t.Context(), did, handle, until, account.Record{})
	must(t, err)
}

func testCommitHandle(t *testing.T, open func(t *testing.T) Store) {
	alice, bob := newAccount("alice"), newAccount("bob")
	did := alice.Account.DID
	tests := []struct {
		name     string
		handle   syntax.Handle
		until    time.Time
		wantFree map[syntax.Handle]error // for others
	}{
		{"without a quarantine", "new.test", time.Time{}, map[syntax.Handle]error{
			"alice.test": nil, "new.test": account.ErrHandleTaken,
		}},
		{"with a quarantine", "new.test", now.Add(time.Hour), map[syntax.Handle]error{
			"alice.test": account.ErrHandleTaken, "new.test": account.ErrHandleTaken,
		}},
		{"the same", "alice.test", now.Add(time.Hour), map[syntax.Handle]error{
			"alice.test": account.ErrHandleTaken, "new.test": nil,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, alice)
			mustCreate(t, store, bob)
			must(t, store.ReserveHandle(t.Context(), newChange(did, tt.handle), now))
			got, err := store.CommitHandle(t.Context(), did, tt.handle, tt.until, newRecord(did, account.EventHandleChanged))
			wantError(t, "CommitHandle", err, nil)
			want := alice.Account
			want.Handle = tt.handle
			wantEqual(t, "account", got, want)
			wantEqual(t, "account found", mustFind(t, store, did), want)
			wantRecord(t, store, did, account.EventHandleChanged)
			for handle, want := range tt.wantFree {
				err := store.CheckSignup(t.Context(), handle, "free@example.com", "", now)
				wantError(t, "CheckSignup("+string(handle)+")", err, want)
			}
			_, err = store.CommitHandle(t.Context(), did, tt.handle, tt.until, account.Record{})
			wantError(t, "CommitHandle again", err, account.ErrReservationGone)
		})
	}
	t.Run("there and back", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		changeHandle(t, store, did, "new.test", now.Add(time.Hour))
		changeHandle(t, store, did, "alice.test", time.Time{})
		changeHandle(t, store, did, "newer.test", time.Time{})
		err := store.CheckSignup(t.Context(), "alice.test", "free@example.com", "", now)
		wantError(t, "CheckSignup of a handle whose first quarantine was lifted", err, nil)
	})
	t.Run("deleted meanwhile", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		must(t, store.ReserveHandle(t.Context(), newChange(did, "new.test"), now))
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
		_, err := store.CommitHandle(t.Context(), did, "new.test", time.Time{}, account.Record{})
		wantError(t, "CommitHandle", err, account.ErrReservationGone)
		wantError(t, "CheckSignup", store.CheckSignup(t.Context(), "new.test", "", "", now), nil)
	})
}

func testReleaseHandle(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	alice := mustCreate(t, store, newAccount("alice"))
	did := alice.Account.DID
	change := newChange(did, "new.test")
	must(t, store.ReserveHandle(t.Context(), change, now))
	wantError(t, "ReleaseHandle for another", store.ReleaseHandle(t.Context(), "did:plc:other", "new.test"), nil)

	got, err := store.HandleReservations(t.Context(), change.LeaseUntil.Add(-time.Millisecond))
	wantError(t, "HandleReservations before the lease is over", err, nil)
	wantEqual(t, "reservations", got, nil)
	got, err = store.HandleReservations(t.Context(), change.LeaseUntil)
	wantError(t, "HandleReservations", err, nil)
	wantEqual(t, "reservations", got, []account.HandleReservation{change})

	for range 2 {
		wantError(t, "ReleaseHandle", store.ReleaseHandle(t.Context(), did, "new.test"), nil)
	}
	wantError(t, "CheckSignup of what was released", store.CheckSignup(t.Context(), "new.test", "", "", now), nil)
	wantEqual(t, "handle", mustFind(t, store, did).Handle, alice.Account.Handle)
}

// testSeveralHandles tests that no change takes away what another has reserved.
func testSeveralHandles(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did := mustCreate(t, store, newAccount("alice")).Account.DID
	bob := mustCreate(t, store, newAccount("bob")).Account.DID
	first, second, third := newChange(did, "first.test"), newChange(did, "second.test"), newChange(did, "third.test")
	others := newChange(bob, "wanted.test")
	for _, change := range []account.HandleReservation{third, first, second, others} {
		must(t, store.ReserveHandle(t.Context(), change, now))
	}
	first.LeaseUntil = now.Add(time.Hour)
	wantError(t, "ReserveHandle again", store.ReserveHandle(t.Context(), first, now), nil)
	wantReserved := func(when string, want ...account.HandleReservation) {
		t.Helper()
		got, err := store.ReservedHandles(t.Context(), did)
		wantError(t, "ReservedHandles", err, nil)
		wantEqual(t, "reserved "+when, got, want)
		for _, change := range want {
			err := store.CheckSignup(t.Context(), change.Handle, "free@example.com", "", now)
			wantError(t, "CheckSignup of "+string(change.Handle)+" "+when, err, account.ErrHandleTaken)
		}
	}
	wantReserved("at first", first, second, third)
	must(t, store.ReleaseHandle(t.Context(), did, "second.test"))
	wantReserved("after a release", first, third)
	_, err := store.CommitHandle(t.Context(), did, "third.test", time.Time{}, account.Record{})
	wantError(t, "CommitHandle", err, nil)
	wantReserved("after a commit", first)
	got, err := store.HandleReservations(t.Context(), now.Add(time.Hour-time.Millisecond))
	wantError(t, "HandleReservations before the new lease is over", err, nil)
	wantEqual(t, "reservations", got, []account.HandleReservation{others})
	must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
	wantReserved("after the deletion")
}
