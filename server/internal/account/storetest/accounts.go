package storetest

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testAccounts tests that an account is found as it was created.
func testAccounts(t *testing.T, open func(t *testing.T) Store) {
	active := newAccount("active")
	confirmed := newAccount("confirmed")
	confirmed.Account.EmailConfirmedAt = now
	deactivated := newAccount("deactivated")
	deactivated.Account.DeactivatedAt = now
	takendown := newAccount("takendown")
	takendown.Account.DeactivatedAt = now
	takendown.Account.TakendownAt = now
	passwordless := newAccount("passwordless")
	passwordless.PasswordHash = ""

	for _, created := range []account.NewAccount{active, confirmed, deactivated, takendown, passwordless} {
		t.Run(string(created.Account.Handle), func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, newAccount("bystander"))
			mustCreate(t, store, created)
			identifiers := []account.Identifier{
				{Kind: account.ByDID, Value: string(created.Account.DID)},
				{Kind: account.ByHandle, Value: string(created.Account.Handle)},
				{Kind: account.ByEmail, Value: created.Account.Email},
			}
			want := account.Credentials{
				Account:           created.Account,
				PasswordHash:      created.PasswordHash,
				CredentialVersion: account.FirstCredentialVersion,
			}
			for _, identifier := range identifiers {
				got, err := store.FindCredentials(t.Context(), identifier)
				if err != nil {
					t.Fatalf("FindCredentials(%v): %v", identifier, err)
				}
				wantEqual(t, "credentials by "+identifier.Value, got, want)
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, active)
		for _, identifier := range []account.Identifier{
			{Kind: account.ByDID, Value: string(active.Account.Handle)},
			{Kind: account.ByHandle, Value: active.Account.Email},
			{Kind: account.ByEmail, Value: string(active.Account.DID)},
			{Kind: account.ByHandle, Value: ""},
			{Kind: account.ByHandle, Value: "active.test\x00"},
		} {
			_, err := store.FindCredentials(t.Context(), identifier)
			wantError(t, "FindCredentials("+identifier.Value+")", err, account.ErrAccountNotFound)
		}
	})
}

// testDecoys tests that a decoy is the next account with a password, in a circle.
func testDecoys(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name     string
		accounts []string // a last letter p: one without a password
		near     syntax.DID
		want     string
	}{
		{"no account", nil, "did:plc:b", ""},
		{"no password", []string{"cp"}, "did:plc:b", ""},
		{"at the account", []string{"a", "b", "c"}, "did:plc:b", "hash of b"},
		{"the next account", []string{"a", "c", "e"}, "did:plc:b", "hash of c"},
		{"the next with a password", []string{"a", "bp", "c"}, "did:plc:b", "hash of c"},
		{"around", []string{"a", "c"}, "did:plc:d", "hash of a"},
		{"around, past one without a password", []string{"ap", "b", "ep"}, "did:plc:d", "hash of b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, name := range tt.accounts {
				created := newAccount(name)
				if strings.HasSuffix(name, "p") {
					created.PasswordHash = ""
				}
				mustCreate(t, store, created)
			}
			got, err := store.Decoy(t.Context(), tt.near)
			wantError(t, "Decoy", err, nil)
			wantEqual(t, "hash", got, tt.want)
		})
	}
}

// testSignups tests that handles and emails are unique, and that a sign-up leaves
// everything or nothing.
func testSignups(t *testing.T, open func(t *testing.T) Store) {
	taken := newAccount("taken")
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
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, taken)
			mustCreate(t, store, inactive)
			err := store.CheckAvailable(t.Context(), tt.handle, tt.email)
			wantError(t, "CheckAvailable", err, tt.want)

			created := newAccount("new")
			created.Account.Handle, created.Account.Email = tt.handle, tt.email
			err = store.CreateAccount(t.Context(), created)
			wantError(t, "CreateAccount", err, tt.want)
			_, err = store.FindSession(t.Context(), created.Account.DID, created.Session.Session.ID)
			if tt.want == nil {
				wantError(t, "FindSession", err, nil)
			} else {
				wantError(t, "FindSession", err, account.ErrAccountNotFound)
			}
		})
	}
	t.Run("same session twice", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, taken)
		created := newAccount("new")
		created.Session.Session.ID = taken.Session.Session.ID
		if err := store.CreateAccount(t.Context(), created); err == nil {
			t.Fatal("CreateAccount with the id of another session succeeded")
		}
		err := store.CheckAvailable(t.Context(), created.Account.Handle, created.Account.Email)
		wantError(t, "CheckAvailable after a failed sign-up", err, nil)
	})
}
