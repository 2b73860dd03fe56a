package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A sessionChange is a change that a session can make.
type sessionChange struct {
	name string
	call statusCall
}

func sessionChanges() []sessionChange {
	return []sessionChange{
		{"SetEmail", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			_, err := store.SetEmail(ctx, account.EmailChange{DID: did, Email: "new@example.com", Record: recorded(record)})
			return err
		}},
		{"ConfirmEmail", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.ConfirmEmail(ctx, did, "alice@example.com", newProof(account.PurposeConfirmEmail, "token"), record)
		}},
		{"Deactivate", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.Deactivate(ctx, did, now, time.Time{}, record)
		}},
		{"Activate", Store.Activate},
		{"AddEvent", func(store Store, ctx context.Context, _ syntax.DID, record account.Record) error {
			return store.AddEvent(ctx, record)
		}},
		{"CreateAppPassword", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.CreateAppPassword(ctx, newAppPassword(did, "new"), 10, record)
		}},
		{"DeleteAppPassword", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.DeleteAppPassword(ctx, did, "app", record)
		}},
		{"PutEmailToken", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			token := newToken(did, account.PurposeConfirmEmail, "other")
			token.Record = recorded(record)
			return store.PutEmailToken(ctx, token)
		}},
		{"UseEmailToken", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.UseEmailToken(ctx, did, newProof(account.PurposeConfirmEmail, "token"), record)
		}},
		{"MintInvites", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			_, err := store.MintInvites(ctx, did, record.SessionID, func(account.Account, []account.InviteCode) []account.InviteCode {
				return []account.InviteCode{newInvite("minted")}
			})
			return err
		}},
		{"ReserveHandle", func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			change := newChange(did, "new.test")
			change.SessionID = record.SessionID
			return store.ReserveHandle(ctx, change, now)
		}},
	}
}

// A sessionEnd is what can have happened to the session alice-1 when it makes a change.
type sessionEnd struct {
	name string
	end  func(t *testing.T, store Store, did syntax.DID)
	want error
}

func sessionEnds() []sessionEnd {
	takeDown := func(t *testing.T, store Store, did syntax.DID) {
		must(t, store.Moderate(t.Context(), newTakedown(did, "1")))
	}
	return []sessionEnd{
		{"logout", func(t *testing.T, store Store, did syntax.DID) {
			must(t, store.EndSession(t.Context(), did, "alice-1", account.Record{}))
		}, account.ErrTokenRevoked},
		{"new password", func(t *testing.T, store Store, did syntax.DID) {
			must(t, store.SetPassword(t.Context(), newPassword(did)))
		}, account.ErrTokenRevoked},
		{"takedown", takeDown, account.ErrTakendown},
		{"takedown and restoration", func(t *testing.T, store Store, did syntax.DID) {
			takeDown(t, store, did)
			must(t, store.Moderate(t.Context(), newRestoration(did)))
		}, account.ErrTokenRevoked},
		{"deletion", func(t *testing.T, store Store, did syntax.DID) {
			must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
		}, account.ErrAccountNotFound},
	}
}

// testSessionChanges tests that a session makes no change after its end.
func testSessionChanges(t *testing.T, open func(t *testing.T) Store) {
	for _, change := range sessionChanges() {
		t.Run(change.name, func(t *testing.T) {
			store := open(t)
			did := equip(t, store)
			must(t, store.StartSession(t.Context(), newLogin(did, "other")))
			must(t, store.EndSession(t.Context(), did, "other", account.Record{}))
			before := holdingsOf(t, store, did)
			wantError(t, "the call", change.call(store, t.Context(), did, recordOf(did, "alice-1")), nil)
			if cmp.Equal(before, holdingsOf(t, store, did)) {
				t.Error("the call has changed nothing")
			}
		})
	}
	for _, tt := range sessionEnds() {
		t.Run("after "+tt.name, func(t *testing.T) {
			store := open(t)
			did := equip(t, store)
			mustCreate(t, store, newAccount("bob"))
			tt.end(t, store, did)
			before := holdingsOf(t, store, did)
			for _, change := range sessionChanges() {
				for _, session := range []string{"alice-1", "bob-1"} {
					err := change.call(store, t.Context(), did, recordOf(did, session))
					wantError(t, change.name+" by "+session, err, tt.want)
				}
			}
			wantEqual(t, "what there is", holdingsOf(t, store, did), before)
		})
	}
	t.Run("by a session of an account that was taken down", func(t *testing.T) {
		store := open(t)
		did := equip(t, store)
		must(t, store.Moderate(t.Context(), newTakedown(did, "1")))
		login := newLogin(did, "moving")
		login.Session.Kind, login.AllowTakendown = account.SessionTakendown, true
		must(t, store.StartSession(t.Context(), login))
		record := recordOf(did, "moving")
		wantError(t, "Deactivate", store.Deactivate(t.Context(), did, now, time.Time{}, record), nil)
		record.Mails = nil
		wantError(t, "Activate", store.Activate(t.Context(), did, record), account.ErrTakendown)
	})
	t.Run("a session that has ended does not use tokens up", func(t *testing.T) {
		store := open(t)
		did := equip(t, store)
		for i := range account.MaxTokenAttempts {
			wrong := newProof(account.PurposeConfirmEmail, fmt.Sprint(i))
			err := store.CheckEmailToken(t.Context(), did, wrong, "none")
			wantError(t, "CheckEmailToken", err, account.ErrTokenRevoked)
			err = store.UseEmailToken(t.Context(), did, wrong, account.Record{SessionID: "none"})
			wantError(t, "UseEmailToken", err, account.ErrTokenRevoked)
		}
		err := store.UseEmailToken(t.Context(), did, newProof(account.PurposeConfirmEmail, "token"), account.Record{})
		wantError(t, "UseEmailToken afterwards", err, nil)
	})
}

