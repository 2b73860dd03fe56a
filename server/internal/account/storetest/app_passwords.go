package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testAppPasswords tests app passwords and what they open.
func testAppPasswords(t *testing.T, open func(t *testing.T) Store) {
	t.Run("create", func(t *testing.T) { testCreateAppPassword(t, open) })
	t.Run("delete", func(t *testing.T) { testDeleteAppPassword(t, open) })
}

func testCreateAppPassword(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	tests := []struct {
		name string
		did  syntax.DID
		app  string
		max  int
		want error
	}{
		{"new", did, "new", 3, nil},
		{"of the name of another account's", did, "bob's", 3, nil},
		{"same name", did, "old", 3, account.ErrAppPasswordTaken},
		{"too many", did, "new", 2, account.ErrTooManyAppPasswords},
		{"same name and too many", did, "old", 2, account.ErrAppPasswordTaken},
		{"nobody's", "did:plc:nobody", "new", 3, account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, alice)
			bob := mustCreate(t, store, newAccount("bob"))
			old, older := newAppPassword(did, "old"), newAppPassword(did, "older")
			older.CreatedAt = now.Add(-time.Hour)
			for _, p := range []account.AppPassword{older, old, newAppPassword(bob.Account.DID, "bob's")} {
				must(t, store.CreateAppPassword(t.Context(), p, 10, account.Record{}))
			}
			created := newAppPassword(tt.did, tt.app)
			created.Hash = secret("another")
			created.Privileged = true
			created.CreatedAt = now.Add(time.Hour)
			err := store.CreateAppPassword(t.Context(), created, tt.max, newRecord(tt.did, account.EventAppPasswordCreated))
			wantError(t, "CreateAppPassword", err, tt.want)

			want := []account.AppPassword{old, older}
			if tt.want == nil {
				want = []account.AppPassword{created, old, older}
				wantRecord(t, store, did, account.EventAppPasswordCreated)
			} else {
				wantRecord(t, store, did)
			}
			got, err := store.AppPasswords(t.Context(), did)
			wantError(t, "AppPasswords", err, nil)
			wantEqual(t, "app passwords", got, want)
			found, ok, err := store.FindAppPassword(t.Context(), did, created.Hash)
			wantError(t, "FindAppPassword", err, nil)
			wantEqual(t, "found", ok, tt.want == nil)
			if ok {
				wantEqual(t, "app password", found, created)
			}
			_, ok, err = store.FindAppPassword(t.Context(), did, secret("bob's"))
			wantError(t, "FindAppPassword of another account", err, nil)
			wantEqual(t, "found of another account", ok, false)
		})
	}
}

func testDeleteAppPassword(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name  string
		app   string
		wantA bool // whether the sessions and the app password are still there
		wantB bool
	}{
		{"one", "a", false, true},
		{"the other", "b", true, false},
		{"none of the name", "c", true, true},
		{"no name", "", true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			alice := mustCreate(t, store, newAccount("alice"))
			did := alice.Account.DID
			for _, name := range []string{"a", "b"} {
				must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, name), 10, account.Record{}))
				must(t, store.StartSession(t.Context(), newAppLogin(did, "with "+name, name)))
			}
			session := mustRotate(t, store, newRotation(did, "with a", now))
			wantEqual(t, "app password of the session", session.AppPassword, "a")

			err := store.DeleteAppPassword(t.Context(), did, tt.app, newRecord(did, account.EventAppPasswordRevoked))
			wantError(t, "DeleteAppPassword", err, nil)
			wantSessions(t, store, did, map[string]bool{"with a": tt.wantA, "with b": tt.wantB, "alice-1": true})
			for name, want := range map[string]bool{"a": tt.wantA, "b": tt.wantB} {
				_, found, err := store.FindAppPassword(t.Context(), did, secret(name))
				wantError(t, "FindAppPassword", err, nil)
				wantEqual(t, "found "+name, found, want)
				var wantErr error
				if !want {
					wantErr = account.ErrCredentialsChanged
				}
				err = store.StartSession(t.Context(), newAppLogin(did, "again with "+name, name))
				wantError(t, "StartSession with "+name, err, wantErr)
			}
			if tt.wantA && tt.wantB {
				wantRecord(t, store, did)
			} else {
				wantRecord(t, store, did, account.EventAppPasswordRevoked)
			}
		})
	}
	t.Run("of another account", func(t *testing.T) {
		store := open(t)
		for _, name := range []string{"alice", "bob"} {
			p := mustCreate(t, store, newAccount(name))
			must(t, store.CreateAppPassword(t.Context(), newAppPassword(p.Account.DID, "a"), 10, account.Record{}))
			must(t, store.StartSession(t.Context(), newAppLogin(p.Account.DID, "app of "+name, "a")))
		}
		must(t, store.DeleteAppPassword(t.Context(), didOf("alice"), "a", account.Record{}))
		wantSessions(t, store, didOf("alice"), map[string]bool{"app of alice": false})
		wantSessions(t, store, didOf("bob"), map[string]bool{"app of bob": true})
	})
}
