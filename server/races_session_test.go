package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// However many windows refresh a session at once, all of them go on with one next token.
func TestRaceRefresh(t *testing.T) {
	t.Parallel()
	const windows = 8
	a := newArena(t, nil)
	created := a.join(t, "alice.test")
	token := created.RefreshJWT
	for round := range many {
		next := make([]*comatproto.ServerRefreshSessionOutput, windows)
		var calls []func() error
		for i := range windows {
			calls = append(calls, func() (err error) {
				next[i], err = client(a.url, token).RefreshSession(t.Context())
				return err
			})
		}
		for i, err := range race(calls...) {
			must(t, err)
			if refreshID(t, next[i].RefreshJWT) != refreshID(t, next[0].RefreshJWT) {
				t.Fatalf("round %d: two windows have got different tokens", round)
			}
			_, err := client(a.url, next[i].AccessJWT).GetSession(t.Context())
			must(t, err)
		}
		token = next[round%windows].RefreshJWT
		var kept int
		queryRow(t, a.database(), "SELECT count(*) FROM used_refresh_token", &kept)
		if kept != round+1 {
			t.Errorf("round %d: got %d used refresh tokens, want %d", round, kept, round+1)
		}
	}
	a.wantOrder(t)
}

// A refresh that races with the end of its session does not bring the session back.
func TestRaceRefreshAndEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		end    func(t *testing.T, a *arena, owner *comatproto.ServerCreateAccountOutput, session string) func() error
		spares bool // the session of the account's own password
	}{
		{"logout", loggingOut, true},
		{"app password revoked", ending(revoking).ofSession, true},
		{"reset", ending(resetting).ofSession, false},
		{"new password by an administrator", ending(administering).ofSession, false},
		{"takedown", ending(takingDown).ofSession, false},
		{"deletion", ending(deleting).ofSession, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil)
			for round := range many {
				owner := a.join(t, nth("member", round))
				session := a.enter(t, owner.Handle, a.newAppPassword(t, owner.AccessJWT))
				a.raceRefreshes(t, session.RefreshJWT, test.end(t, a, owner, session.RefreshJWT))
				a.wantOver(t, "the session", session.AccessJWT, session.RefreshJWT)
				if !test.spares {
					a.wantOver(t, "the owner's session", owner.AccessJWT, owner.RefreshJWT)
					continue
				}
				_, err := client(a.url, owner.AccessJWT).GetSession(t.Context())
				must(t, err)
			}
			a.wantOrder(t)
		})
	}
}

// raceRefreshes refreshes a session several times while something ends it, also with a token that was used
// and is in its grace, and checks that nothing of it is left.
func (a *arena) raceRefreshes(t *testing.T, used string, end func() error) {
	t.Helper()
	before, err := client(a.url, used).RefreshSession(t.Context())
	must(t, err)
	after := make([]*comatproto.ServerRefreshSessionOutput, 4)
	calls := []func() error{end}
	for i := range after {
		token := []string{before.RefreshJWT, used}[i%2]
		calls = append(calls, func() (err error) {
			after[i], err = client(a.url, token).RefreshSession(t.Context())
			return err
		})
	}
	errs := race(calls...)
	must(t, errs[0])
	for i, err := range errs[1:] {
		wantFineOrRefused(t, "refresh", err, errExpiredToken, errTakedown)
		if err == nil {
			a.wantOver(t, "a refreshed session", after[i].AccessJWT, after[i].RefreshJWT)
		}
	}
	a.wantOver(t, "its next tokens", before.AccessJWT, before.RefreshJWT)
}

// What these tests call app passwords, and what they change passwords to.
const (
	appName     = "phone"
	newPassword = "a new password"
)

// newAppPassword creates an app password for the account of an access token.
func (a *arena) newAppPassword(t *testing.T, access string) string {
	t.Helper()
	created, err := client(a.url, access).CreateAppPassword(t.Context(), &comatproto.ServerCreateAppPasswordInput{Name: appName})
	must(t, err)
	return created.Password
}

// enter opens a session.
func (a *arena) enter(t *testing.T, handle syntax.Handle, password string) *comatproto.ServerCreateSessionOutput {
	t.Helper()
	opened, err := client(a.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: string(handle), Password: password})
	must(t, err)
	return opened
}

// resetCode asks for the code that resets the password of an account.
func (a *arena) resetCode(t *testing.T, handle syntax.Handle) string {
	t.Helper()
	return a.code(t, handle, func(ctx context.Context) error {
		return client(a.url, "").RequestPasswordReset(ctx, &comatproto.ServerRequestPasswordResetInput{Email: emailOf(handle)})
	})
}

