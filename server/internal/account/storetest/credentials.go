package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testPasswords tests what a new password changes.
func testPasswords(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	proof, wrong := newProof(account.PurposeResetPassword, "token"), newProof(account.PurposeResetPassword, "wrong")
	tests := []struct {
		name     string
		change   account.PasswordChange
		want     error
		wantApps int
	}{
		{"by the owner", account.PasswordChange{DID: did, Proof: &proof}, nil, 2},
		{"with the app passwords", account.PasswordChange{DID: did, Proof: &proof, DropAppPasswords: true}, nil, 0},
		{"by an administrator", account.PasswordChange{DID: did}, nil, 2},
		{"of nobody", account.PasswordChange{DID: "did:plc:nobody"}, account.ErrAccountNotFound, 2},
		{"of nobody with a token", account.PasswordChange{DID: "did:plc:nobody", Proof: &proof}, account.ErrAccountNotFound, 2},
		{"with a wrong token", account.PasswordChange{DID: did, Proof: &wrong}, account.ErrEmailTokenInvalid, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			alice := mustCreate(t, store, newAccount("alice"))
			mustCreate(t, store, newAccount("bob"))
			mustMail(t, store, newToken(did, account.PurposeResetPassword, "token"))
			mustMail(t, store, newToken(did, account.PurposeDeleteAccount, "kept"))
			early, late := newAppPassword(did, "early"), newAppPassword(did, "late")
			late.CreatedAt = now.Add(time.Minute)
			for _, app := range []account.AppPassword{early, late, newAppPassword(didOf("bob"), "of bob")} {
				must(t, store.CreateAppPassword(t.Context(), app, 10, account.Record{}))
			}
			must(t, store.StartSession(t.Context(), newAppLogin(did, "app session", "late")))
			late.LastUsedAt = now

			tt.change.PasswordHash = "new hash"
			tt.change.Record = func(owner account.Account, kept []account.AppPassword) (account.Record, error) {
				wantEqual(t, "owner", owner, alice.Account)
				wantEqual(t, "app passwords that are kept", kept, []account.AppPassword{late, early}[:tt.wantApps])
				return newRecord(tt.change.DID, account.EventPasswordReset), nil
			}
			wantError(t, "SetPassword", store.SetPassword(t.Context(), tt.change), tt.want)
			ended := tt.want == nil
			wantSessions(t, store, did, map[string]bool{"alice-1": !ended, "app session": !ended})
			wantSessions(t, store, didOf("bob"), map[string]bool{"bob-1": true})
			apps, err := store.AppPasswords(t.Context(), did)
			wantError(t, "AppPasswords", err, nil)
			wantEqual(t, "app passwords", len(apps), tt.wantApps)
			got, err := store.FindCredentials(t.Context(), byDID(did))
			wantError(t, "FindCredentials", err, nil)
			if tt.want != nil {
				wantEqual(t, "hash", got.PasswordHash, "hash of alice")
				return
			}
			wantEqual(t, "hash", got.PasswordHash, "new hash")
			wantEqual(t, "version", got.CredentialVersion, account.FirstCredentialVersion+1)
			wantRecord(t, store, did, account.EventPasswordReset)
			wantTokens(t, store, map[account.EmailPurpose]bool{
				account.PurposeResetPassword: tt.change.Proof == nil,
				account.PurposeDeleteAccount: true,
			}, "token", "kept")
			err = store.StartSession(t.Context(), newLogin(did, "late"))
			wantError(t, "StartSession with the old password", err, account.ErrCredentialsChanged)
		})
	}
	t.Run("that leaves no record", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		mustMail(t, store, newToken(did, account.PurposeResetPassword, "token"))
		must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
		err := store.SetPassword(t.Context(), account.PasswordChange{
			DID: did, PasswordHash: "new", Proof: &proof, DropAppPasswords: true,
			Record: func(account.Account, []account.AppPassword) (account.Record, error) {
				return account.Record{}, account.ErrInvalidRequest
			},
		})
		wantError(t, "SetPassword", err, account.ErrInvalidRequest)
		got, err := store.FindCredentials(t.Context(), byDID(did))
		wantError(t, "FindCredentials", err, nil)
		wantEqual(t, "hash", got.PasswordHash, "hash of alice")
		apps, err := store.AppPasswords(t.Context(), did)
		wantError(t, "AppPasswords", err, nil)
		wantEqual(t, "app passwords", len(apps), 1)
		wantTokens(t, store, map[account.EmailPurpose]bool{account.PurposeResetPassword: true}, "token")
	})
}

