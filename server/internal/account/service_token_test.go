package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const createAccountMethod = "com.atproto.server.createAccount"

// verifyOwn returns the claims of a token that an account of this server signed.
func (b *bench) verifyOwn(t *testing.T, token string) account.ServiceClaims {
	t.Helper()
	claims, err := b.ServiceTokens.VerifyService(t.Context(), token, b.now, anyClaims, b.keyOf)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestIssueServiceToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	tests := []struct {
		name    string
		request account.ServiceTokenRequest
		expires time.Duration
	}{
		{"for any method", account.ServiceTokenRequest{Audience: "did:web:example.com"}, time.Minute},
		{"for a service", account.ServiceTokenRequest{Audience: "did:web:example.com#bsky_appview", Method: "app.bsky.feed.getTimeline"}, time.Minute},
		{"for an hour", account.ServiceTokenRequest{Audience: "did:plc:ewvi7nxzyoun6zhxrhs64oiz", Method: "com.example.doThing", ExpiresAt: b.now.Add(time.Hour)}, time.Hour},
		{"on a developer's machine", account.ServiceTokenRequest{Audience: "did:web:localhost%3A2583"}, time.Minute},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token, err := b.IssueServiceToken(t.Context(), caller, tt.request)
			if err != nil {
				t.Fatal(err)
			}
			got := b.verifyOwn(t, token)
			if len(got.ID) != 32 || seen[got.ID] {
				t.Errorf("id: got %q, want 16 bytes in hex, and new ones", got.ID)
			}
			seen[got.ID] = true
			want := account.ServiceClaims{
				Issuer:    "did:plc:1",
				Audience:  tt.request.Audience,
				Method:    tt.request.Method,
				ID:        got.ID,
				IssuedAt:  b.now,
				ExpiresAt: b.now.Add(tt.expires),
			}
			if got != want {
				t.Errorf("got claims %+v, want %+v", got, want)
			}
		})
	}
}