// recordOf returns the record of what a session does.
func recordOf(did syntax.DID, session string) account.Record {
	record := newRecord(did, "changed")
	record.SessionID = session
	return record
}

// equip creates alice with what the changes need.
func equip(t *testing.T, store Store) syntax.DID {
	t.Helper()
	did := mustCreate(t, store, newAccount("alice")).Account.DID
	must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
	mustMail(t, store, newToken(did, account.PurposeConfirmEmail, "token"))
	return did
}

// holdings are what the changes of a session change.
type holdings struct {
	Account      account.Account
	AppPasswords []account.AppPassword
	Handles      []account.HandleReservation
	Events       []account.Event
	Invites      []account.InviteCode
	Token        bool
}

func holdingsOf(t *testing.T, store Store, did syntax.DID) holdings {
	t.Helper()
	var h holdings
	var err error
	h.Account, err = store.FindAccount(t.Context(), byDID(did))
	if !errors.Is(err, account.ErrAccountNotFound) {
		must(t, err)
	}
	h.AppPasswords, err = store.AppPasswords(t.Context(), did)
	must(t, err)
	h.Handles, err = store.ReservedHandles(t.Context(), did)
	must(t, err)
	h.Events, err = store.Events(t.Context(), did, 10)
	must(t, err)
	h.Invites, err = store.ListInvites(t.Context(), account.InviteQuery{Limit: 10})
	must(t, err)
	_, err = store.FindByEmailToken(t.Context(), newProof(account.PurposeConfirmEmail, "token"))
	h.Token = err == nil
	return h
}

// testRacesOfChanges tests that a session leaves nothing behind that is to end with it,
// whoever comes first.
func testRacesOfChanges(t *testing.T, open func(t *testing.T) Store) {
	t.Run("app passwords against a reset that drops them", func(t *testing.T) {
		store := open(t)
		did := equip(t, store)
		errs := inParallel(racers, func(i int) error {
			if i == racers/2 {
				return store.SetPassword(t.Context(), account.PasswordChange{
					DID: did, PasswordHash: "new", DropAppPasswords: true, Record: recordedPassword(account.Record{}),
				})
			}
			app := newAppPassword(did, fmt.Sprint("app ", i))
			return store.CreateAppPassword(t.Context(), app, 100, account.Record{SessionID: "alice-1"})
		})
		for _, err := range errs {
			if err != nil && !errors.Is(err, account.ErrTokenRevoked) {
				t.Errorf("got %v, want %v", err, account.ErrTokenRevoked)
			}
		}
		wantEqual(t, "app passwords", holdingsOf(t, store, did).AppPasswords, nil)
	})
	t.Run("new addresses against an administrator who ends the session", func(t *testing.T) {
		store := open(t)
		did := equip(t, store)
		inParallel(racers, func(i int) error {
			if i != racers/2 {
				_, err := store.SetEmail(t.Context(), account.EmailChange{
					DID: did, Email: fmt.Sprintf("thief%d@example.com", i), Record: recorded(account.Record{SessionID: "alice-1"}),
				})
				return err
			}
			if err := store.SetPassword(t.Context(), newPassword(did)); err != nil {
				return err
			}
			_, err := store.SetEmail(t.Context(), account.EmailChange{DID: did, Email: "alice@example.com", Forced: true, Record: recorded(account.Record{})})
			return err
		})
		wantEqual(t, "email", mustFind(t, store, did).Email, "alice@example.com")
	})
	t.Run("deletions that are due against an activation", func(t *testing.T) {
		store := open(t)
		alice := newAccount("alice")
		alice.Account.DeactivatedAt, alice.Account.DeleteAfter = now, now
		did := mustCreate(t, store, alice).Account.DID
		var activated error
		inParallel(racers, func(i int) error {
			if i == racers/2 {
				activated = store.Activate(t.Context(), did, account.Record{SessionID: "alice-1"})
				return activated
			}
			return store.DeleteAccount(t.Context(), account.Deletion{DID: did, OverdueAt: now})
		})
		_, err := store.FindAccount(t.Context(), byDID(did))
		if (activated == nil) != (err == nil) {
			t.Errorf("activation: %v, the account afterwards: %v", activated, err)
		}
	})
}