// wantTokens compares for which purposes one of some tokens is good.
func wantTokens(t *testing.T, store Store, want map[account.EmailPurpose]bool, tokens ...string) {
	t.Helper()
	for purpose, want := range want {
		got := false
		for _, token := range tokens {
			_, err := store.FindByEmailToken(t.Context(), newProof(purpose, token))
			got = got || err == nil
		}
		if got != want {
			t.Errorf("token to %s: got %t, want %t", purpose, got, want)
		}
	}
}

// testEmails tests changes of the address and of the second factor.
func testEmails(t *testing.T, open func(t *testing.T) Store) {
	t.Run("change", func(t *testing.T) { testSetEmail(t, open) })
	t.Run("confirm", func(t *testing.T) { testConfirmEmail(t, open) })
}

func testSetEmail(t *testing.T, open func(t *testing.T) Store) {
	const (
		same  = "alice@example.com"
		other = "new@example.com"
		taken = "bob@example.com"
	)
	did := didOf("alice")
	right, wrong := newProof(account.PurposeUpdateEmail, "token"), newProof(account.PurposeUpdateEmail, "wrong")
	on, off := true, false
	type state struct{ Confirmed, Factor bool }
	secure, plain, none := state{true, true}, state{true, false}, state{false, false}
	tests := []struct {
		name   string
		before state
		change account.EmailChange
		want   error
		after  state
	}{
		{"unconfirmed", none, account.EmailChange{Email: other}, nil, none},
		{"unconfirmed with a token", none, account.EmailChange{Email: other, Proof: &right}, nil, none},
		{"unconfirmed with a wrong token", none, account.EmailChange{Email: other, Proof: &wrong}, account.ErrEmailTokenInvalid, none},
		{"unconfirmed, the factor on", none, account.EmailChange{Email: same, AuthFactor: &on}, nil, none},
		{"confirmed without a token", plain, account.EmailChange{Email: other}, account.ErrEmailTokenRequired, plain},
		{"confirmed", plain, account.EmailChange{Email: other, Proof: &right}, nil, none},
		{"confirmed with a wrong token", plain, account.EmailChange{Email: other, Proof: &wrong}, account.ErrEmailTokenInvalid, plain},
		{"taken", plain, account.EmailChange{Email: taken, Proof: &right}, account.ErrEmailTaken, plain},
		{"taken by a sign-up", plain, account.EmailChange{Email: "under@example.com", Proof: &right}, account.ErrEmailTaken, plain},
		{"taken, without a token", plain, account.EmailChange{Email: taken}, account.ErrEmailTokenRequired, plain},
		{"taken, with a wrong token", plain, account.EmailChange{Email: taken, Proof: &wrong}, account.ErrEmailTokenInvalid, plain},
		{"the factor on", plain, account.EmailChange{Email: same, AuthFactor: &on, Proof: &right}, nil, secure},
		{"the factor off", secure, account.EmailChange{Email: same, AuthFactor: &off, Proof: &right}, nil, plain},
		{"the factor off without a token", secure, account.EmailChange{Email: same, AuthFactor: &off}, account.ErrEmailTokenRequired, secure},
		{"nothing", secure, account.EmailChange{Email: same, Proof: &right}, nil, secure},
		{"another address turns the factor off", secure, account.EmailChange{Email: other, Proof: &right}, nil, none},
		{"another address, the factor on", secure, account.EmailChange{Email: other, AuthFactor: &on, Proof: &right}, nil, none},
		{"forced", secure, account.EmailChange{Email: other, Forced: true}, nil, none},
		{"forced and the same", secure, account.EmailChange{Email: same, Forced: true}, nil, none},
		{"forced and taken", secure, account.EmailChange{Email: taken, Forced: true}, account.ErrEmailTaken, secure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			alice := newAccount("alice")
			if tt.before.Confirmed {
				alice = confirmed("alice")
			}
			alice.Account.EmailAuthFactor = tt.before.Factor
			mustCreate(t, store, alice)
			mustCreate(t, store, newAccount("bob"))
			must(t, store.ReserveSignup(t.Context(), newAccount("under").Reservation))
			wanted := map[account.EmailPurpose]bool{}
			for _, purpose := range purposes() {
				mustMail(t, store, newToken(did, purpose, "token"))
				wanted[purpose] = true
			}

			tt.change.DID = did
			tt.change.Record = func(before account.Account) (account.Record, error) {
				wantEqual(t, "account before", before, alice.Account)
				return newRecord(did, account.EventEmailChanged), nil
			}
			got, err := store.SetEmail(t.Context(), tt.change)
			wantError(t, "SetEmail", err, tt.want)
			found := mustFind(t, store, did)
			wantEqual(t, "state", state{!found.EmailConfirmedAt.IsZero(), found.EmailAuthFactor}, tt.after)
			if tt.want != nil {
				wantEqual(t, "email", found.Email, same)
				wantRecord(t, store, did)
				wantTokens(t, store, wanted, "token")
				return
			}
			wantEqual(t, "account", got, found)
			wantEqual(t, "email", found.Email, tt.change.Email)
			wantRecord(t, store, did, account.EventEmailChanged)
			for purpose := range wanted {
				used := purpose == account.PurposeUpdateEmail && tt.change.Proof != nil
				wanted[purpose] = tt.change.Email == same && !tt.change.Forced && !used
			}
			wantTokens(t, store, wanted, "token")
		})
	}
	t.Run("of nobody", func(t *testing.T) {
		_, err := open(t).SetEmail(t.Context(), account.EmailChange{DID: "did:plc:nobody", Email: other, Proof: &wrong})
		wantError(t, "SetEmail", err, account.ErrAccountNotFound)
	})
	t.Run("that is refused", func(t *testing.T) {
		store := open(t)
		alice := mustCreate(t, store, confirmed("alice")).Account
		mustMail(t, store, newToken(did, account.PurposeUpdateEmail, "token"))
		for _, proof := range []*account.TokenProof{nil, &wrong, &right} {
			_, err := store.SetEmail(t.Context(), account.EmailChange{
				DID: did, Email: other, Proof: proof,
				Record: func(account.Account) (account.Record, error) { return account.Record{}, account.ErrInvalidRequest },
			})
			wantError(t, "SetEmail", err, account.ErrInvalidRequest)
		}
		wantEqual(t, "account", mustFind(t, store, did), alice)
		wantTokens(t, store, map[account.EmailPurpose]bool{account.PurposeUpdateEmail: true}, "token")
	})
}

