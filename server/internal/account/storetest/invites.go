package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// wantUses compares who has used a code.
func wantUses(t *testing.T, store Store, code string, want ...syntax.DID) {
	t.Helper()
	for _, found := range allInvites(t, store) {
		if found.Code != code {
			continue
		}
		var got []syntax.DID
		for _, use := range found.Uses {
			got = append(got, use.By)
		}
		wantEqual(t, "uses of "+code, got, want)
		return
	}
	t.Errorf("there is no code %s", code)
}

func allInvites(t *testing.T, store Store) []account.InviteCode {
	t.Helper()
	codes, err := store.ListInvites(t.Context(), account.InviteQuery{Limit: 100})
	must(t, err)
	return codes
}

// testInvites tests which codes can be used, and how they are listed.
func testInvites(t *testing.T, open func(t *testing.T) Store) {
	t.Run("use", func(t *testing.T) { testUseInvite(t, open) })
	t.Run("create", func(t *testing.T) { testCreateInvites(t, open) })
	t.Run("list", func(t *testing.T) { testListInvites(t, open) })
	t.Run("many uses", func(t *testing.T) { testManyUses(t, open) })
	t.Run("disable", func(t *testing.T) { testDisableInvites(t, open) })
}

func testUseInvite(t *testing.T, open func(t *testing.T) Store) {
	owner := newAccount("owner")
	did := owner.Account.DID
	tests := []struct {
		name    string
		code    string
		prepare func(t *testing.T, store Store)
		want    error
	}{
		{"new", "code", func(*testing.T, Store) {}, nil},
		{"unknown", "none", func(*testing.T, Store) {}, account.ErrInvalidInviteCode},
		{"in another case", "CODE", func(*testing.T, Store) {}, account.ErrInvalidInviteCode},
		{"disabled", "code", func(t *testing.T, store Store) {
			must(t, store.DisableInvites(t.Context(), []string{"code"}, nil))
		}, account.ErrInvalidInviteCode},
		{"used once of two", "code", func(t *testing.T, store Store) {
			mustCreate(t, store, invited("first", "code"))
		}, nil},
		{"used up", "code", func(t *testing.T, store Store) {
			mustCreate(t, store, invited("first", "code"))
			mustCreate(t, store, invited("second", "code"))
		}, account.ErrInvalidInviteCode},
		{"used and reserved", "code", func(t *testing.T, store Store) {
			mustCreate(t, store, invited("first", "code"))
			must(t, store.ReserveSignup(t.Context(), invited("second", "code").Reservation))
		}, account.ErrInvalidInviteCode},
		{"reserved and released", "code", func(t *testing.T, store Store) {
			mustCreate(t, store, invited("first", "code"))
			must(t, store.ReserveSignup(t.Context(), invited("second", "code").Reservation))
			must(t, store.ReleaseSignup(t.Context(), didOf("second")))
		}, nil},
		{"who used it is gone", "code", func(t *testing.T, store Store) {
			for _, name := range []string{"first", "second"} {
				mustCreate(t, store, invited(name, "code"))
				must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: didOf(name)}))
			}
		}, account.ErrInvalidInviteCode},
		{"the owner is taken down", "code", func(t *testing.T, store Store) {
			must(t, store.Moderate(t.Context(), newTakedown(did, "")))
		}, account.ErrInvalidInviteCode},
		{"the owner is restored", "code", func(t *testing.T, store Store) {
			must(t, store.Moderate(t.Context(), newTakedown(did, "")))
			must(t, store.Moderate(t.Context(), newRestoration(did)))
		}, nil},
		{"the owner is deactivated", "code", func(t *testing.T, store Store) {
			must(t, store.Deactivate(t.Context(), did, now, time.Time{}, account.Record{}))
		}, nil},
		{"the owner gets none any more", "code", func(t *testing.T, store Store) {
			must(t, store.SetInvitesDisabled(t.Context(), did, true, "", account.Record{}))
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, owner)
			code := newInvite("code")
			code.Available = 2
			code.ForAccount = string(did)
			must(t, store.CreateInvites(t.Context(), []account.InviteCode{code}, 10))
			tt.prepare(t, store)

			p := invited("new", tt.code)
			p.Account.Handle, p.Account.Email = owner.Account.Handle, owner.Account.Email
			wantTaken := tt.want
			if tt.want == nil {
				wantTaken = account.ErrHandleTaken
			}
			err := store.CheckSignup(t.Context(), p.Account.Handle, p.Account.Email, tt.code, now)
			wantError(t, "CheckSignup with taken names", err, wantTaken)
			wantError(t, "sign-up with taken names", create(t, store, p), wantTaken)
			p = invited("new", tt.code)
			err = store.CheckSignup(t.Context(), p.Account.Handle, p.Account.Email, tt.code, now)
			wantError(t, "CheckSignup", err, tt.want)
			wantError(t, "sign-up", create(t, store, p), tt.want)
		})
	}
}

