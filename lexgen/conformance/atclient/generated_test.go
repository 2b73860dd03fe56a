package atclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/bluesky-social/indigo/api/atproto"
	"github.com/bluesky-social/indigo/atproto/atclient"
	"github.com/bluesky-social/indigo/atproto/syntax"
)

// bearer is a token that goes with each request and is never refreshed.
type bearer string

// DoWithAuth implements [atclient.AuthMethod].
func (token bearer) DoWithAuth(c *http.Client, request *http.Request, _ syntax.NSID) (*http.Response, error) {
	request.Header.Set("Authorization", "Bearer "+string(token))
	return c.Do(request)
}

// strictClient is a client for the generated functions that takes no property that their types do
// not have.
type strictClient struct {
	*atclient.APIClient
}

// LexDo implements the interface that the generated functions call.
func (c strictClient) LexDo(ctx context.Context, method, encoding, endpoint string, params map[string]any, body, out any) error {
	var text bytes.Buffer
	if err := c.APIClient.LexDo(ctx, method, encoding, endpoint, params, body, &text); err != nil {
		return err
	}
	if out == nil {
		if text.Len() > 0 {
			return fmt.Errorf("%s: got %q, want no body", endpoint, &text)
		}
		return nil
	}
	decoder := json.NewDecoder(&text)
	decoder.DisallowUnknownFields()
	return decoder.Decode(out)
}

// newStrictClient returns a client with a token, or without one if that is empty.
func newStrictClient(s server, token string) strictClient {
	c := strictClient{atclient.NewAPIClient(s.url)}
	if token != "" {
		c.Auth = bearer(token)
	}
	return c
}

func TestGeneratedDescribeServer(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	output, err := atproto.ServerDescribeServer(t.Context(), newStrictClient(s, ""))
	if err != nil {
		t.Fatal(err)
	}
	if len(output.AvailableUserDomains) != 1 || output.AvailableUserDomains[0] != ".test" {
		t.Errorf("domains are %q, want .test", output.AvailableUserDomains)
	}
	if output.InviteCodeRequired == nil || *output.InviteCodeRequired {
		t.Error("inviteCodeRequired is not false")
	}
	if got := parseDID(t, output.Did); got != "did:web:localhost" {
		t.Errorf("describeServer names the server %s, want did:web:localhost", got)
	}
}

// TestGeneratedFunctions leads a session through its life with the generated functions alone.
func TestGeneratedFunctions(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	email, password := "alice@example.com", "correct horse"
	created, err := atproto.ServerCreateAccount(t.Context(), newStrictClient(s, ""),
		&atproto.ServerCreateAccount_Input{Handle: "alice.test", Email: &email, Password: &password})
	if err != nil {
		t.Fatalf("create account: %v", err)
	}
	checkIdentity(t, created.Did, created.Handle, created.Did)

	opened, err := atproto.ServerCreateSession(t.Context(), newStrictClient(s, ""),
		&atproto.ServerCreateSession_Input{Identifier: created.Handle, Password: password})
	if err != nil {
		t.Fatalf("create session: %v", err)
	}
	checkIdentity(t, opened.Did, opened.Handle, created.Did)
	checkAccount(t, opened.Email, opened.Active)

	refreshed, err := atproto.ServerRefreshSession(t.Context(), newStrictClient(s, opened.RefreshJwt))
	if err != nil {
		t.Fatalf("refresh session: %v", err)
	}
	checkIdentity(t, refreshed.Did, refreshed.Handle, created.Did)

	got, err := atproto.ServerGetSession(t.Context(), newStrictClient(s, refreshed.AccessJwt))
	if err != nil {
		t.Fatalf("get session: %v", err)
	}
	checkIdentity(t, got.Did, got.Handle, created.Did)
	checkAccount(t, got.Email, got.Active)

	if err := atproto.ServerDeleteSession(t.Context(), newStrictClient(s, refreshed.RefreshJwt)); err != nil {
		t.Fatalf("delete session: %v", err)
	}
	_, err = atproto.ServerRefreshSession(t.Context(), newStrictClient(s, refreshed.RefreshJwt))
	expectError(t, err, atclient.APIError{StatusCode: 400, Name: "ExpiredToken", Message: "Token has been revoked"})
}

// checkIdentity fails the test unless an output names the account alice.test.
func checkIdentity(t *testing.T, did, handle, wantDID string) {
	t.Helper()
	if got := parseDID(t, did); got.String() != wantDID || got.Method() != "plc" {
		t.Errorf("got %s, want %s, a did:plc", got, wantDID)
	}
	if got := parseHandle(t, handle); got != "alice.test" {
		t.Errorf("got the handle %s, want alice.test", got)
	}
}

// checkAccount fails the test unless an output shows the email of an account that is not inactive.
func checkAccount(t *testing.T, email *string, active *bool) {
	t.Helper()
	if email == nil || *email != "alice@example.com" {
		t.Errorf("got the email %v, want alice@example.com", email)
	}
	if active != nil && !*active {
		t.Error("the account is not active")
	}
}