func testConfirmEmail(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	tests := []struct {
		name  string
		did   syntax.DID
		email string
		token string
		want  error
	}{
		{"its address", did, "alice@example.com", "token", nil},
		{"another address", did, "new@example.com", "token", account.ErrEmailMismatch},
		{"another address and a wrong token", did, "new@example.com", "wrong", account.ErrEmailMismatch},
		{"a wrong token", did, "alice@example.com", "wrong", account.ErrEmailTokenInvalid},
		{"nobody", "did:plc:nobody", "alice@example.com", "token", account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			want := mustCreate(t, store, newAccount("alice")).Account
			mustMail(t, store, newToken(did, account.PurposeConfirmEmail, "token"))
			proof := newProof(account.PurposeConfirmEmail, tt.token)
			record := newRecord(tt.did, account.EventEmailConfirmed)
			wantError(t, "ConfirmEmail", store.ConfirmEmail(t.Context(), tt.did, tt.email, proof, record), tt.want)
			if tt.want == nil {
				want.EmailConfirmedAt = record.Event.At
				wantRecord(t, store, did, account.EventEmailConfirmed)
			} else {
				wantRecord(t, store, did)
			}
			wantEqual(t, "account", mustFind(t, store, did), want)
			wantTokens(t, store, map[account.EmailPurpose]bool{account.PurposeConfirmEmail: tt.want != nil}, "token")
		})
	}
}