// invited returns a person with an invite code.
func invited(name, code string) person {
	p := newAccount(name)
	p.InviteCode = code
	return p
}

func testCreateInvites(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	first := newInvite("first")
	first.Disabled = true
	first.Available = 3
	must(t, store.CreateInvites(t.Context(), []account.InviteCode{first}, 1))
	err := store.CreateInvites(t.Context(), []account.InviteCode{newInvite("second"), newInvite("third")}, 2)
	wantError(t, "CreateInvites of too many", err, account.ErrTooManyInvites)
	if err := store.CreateInvites(t.Context(), []account.InviteCode{newInvite("second"), newInvite("first")}, 10); err == nil {
		t.Error("CreateInvites of a code that is there succeeded")
	}
	wantEqual(t, "codes", allInvites(t, store), []account.InviteCode{first})
	err = store.CreateInvites(t.Context(), []account.InviteCode{newInvite("second"), newInvite("third")}, 3)
	wantError(t, "CreateInvites of as many as may be", err, nil)
}

func testListInvites(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	var codes []account.InviteCode
	for i, name := range []string{"b", "a", "c", "d"} {
		code := newInvite(name)
		code.Available = 10
		code.CreatedAt = now.Add(time.Duration(min(i, 2)) * time.Hour) // c and d at once
		codes = append(codes, code)
	}
	must(t, store.CreateInvites(t.Context(), codes, 10))
	for _, use := range []struct{ name, code string }{{"one", "a"}, {"two", "a"}, {"three", "d"}, {"four", "b"}} {
		mustCreate(t, store, invited(use.name, use.code))
	}
	must(t, store.ReserveSignup(t.Context(), invited("five", "c").Reservation))
	tests := []struct {
		name  string
		order account.InviteOrder
		want  []string
	}{
		{"newest", account.NewestInvites, []string{"c", "d", "a", "b"}},
		{"most used", account.MostUsedInvites, []string{"a", "b", "d", "c"}},
	}
	for _, tt := range tests {
		for _, limit := range []int{1, 2, 3, 4, 10} {
			t.Run(tt.name, func(t *testing.T) {
				var got []string
				var after *account.InvitePlace
				for range len(tt.want) + 1 {
					page, err := store.ListInvites(t.Context(), account.InviteQuery{Order: tt.order, After: after, Limit: limit})
					wantError(t, "ListInvites", err, nil)
					if len(page) > limit {
						t.Errorf("got a page of %d codes, want at most %d", len(page), limit)
					}
					for _, code := range page {
						got = append(got, code.Code)
						after = &account.InvitePlace{CreatedAt: code.CreatedAt, Uses: code.Used, Code: code.Code}
					}
				}
				wantEqual(t, "codes", got, tt.want)
			})
		}
	}
}

