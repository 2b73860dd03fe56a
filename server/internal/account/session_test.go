package account_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestRefreshSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)

	b.now = b.now.Add(24 * time.Hour)
	second := b.refresh(t, first.RefreshJWT)
	if second.Account != first.Account || second.AccessJWT == first.AccessJWT || second.RefreshJWT == first.RefreshJWT {
		t.Errorf("got grant %+v, want new tokens of the same account", second)
	}
	caller, err := b.Authenticate(t.Context(), second.AccessJWT)
	if err != nil {
		t.Fatal(err)
	}
	if want := b.now.Add(account.IdleLifetime); !caller.Session.ExpiresAt.Equal(want) {
		t.Errorf("expiry of the session: got %s, want %s", caller.Session.ExpiresAt, want)
	}

	b.now = b.now.Add(account.RefreshGrace - time.Second)
	again := b.refresh(t, first.RefreshJWT)
	if got, want := b.tokens.refreshID(t, again.RefreshJWT), b.tokens.refreshID(t, second.RefreshJWT); got != want {
		t.Errorf("id of the next token on the second use: got %s, want %s", got, want)
	}
	b.now = b.now.Add(time.Second)
	_, err = b.RefreshSession(t.Context(), first.RefreshJWT)
	wantText(t, "RefreshSession after the grace", err, "Token has been revoked")
	b.refresh(t, second.RefreshJWT)
}

func TestRefreshSessionParallel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.signUp(t).RefreshJWT
	var ids sync.Map
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			grant, err := b.RefreshSession(t.Context(), token)
			if err != nil {
				t.Error(err)
				return
			}
			claims, _ := b.tokens.VerifyRefreshOfAnyAge(grant.RefreshJWT)
			ids.Store(claims.ID, true)
		})
	}
	group.Wait()
	count := 0
	ids.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("got %d different next tokens, want 1", count)
	}
}

func TestRefreshSessionRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, b *bench, grant *account.Grant)
		want   error
	}{
		{"no token", func(_ *testing.T, _ *bench, g *account.Grant) { g.RefreshJWT = "" }, account.ErrTokenInvalid},
		{"access token", func(_ *testing.T, _ *bench, g *account.Grant) { g.RefreshJWT = g.AccessJWT }, account.ErrTokenInvalid},
		{"expired", func(_ *testing.T, b *bench, _ *account.Grant) { b.now = b.now.Add(account.IdleLifetime) }, account.ErrTokenExpired},
		{"taken down", func(t *testing.T, b *bench, g *account.Grant) { b.takeDown(t, g.Account.DID) }, account.ErrTakendown},
		{"account gone", func(t *testing.T, b *bench, g *account.Grant) { b.remove(t, g.Account.DID) }, account.ErrTokenRevoked},
		{"deactivated", func(t *testing.T, b *bench, g *account.Grant) {
			b.deactivate(t, g.Account.DID)
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			tt.change(t, b, &grant)
			_, err := b.RefreshSession(t.Context(), grant.RefreshJWT)
			wantError(t, "RefreshSession", err, tt.want)
		})
	}
}

// However busy a session is, it ends after a year.
func TestSessionLifetime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.signUp(t).RefreshJWT
	end := b.now.Add(account.SessionLifetime)
	for b.now = b.now.AddDate(0, 0, 80); b.now.Before(end); b.now = b.now.AddDate(0, 0, 80) {
		token = b.refresh(t, token).RefreshJWT
	}
	claims, _ := b.tokens.VerifyRefreshOfAnyAge(token)
	if !claims.ExpiresAt.Equal(end) {
		t.Errorf("expiry of the last refresh token: got %s, want %s", claims.ExpiresAt, end)
	}
	_, err := b.RefreshSession(t.Context(), token)
	wantError(t, "RefreshSession after a year", err, account.ErrTokenExpired)
}

// A logout ends every token of the session, by whichever of its refresh tokens, and
// no other session.
func TestDeleteSession(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		token func(first, second account.Grant) string
	}{
		{"by the token in use", func(_, second account.Grant) string { return second.RefreshJWT }},
		{"by the one before", func(first, _ account.Grant) string { return first.RefreshJWT }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			first := b.signUp(t)
			second := b.refresh(t, first.RefreshJWT)
			other, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
			wantError(t, "CreateSession", err, nil)

			for range 2 {
				wantError(t, "DeleteSession", b.DeleteSession(t.Context(), tt.token(first, second)), nil)
			}
			for _, grant := range []account.Grant{first, second} {
				_, err := b.Authenticate(t.Context(), grant.AccessJWT)
				wantError(t, "Authenticate", err, account.ErrTokenRevoked)
				_, err = b.RefreshSession(t.Context(), grant.RefreshJWT)
				wantText(t, "RefreshSession", err, "Token has been revoked")
			}
			b.refresh(t, other.RefreshJWT)
		})
	}
}

// A refresh token that was used so long ago that the store has forgotten it still
// ends its session.
func TestDeleteSessionByForgottenToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)
	second := b.refresh(t, first.RefreshJWT)
	b.now = b.now.Add(account.RefreshGrace)
	wantError(t, "Sweep", b.store.Sweep(t.Context(), b.now, b.now), nil)
	wantError(t, "DeleteSession", b.DeleteSession(t.Context(), first.RefreshJWT), nil)
	_, err := b.RefreshSession(t.Context(), second.RefreshJWT)
	wantError(t, "RefreshSession", err, account.ErrTokenRevoked)
}

func TestDeleteSessionTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	wantError(t, "DeleteSession with garbage", b.DeleteSession(t.Context(), "garbage"), account.ErrTokenInvalid)
	wantError(t, "DeleteSession with an access token", b.DeleteSession(t.Context(), grant.AccessJWT), account.ErrTokenInvalid)
	b.now = b.now.AddDate(10, 0, 0)
	wantError(t, "DeleteSession with an expired token", b.DeleteSession(t.Context(), grant.RefreshJWT), nil)
	claims, err := b.tokens.VerifyRefreshOfAnyAge(grant.RefreshJWT)
	wantError(t, "VerifyRefreshOfAnyAge", err, nil)
	_, err = b.store.FindSession(t.Context(), claims.Subject, claims.SessionID)
	wantError(t, "FindSession", err, account.ErrTokenRevoked)
}

// Whatever order refreshes and a logout come in, nobody is logged in afterwards.
func TestRefreshAgainstLogout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.signUp(t).RefreshJWT
	var group sync.WaitGroup
	grants := make(chan account.Grant, 10)
	for range cap(grants) {
		group.Go(func() {
			grant, err := b.RefreshSession(t.Context(), token)
			if err != nil && !errors.Is(err, account.ErrTokenRevoked) {
				t.Error(err)
			}
			grants <- grant
		})
	}
	group.Go(func() {
		wantError(t, "DeleteSession", b.DeleteSession(t.Context(), token), nil)
	})
	group.Wait()
	close(grants)
	for grant := range grants {
		if grant.RefreshJWT == "" {
			continue
		}
		_, err := b.RefreshSession(t.Context(), grant.RefreshJWT)
		wantError(t, "RefreshSession", err, account.ErrTokenRevoked)
		_, err = b.Authenticate(t.Context(), grant.AccessJWT)
		wantError(t, "Authenticate", err, account.ErrTokenRevoked)
	}
}

func TestAuthenticateRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, b *bench, grant *account.Grant)
		want   error
	}{
		{"no token", func(_ *testing.T, _ *bench, g *account.Grant) { g.AccessJWT = "" }, account.ErrTokenInvalid},
		{"refresh token", func(_ *testing.T, _ *bench, g *account.Grant) { g.AccessJWT = g.RefreshJWT }, account.ErrTokenInvalid},
		{"expired", func(_ *testing.T, b *bench, _ *account.Grant) { b.now = b.now.Add(account.AccessLifetime) }, account.ErrTokenExpired},
		{"account gone", func(t *testing.T, b *bench, g *account.Grant) { b.remove(t, g.Account.DID) }, account.ErrAccountNotFound},
		{"taken down", func(t *testing.T, b *bench, g *account.Grant) { b.takeDown(t, g.Account.DID) }, account.ErrTakendown},
		{"other scope", func(t *testing.T, b *bench, g *account.Grant) {
			claims, _ := b.tokens.VerifyAccess(g.AccessJWT, b.now)
			claims.Scope = "com.atproto.appPass"
			g.AccessJWT, _ = b.tokens.IssueAccess(claims)
		}, account.ErrBadScope},
		{"session over", func(t *testing.T, b *bench, g *account.Grant) {
			claims, _ := b.tokens.VerifyAccess(g.AccessJWT, b.now)
			b.now = b.now.Add(account.IdleLifetime)
			claims.ExpiresAt = b.now.Add(time.Minute)
			g.AccessJWT, _ = b.tokens.IssueAccess(claims)
		}, account.ErrTokenRevoked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			tt.change(t, b, &grant)
			caller, err := b.Authenticate(t.Context(), grant.AccessJWT)
			wantError(t, "Authenticate", err, tt.want)
			want := account.Caller{}
			if errors.Is(tt.want, account.ErrTakendown) {
				want.Account.DID = grant.Account.DID
			}
			if caller != want {
				t.Errorf("got caller %+v, want %+v", caller, want)
			}
		})
	}
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	info, document, err := b.UserInfo(t.Context(), b.caller(t, grant))
	wantError(t, "UserInfo", err, nil)
	if info != grant.Account || string(document) != `{"id":"did:plc:1"}` {
		t.Errorf("UserInfo: got %+v, %s, want %+v and its document", info, document, grant.Account)
	}

	b.takeDown(t, grant.Account.DID)
	grant, err = b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", AllowTakendown: true})
	wantError(t, "CreateSession", err, nil)
	_, _, err = b.UserInfo(t.Context(), b.caller(t, grant))
	wantError(t, "UserInfo of an account taken down", err, account.ErrNoUserInfo)
	wantText(t, "UserInfo of an account taken down", err, "Could not find user info for account: did:plc:1")
}

func TestUserAgentIsClipped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	signup := alice()
	signup.Client.UserAgent = strings.Repeat("a", 255) + "é" + strings.Repeat("a", 1000)
	grant, err := b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount", err, nil)
	caller, err := b.Authenticate(t.Context(), grant.AccessJWT)
	wantError(t, "Authenticate", err, nil)
	if got, want := caller.Session.Client.UserAgent, strings.Repeat("a", 255); got != want {
		t.Errorf("user agent: got %q, want %q", got, want)
	}
}
