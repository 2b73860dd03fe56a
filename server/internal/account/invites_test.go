package account_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// join creates the account of a name.
func (b *bench) join(t *testing.T, name, inviteCode string) account.Caller {
	t.Helper()
	grant, err := b.CreateAccount(t.Context(), account.Signup{
		Handle: joinHandle(name), Email: name + "@example.com", Password: "password", InviteCode: inviteCode,
	})
	if err != nil {
		t.Fatal(err)
	}
	return account.Caller{Account: grant.Account}
}

// newCode creates a code of the administrator.
func (b *bench) newCode(t *testing.T, uses int, forAccount string) string {
	t.Helper()
	code, err := b.CreateInviteCode(t.Context(), uses, forAccount)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// wantCodes checks how many codes an account is shown.
func (b *bench) wantCodes(t *testing.T, when string, caller account.Caller, includeUsed bool, want int) []account.InviteCode {
	t.Helper()
	codes, err := b.AccountInviteCodes(t.Context(), caller, includeUsed, true)
	if err != nil || len(codes) != want {
		t.Errorf("codes %s: got %d, %v, want %d", when, len(codes), err, want)
	}
	return codes
}

func TestCreateInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	created, err := b.CreateInviteCodes(t.Context(), account.InviteOrderRequest{
		Count: 2, Uses: 3, ForAccounts: []string{"did:plc:b", "did:plc:a", "did:plc:b"},
	})
	if err != nil || len(created) != 2 || created[0].Account != "did:plc:b" || created[1].Account != "did:plc:a" {
		t.Fatalf("got %v, %v, want codes for b and a", created, err)
	}
	all, _, err := b.InviteCodes(t.Context(), "", 100, "")
	if err != nil || len(all) != 4 {
		t.Fatalf("got %d codes, %v, want 4", len(all), err)
	}
	for _, code := range all {
		owner := slices.IndexFunc(created, func(c account.AccountCodes) bool { return slices.Contains(c.Codes, code.Code) })
		if owner < 0 || code.ForAccount != created[owner].Account || code.CreatedBy != account.AdminInvites ||
			code.Available != 3 || code.Disabled || !code.CreatedAt.Equal(b.now) {
			t.Errorf("got %+v, which is not as ordered", code)
		}
	}
}

func TestCreateInviteCodesForNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := b.newCode(t, 1, "")
	created, err := b.CreateInviteCodes(t.Context(), account.InviteOrderRequest{Count: 1, Uses: 1})
	if err != nil || len(created) != 1 || created[0].Account != account.AdminInvites {
		t.Fatalf("got %v, %v, want codes for the administrator", created, err)
	}
	all, _, err := b.InviteCodes(t.Context(), "", 100, "")
	if err != nil || len(all) != 2 || one == created[0].Codes[0] {
		t.Errorf("got %v, %v, want two codes", all, err)
	}
}

func TestCreateInviteCodesBounds(t *testing.T) {
	t.Parallel()
	owners := func(n int) []string {
		dids := make([]string, n)
		for i := range dids {
			dids[i] = fmt.Sprint("did:plc:", i)
		}
		return dids
	}
	tests := []struct {
		name        string
		count, uses int
		owners      []string
		want        error
	}{
		{"the least", 1, 1, nil, nil},
		{"the most", 1000, 100_000, owners(10), nil},
		{"no use", 1, 0, nil, account.ErrInvalidRequest},
		{"less than no use", 1, -1, nil, account.ErrInvalidRequest},
		{"too many uses", 1, 100_001, nil, account.ErrInvalidRequest},
		{"no code", 0, 1, nil, account.ErrInvalidRequest},
		{"less than no code", -1, 1, nil, account.ErrInvalidRequest},
		{"too many codes", 1001, 1, nil, account.ErrInvalidRequest},
		{"too many codes in all", 1000, 1, owners(11), account.ErrTooManyInvites},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			_, err := b.CreateInviteCodes(t.Context(), account.InviteOrderRequest{Count: tt.count, Uses: tt.uses, ForAccounts: tt.owners})
			wantError(t, "CreateInviteCodes", err, tt.want)
		})
	}
}