// testManyUses tests that of a code that is used often the last uses are listed, and all are
// counted.
func testManyUses(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	const uses = account.MaxListedUses + 2
	code := newInvite("popular")
	code.Available = uses
	must(t, store.CreateInvites(t.Context(), []account.InviteCode{code}, 10))
	for i := range uses {
		guest := invited(fmt.Sprintf("guest%03d", i), "popular")
		guest.Account.CreatedAt = now.Add(time.Duration(i/2) * time.Second) // two at once
		mustCreate(t, store, guest)
		if i >= uses-account.MaxListedUses {
			code.Uses = append(code.Uses, account.InviteUse{By: guest.Account.DID, At: guest.Account.CreatedAt})
		}
	}
	code.Used = uses
	wantEqual(t, "codes", allInvites(t, store), []account.InviteCode{code})
	err := store.CheckSignup(t.Context(), "late.test", "late@example.com", "popular", now)
	wantError(t, "CheckSignup", err, account.ErrInvalidInviteCode)
}

func testDisableInvites(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name            string
		codes, accounts []string
		want            []string // the disabled ones
	}{
		{"none", nil, nil, nil},
		{"by name", []string{"a1", "b1", "none"}, nil, []string{"a1", "b1"}},
		{"by account", nil, []string{"did:plc:a", "did:plc:none"}, []string{"a1", "a2"}},
		{"by both", []string{"b1"}, []string{"did:plc:a"}, []string{"a1", "a2", "b1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			var codes []account.InviteCode
			for _, name := range []string{"a1", "a2", "b1"} {
				code := newInvite(name)
				code.ForAccount = "did:plc:" + name[:1]
				codes = append(codes, code)
			}
			must(t, store.CreateInvites(t.Context(), codes, 10))
			for range 2 {
				wantError(t, "DisableInvites", store.DisableInvites(t.Context(), tt.codes, tt.accounts), nil)
			}
			var got []string
			for _, code := range allInvites(t, store) {
				if code.Disabled {
					got = append(got, code.Code)
				}
			}
			wantEqual(t, "disabled codes", got, tt.want)
		})
	}
}

// testMinting tests codes that accounts get.
func testMinting(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	own := func(name string, at time.Time) account.InviteCode {
		code := newInvite(name)
		code.ForAccount, code.CreatedBy = string(did), string(did)
		code.CreatedAt = at
		return code
	}
	t.Run("one after the other", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		must(t, store.CreateInvites(t.Context(), []account.InviteCode{newInvite("other")}, 10))
		var have []account.InviteCode
		for i, name := range []string{"first", "second", ""} {
			got, err := store.MintInvites(t.Context(), did, "", func(owner account.Account, codes []account.InviteCode) []account.InviteCode {
				wantEqual(t, "owner", owner, alice.Account)
				wantEqual(t, "codes before", codes, have)
				if name == "" {
					return nil
				}
				return []account.InviteCode{own(name, now.Add(time.Duration(i)*time.Hour))}
			})
			wantError(t, "MintInvites", err, nil)
			if name != "" {
				have = append([]account.InviteCode{own(name, now.Add(time.Duration(i)*time.Hour))}, have...)
			}
			wantEqual(t, "codes", got, have)
		}
	})
	t.Run("for nobody", func(t *testing.T) {
		_, err := open(t).MintInvites(t.Context(), did, "", func(account.Account, []account.InviteCode) []account.InviteCode {
			t.Error("mint was called")
			return nil
		})
		wantError(t, "MintInvites", err, account.ErrAccountNotFound)
	})
	t.Run("at once", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, alice)
		errs := inParallel(racers, func(int) error {
			_, err := store.MintInvites(t.Context(), did, "", func(_ account.Account, codes []account.InviteCode) []account.InviteCode {
				if len(codes) > 0 {
					return nil
				}
				return []account.InviteCode{own("only", now)}
			})
			return err
		})
		wantEqual(t, "successes", tally(errs, nil), "[10] others 0")
		wantEqual(t, "codes", allInvites(t, store), []account.InviteCode{own("only", now)})
	})
}