// Each request breaks one rule, and some break those below it too, so that the table
// shows which comes first.
func TestIssueServiceTokenRefusals(t *testing.T) {
	t.Parallel()
	const (
		aud        = "did:web:example.com"
		badAud     = "aud must be a valid atproto DID or did#serviceId reference"
		tooFar     = "cannot request a token with an expiration more than an hour in the future"
		tooFarBare = "cannot request a method-less token with an expiration more than a minute in the future"
		noRight    = "insufficient access to request a service auth token for the following method: "
		protected  = "cannot request a service auth token for the following protected method: "
	)
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	past, hour := b.now.Add(-time.Second), b.now.Add(time.Hour)
	tests := []struct {
		name      string
		kind      account.SessionKind
		audience  string
		method    syntax.NSID
		expiresAt time.Time
		want      string // empty if nothing is wrong
	}{
		{"not a DID", account.SessionPassword, "not-a-did", "", past, badAud},
		{"DID of another method", account.SessionPassword, "did:foo:bar", "", time.Time{}, badAud},
		{"empty fragment", account.SessionPassword, aud + "#", "", time.Time{}, badAud},
		{"two fragments", account.SessionPassword, aud + "#a#b", "", time.Time{}, badAud},
		{"short did:plc", account.SessionPassword, "did:plc:abc", "", time.Time{}, badAud},
		{"did:plc in other letters", account.SessionPassword, "did:plc:ewvi7nxzyoun6zhxrhs64oi1", "", time.Time{}, badAud},
		{"path", account.SessionPassword, aud + ":path", "", time.Time{}, badAud},
		{"port", account.SessionPassword, aud + "%3A443", "", time.Time{}, badAud},
		{"no port", account.SessionPassword, "did:web:localhost%3A", "", time.Time{}, badAud},
		{"too long", account.SessionPassword, aud + "#" + strings.Repeat("a", 2048), "", time.Time{}, badAud},

		{"taken down", account.SessionTakendown, aud, "com.example.doThing", past, "Bad token scope"},
		{"taken down, any method", account.SessionTakendown, aud, "", time.Time{}, "Bad token scope"},
		{"taken down, to move", account.SessionTakendown, aud, createAccountMethod, time.Time{}, ""},

		{"app, to move", account.SessionApp, aud, createAccountMethod, past, noRight + createAccountMethod},
		{"app, chat", account.SessionApp, aud, "chat.bsky.convo.getMessages", time.Time{}, noRight + "chat.bsky.convo.getMessages"},
		{"app, chat in capitals", account.SessionApp, aud, "CHAT.bsky.convo.ANYTHING", time.Time{}, noRight + "CHAT.bsky.convo.ANYTHING"},
		{"app, almost chat", account.SessionApp, aud, "chat.bskyx.convo.getMessages", time.Time{}, ""},
		{"app, any method", account.SessionApp, aud, "", time.Time{}, ""},
		{"privileged app, chat", account.SessionPrivileged, aud, "chat.bsky.convo.getMessages", time.Time{}, ""},
		{"privileged app, any method", account.SessionPrivileged, aud, "", time.Time{}, ""},

		{"past", account.SessionPassword, aud, "com.atproto.server.updateEmail", past, "expiration is in past"},
		{"more than an hour", account.SessionPassword, aud, "com.atproto.server.updateEmail", hour.Add(time.Second), tooFar},
		{"more than an hour, any method", account.SessionPassword, aud, "", hour.Add(time.Second), tooFar},
		{"more than a minute, any method", account.SessionPassword, aud, "", b.now.Add(61 * time.Second), tooFarBare},
		{"a minute, any method", account.SessionPassword, aud, "", b.now.Add(time.Minute), ""},
		{"now", account.SessionPassword, aud, "", b.now, ""},

		{"protected", account.SessionPassword, aud, "com.atproto.server.updateEmail", hour, protected + "com.atproto.server.updateEmail"},
		{"protected in capitals", account.SessionPassword, aud, "com.atproto.SERVER.getsession", time.Time{}, protected + "com.atproto.SERVER.getsession"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			caller := caller
			caller.Session.Kind = tt.kind
			_, err := b.IssueServiceToken(t.Context(), caller, account.ServiceTokenRequest{
				Audience: tt.audience, Method: tt.method, ExpiresAt: tt.expiresAt,
			})
			if tt.want == "" {
				wantError(t, "IssueServiceToken", err, nil)
			} else {
				wantText(t, "IssueServiceToken", err, tt.want)
			}
		})
	}
}

// An operator may have plain app passwords name the method.
func TestConfineServiceTokens(t *testing.T) {
	t.Parallel()
	const refused = "insufficient access to request a service auth token without a method"
	tests := []struct {
		name   string
		kind   account.SessionKind
		method syntax.NSID
		want   string // empty if nothing is wrong
	}{
		{"app, any method", account.SessionApp, "", refused},
		{"app, one method", account.SessionApp, "com.example.doThing", ""},
		{"privileged app, any method", account.SessionPrivileged, "", ""},
		{"password, any method", account.SessionPassword, "", ""},
	}
	b := newBench(t)
	b.Policy.ConfineServiceTokens = true
	caller := b.caller(t, b.signUp(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			caller := caller
			caller.Session.Kind = tt.kind
			_, err := b.IssueServiceToken(t.Context(), caller, account.ServiceTokenRequest{Audience: "did:web:example.com", Method: tt.method})
			if tt.want == "" {
				wantError(t, "IssueServiceToken", err, nil)
				return
			}
			wantText(t, "IssueServiceToken", err, tt.want)
			wantError(t, "IssueServiceToken", err, account.ErrInvalidRequest)
		})
	}
}

func TestIssueServiceTokenFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	request := account.ServiceTokenRequest{Audience: "did:web:example.com"}
	b.Sealer = brokenSealer{}
	_, err := b.IssueServiceToken(t.Context(), caller, request)
	wantError(t, "IssueServiceToken without the key", err, errTest)
	b.remove(t, caller.Account.DID)
	_, err = b.IssueServiceToken(t.Context(), caller, request)
	wantError(t, "IssueServiceToken of an account that is gone", err, account.ErrAccountNotFound)
}