// An account earns codes, gives them away, and is shown what it gave.
func TestAccountInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired, b.Policy.InviteInterval = true, 24*time.Hour
	alice := b.join(t, "alice", b.newCode(t, 1, ""))
	b.wantCodes(t, "at first", alice, true, 0)

	b.now = b.now.Add(2 * 24 * time.Hour)
	if codes, err := b.AccountInviteCodes(t.Context(), alice, true, false); err != nil || len(codes) != 0 {
		t.Errorf("codes without asking for new ones: got %v, %v, want none", codes, err)
	}
	codes := b.wantCodes(t, "after two days", alice, true, 2)
	for _, code := range codes {
		if did := alice.Account.DID.String(); code.ForAccount != did || code.CreatedBy != did || code.Available != 1 {
			t.Errorf("got %+v, which is not as earned", code)
		}
	}
	b.wantCodes(t, "asked for again", alice, true, 2)

	guest := b.join(t, "visit1", strings.ToUpper(codes[0].Code))
	b.join(t, "visit2", codes[1].Code)
	used := b.wantCodes(t, "that are used", alice, true, 2)
	if i := slices.IndexFunc(used, func(c account.InviteCode) bool { return c.Code == codes[0].Code }); i < 0 ||
		len(used[i].Uses) != 1 || used[i].Uses[0].By != guest.Account.DID {
		t.Errorf("got %+v, want a use by %s", used, guest.Account.DID)
	}
	b.wantCodes(t, "that are left", alice, false, 0)

	b.newCode(t, 5, alice.Account.DID.String())
	b.wantCodes(t, "with a gift", alice, false, 1)
}

func TestAccountInviteCodesAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired, b.Policy.InviteInterval = true, time.Hour
	alice := b.join(t, "alice", b.newCode(t, 1, ""))
	b.now = b.now.Add(3 * time.Hour)
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() { b.wantCodes(t, "of racing callers", alice, true, 3) })
	}
	callers.Wait()
}

func TestAccountInviteCodesOfNobody(t *testing.T) {
	t.Parallel()
	nobody := account.Caller{Account: account.Account{DID: "did:plc:nobody"}}
	_, err := newBench(t).AccountInviteCodes(t.Context(), nobody, true, true)
	wantError(t, "AccountInviteCodes", err, account.ErrAccountNotFound)
}

// Codes that are earned while invites are disabled are lost, and not shown.
func TestInvitesDisabled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired, b.Policy.InviteInterval = true, 24*time.Hour
	alice := b.join(t, "alice", b.newCode(t, 1, ""))
	did := alice.Account.DID
	b.setInvitesDisabled(t, alice, true, "sells codes")
	b.now = b.now.Add(5 * 24 * time.Hour)
	b.wantCodes(t, "while disabled", alice, true, 0)
	info, err := b.AccountInfo(t.Context(), did)
	if err != nil || len(info.Invites) != 5 || !info.Account.InvitesDisabled || info.Account.InviteNote != "sells codes" {
		t.Errorf("got %+v, %v, want 5 codes and the note", info, err)
	}
	b.setInvitesDisabled(t, alice, false, "promised not to")
	b.wantCodes(t, "just after", alice, true, 0)
	b.now = b.now.Add(2 * 24 * time.Hour)
	b.wantCodes(t, "two days later", alice, true, 2)

	events, err := b.Events(t.Context(), did, 2)
	if err != nil || len(events) != 2 ||
		events[0].Kind != account.EventInvitesEnabled || events[0].Detail != "promised not to" ||
		events[1].Kind != account.EventInvitesDisabled || events[1].Client.IP != "192.0.2.1" {
		t.Errorf("got events %+v, %v, want those of a moderator", events, err)
	}
}

func (b *bench) setInvitesDisabled(t *testing.T, caller account.Caller, disabled bool, note string) {
	t.Helper()
	if err := b.SetInvitesDisabled(t.Context(), caller.Account.DID, disabled, note, account.Client{IP: "192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
}

func TestSetInvitesDisabledOfNobody(t *testing.T) {
	t.Parallel()
	err := newBench(t).SetInvitesDisabled(t.Context(), "did:plc:nobody", true, "", account.Client{})
	wantError(t, "SetInvitesDisabled", err, account.ErrAccountNotFound)
}

func TestDisableInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired = true
	alice := b.join(t, "alice", b.newCode(t, 1, ""))
	did := alice.Account.DID.String()
	named, owned, left := b.newCode(t, 1, ""), b.newCode(t, 1, did), b.newCode(t, 1, "")
	err := b.DisableInviteCodes(t.Context(), []string{" " + strings.ToUpper(named), "unknown"}, []string{did, "did:plc:nobody"})
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range []string{named, owned} {
		_, err := b.CreateAccount(t.Context(), account.Signup{
			Handle: joinHandle(fmt.Sprint("bob", i)), Email: "bob@example.com", Password: "password", InviteCode: code,
		})
		wantError(t, "a sign-up with a disabled code", err, account.ErrInvalidInviteCode)
	}
	b.wantCodes(t, "that are disabled", alice, true, 0)

	err = b.DisableInviteCodes(t.Context(), []string{left}, []string{did, account.AdminInvites})
	wantError(t, "DisableInviteCodes", err, account.ErrInvalidRequest)
	wantText(t, "DisableInviteCodes", err, "cannot disable admin invite codes")
	b.join(t, "bob", left)
}
