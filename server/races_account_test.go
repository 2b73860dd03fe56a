package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Either the address is confirmed and stays, because to change it takes a code then, or it is changed and
// the new one is not confirmed by the code that went to the old one.
func TestRaceEmailChangeAndConfirmation(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		api := client(a.url, member.AccessJWT)
		code := a.code(t, member.Handle, api.RequestEmailConfirmation)
		before, after := emailOf(member.Handle), fmt.Sprintf("new%d@example.com", round)
		errs := race(
			func() error { return api.UpdateEmail(t.Context(), &comatproto.ServerUpdateEmailInput{Email: after}) },
			func() error {
				return api.ConfirmEmail(t.Context(), &comatproto.ServerConfirmEmailInput{Email: before, Token: code})
			},
			func() error {
				return api.ConfirmEmail(t.Context(), &comatproto.ServerConfirmEmailInput{Email: after, Token: code})
			},
		)
		wantRefused(t, "confirmation of the new address", errs[2], comatproto.ServerConfirmEmailErrInvalidEmail, errInvalidToken)
		winner := wantWinner(t, "change and confirmation", errs,
			comatproto.ServerUpdateEmailErrTokenRequired, comatproto.ServerConfirmEmailErrInvalidEmail, errInvalidToken)
		a.wantEmail(t, member.AccessJWT, []string{after, before}[winner], winner == 1)
	}
	a.wantOrder(t)
}

// Of several changes with one code, one needs it: whoever comes after that finds an address that is not
// confirmed, which takes no code. Of several accounts that want one address, one gets it.
func TestRaceEmailChanges(t *testing.T) {
	t.Parallel()
	const racers = 4
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		api := client(a.url, member.AccessJWT)
		confirmation := a.code(t, member.Handle, api.RequestEmailConfirmation)
		must(t, api.ConfirmEmail(t.Context(), &comatproto.ServerConfirmEmailInput{Email: emailOf(member.Handle), Token: confirmation}))
		code := a.code(t, member.Handle, func(ctx context.Context) error {
			_, err := api.RequestEmailUpdate(ctx)
			return err
		})
		address := func(i int) string { return fmt.Sprintf("new%d-%d@example.com", round, i) }
		var calls []func() error
		for i := range racers {
			input := &comatproto.ServerUpdateEmailInput{Email: address(i), Token: lexdata.Some(code)}
			calls = append(calls, func() error { return api.UpdateEmail(t.Context(), input) })
		}
		var changed []string
		for i, err := range race(calls...) {
			wantFineOrRefused(t, "change with the code of another", err, errInvalidToken)
			if err == nil {
				changed = append(changed, address(i))
			}
		}
		a.wantOneEmail(t, member.AccessJWT, changed)

		wanted := fmt.Sprintf("wanted%d@example.com", round)
		other := a.join(t, nth("other", round))
		newcomer := signupOf(nth("newcomer", round))
		newcomer.Email = lexdata.Some(wanted)
		update := func(token string) func() error {
			return func() error {
				return client(a.url, token).UpdateEmail(t.Context(), &comatproto.ServerUpdateEmailInput{Email: wanted})
			}
		}
		wantWinner(t, "an address for three", race(update(member.AccessJWT), update(other.AccessJWT), func() error {
			_, err := client(a.url, "").CreateAccount(t.Context(), newcomer)
			return err
		}), xrpc.ErrInvalidRequest)
	}
	a.wantOrder(t)
	a.wantNoOrphans(t)
}

// wantEmail checks what a session says of its account's address.
func (a *arena) wantEmail(t *testing.T, access, email string, confirmed bool) {
	t.Helper()
	got, err := client(a.url, access).GetSession(t.Context())
	must(t, err)
	if got.Email.Or("") != email || got.EmailConfirmed.Or(false) != confirmed {
		t.Errorf("got address %s, confirmed %t, want %s, %t", got.Email.Or(""), got.EmailConfirmed.Or(false), email, confirmed)
	}
}

// wantOneEmail checks that the account has one of some addresses, unconfirmed.
func (a *arena) wantOneEmail(t *testing.T, access string, emails []string) {
	t.Helper()
	got, err := client(a.url, access).GetSession(t.Context())
	must(t, err)
	if !slices.Contains(emails, got.Email.Or("")) || got.EmailConfirmed.Or(false) {
		t.Errorf("got address %s, confirmed %t, want one of %q, false", got.Email.Or(""), got.EmailConfirmed.Or(false), emails)
	}
}

