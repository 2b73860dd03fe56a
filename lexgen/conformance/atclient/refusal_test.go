package atclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atclient"
	"github.com/bluesky-social/indigo/atproto/syntax"
)

// expectError fails the test unless err is the refusal want, as the client read it. The message of
// want may be a part of the server's.
func expectError(t *testing.T, err error, want atclient.APIError) {
	t.Helper()
	var got *atclient.APIError
	if !errors.As(err, &got) {
		t.Errorf("got error %v, want %v", err, &want)
		return
	}
	if got.StatusCode != want.StatusCode || got.Name != want.Name || !strings.Contains(got.Message, want.Message) {
		t.Errorf("got error %v, want %v", got, &want)
	}
}

type input = map[string]any

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	alice := signUp(t, s, "alice", "")
	tests := map[string]struct {
		auth atclient.AuthMethod
		call func(context.Context, *atclient.APIClient) error
		want atclient.APIError
	}{
		"wrong password": {
			call: post(createSession, input{"identifier": alice.handle, "password": "wrong"}),
			want: atclient.APIError{StatusCode: 401, Name: "AuthenticationRequired", Message: "Invalid identifier or password"},
		},
		"unknown identifier": {
			call: post(createSession, input{"identifier": "nobody.test", "password": alice.password}),
			want: atclient.APIError{StatusCode: 401, Name: "AuthenticationRequired", Message: "Invalid identifier or password"},
		},
		"taken handle": {
			call: post(createAccount, input{"handle": alice.handle, "email": "carol@example.com", "password": "p"}),
			want: atclient.APIError{StatusCode: 400, Name: "HandleNotAvailable", Message: "Handle already taken: alice.test"},
		},
		"taken email": {
			call: post(createAccount, input{"handle": "carol.test", "email": alice.email, "password": "p"}),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidRequest", Message: "Email already taken: alice@example.com"},
		},
		"invalid handle": {
			call: post(createAccount, input{"handle": "did:plc:x", "email": "carol@example.com", "password": "p"}),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidRequest", Message: "handle"},
		},
		"foreign handle": {
			call: post(createAccount, input{"handle": "carol.example.com", "email": "carol@example.com", "password": "p"}),
			want: atclient.APIError{StatusCode: 400, Name: "UnsupportedDomain", Message: "Not a supported handle domain"},
		},
		"missing property": {
			call: post(createSession, input{"identifier": alice.handle}),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidRequest", Message: "password"},
		},
		"property of wrong type": {
			call: post(createSession, input{"identifier": 1, "password": "p"}),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidRequest", Message: "identifier"},
		},
		"wrong verb": {
			call: get("com.atproto.server.createSession"),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidRequest", Message: "Incorrect HTTP method (GET) expected POST"},
		},
		"unknown method": {
			call: get("com.example.unknown"),
			want: atclient.APIError{StatusCode: 501, Name: "MethodNotImplemented", Message: "Method Not Implemented"},
		},
		"unknown method with a token": {
			auth: bearer(alice.session.AccessToken),
			call: get("app.bsky.actor.getPreferences"),
			want: atclient.APIError{StatusCode: 501, Name: "MethodNotImplemented", Message: "Method Not Implemented"},
		},
		"no token": {
			call: get("com.atproto.server.getSession"),
			want: atclient.APIError{StatusCode: 401, Name: "AuthMissing", Message: "Authentication Required"},
		},
		"garbage as access token": {
			auth: &atclient.PasswordAuth{Session: atclient.PasswordSessionData{
				AccessToken: "garbage", RefreshToken: alice.session.RefreshToken, Host: s.url,
			}},
			call: get("com.atproto.server.getSession"),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidToken", Message: "Token could not be verified"},
		},
		"refresh token as access token": {
			auth: bearer(alice.session.RefreshToken),
			call: get("com.atproto.server.getSession"),
			want: atclient.APIError{StatusCode: 400, Name: "InvalidToken", Message: "Token could not be verified"},
		},
		"access token as refresh token": {
			auth: bearer(alice.session.AccessToken),
			call: func(ctx context.Context, c *atclient.APIClient) error {
				return c.LexDo(ctx, atclient.MethodProcedure, "", refreshSession.String(), nil, nil, nil)
			},
			want: atclient.APIError{StatusCode: 400, Name: "InvalidToken", Message: "Token could not be verified"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := atclient.NewAPIClient(s.url)
			c.Auth = test.auth
			expectError(t, test.call(t.Context(), c), test.want)
		})
	}
}

// post returns a call of a procedure.
func post(endpoint syntax.NSID, body input) func(context.Context, *atclient.APIClient) error {
	return func(ctx context.Context, c *atclient.APIClient) error {
		return c.Post(ctx, endpoint, body, nil)
	}
}

// get returns a call of a query.
func get(endpoint syntax.NSID) func(context.Context, *atclient.APIClient) error {
	return func(ctx context.Context, c *atclient.APIClient) error {
		return c.Get(ctx, endpoint, nil, nil)
	}
}
