package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testLogins tests that a login starts a session only as long as what it was
// checked against holds.
func testLogins(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	deactivated := newAccount("deactivated")
	deactivated.Account.DeactivatedAt = now
	takendown := newAccount("takendown")
	takendown.Account.TakendownAt = now
	outdated := newLogin(did, "login")
	outdated.CredentialVersion++
	allowed := newLogin(takendown.Account.DID, "login")
	allowed.AllowTakendown = true
	restricted := allowed
	restricted.Session.Kind = account.SessionTakendown
	privileged := newAppLogin(did, "login", "app")
	privileged.Session.Kind = account.SessionPrivileged
	again := newAppLogin(did, "login", "app")
	again.AppPasswordHash = secret("the first app")
	unrefreshable := newLogin(did, "login")
	unrefreshable.Refresh = account.RefreshHash{}

	tests := []struct {
		name  string
		login account.Login
		want  error
	}{
		{"active", newLogin(did, "login"), nil},
		{"deactivated", newLogin(deactivated.Account.DID, "login"), nil},
		{"takendown", newLogin(takendown.Account.DID, "login"), account.ErrTakendown},
		{"takendown meanwhile", allowed, account.ErrTakendown},
		{"takendown and asked for", restricted, nil},
		{"with an app password", newAppLogin(did, "login", "app"), nil},
		{"with an app password that is gone", newAppLogin(did, "login", "none"), account.ErrCredentialsChanged},
		{"with an app password that was revoked and made again", again, account.ErrCredentialsChanged},
		{"with more rights than the app password has", privileged, account.ErrCredentialsChanged},
		{"without a refresh token", unrefreshable, nil},
		{"password changed meanwhile", outdated, account.ErrCredentialsChanged},
		{"account gone", newLogin("did:plc:nobody", "login"), account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, created := range []person{alice, deactivated, takendown} {
				mustCreate(t, store, created)
			}
			must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
			tt.login.Record = newRecord(tt.login.Session.DID, account.EventLogin)
			wantError(t, "StartSession", store.StartSession(t.Context(), tt.login), tt.want)
			got, err := store.FindSession(t.Context(), tt.login.Session.DID, "login")
			if tt.want != nil {
				if err == nil {
					t.Fatalf("a refused login left the session %v", got.Session)
				}
				wantRecord(t, store, tt.login.Session.DID)
				return
			}
			wantRecord(t, store, tt.login.Session.DID, account.EventLogin)
			wantError(t, "FindSession", err, nil)
			wantEqual(t, "session", got.Session, tt.login.Session)
		})
	}
}

// testLoginsWithFactor tests that nobody logs in without the second factor that the account
// has by then.
func testLoginsWithFactor(t *testing.T, open func(t *testing.T) Store) {
	alice, moving := confirmed("alice"), confirmed("moving")
	alice.Account.EmailAuthFactor, moving.Account.EmailAuthFactor = true, true
	moving.Account.TakendownAt = now
	did := alice.Account.DID
	right, wrong := newProof(account.PurposeAuthFactor, "code"), newProof(account.PurposeAuthFactor, "wrong")
	with := func(login account.Login, proof *account.TokenProof) account.Login {
		login.AuthFactor = proof
		return login
	}
	restricted := newLogin(moving.Account.DID, "login")
	restricted.Session.Kind, restricted.AllowTakendown = account.SessionTakendown, true
	outdated := newLogin(did, "login")
	outdated.CredentialVersion++

	tests := []struct {
		name  string
		login account.Login
		want  error
	}{
		{"without the code", newLogin(did, "login"), account.ErrAuthFactorRequired},
		{"with the code", with(newLogin(did, "login"), &right), nil},
		{"with a wrong code", with(newLogin(did, "login"), &wrong), account.ErrEmailTokenInvalid},
		{"with an app password", newAppLogin(did, "login", "app"), nil},
		{"without the code, password changed meanwhile", outdated, account.ErrCredentialsChanged},
		{"takendown, without the code", restricted, account.ErrAuthFactorRequired},
		{"takendown, with the code", with(restricted, &right), nil},
		{"takendown, without the code, not asked for", newLogin(moving.Account.DID, "login"), account.ErrTakendown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, p := range []person{alice, moving} {
				mustCreate(t, store, p)
			}
			must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
			mustMail(t, store, newToken(tt.login.Session.DID, account.PurposeAuthFactor, "code"))
			wantError(t, "StartSession", store.StartSession(t.Context(), tt.login), tt.want)
			wantSessions(t, store, tt.login.Session.DID, map[string]bool{"login": tt.want == nil})
		})
	}
}

