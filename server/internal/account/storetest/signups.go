package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testNames tests that handles and emails are unique over everything that holds them,
// and that a sign-up leaves everything or nothing.
func testNames(t *testing.T, open func(t *testing.T) Store) {
	taken, under := newAccount("taken"), newAccount("under")
	inactive := newAccount("inactive")
	inactive.Account.DeactivatedAt = now
	tests := []struct {
		name   string
		handle syntax.Handle
		email  string
		want   error
	}{
		{"both free", "free.test", "free@example.com", nil},
		{"handle taken", "taken.test", "free@example.com", account.ErrHandleTaken},
		{"email taken", "free.test", "taken@example.com", account.ErrEmailTaken},
		{"both taken", "taken.test", "taken@example.com", account.ErrHandleTaken},
		{"both taken by different accounts", "inactive.test", "taken@example.com", account.ErrHandleTaken},
		{"handle of an inactive account", "inactive.test", "free@example.com", account.ErrHandleTaken},
		{"email of an inactive account", "free.test", "inactive@example.com", account.ErrEmailTaken},
		{"handle of a sign-up under way", "under.test", "free@example.com", account.ErrHandleTaken},
		{"email of a sign-up under way", "free.test", "under@example.com", account.ErrEmailTaken},
		{"handle reserved for a change", "wanted.test", "free@example.com", account.ErrHandleTaken},
		{"handle given up a while ago", "quarantined.test", "free@example.com", account.ErrHandleTaken},
		{"handle given up long ago", "released.test", "free@example.com", nil},
		{"handle given up without a quarantine", "dropped.test", "free@example.com", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, taken)
			mustCreate(t, store, inactive)
			must(t, store.ReserveSignup(t.Context(), under.Reservation))
			must(t, store.ReserveHandle(t.Context(), newChange(taken.Account.DID, "wanted.test"), now))
			giveUp(t, store, "quarantined", now.Add(time.Millisecond))
			giveUp(t, store, "released", now)
			giveUp(t, store, "dropped", time.Time{})

			err := store.CheckSignup(t.Context(), tt.handle, tt.email, "", now)
			wantError(t, "CheckSignup", err, tt.want)
			created := newAccount("new")
			created.Account.Handle, created.Account.Email = tt.handle, tt.email
			wantError(t, "sign-up", create(t, store, created), tt.want)
			_, err = store.FindSession(t.Context(), created.Account.DID, created.Session.Session.ID)
			if tt.want == nil {
				wantError(t, "FindSession", err, nil)
			} else {
				wantError(t, "FindSession", err, account.ErrAccountNotFound)
			}
		})
	}
	t.Run("handle that the same DID gave up", func(t *testing.T) {
		store := open(t)
		giveUp(t, store, "back", now.Add(time.Hour))
		mustCreate(t, store, newAccount("back"))
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: didOf("back")}))
		wantError(t, "CheckSignup after a return", store.CheckSignup(t.Context(), "back.test", "", "", now), nil)
	})
}

// giveUp creates and deletes an account, and keeps its handle from others.
func giveUp(t *testing.T, store Store, name string, until time.Time) {
	t.Helper()
	p := mustCreate(t, store, newAccount(name))
	must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: p.Account.DID, QuarantineUntil: until}))
}