// No session that was opened with a password outlives what made the password worthless, however close
// the login was.
func TestRaceLoginAndEnd(t *testing.T) {
	t.Parallel()
	own := func(_ *testing.T, _ *arena, member *comatproto.ServerCreateAccountOutput) string {
		return login(member.Handle).Password
	}
	app := func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) string {
		t.Helper()
		return a.newAppPassword(t, member.AccessJWT)
	}
	tests := []struct {
		name     string
		args     []string
		password func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) string
		end      ending
		refusal  xrpc.ErrorName
		spared   account.EventKind // before this event, a login was in time: its session goes on
	}{
		{"reset", nil, own, resetting, xrpc.ErrAuthenticationRequired, ""},
		{"reset that drops app passwords", []string{"--reset-drops-app-passwords"}, app, resetting, xrpc.ErrAuthenticationRequired, ""},
		{"new password by an administrator", nil, own, administering, xrpc.ErrAuthenticationRequired, ""},
		{"takedown", nil, own, takingDown, errTakedown, ""},
		{"takedown, of an app password", nil, app, takingDown, xrpc.ErrAuthenticationRequired, ""},
		{"app password revoked", nil, app, revoking, xrpc.ErrAuthenticationRequired, ""},
		{"app password revoked and made again", nil, app, renewing, xrpc.ErrAuthenticationRequired, ""},
		{"deletion", nil, own, deleting, xrpc.ErrAuthenticationRequired, ""},
		{"second factor turned on", nil, own, securing, comatproto.ServerCreateSessionErrAuthFactorTokenRequired, account.EventAuthFactor},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil, test.args...)
			for round := range many {
				member := a.join(t, nth("member", round))
				password := test.password(t, a, member)
				opened := a.raceLogins(t, member.Handle, password, test.end(t, a, member), test.refusal)
				if test.spared != "" {
					a.wantNoLoginAfter(t, member.DID, test.spared)
					continue
				}
				for _, session := range opened {
					a.wantOver(t, "a session of the old password", session.AccessJWT, session.RefreshJWT)
				}
			}
			a.wantOrder(t)
		})
	}
}

// raceLogins logs in several times while something makes the password worthless, and checks that it is. It
// returns what was opened.
func (a *arena) raceLogins(t *testing.T, handle syntax.Handle, password string, end func() error, refusal xrpc.ErrorName) []*comatproto.ServerCreateSessionOutput {
	t.Helper()
	input := &comatproto.ServerCreateSessionInput{Identifier: string(handle), Password: password}
	logins := make([]*comatproto.ServerCreateSessionOutput, 5)
	calls := []func() error{end}
	for i := range logins {
		calls = append(calls, func() (err error) {
			logins[i], err = client(a.url, "").CreateSession(t.Context(), input)
			return err
		})
	}
	errs := race(calls...)
	must(t, errs[0])
	var opened []*comatproto.ServerCreateSessionOutput
	for i, err := range errs[1:] {
		wantFineOrRefused(t, "login", err, refusal)
		if err == nil {
			opened = append(opened, logins[i])
		}
	}
	_, err := client(a.url, "").CreateSession(t.Context(), input)
	wantRefused(t, "login afterwards", err, refusal)
	return opened
}

// wantNoLoginAfter checks that no login was written after an event, which there is once.
func (a *arena) wantNoLoginAfter(t *testing.T, did syntax.DID, kind account.EventKind) {
	t.Helper()
	var events, late int
	queryRow(t, a.database(), fmt.Sprintf(`SELECT count(DISTINCT sooner.id), count(later.id) FROM event AS sooner
		LEFT JOIN event AS later ON later.did = sooner.did AND later.id > sooner.id AND later.kind IN ('%s', '%s')
		WHERE sooner.did = '%s' AND sooner.kind = '%s'`, account.EventLogin, account.EventNewLogin, did, kind), &events, &late)
	if events != 1 || late > 0 {
		t.Errorf("got %d logins after %d events %s, want none after one", late, events, kind)
	}
}

// A session that a reset ends does not leave an app password behind, if resets drop those.
func TestRaceResetAndAppPasswords(t *testing.T) {
	t.Parallel()
	const racers = 5
	a := newArena(t, nil, "--reset-drops-app-passwords")
	for round := range many {
		member := a.join(t, nth("member", round))
		code := a.resetCode(t, member.Handle)
		created := make([]*comatproto.ServerCreateAppPasswordOutput, racers)
		calls := []func() error{func() error {
			return client(a.url, "").ResetPassword(t.Context(), &comatproto.ServerResetPasswordInput{Token: code, Password: newPassword})
		}}
		for i := range racers {
			input := &comatproto.ServerCreateAppPasswordInput{Name: fmt.Sprint(appName, i)}
			calls = append(calls, func() (err error) {
				created[i], err = client(a.url, member.AccessJWT).CreateAppPassword(t.Context(), input)
				return err
			})
		}
		errs := race(calls...)
		must(t, errs[0])
		for i, err := range errs[1:] {
			wantFineOrRefused(t, "createAppPassword", err, errExpiredToken)
			if err == nil {
				_, err := client(a.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: string(member.Handle), Password: created[i].Password})
				wantRefused(t, "login with an app password from before", err, xrpc.ErrAuthenticationRequired)
			}
		}
	}
	a.wantOrder(t)
}

