package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testRotation tests which refresh tokens are good when.
func testRotation(t *testing.T, open func(t *testing.T) Store) {
	t.Run("grace", func(t *testing.T) { testGrace(t, open) })
	t.Run("expiry", func(t *testing.T) { testExpiry(t, open) })
	t.Run("refused", func(t *testing.T) { testRefusedRotation(t, open) })
}

// testGrace exchanges the token alice-1 at now, then something else later.
func testGrace(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	grace := account.RefreshGrace

	type step struct {
		token string
		after time.Duration
		want  error
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"again at once", []step{{"alice-1", 0, nil}, {"alice-1+", 0, nil}}},
		{"again just within the grace", []step{{"alice-1", grace - time.Millisecond, nil}}},
		{"again when the grace is over", []step{{"alice-1", grace, account.ErrTokenRevoked}}},
		{"using it again does not extend the grace", []step{
			{"alice-1", grace / 2, nil},
			{"alice-1", grace - time.Millisecond, nil},
			{"alice-1", grace, account.ErrTokenRevoked},
		}},
		{"the next one lives on", []step{
			{"alice-1", grace, account.ErrTokenRevoked},
			{"alice-1+", 30 * 24 * time.Hour, nil},
			{"alice-1++", 60 * 24 * time.Hour, nil},
		}},
		{"the first one after the next was used", []step{
			{"alice-1+", time.Minute, nil},
			{"alice-1", 2 * time.Minute, nil},
			{"alice-1+", 3 * time.Minute, nil},
			{"alice-1++", 4 * time.Minute, nil},
		}},
		{"a used one does not come back", []step{
			{"alice-1+", time.Minute, nil},
			{"alice-1", grace, account.ErrTokenRevoked},
			{"alice-1+", grace + time.Minute, account.ErrTokenRevoked},
			{"alice-1++", grace + time.Minute, nil},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, alice)
			mustRotate(t, store, newRotation(did, "alice-1", now))
			for _, step := range tt.steps {
				_, err := store.RotateRefresh(t.Context(), newRotation(did, step.token, now.Add(step.after)))
				wantError(t, fmt.Sprintf("%s after %s", step.token, step.after), err, step.want)
			}
		})
	}
}

func testExpiry(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	idle := account.IdleLifetime

	t.Run("a session that is not refreshed", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		_, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now.Add(idle)))
		wantError(t, "RotateRefresh", err, account.ErrTokenRevoked)
	})
	t.Run("the grace does not outlast the token", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		mustRotate(t, store, newRotation(did, "alice-1", now.Add(idle-time.Hour)))
		mustRotate(t, store, newRotation(did, "alice-1", now.Add(idle-time.Millisecond)))
		_, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now.Add(idle)))
		wantError(t, "RotateRefresh", err, account.ErrTokenRevoked)
	})
	t.Run("a first use extends the session, a second does not", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		want := alice.Session.Session
		want.LastUsedAt = now.Add(time.Hour)
		want.ExpiresAt = now.Add(time.Hour + idle)
		for _, after := range []time.Duration{time.Hour, 2 * time.Hour} {
			got, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now.Add(after)))
			wantError(t, "RotateRefresh", err, nil)
			wantEqual(t, "caller", got, account.Caller{Account: alice.Account, Session: want})
			found, err := store.FindSession(t.Context(), did, "alice-1")
			wantError(t, "FindSession", err, nil)
			wantEqual(t, "session found", found.Session, want)
		}
	})
	t.Run("a session that is refreshed all the time", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		end := alice.Session.Session.EndsAt
		token, at := "alice-1", now
		for ; at.Before(end); at = at.Add(idle / 2) {
			session := mustRotate(t, store, newRotation(did, token, at))
			if session.ExpiresAt.After(end) {
				t.Fatalf("session refreshed at %s: got expiry %s, want at most %s", at, session.ExpiresAt, end)
			}
			token += "+"
		}
		_, err := store.RotateRefresh(t.Context(), newRotation(did, token, end))
		wantError(t, "RotateRefresh at the end", err, account.ErrTokenRevoked)
	})
}

func testRefusedRotation(t *testing.T, open func(t *testing.T) Store) {
	alice, bob := newAccount("alice"), newAccount("bob")
	takendown := newAccount("takendown")
	takendown.Account.TakendownAt = now
	deactivated := newAccount("deactivated")
	deactivated.Account.DeactivatedAt = now
	tests := []struct {
		name  string
		did   syntax.DID
		token string
		want  error
	}{
		{"unknown token", alice.Account.DID, "none", account.ErrTokenRevoked},
		{"token of another account", alice.Account.DID, "bob-1", account.ErrTokenRevoked},
		{"unknown account", "did:plc:nobody", "alice-1", account.ErrTokenRevoked},
		{"account taken down", takendown.Account.DID, "takendown-1", account.ErrTakendown},
		{"account taken down, unknown token", takendown.Account.DID, "none", account.ErrTakendown},
		{"account deactivated", deactivated.Account.DID, "deactivated-1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, created := range []person{alice, bob, takendown, deactivated} {
				mustCreate(t, store, created)
			}
			_, err := store.RotateRefresh(t.Context(), newRotation(tt.did, tt.token, now))
			wantError(t, "RotateRefresh", err, tt.want)
		})
	}
	t.Run("of another session", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		must(t, store.StartSession(t.Context(), newLogin(alice.Account.DID, "login")))
		for _, token := range []string{"alice-1", "alice-1+"} {
			foreign := newRotation(alice.Account.DID, token, now)
			foreign.SessionID = "login"
			_, err := store.RotateRefresh(t.Context(), foreign)
			wantError(t, "RotateRefresh of "+token, err, account.ErrTokenRevoked)
			mustRotate(t, store, newRotation(alice.Account.DID, token, now))
		}
	})
	t.Run("another next token", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		mustRotate(t, store, newRotation(alice.Account.DID, "alice-1", now))
		fork := newRotation(alice.Account.DID, "alice-1", now)
		fork.Next = hashOf("fork")
		_, err := store.RotateRefresh(t.Context(), fork)
		wantError(t, "RotateRefresh", err, account.ErrTokenRevoked)
		_, err = store.RotateRefresh(t.Context(), newRotation(alice.Account.DID, "fork", now))
		wantError(t, "RotateRefresh of the fork", err, account.ErrTokenRevoked)
	})
}
