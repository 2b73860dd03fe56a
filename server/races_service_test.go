package main

import (
	"net/http"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A service token that several use at once is good for one of them, who gets the account.
func TestRaceServiceToken(t *testing.T) {
	t.Parallel()
	const racers = 6
	a := newArena(t, nil)
	for round := range many {
		mover := newWebIdentity(t)
		token := mover.token(t, mover.key)
		var calls []func() error
		for i := range racers {
			input := signupOf(nth("racer", round, i))
			input.DID = lexdata.Some(mover.did)
			calls = append(calls, func() error {
				_, err := client(a.url, token).CreateAccount(t.Context(), input)
				return err
			})
		}
		wantWinner(t, "one token", race(calls...), xrpc.ErrAuthenticationRequired)
	}
}

// The same of what moderators do.
func TestRaceModeratorToken(t *testing.T) {
	t.Parallel()
	const (
		racers = 6
		badJWT = xrpc.ErrorName("BadJwt") // which no lexicon declares
	)
	moderator := newWebIdentity(t)
	a := newArena(t, nil, "--moderation-did", string(moderator.did))
	member := a.join(t, nth("member", 1))
	for range many {
		moderation := comatproto.AdminClient{Client: client(a.url, moderator.sign(t, comatproto.AdminGetAccountInfoNSID, moderator.key)).Client}
		var calls []func() error
		for range racers {
			calls = append(calls, func() error {
				_, err := moderation.GetAccountInfo(t.Context(), &comatproto.AdminGetAccountInfoParams{DID: member.DID})
				return err
			})
		}
		wantWinner(t, "one token", race(calls...), badJWT)
	}
	a.wantOrder(t)
}

// A server that starts again knows which tokens were used.
func TestServiceTokenAfterRestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	mover, moderator := newWebIdentity(t), newWebIdentity(t)
	moving := mover.token(t, mover.key)
	deciding := moderator.sign(t, comatproto.AdminGetAccountInfoNSID, moderator.key)
	enter := func(s *server, token string) error {
		_, err := client(s.url, token).CreateAccount(t.Context(), mover.signup())
		return err
	}
	decide := func(s *server, token string) error {
		moderation := comatproto.AdminClient{Client: client(s.url, token).Client}
		_, err := moderation.GetAccountInfo(t.Context(), &comatproto.AdminGetAccountInfoParams{DID: mover.did})
		return err
	}
	s := startServer(t, folder, "--moderation-did", string(moderator.did))
	must(t, enter(s, moving))
	must(t, decide(s, deciding))
	// So that nothing but the token is in the way of a second account.
	must(t, comatproto.AdminClient{Client: admin(s.url)}.DeleteAccount(t.Context(), &comatproto.AdminDeleteAccountInput{DID: mover.did}))
	s.stop()
	s = startServer(t, folder, "--moderation-did", string(moderator.did))
	wantMessage(t, "import", enter(s, moving), http.StatusUnauthorized, "Invalid authorization header: jwt was used before")
	must(t, enter(s, mover.token(t, mover.key)))
	wantMessage(t, "moderation", decide(s, deciding), http.StatusUnauthorized, "jwt was used before")
	must(t, decide(s, moderator.sign(t, comatproto.AdminGetAccountInfoNSID, moderator.key)))
}
