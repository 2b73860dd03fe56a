package atclient_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atclient"
)

// outdated returns the data of a living session with an access token that the server answers with
// ExpiredToken: that of another session, which is over.
func (p person) outdated(t *testing.T) atclient.PasswordSessionData {
	t.Helper()
	over := p.logIn(t)
	logOut(t, over)
	data := p.session.Clone()
	data.AccessToken, _ = passwordAuth(t, over).GetTokens()
	return data
}

func logOut(t *testing.T, c *atclient.APIClient) {
	t.Helper()
	if err := passwordAuth(t, c).Logout(t.Context(), c.Client); err != nil {
		t.Fatalf("log out: %v", err)
	}
}

// refresh exchanges the refresh token of c and returns the new one.
func refresh(t *testing.T, c *atclient.APIClient) string {
	t.Helper()
	auth := passwordAuth(t, c)
	if err := auth.Refresh(t.Context(), c.Client, ""); err != nil {
		t.Fatalf("refresh: %v", err)
	}
	_, token := auth.GetTokens()
	return token
}

func TestExpiredAccessTokenIsRefreshed(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	data := alice.outdated(t)
	var refreshed []atclient.PasswordSessionData
	c := atclient.ResumePasswordSession(data, func(_ context.Context, next atclient.PasswordSessionData) {
		refreshed = append(refreshed, next)
	})

	alice.expectSession(t, c)
	alice.expectSession(t, c) // with the new access token, so without a refresh

	if len(refreshed) != 1 {
		t.Fatalf("the client refreshed %d times, want once", len(refreshed))
	}
	if next := refreshed[0]; next.AccessToken == data.AccessToken || next.RefreshToken == data.RefreshToken {
		t.Error("a refresh returned a token that the client had before")
	}
	alice.expectSession(t, atclient.ResumePasswordSession(refreshed[0], nil))
}

func TestCallsAtOnceRefreshOnce(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	var refreshes atomic.Int32
	c := atclient.ResumePasswordSession(alice.outdated(t), func(context.Context, atclient.PasswordSessionData) {
		refreshes.Add(1)
	})
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() { alice.expectSession(t, c) })
	}
	calls.Wait()
	if got := refreshes.Load(); got != 1 {
		t.Errorf("the client refreshed %d times, want once", got)
	}
}

// TestRefreshTokenUsedTwice has two clients go on with the data of one session, as two windows of
// an application do. Neither may throw the other out.
func TestRefreshTokenUsedTwice(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	first := atclient.ResumePasswordSession(alice.session.Clone(), nil)
	second := atclient.ResumePasswordSession(alice.session.Clone(), nil)
	third := atclient.ResumePasswordSession(alice.session.Clone(), nil)

	next := tokenID(t, refresh(t, first))
	if next == tokenID(t, alice.session.RefreshToken) {
		t.Error("a refresh returned the same refresh token")
	}
	if got := tokenID(t, refresh(t, second)); got != next {
		t.Errorf("the second use of a refresh token led to token %s, want %s as the first did", got, next)
	}
	afterNext := tokenID(t, refresh(t, first))
	if got := tokenID(t, refresh(t, third)); got != next {
		t.Errorf("a use after the next token was used led to token %s, want %s", got, next)
	}
	if got := tokenID(t, refresh(t, second)); got != afterNext {
		t.Errorf("the windows went different ways: token %s, want %s", got, afterNext)
	}
	for _, c := range []*atclient.APIClient{first, second, third} {
		alice.expectSession(t, c)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	var refreshes int
	c, err := atclient.LoginWithPasswordHost(t.Context(), alice.session.Host, alice.email, alice.password, "",
		func(context.Context, atclient.PasswordSessionData) { refreshes++ })
	if err != nil {
		t.Fatal(err)
	}
	before := passwordAuth(t, c).Session.Clone()
	logOut(t, c)

	revoked := atclient.APIError{StatusCode: 400, Name: "ExpiredToken", Message: "Token has been revoked"}
	// The access token is dead at once, and the refresh that the client tries then fails too.
	expectError(t, c.Get(t.Context(), getSession, nil, nil), revoked)
	expectError(t, passwordAuth(t, c).Refresh(t.Context(), c.Client, ""), revoked)
	if refreshes != 0 || passwordAuth(t, c).Session.Clone() != before {
		t.Errorf("the client refreshed a session that is over (%d times)", refreshes)
	}
	logOut(t, c) // a second time is no error
	alice.expectSession(t, atclient.ResumePasswordSession(alice.session, nil))
}

// TestLogoutWithUsedToken logs out with a token that another window has exchanged since.
func TestLogoutWithUsedToken(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	window := atclient.ResumePasswordSession(alice.session.Clone(), nil)
	refresh(t, window)
	logOut(t, atclient.ResumePasswordSession(alice.session, nil))
	expectError(t, window.Get(t.Context(), getSession, nil, nil),
		atclient.APIError{StatusCode: 400, Name: "ExpiredToken", Message: "Token has been revoked"})
}
