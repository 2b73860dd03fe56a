package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// joinHandle returns the handle of a name.
func joinHandle(name string) syntax.Handle {
	return syntax.Handle(name + ".test")
}

func TestAccountInfo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired = true
	first := b.newCode(t, 1, "")
	alice := b.join(t, "alice", first)
	gift := b.newCode(t, 1, alice.Account.DID.String())
	bob := b.join(t, "bob", gift)

	info, err := b.AccountInfo(t.Context(), alice.Account.DID)
	if err != nil || info.Account != alice.Account || info.InvitedBy == nil || info.InvitedBy.Code != first ||
		len(info.Invites) != 1 || info.Invites[0].Code != gift || len(info.Invites[0].Uses) != 1 {
		t.Errorf("got %+v, %v, want the account with its codes", info, err)
	}
	infos, err := b.AccountInfos(t.Context(), []syntax.DID{bob.Account.DID, "did:plc:nobody", alice.Account.DID})
	if err != nil || len(infos) != 2 || infos[0].Account != bob.Account || infos[1].Account != alice.Account {
		t.Errorf("got %+v, %v, want bob and alice", infos, err)
	}
	_, err = b.AccountInfo(t.Context(), "did:plc:nobody")
	wantError(t, "AccountInfo", err, account.ErrAccountNotFound)
}

func TestSearchAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all []syntax.DID
	for i := range 5 {
		if i%2 == 0 { // some have the same age
			b.now = b.now.Add(time.Second)
		}
		all = append(all, b.join(t, fmt.Sprint("user", i), "").Account.DID)
	}
	for _, limit := range []int{0, 1, 2, 4, 5, 100} {
		var found []syntax.DID
		cursor := ""
		for {
			page, next, err := b.SearchAccounts(t.Context(), "", cursor, limit)
			if err != nil || len(page) == 0 || len(page) > max(1, limit) {
				t.Fatalf("pages of %d: got %d accounts, %v", limit, len(page), err)
			}
			for _, info := range page {
				found = append(found, info.Account.DID)
			}
			if next == "" {
				break
			}
			cursor = next
		}
		slices.Sort(found)
		if want := slices.Sorted(slices.Values(all)); !slices.Equal(found, want) {
			t.Errorf("pages of %d: got %s, want %s", limit, found, want)
		}
	}
}

func TestSearchAccountsByEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.join(t, "alice", "")
	bob := b.join(t, "bob", "")
	tests := []struct {
		name, email string
		want        []account.Account
	}{
		{"as it is kept", "bob@example.com", []account.Account{bob.Account}},
		{"in capitals", "BOB@EXAMPLE.COM", []account.Account{bob.Account}},
		{"a part of it", "bob", nil},
		{"of nobody", "carol@example.com", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			infos, next, err := b.SearchAccounts(t.Context(), tt.email, "", 100)
			if err != nil || next != "" {
				t.Fatalf("got cursor %q, %v", next, err)
			}
			var got []account.Account
			for _, info := range infos {
				got = append(got, info.Account)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	_, _, err := b.SearchAccounts(t.Context(), "", "x", 1)
	wantError(t, "SearchAccounts", err, account.ErrInvalidRequest)
	wantText(t, "SearchAccounts", err, "Malformed cursor")
}
