package atclient_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atclient"
	"github.com/bluesky-social/indigo/atproto/syntax"
)

// The endpoints that the tests call by name. They are written out, and not taken from the generated
// package, because they are what the client would send.
const (
	createAccount  = syntax.NSID("com.atproto.server.createAccount")
	createSession  = syntax.NSID("com.atproto.server.createSession")
	refreshSession = syntax.NSID("com.atproto.server.refreshSession")
	getSession     = syntax.NSID("com.atproto.server.getSession")
)

// person is the owner of an account.
type person struct {
	handle, email, password string
	session                 atclient.PasswordSessionData // which sign-up opened
}

// sessionOutput is what the tests look at in an output about a session.
type sessionOutput struct {
	DID        string `json:"did"`
	Handle     string `json:"handle"`
	Email      string `json:"email"`
	AccessJWT  string `json:"accessJwt"`
	RefreshJWT string `json:"refreshJwt"`
}

// signUp creates the account name.test, with a recovery key unless that is empty.
func signUp(t *testing.T, s server, name, recoveryKey string) person {
	t.Helper()
	p := person{handle: name + ".test", email: name + "@example.com", password: "correct horse of " + name}
	input := map[string]any{"handle": p.handle, "email": p.email, "password": p.password}
	if recoveryKey != "" {
		input["recoveryKey"] = recoveryKey
	}
	var output sessionOutput
	if err := atclient.NewAPIClient(s.url).Post(t.Context(), createAccount, input, &output); err != nil {
		t.Fatalf("create account: %v", err)
	}
	if output.Handle != p.handle {
		t.Errorf("createAccount returned the handle %q, want %q", output.Handle, p.handle)
	}
	p.session = atclient.PasswordSessionData{
		AccessToken:  output.AccessJWT,
		RefreshToken: output.RefreshJWT,
		AccountDID:   parseDID(t, output.DID),
		Host:         s.url,
	}
	return p
}

// logIn opens another session.
func (p person) logIn(t *testing.T) *atclient.APIClient {
	t.Helper()
	c, err := atclient.LoginWithPasswordHost(t.Context(), p.session.Host, p.handle, p.password, "", nil)
	if err != nil {
		t.Fatalf("log in: %v", err)
	}
	return c
}

// expectSession fails the test unless getSession answers c with the person's account.
func (p person) expectSession(t *testing.T, c *atclient.APIClient) {
	t.Helper()
	var output sessionOutput
	if err := c.Get(t.Context(), getSession, nil, &output); err != nil {
		t.Errorf("get session: %v", err)
		return
	}
	if did := parseDID(t, output.DID); did != p.session.AccountDID {
		t.Errorf("getSession returned %s, want %s", did, p.session.AccountDID)
	}
	if handle := parseHandle(t, output.Handle); handle.String() != p.handle {
		t.Errorf("getSession returned the handle %s, want %s", handle, p.handle)
	}
	if output.Email != p.email {
		t.Errorf("getSession returned the email %s, want %s", output.Email, p.email)
	}
}

// passwordAuth returns the session that c keeps.
func passwordAuth(t *testing.T, c *atclient.APIClient) *atclient.PasswordAuth {
	t.Helper()
	auth, ok := c.Auth.(*atclient.PasswordAuth)
	if !ok {
		t.Fatalf("client authenticates with %T, want a password session", c.Auth)
	}
	return auth
}

// parseDID reads a DID of the server by the client's rules.
func parseDID(t *testing.T, s string) syntax.DID {
	t.Helper()
	did, err := syntax.ParseDID(s)
	if err != nil {
		t.Errorf("%q is no DID: %v", s, err)
	}
	return did
}

// parseHandle reads a handle of the server by the client's rules.
func parseHandle(t *testing.T, s string) syntax.Handle {
	t.Helper()
	handle, err := syntax.ParseHandle(s)
	if err != nil {
		t.Errorf("%q is no handle: %v", s, err)
	}
	return handle
}

// tokenID returns the claim by which a token is known, whatever else in it depends on the time.
func tokenID(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token of %d parts, want 3", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatalf("token payload: %v", err)
	}
	var claims struct {
		ID string `json:"jti"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatalf("token payload: %v", err)
	}
	if claims.ID == "" {
		t.Fatal("token has no jti")
	}
	return claims.ID
}
