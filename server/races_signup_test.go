package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// Of several sign-ups for one handle, or one email, in whatever case, one succeeds. The others leave no
// identity behind.
func TestRaceSameName(t *testing.T) {
	t.Parallel()
	const racers = 6
	tests := []struct {
		name    string
		handle  func(round, racer int) string
		email   func(round, racer int) string
		refusal xrpc.ErrorName
	}{
		{
			"handle",
			func(round, racer int) string { return mixed(nth("handle", round), racer) },
			func(round, racer int) string { return fmt.Sprintf("%d-%d@example.com", round, racer) },
			comatproto.ServerCreateAccountErrHandleNotAvailable,
		},
		{
			"email",
			func(round, racer int) string { return string(nth("email", round, racer)) },
			func(round, racer int) string { return mixed(fmt.Sprintf("all%d@example.com", round), racer) },
			xrpc.ErrInvalidRequest,
		},
		{
			"handle and email",
			func(round, racer int) string { return mixed(nth("both", round), racer) },
			func(round, racer int) string { return mixed(fmt.Sprintf("both%d@example.com", round), racer) },
			comatproto.ServerCreateAccountErrHandleNotAvailable,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil)
			for round := range many {
				a.raceSignups(t, test.refusal, racers, func(i int) *comatproto.ServerCreateAccountInput {
					return &comatproto.ServerCreateAccountInput{
						Handle:   syntax.Handle(test.handle(round, i)),
						Email:    lexdata.Some(test.email(round, i)),
						Password: lexdata.Some(fmt.Sprintf("password %d", i)),
					}
				})
			}
			a.wantOrder(t)
			a.wantNoOrphans(t)
		})
	}
}

// raceSignups signs up several who want the same, and checks that one has it: the account has the password
// of the one who was told so.
func (a *arena) raceSignups(t *testing.T, refusal xrpc.ErrorName, racers int, input func(i int) *comatproto.ServerCreateAccountInput) {
	t.Helper()
	created := make([]*comatproto.ServerCreateAccountOutput, racers)
	var calls []func() error
	for i := range racers {
		calls = append(calls, func() (err error) {
			created[i], err = client(a.url, "").CreateAccount(t.Context(), input(i))
			return err
		})
	}
	winner := wantWinner(t, "sign-up", race(calls...), refusal)
	for i := range racers {
		_, err := client(a.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{
			Identifier: string(created[winner].DID), Password: input(i).Password.Or(""),
		})
		if (err == nil) != (i == winner) {
			t.Errorf("login with the password of %d, of whom %d has won: %v", i, winner, err)
		}
	}
}

// mixed returns a name in the case of a racer: every second one writes it in capital letters.
func mixed[T ~string](name T, racer int) string {
	if racer%2 == 0 {
		return string(name)
	}
	return strings.ToUpper(string(name))
}

// An invite code is used as often as it may be, however many want to at once.
func TestRaceInviteCode(t *testing.T) {
	t.Parallel()
	const racers = 6
	a := newArena(t, nil, "--invite-required")
	for round := range many {
		uses := round%3 + 1
		code := a.newInvite(t, int64(uses))
		errs := race(a.signups(t, racers, func(i int) *comatproto.ServerCreateAccountInput {
			return invited(nth("guest", round, i), code)
		})...)
		wantUses(t, a, errs, code, uses)
		_, err := client(a.url, "").CreateAccount(t.Context(), invited(nth("late", round), code))
		wantRefused(t, "a sign-up too late", err, comatproto.ServerCreateAccountErrInvalidInviteCode)
	}
	a.wantOrder(t)
	a.wantNoOrphans(t)
}

// A use of an invite code that was reserved for a sign-up which the directory refuses is given back.
func TestRaceInviteCodeGivenBack(t *testing.T) {
	t.Parallel()
	directory := directorytest.New(t)
	a := newArena(t, directory, "--invite-required")
	for round := range many {
		code := a.newInvite(t, 1)
		directory.FailOnce(directorytest.Conflict)
		errs := race(a.signups(t, 3, func(i int) *comatproto.ServerCreateAccountInput {
			return invited(nth("guest", round, i), code)
		})...)
		for _, err := range errs {
			wantFineOrRefused(t, "sign-up", err, comatproto.ServerCreateAccountErrInvalidInviteCode, xrpc.ErrInvalidRequest)
		}
		directory.Fail(directorytest.None)
		if _, err := client(a.url, "").CreateAccount(t.Context(), invited(nth("again", round), code)); (err == nil) != !slices.Contains(errs, nil) {
			t.Errorf("sign-ups: got %v, and the next one %v", errs, err)
		}
		found, err := a.admin().GetInviteCodes(t.Context(), &comatproto.AdminGetInviteCodesParams{Limit: lexdata.Some[int64](1)})
		must(t, err)
		if got := found.Codes[0]; got.Code != code || len(got.Uses) != 1 {
			t.Errorf("got %d uses of a code for one", len(got.Uses))
		}
	}
	a.wantOrder(t)
}

// signups returns sign-ups to race.
func (a *arena) signups(t *testing.T, racers int, input func(i int) *comatproto.ServerCreateAccountInput) []func() error {
	t.Helper()
	var calls []func() error
	for i := range racers {
		calls = append(calls, func() error {
			_, err := client(a.url, "").CreateAccount(t.Context(), input(i))
			return err
		})
	}
	return calls
}

func invited(handle syntax.Handle, code string) *comatproto.ServerCreateAccountInput {
	input := signupOf(handle)
	input.InviteCode = lexdata.Some(code)
	return input
}

// wantUses checks that as many sign-ups have succeeded as the newest code, which they had, was for.
func wantUses(t *testing.T, a *arena, errs []error, code string, uses int) {
	t.Helper()
	succeeded := 0
	for _, err := range errs {
		if err == nil {
			succeeded++
		}
		wantFineOrRefused(t, "sign-up", err, comatproto.ServerCreateAccountErrInvalidInviteCode)
	}
	found, err := a.admin().GetInviteCodes(t.Context(), &comatproto.AdminGetInviteCodesParams{Limit: lexdata.Some[int64](1)})
	must(t, err)
	if got := found.Codes[0]; got.Code != code || len(got.Uses) != uses || succeeded != uses {
		t.Errorf("of a code for %d: got %d sign-ups, %d uses", uses, succeeded, len(got.Uses))
	}
}