// testEffectsOfLogins tests what else a login changes.
func testEffectsOfLogins(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	t.Run("new hash of the same password", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		login := newLogin(did, "login")
		login.Rehash = "a better hash"
		wantError(t, "StartSession", store.StartSession(t.Context(), login), nil)
		got, err := store.FindCredentials(t.Context(), account.Identifier{Kind: account.ByDID, Value: string(did)})
		wantError(t, "FindCredentials", err, nil)
		wantEqual(t, "hash", got.PasswordHash, "a better hash")
		wantEqual(t, "version", got.CredentialVersion, account.FirstCredentialVersion)
	})
	t.Run("without a refresh token there is none", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		login := newLogin(did, "login")
		login.Refresh = account.RefreshHash{}
		must(t, store.StartSession(t.Context(), login))
		rotation := newRotation(did, "login", now)
		rotation.Presented = account.RefreshHash{}
		_, err := store.RotateRefresh(t.Context(), rotation)
		wantError(t, "RotateRefresh", err, account.ErrTokenRevoked)
	})
	t.Run("when an app password was last used", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
		login := newAppLogin(did, "login", "app")
		login.Session.CreatedAt = now.Add(time.Hour)
		must(t, store.StartSession(t.Context(), login))
		got, _, err := store.FindAppPassword(t.Context(), did, secret("app"))
		wantError(t, "FindAppPassword", err, nil)
		wantEqual(t, "last use", got.LastUsedAt, login.Session.CreatedAt)
	})
	t.Run("expired sessions are forgotten", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		login := newLogin(did, "login")
		login.Session.CreatedAt = alice.Session.Session.ExpiresAt
		wantError(t, "StartSession", store.StartSession(t.Context(), login), nil)
		_, err := store.FindSession(t.Context(), did, alice.Session.Session.ID)
		wantError(t, "FindSession of the expired one", err, account.ErrTokenRevoked)
	})
}

// testSessions tests finding and ending sessions.
func testSessions(t *testing.T, open func(t *testing.T) Store) {
	alice, bob := newAccount("alice"), newAccount("bob")
	did := alice.Account.DID
	first := alice.Session.Session.ID

	setUp := func(t *testing.T) Store {
		store := open(t)
		mustCreate(t, store, alice)
		mustCreate(t, store, bob)
		wantError(t, "StartSession", store.StartSession(t.Context(), newLogin(did, "second")), nil)
		return store
	}
	t.Run("found as started", func(t *testing.T) {
		got, err := setUp(t).FindSession(t.Context(), did, first)
		wantError(t, "FindSession", err, nil)
		wantEqual(t, "caller", got, account.Caller{Account: alice.Account, Session: alice.Session.Session})
	})
	t.Run("not found", func(t *testing.T) {
		store := setUp(t)
		_, err := store.FindSession(t.Context(), "did:plc:nobody", first)
		wantError(t, "unknown account", err, account.ErrAccountNotFound)
		_, err = store.FindSession(t.Context(), did, "none")
		wantError(t, "unknown session", err, account.ErrTokenRevoked)
		_, err = store.FindSession(t.Context(), did, bob.Session.Session.ID)
		wantError(t, "session of another account", err, account.ErrTokenRevoked)
	})
	t.Run("not found after a takedown", func(t *testing.T) {
		store := setUp(t)
		must(t, store.Moderate(t.Context(), newTakedown(did, "1")))
		_, err := store.FindSession(t.Context(), did, first)
		wantError(t, "session of before", err, account.ErrTakendown)
		must(t, store.Moderate(t.Context(), newRestoration(did)))
		_, err = store.FindSession(t.Context(), did, first)
		wantError(t, "session of before, after the restoration", err, account.ErrTokenRevoked)
	})

	ends := []struct {
		name  string
		end   string // the id of a session
		ended bool
	}{
		{"its id", first, true},
		{"the id of another session", "second", false},
		{"the id of a session of another account", bob.Session.Session.ID, false},
		{"no id", "", false},
	}
	for _, tt := range ends {
		t.Run("ended by "+tt.name, func(t *testing.T) {
			store := setUp(t)
			mustRotate(t, store, newRotation(did, first, now))
			for range 2 {
				wantError(t, "EndSession", store.EndSession(t.Context(), did, tt.end, account.Record{}), nil)
			}
			want := error(nil)
			if tt.ended {
				want = account.ErrTokenRevoked
			}
			_, err := store.FindSession(t.Context(), did, first)
			wantError(t, "FindSession", err, want)
			_, err = store.RotateRefresh(t.Context(), newRotation(did, first, now.Add(time.Minute)))
			wantError(t, "RotateRefresh of the used token", err, want)
			_, err = store.RotateRefresh(t.Context(), newRotation(did, first+"+", now.Add(time.Minute)))
			wantError(t, "RotateRefresh of the next token", err, want)
			_, err = store.FindSession(t.Context(), bob.Account.DID, bob.Session.Session.ID)
			wantError(t, "FindSession of another account", err, nil)
		})
	}
}