// Invite codes that an account has earned are made once, and all who ask at once get the same.
func TestRaceEarnedInvites(t *testing.T) {
	t.Parallel()
	const (
		racers = 6
		earned = 5 // as many as an account can have lying about
	)
	a := newArena(t, nil, "--invite-required", "--invite-interval", "1ns")
	for round := range many {
		member, err := client(a.url, "").CreateAccount(t.Context(), invited(nth("member", round), a.newInvite(t, 1)))
		must(t, err)
		lists := make([]*comatproto.ServerGetAccountInviteCodesOutput, racers)
		var calls []func() error
		for i := range racers {
			calls = append(calls, func() (err error) {
				lists[i], err = client(a.url, member.AccessJWT).GetAccountInviteCodes(t.Context(), &comatproto.ServerGetAccountInviteCodesParams{})
				return err
			})
		}
		for _, err := range race(calls...) {
			must(t, err)
		}
		codes := map[string]bool{}
		for _, list := range lists {
			for _, code := range list.Codes {
				codes[code.Code] = true
			}
			if len(list.Codes) != earned {
				t.Errorf("got %d codes, want %d", len(list.Codes), earned)
			}
		}
		if len(codes) != earned {
			t.Errorf("all together got %d codes, want %d", len(codes), earned)
		}
	}
	a.wantOrder(t)
}

// Nothing of an account survives its deletion, whatever was written at the same time; and it is deleted
// once.
func TestRaceDeletion(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		deletion ending
		again    []xrpc.ErrorName // what the second deletion is refused with
		writes   func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) []func() error
	}{
		{"and what sessions write", leaving, []xrpc.ErrorName{xrpc.ErrAuthenticationRequired, errInvalidToken}, writesOfSessions},
		{"and other names", deleting, []xrpc.ErrorName{xrpc.ErrInvalidRequest}, writesOfNames},
		{"and changes of the identity", deleting, []xrpc.ErrorName{xrpc.ErrInvalidRequest}, writesOfIdentity},
		{"and ends of sessions", deleting, []xrpc.ErrorName{xrpc.ErrInvalidRequest}, writesOfAdministrators},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil, "--invite-required", "--invite-interval", "1ns")
			for round := range many {
				member := a.joinBy(t, invited(nth("member", round), a.newInvite(t, 1)))
				writes, deletion := test.writes(t, a, member), test.deletion(t, a, member)
				delayed := a.after(t, round, deletion)
				errs := race(append(writes, delayed, delayed)...)
				wantWinner(t, "deletion", errs[len(writes):], test.again...)
				for i, err := range errs[:len(writes)] {
					wantFineOrRefused(t, fmt.Sprint("write ", i), err, lateWrites()...)
				}
				a.wantGone(t, member)
				wantRefused(t, "once more", deletion(), test.again...)
				a.joinBy(t, invited(member.Handle, a.newInvite(t, 1))) // the names are free again
			}
			a.wantOrder(t)
		})
	}
}

// An account whose deadline is over is deleted, or its owner or a moderator was in time to activate it:
// who was told so does have it.
func TestRaceDeadline(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	rescues := map[string]func(member *comatproto.ServerCreateAccountOutput) error{
		"owner": func(member *comatproto.ServerCreateAccountOutput) error {
			return client(a.url, member.AccessJWT).ActivateAccount(t.Context())
		},
		"moderator": func(member *comatproto.ServerCreateAccountOutput) error {
			return a.moderate(t, member.DID, &comatproto.AdminStatusAttr{Applied: false})
		},
	}
	for name, rescue := range rescues {
		for round := range many {
			member := a.join(t, nth(name, round))
			must(t, client(a.url, member.AccessJWT).DeactivateAccount(t.Context(), &comatproto.ServerDeactivateAccountInput{
				DeleteAfter: lexdata.Some(syntax.FormatDatetime(time.Now())),
			}))
			// The earliest deadline that can be asked for is days away.
			execute(t, a.database(), fmt.Sprintf("PRAGMA busy_timeout = 5000; UPDATE account SET delete_after = 1 WHERE did = '%s'", member.DID))
			errs := race(
				func() error { return a.service.Housekeep(t.Context()) },
				func() error { return rescue(member) },
			)
			must(t, errs[0])
			wantFineOrRefused(t, name, errs[1], errNoAccount, errExpiredToken, comatproto.AdminGetSubjectStatusErrNotFound)
			got, err := client(a.url, member.AccessJWT).GetSession(t.Context())
			if (err == nil) != (errs[1] == nil) || err == nil && !got.Active.Or(false) {
				t.Errorf("%s: got %v, and the account is %+v, %v", name, errs[1], got, err)
			}
			must(t, a.service.Housekeep(t.Context()))
			if rows := a.rowsOf(t, member.DID); (len(rows) > 0) != (errs[1] == nil) {
				t.Errorf("%s: got %v, and of the account there is %v", name, errs[1], rows)
			}
		}
	}
	a.wantOrder(t)
}