// Who is in an account when its password is reset cannot take it over with another address: either the
// address changes, and the code of the reset is void, or the password does, and the session is over.
func TestRaceResetAndEmail(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		code, after := a.resetCode(t, member.Handle), fmt.Sprintf("new%d@example.com", round)
		winner := wantWinner(t, "reset and change", race(
			func() error {
				return client(a.url, "").ResetPassword(t.Context(), &comatproto.ServerResetPasswordInput{Token: code, Password: newPassword})
			},
			func() error {
				return client(a.url, member.AccessJWT).UpdateEmail(t.Context(), &comatproto.ServerUpdateEmailInput{Email: after})
			},
		), errInvalidToken, errExpiredToken)
		if winner == 0 {
			a.wantEmail(t, a.enter(t, member.Handle, newPassword).AccessJWT, emailOf(member.Handle), false)
		} else {
			a.wantEmail(t, a.enter(t, member.Handle, login(member.Handle).Password).AccessJWT, after, false)
		}
	}
	a.wantOrder(t)
}

// Of several resets with one code, one succeeds, and its password is the one that counts.
func TestRaceReset(t *testing.T) {
	t.Parallel()
	const racers = 5
	a := newArena(t, nil)
	for round := range many {
		member := a.join(t, nth("member", round))
		code := a.resetCode(t, member.Handle)
		password := func(i int) string { return fmt.Sprintf("password of racer %d", i) }
		var calls []func() error
		for i := range racers {
			calls = append(calls, func() error {
				return client(a.url, "").ResetPassword(t.Context(), &comatproto.ServerResetPasswordInput{Token: code, Password: password(i)})
			})
		}
		winner := wantWinner(t, "reset", race(calls...), errInvalidToken)
		for i := range racers {
			_, err := client(a.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: string(member.Handle), Password: password(i)})
			if (err == nil) != (i == winner) {
				t.Errorf("login with the password of %d, where %d has won: %v", i, winner, err)
			}
		}
		a.wantOver(t, "the session from before", member.AccessJWT, member.RefreshJWT)
	}
	a.wantOrder(t)
}

// Whoever guesses the password of an account is slowed down as one, from however many addresses: the
// account is what counts failures. Neither its owner nor another account is.
func TestRaceGuesses(t *testing.T) {
	t.Parallel()
	const (
		guessers = 30
		guesses  = 100
		most     = freeFailures + 5 // one after a second, two, four and so on
	)
	a := newArena(t, nil, "--rate-limits=true", "--trusted-proxies", "127.0.0.1")
	const home = "192.0.2.1"
	_, err := from(a.url, home).CreateAccount(t.Context(), signupOf("alice.test"))
	must(t, err)
	_, err = from(a.url, "192.0.2.2").CreateAccount(t.Context(), signupOf("bob.test"))
	must(t, err)
	var next, wrong atomic.Int64
	var guessing sync.WaitGroup
	for range guessers {
		guessing.Go(func() {
			for i := next.Add(1); i <= guesses; i = next.Add(1) {
				_, err := from(a.url, fmt.Sprintf("203.0.113.%d", i)).CreateSession(t.Context(),
					&comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: fmt.Sprintf("guess %d", i)})
				if isRefused(err, xrpc.ErrAuthenticationRequired) {
					wrong.Add(1)
				} else {
					wantRefused(t, "guess", err, xrpc.ErrRateLimitExceeded)
				}
			}
		})
	}
	guessing.Wait()
	if got := wrong.Load(); got < freeFailures || got > most {
		t.Errorf("guesses that were looked at: got %d of %d, want %d to %d", got, guesses, freeFailures, most)
	}
	_, err = from(a.url, "203.0.113.200").CreateSession(t.Context(), login("alice.test"))
	wantRefused(t, "the right password from an address that the account does not know", err, xrpc.ErrRateLimitExceeded)
	_, err = from(a.url, home).CreateSession(t.Context(), login("alice.test"))
	must(t, err)
	_, err = from(a.url, "203.0.113.200").CreateSession(t.Context(), login("bob.test"))
	must(t, err)
	a.wantOrder(t)
}
