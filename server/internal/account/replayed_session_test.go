package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// An operator may have an old refresh token end its session, of which the owner is told
// once. It does not matter whether the store has forgotten the token.
func TestEndReplayedSessions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		on, isSwept  bool
		after        time.Duration // since the token was used
		wantReplayed error
		wantAlive    error
	}{
		{"within the grace", true, false, account.RefreshGrace - time.Second, nil, nil},
		{"after the grace", true, false, account.RefreshGrace, account.ErrTokenRevoked, account.ErrTokenRevoked},
		{"forgotten", true, true, 30 * 24 * time.Hour, account.ErrTokenRevoked, account.ErrTokenRevoked},
		{"expired", true, true, account.IdleLifetime - time.Hour, account.ErrTokenExpired, nil},
		{"option off", false, false, account.RefreshGrace, account.ErrTokenRevoked, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Policy.EndReplayedSessions = tt.on
			first := b.signUp(t)
			other := b.logIn(t, "asdf")
			b.now = b.now.Add(time.Hour)
			second := b.refresh(t, first.RefreshJWT)
			b.now = b.now.Add(tt.after)
			if tt.isSwept {
				wantError(t, "Sweep", b.store.Sweep(t.Context(), b.now, time.Time{}), nil)
			}
			for range 2 {
				_, err := b.RefreshSession(t.Context(), first.RefreshJWT)
				wantError(t, "RefreshSession with the old token", err, tt.wantReplayed)
			}
			_, err := b.RefreshSession(t.Context(), second.RefreshJWT)
			wantError(t, "RefreshSession with the last token", err, tt.wantAlive)
			wantNotices, wantEvents := 0, []account.EventKind{account.EventNewLogin, account.EventCreated}
			if tt.wantAlive != nil {
				wantNotices, wantEvents = 1, slices.Insert(wantEvents, 0, account.EventTokenReplayed)
				b.refresh(t, other.RefreshJWT)
			}
			told := subjects(b.newMails(t))
			told = slices.DeleteFunc(told, func(subject string) bool { return subject != "App logged out" })
			if len(told) != wantNotices {
				t.Errorf("got %d notices, want %d", len(told), wantNotices)
			}
			b.wantEvents(t, first.Account.DID, wantEvents...)
		})
	}
}

// Only who has a token that this server signed ends a session with it, and only one that is
// not over.
func TestEndReplayedSessionsSpares(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.EndReplayedSessions = true
	grant := b.signUp(t)
	_, err := b.RefreshSession(t.Context(), "garbage")
	wantError(t, "RefreshSession with garbage", err, account.ErrTokenInvalid)
	b.refresh(t, grant.RefreshJWT)
	wantError(t, "DeleteSession", b.DeleteSession(t.Context(), grant.RefreshJWT), nil)
	_, err = b.RefreshSession(t.Context(), grant.RefreshJWT)
	wantError(t, "RefreshSession after a logout", err, account.ErrTokenRevoked)
	b.wantMails(t)
}
