package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testAccounts tests that an account is found as it was created.
func testAccounts(t *testing.T, open func(t *testing.T) Store) {
	active := newAccount("active")
	confirmed := confirmed("confirmed")
	confirmed.Account.EmailAuthFactor = true
	deactivated := newAccount("deactivated")
	deactivated.Account.DeactivatedAt = now
	deactivated.Account.DeleteAfter = now.Add(time.Hour)
	takendown := newAccount("takendown")
	takendown.Account.DeactivatedAt = now
	takendown.Account.TakendownAt = now
	takendown.Account.TakedownRef = "decision 1"
	takendown.Account.InvitesDisabled = true
	takendown.Account.InviteNote = "sells codes"
	passwordless := newAccount("passwordless")
	passwordless.PasswordHash = ""

	for _, created := range []person{active, confirmed, deactivated, takendown, passwordless} {
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
				found, err := store.FindAccount(t.Context(), identifier)
				wantError(t, "FindAccount", err, nil)
				wantEqual(t, "account by "+identifier.Value, found, want.Account)
			}
		})
	}
	t.Run("several without a handle or an email", func(t *testing.T) {
		store := open(t)
		for _, name := range []string{"one", "two"} {
			nameless := newAccount(name)
			nameless.Account.Handle, nameless.Account.Email = "", ""
			mustCreate(t, store, nameless)
			wantEqual(t, "account", mustFind(t, store, didOf(name)), nameless.Account)
		}
		_, err := store.FindAccount(t.Context(), account.Identifier{Kind: account.ByHandle})
		wantError(t, "FindAccount without a handle", err, account.ErrAccountNotFound)
	})
	t.Run("nobody", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, active)
		for _, identifier := range []account.Identifier{
			{Kind: account.ByDID, Value: string(active.Account.Handle)},
			{Kind: account.ByHandle, Value: active.Account.Email},
			{Kind: account.ByEmail, Value: string(active.Account.DID)},
			{Kind: account.ByHandle, Value: ""},
			{Kind: account.ByEmail, Value: ""},
			{Kind: account.ByHandle, Value: "active.test\x00"},
		} {
			_, err := store.FindCredentials(t.Context(), identifier)
			wantError(t, "FindCredentials("+identifier.Value+")", err, account.ErrAccountNotFound)
			_, err = store.FindAccount(t.Context(), identifier)
			wantError(t, "FindAccount("+identifier.Value+")", err, account.ErrAccountNotFound)
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

// testLists tests the order of accounts, and where a page begins and ends.
func testLists(t *testing.T, open func(t *testing.T) Store) {
	ages := map[string]time.Duration{"c": 0, "a": time.Hour, "b": time.Hour, "d": time.Millisecond}
	place := func(name string) account.AccountPlace {
		return account.AccountPlace{CreatedAt: now.Add(ages[name]), DID: didOf(name)}
	}
	tests := []struct {
		name  string
		query account.AccountQuery
		want  []string
	}{
		{"all", account.AccountQuery{Limit: 10}, []string{"c", "d", "a", "b"}},
		{"the first page", account.AccountQuery{Limit: 2}, []string{"c", "d"}},
		{"the next page", account.AccountQuery{Limit: 2, After: place("d")}, []string{"a", "b"}},
		{"within the same age", account.AccountQuery{Limit: 2, After: place("a")}, []string{"b"}},
		{"behind the last", account.AccountQuery{Limit: 2, After: place("b")}, nil},
		{"by email", account.AccountQuery{Limit: 2, Email: "a@example.com"}, []string{"a"}},
		{"by email, behind it", account.AccountQuery{Limit: 2, Email: "a@example.com", After: place("a")}, nil},
		{"by an email of nobody", account.AccountQuery{Limit: 2, Email: "x@example.com"}, nil},
	}
	store := open(t)
	for name, age := range ages {
		p := newAccount(name)
		p.Account.CreatedAt = now.Add(age)
		mustCreate(t, store, p)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := store.ListAccounts(t.Context(), tt.query)
			wantError(t, "ListAccounts", err, nil)
			var got []string
			for _, a := range found {
				got = append(got, strings.TrimPrefix(string(a.DID), "did:plc:"))
			}
			wantEqual(t, "accounts", got, tt.want)
		})
	}
}

// testInfos tests what moderators see.
func testInfos(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	alice := mustCreate(t, store, newAccount("alice"))
	older, newer := newInvite("older"), newInvite("newer")
	older.ForAccount = string(alice.Account.DID)
	newer.ForAccount = older.ForAccount
	newer.CreatedAt = now.Add(time.Second)
	must(t, store.CreateInvites(t.Context(), []account.InviteCode{older, newer}, 10))
	bob := newAccount("bob")
	bob.InviteCode = "older"
	mustCreate(t, store, bob)

	older.Used, older.Uses = 1, []account.InviteUse{{By: bob.Account.DID, At: now}}
	infos := map[syntax.DID]account.Info{
		alice.Account.DID: {Account: alice.Account, Invites: []account.InviteCode{newer, older}},
		bob.Account.DID:   {Account: bob.Account, InvitedBy: &older},
	}
	const nobody = syntax.DID("did:plc:nobody")
	for _, tt := range []struct {
		name       string
		dids, want []syntax.DID
	}{
		{"none", nil, nil},
		{"nobody", []syntax.DID{nobody}, nil},
		{"both", []syntax.DID{alice.Account.DID, bob.Account.DID}, []syntax.DID{alice.Account.DID, bob.Account.DID}},
		{"the other order", []syntax.DID{bob.Account.DID, nobody, alice.Account.DID}, []syntax.DID{bob.Account.DID, alice.Account.DID}},
		{"one twice", []syntax.DID{bob.Account.DID, alice.Account.DID, nobody, bob.Account.DID, nobody}, []syntax.DID{bob.Account.DID, alice.Account.DID}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := store.AccountInfos(t.Context(), tt.dids)
			wantError(t, "AccountInfos", err, nil)
			var want []account.Info
			for _, did := range tt.want {
				want = append(want, infos[did])
			}
			wantEqual(t, "infos", got, want)
		})
	}
}
