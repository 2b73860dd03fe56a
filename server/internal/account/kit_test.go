package account_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// enter creates an account with a DID and a password hash of one's choice.
func (b *bench) enter(t *testing.T, did syntax.DID, handle syntax.Handle, hash string) {
	t.Helper()
	err := b.store.ImportAccount(t.Context(), account.Reservation{
		Account:      account.Account{DID: did, Handle: handle, Email: string(handle) + "@example.com", CreatedAt: b.now},
		PasswordHash: hash,
		SigningKey:   account.SealedKey{Public: "did:key:of " + string(did), Sealed: []byte("sealed")},
	}, account.NewSession{Session: account.Session{
		ID: "session of " + string(did), DID: did, Kind: account.SessionPassword,
		CreatedAt: b.now, LastUsedAt: b.now, ExpiresAt: b.now, EndsAt: b.now,
	}}, account.Record{})
	if err != nil {
		t.Fatal(err)
	}
}

// setHash gives an account another password hash.
func (b *bench) setHash(t *testing.T, did syntax.DID, hash string) {
	t.Helper()
	record := func(account.Account, []account.AppPassword) (account.Record, error) { return account.Record{}, nil }
	if err := b.store.SetPassword(t.Context(), account.PasswordChange{DID: did, PasswordHash: hash, Record: record}); err != nil {
		t.Fatal(err)
	}
}

// hashOf returns the password hash of an account.
func (b *bench) hashOf(t *testing.T, did syntax.DID) string {
	t.Helper()
	credentials, err := b.store.FindCredentials(t.Context(), account.Identifier{Kind: account.ByDID, Value: string(did)})
	if err != nil {
		t.Fatal(err)
	}
	return credentials.PasswordHash
}

// remove deletes an account.
func (b *bench) remove(t *testing.T, did syntax.DID) {
	t.Helper()
	if err := b.store.DeleteAccount(t.Context(), account.Deletion{DID: did}); err != nil {
		t.Fatal(err)
	}
}

// logIn opens a session of alice's account with a password.
func (b *bench) logIn(t *testing.T, password string) account.Grant {
	t.Helper()
	grant, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// newAppPassword creates an app password.
func (b *bench) newAppPassword(t *testing.T, caller account.Caller, name string, privileged bool) string {
	t.Helper()
	secret, _, err := b.CreateAppPassword(t.Context(), caller, account.AppPasswordRequest{Name: name, Privileged: privileged})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// confirm confirms the address of alice's account and returns who is logged in to it.
func (b *bench) confirm(t *testing.T, grant account.Grant) account.Caller {
	t.Helper()
	caller := b.caller(t, grant)
	if err := b.RequestEmailConfirmation(t.Context(), caller, account.Client{}); err != nil {
		t.Fatal(err)
	}
	if err := b.ConfirmEmail(t.Context(), caller, caller.Account.Email, b.mailedToken(t), account.Client{}); err != nil {
		t.Fatal(err)
	}
	return b.caller(t, grant)
}

func subjects(mails []account.Mail) []string {
	var list []string
	for _, mail := range mails {
		list = append(list, mail.Subject)
	}
	return list
}