// testSignups tests what becomes of a reservation.
func testSignups(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	alice.InviteCode = "code"
	did := alice.Account.DID
	reserve := func(t *testing.T) Store {
		store := open(t)
		must(t, store.CreateInvites(t.Context(), []account.InviteCode{newInvite("code")}, 10))
		must(t, store.ReserveSignup(t.Context(), alice.Reservation))
		return store
	}
	t.Run("reserved", func(t *testing.T) {
		store := reserve(t)
		_, err := store.FindAccount(t.Context(), byDID(did))
		wantError(t, "FindAccount", err, account.ErrAccountNotFound)
		got, err := store.Reservations(t.Context(), alice.LeaseUntil.Add(-time.Millisecond))
		wantError(t, "Reservations before the lease is over", err, nil)
		wantEqual(t, "reservations", got, nil)
		got, err = store.Reservations(t.Context(), alice.LeaseUntil)
		wantError(t, "Reservations", err, nil)
		wantEqual(t, "reservations", got, []account.Reservation{alice.Reservation})
	})
	t.Run("finished", func(t *testing.T) {
		store := reserve(t)
		got, err := store.FinishSignup(t.Context(), did, &alice.Session, newRecord(did, account.EventCreated))
		wantError(t, "FinishSignup", err, nil)
		wantEqual(t, "account", got, alice.Account)
		credentials, err := store.FindCredentials(t.Context(), byDID(did))
		wantError(t, "FindCredentials", err, nil)
		wantEqual(t, "credentials", credentials, account.Credentials{
			Account: alice.Account, PasswordHash: alice.PasswordHash, CredentialVersion: account.FirstCredentialVersion,
		})
		key, err := store.SigningKey(t.Context(), did)
		wantError(t, "SigningKey", err, nil)
		wantEqual(t, "signing key", key, alice.SigningKey)
		wantSessions(t, store, did, map[string]bool{"alice-1": true})
		wantUses(t, store, "code", did)
		wantRecord(t, store, did, account.EventCreated)
		_, err = store.FinishSignup(t.Context(), did, nil, account.Record{})
		wantError(t, "FinishSignup again", err, account.ErrReservationGone)
	})
	t.Run("finished while nobody waits", func(t *testing.T) {
		store := reserve(t)
		_, err := store.FinishSignup(t.Context(), did, nil, account.Record{})
		wantError(t, "FinishSignup", err, nil)
		wantSessions(t, store, did, map[string]bool{"alice-1": false})
		reservations, err := store.Reservations(t.Context(), now.Add(time.Hour))
		wantError(t, "Reservations", err, nil)
		wantEqual(t, "reservations", reservations, nil)
	})
	t.Run("released", func(t *testing.T) {
		store := reserve(t)
		for range 2 {
			wantError(t, "ReleaseSignup", store.ReleaseSignup(t.Context(), did), nil)
		}
		_, err := store.FinishSignup(t.Context(), did, nil, newRecord(did, account.EventCreated))
		wantError(t, "FinishSignup", err, account.ErrReservationGone)
		wantUses(t, store, "code")
		wantError(t, "ReserveSignup again", store.ReserveSignup(t.Context(), alice.Reservation), nil)
	})
	t.Run("released for another", func(t *testing.T) {
		store := reserve(t)
		must(t, store.ReleaseSignup(t.Context(), "did:plc:nobody"))
		err := store.CheckSignup(t.Context(), "free.test", "free@example.com", "code", now)
		wantError(t, "CheckSignup with the reserved code", err, account.ErrInvalidInviteCode)
	})
}

// testOddSignups tests sign-ups whose surroundings change.
func testOddSignups(t *testing.T, open func(t *testing.T) Store) {
	t.Run("the code went with its owner", func(t *testing.T) {
		store := open(t)
		owner := mustCreate(t, store, newAccount("owner"))
		code := newInvite("code")
		code.ForAccount = string(owner.Account.DID)
		must(t, store.CreateInvites(t.Context(), []account.InviteCode{code}, 10))
		must(t, store.ReserveSignup(t.Context(), invited("alice", "code").Reservation))
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: owner.Account.DID}))
		_, err := store.FinishSignup(t.Context(), didOf("alice"), nil, account.Record{})
		wantError(t, "FinishSignup", err, nil)
	})
	t.Run("same session twice", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("taken"))
		must(t, store.ReserveSignup(t.Context(), newAccount("new").Reservation))
		session := newSession(didOf("new"), "taken-1")
		if _, err := store.FinishSignup(t.Context(), didOf("new"), &session, account.Record{}); err == nil {
			t.Fatal("FinishSignup with the id of another session succeeded")
		}
		_, err := store.FinishSignup(t.Context(), didOf("new"), nil, account.Record{})
		wantError(t, "FinishSignup after it failed", err, nil)
	})
}

// testImports tests accounts that are kept in one step, and which DIDs can be.
func testImports(t *testing.T, open func(t *testing.T) Store) {
	moved := newAccount("moved")
	moved.Account.DeactivatedAt = now
	moved.Genesis = account.Operation{}
	moved.InviteCode = "code"
	did := moved.Account.DID
	tests := []struct {
		name    string
		prepare func(t *testing.T, store Store)
		want    error
	}{
		{"free", func(*testing.T, Store) {}, nil},
		{"account of the DID", func(t *testing.T, store Store) {
			other := newAccount("moved")
			other.Account.Handle, other.Account.Email = "other.test", "other@example.com"
			other.Session = newSession(did, "other-1")
			mustCreate(t, store, other)
		}, account.ErrDIDTaken},
		{"sign-up of the DID", func(t *testing.T, store Store) {
			other := newAccount("moved")
			other.Account.Handle, other.Account.Email = "other.test", "other@example.com"
			must(t, store.ReserveSignup(t.Context(), other.Reservation))
		}, account.ErrDIDTaken},
		{"handle taken", func(t *testing.T, store Store) {
			other := newAccount("other")
			other.Account.Handle = moved.Account.Handle
			mustCreate(t, store, other)
		}, account.ErrHandleTaken},
		{"code used up", func(t *testing.T, store Store) {
			other := newAccount("other")
			other.Account.Handle = moved.Account.Handle
			other.InviteCode = "code"
			mustCreate(t, store, other)
		}, account.ErrInvalidInviteCode},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			must(t, store.CreateInvites(t.Context(), []account.InviteCode{newInvite("code")}, 10))
			tt.prepare(t, store)
			err := store.ImportAccount(t.Context(), moved.Reservation, moved.Session, newRecord(did, account.EventImported))
			wantError(t, "ImportAccount", err, tt.want)
			if tt.want != nil {
				wantSessions(t, store, did, map[string]bool{"moved-1": false})
				return
			}
			wantEqual(t, "account", mustFind(t, store, did), moved.Account)
			wantSessions(t, store, did, map[string]bool{"moved-1": true})
			wantUses(t, store, "code", did)
			wantRecord(t, store, did, account.EventImported)
		})
	}
}