// A moderator who deactivates an account does not bring back the deadline that its owner takes away at the
// same time: nothing that somebody wants any longer deletes it.
func TestRaceDeadlineTakenAway(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		api := client(a.url, member.AccessJWT)
		must(t, api.DeactivateAccount(t.Context(), &comatproto.ServerDeactivateAccountInput{
			DeleteAfter: lexdata.Some(syntax.FormatDatetime(time.Now())),
		}))
		deactivate := func() error { return a.moderate(t, member.DID, &comatproto.AdminStatusAttr{Applied: true}) }
		for _, err := range race(deactivate, deactivate, func() error { return api.ActivateAccount(t.Context()) }) {
			must(t, err)
		}
		got, err := a.store.FindAccount(t.Context(), account.Identifier{Kind: account.ByDID, Value: string(member.DID)})
		must(t, err)
		if !got.DeleteAfter.IsZero() {
			t.Errorf("got the deadline %s, want none", got.DeleteAfter)
		}
	}
	a.wantOrder(t)
}

// moderate deactivates or activates an account as a moderator.
func (a *arena) moderate(t *testing.T, did syntax.DID, deactivated *comatproto.AdminStatusAttr) error {
	t.Helper()
	_, err := a.admin().UpdateSubjectStatus(t.Context(), &comatproto.AdminUpdateSubjectStatusInput{
		Subject:     comatproto.NewAdminUpdateSubjectStatusInputSubjectUnion(&comatproto.AdminRepoRef{DID: did}),
		Deactivated: deactivated,
	})
	return err
}

// An identity that comes back after its account was deleted begins anew, once: nothing that opened the
// old account opens the new one.
func TestRaceReturn(t *testing.T) {
	t.Parallel()
	const racers = 4
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		app := a.newAppPassword(t, member.AccessJWT)
		session := a.enter(t, member.Handle, app)
		deletion := leaving(t, a, member)
		var returns []func() error
		for i := range racers + 1 {
			returns = append(returns, a.newReturn(t, member, nth("back", round, i)))
		}
		errs := race(append(returns[:racers:racers], deletion)...)
		must(t, errs[racers])
		a.wantReturned(t, errs[:racers], returns)
		a.wantOver(t, "the first session", member.AccessJWT, member.RefreshJWT)
		a.wantOver(t, "the session of the app password", session.AccessJWT, session.RefreshJWT)
		for _, password := range []string{app, login(member.Handle).Password} {
			_, err := client(a.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: string(member.DID), Password: password})
			wantRefused(t, "login with a password from before", err, xrpc.ErrAuthenticationRequired)
		}
		a.enter(t, syntax.Handle(member.DID), newPassword)
	}
	problems, err := a.store.Check(t.Context())
	must(t, err)
	if len(problems) > 0 {
		t.Errorf("the database has %q", problems)
	}
}

// newReturn returns the sign-up of an identity under another handle, with a token that it got while it had
// an account.
func (a *arena) newReturn(t *testing.T, member *comatproto.ServerCreateAccountOutput, handle syntax.Handle) func() error {
	t.Helper()
	issued, err := client(a.url, member.AccessJWT).GetServiceAuth(t.Context(), &comatproto.ServerGetServiceAuthParams{
		Aud: a.config.serviceDID, Lxm: lexdata.Some(syntax.NSID(comatproto.ServerCreateAccountNSID)),
	})
	must(t, err)
	input := signupOf(handle)
	input.DID = lexdata.Some(member.DID)
	input.Password = lexdata.Some(newPassword)
	return func() error {
		_, err := client(a.url, issued.Token).CreateAccount(t.Context(), input)
		return err
	}
}

// wantReturned checks that one of the sign-ups that raced has succeeded, or else the last one, which did not
// race, does; and that after that none does, with the token that is used up or another.
func (a *arena) wantReturned(t *testing.T, errs []error, returns []func() error) {
	t.Helper()
	succeeded := 0
	for _, err := range errs {
		wantFineOrRefused(t, "return", err, xrpc.ErrInvalidRequest)
		if err == nil {
			succeeded++
		}
	}
	if succeeded > 1 {
		t.Errorf("%d accounts of one identity", succeeded)
	}
	if err := returns[len(errs)](); (err == nil) != (succeeded == 0) {
		t.Errorf("%d had returned, and the next one: %v", succeeded, err)
	}
	for _, again := range returns {
		wantRefused(t, "a second return", again(), comatproto.ServerCreateAccountErrHandleNotAvailable, xrpc.ErrInvalidRequest)
	}
}