// testReservedKeys tests which signing key an import gives to an account.
func testReservedKeys(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("moved")
	tests := []struct {
		name    string
		did     syntax.DID // for which there is a key
		expires time.Time
		want    string // the key of the account
		left    bool   // the key is reserved afterwards
	}{
		{"for the DID", did, now.Add(time.Millisecond), "reserved", false},
		{"for the DID, but over", did, now, "moved", false},
		{"for another DID", "did:plc:other", now.Add(time.Hour), "moved", true},
		{"for nobody yet", "", now.Add(time.Hour), "moved", false},
	}
	for _, tt := range tests {
		t.Run("a key reserved "+tt.name, func(t *testing.T) {
			store := open(t)
			moved := newAccount("moved")
			reserved := account.ReservedKey{Key: newKey("reserved"), DID: tt.did, CreatedAt: now, ExpiresAt: tt.expires}
			_, err := store.ReserveSigningKey(t.Context(), reserved, now.Add(-time.Hour), 10)
			must(t, err)
			must(t, store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{}))
			key, err := store.SigningKey(t.Context(), did)
			wantError(t, "SigningKey", err, nil)
			wantEqual(t, "key of the account", key, newKey(tt.want))
			reserved.Key = newKey("next")
			key, err = store.ReserveSigningKey(t.Context(), reserved, now.Add(-time.Hour), 10)
			wantError(t, "ReserveSigningKey", err, nil)
			wantEqual(t, "still reserved", key.Public == "did:key:reserved", tt.left)
		})
	}
}

// testReturns tests what imports find that was left for them.
func testReturns(t *testing.T, open func(t *testing.T) Store) {
	moved := newAccount("moved")
	did := moved.Account.DID
	testReservedKeys(t, open)
	t.Run("a nonce that is used up", func(t *testing.T) {
		store := open(t)
		moved := newAccount("moved")
		moved.Nonce = account.Nonce{Hash: secret("nonce"), ExpiresAt: now.Add(time.Minute)}
		other := newAccount("other")
		other.Account.Handle = moved.Account.Handle
		mustCreate(t, store, other)
		err := store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{})
		wantError(t, "ImportAccount with a taken handle", err, account.ErrHandleTaken)
		moved.Account.Handle = "free.test"
		err = store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{})
		wantError(t, "ImportAccount with the same nonce", err, nil)
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
		err = store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{})
		wantError(t, "ImportAccount after a deletion", err, account.ErrReplayed)
		_, err = store.FindAccount(t.Context(), byDID(did))
		wantError(t, "FindAccount", err, account.ErrAccountNotFound)
		moved.Nonce.Hash = secret("next nonce")
		err = store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{})
		wantError(t, "ImportAccount with another nonce", err, nil)
	})
	t.Run("one nonce for many", func(t *testing.T) {
		store := open(t)
		errs := inParallel(racers, func(i int) error {
			p := newAccount(fmt.Sprint("racer", i))
			p.Nonce = account.Nonce{Hash: secret("nonce"), ExpiresAt: now.Add(time.Minute)}
			return store.ImportAccount(t.Context(), p.Reservation, p.Session, account.Record{})
		})
		wantEqual(t, "successes, replays", tally(errs, nil, account.ErrReplayed), "[1 9] others 0")
	})
	t.Run("returned with the same code", func(t *testing.T) {
		store := open(t)
		code := newInvite("code")
		code.Available = 2
		must(t, store.CreateInvites(t.Context(), []account.InviteCode{code}, 10))
		moved := invited("moved", "code")
		must(t, store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{}))
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
		err := store.ImportAccount(t.Context(), moved.Reservation, moved.Session, account.Record{})
		wantError(t, "ImportAccount", err, account.ErrInvalidInviteCode)
	})
}
