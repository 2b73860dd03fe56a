package api_test

import (
	"fmt"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// A session is what a client keeps of the answers that begin or continue one.
type session struct {
	AccessJWT  string `json:"accessJwt"`
	RefreshJWT string `json:"refreshJwt"`
	Handle     string `json:"handle"`
	DID        string `json:"did"`
}

func (a answer) session(t *testing.T) session {
	t.Helper()
	var s session
	a.read(t, &s)
	if s.AccessJWT == "" || s.RefreshJWT == "" || s.Handle == "" || s.DID == "" {
		t.Fatalf("a session lacks something: %s", a.body)
	}
	return s
}

const (
	alice      = `{"handle":"alice.test","email":"alice@example.com","password":"asdf"}`
	aliceLogin = `{"identifier":"alice.test","password":"asdf"}`
)

// signUp creates the account of alice.
func (b *bench) signUp(t *testing.T) session {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: alice}).session(t)
}

// signUpAs creates the account of somebody with the password asdf.
func (b *bench) signUpAs(t *testing.T, name string) session {
	t.Helper()
	body := fmt.Sprintf(`{"handle":"%s.test","email":"%s@example.com","password":"asdf"}`, name, name)
	return b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body}).session(t)
}

// logIn opens a session of alice, or says why not.
func (b *bench) logIn(t *testing.T, password string) answer {
	t.Helper()
	body := object("identifier", "alice.test", "password", password)
	return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
}

// logInTakendown opens a session of alice, whose account was taken down.
func (b *bench) logInTakendown(t *testing.T) session {
	t.Helper()
	body := object("identifier", "alice.test", "password", "asdf", "allowTakendown", true)
	return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body}).session(t)
}

// appPassword creates an app password.
func (b *bench) appPassword(t *testing.T, s session, name string, privileged bool) string {
	t.Helper()
	body := object("name", name, "privileged", privileged)
	return b.as(t, s.AccessJWT, comatproto.ServerCreateAppPasswordNSID, body).text(t, "password")
}

func (b *bench) refresh(t *testing.T, refreshJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerRefreshSessionNSID, header: bearer(refreshJWT)})
}

func (b *bench) getSession(t *testing.T, accessJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerGetSessionNSID, header: bearer(accessJWT)})
}

func (b *bench) logOut(t *testing.T, refreshJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerDeleteSessionNSID, header: bearer(refreshJWT)})
}

// claims returns what a token claims, without checking its signature.
func claims(t *testing.T, text string) (header map[string]any, claims jwt.MapClaims) {
	t.Helper()
	claims = jwt.MapClaims{}
	parser := jwt.NewParser()
	parsed, parts, err := parser.ParseUnverified(text, claims)
	if parsed == nil || len(parts) != 3 {
		t.Fatalf("no token %q: %v", text, err)
	}
	return parsed.Header, claims // an unknown algorithm is an error that does not matter
}

// jti returns the id of a refresh token.
func jti(t *testing.T, text string) string {
	t.Helper()
	_, c := claims(t, text)
	id, _ := c["jti"].(string)
	if id == "" {
		t.Error("a refresh token has no jti")
	}
	return id
}

// scope returns the scope of an access token.
func scope(t *testing.T, text string) string {
	t.Helper()
	_, c := claims(t, text)
	scope, _ := c["scope"].(string)
	return scope
}

// forge signs a token again after a change.
func (b *bench) forge(t *testing.T, text string, change func(header map[string]any, claims jwt.MapClaims)) string {
	t.Helper()
	header, c := claims(t, text)
	change(header, c)
	forged := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	forged.Header = header
	signed, err := forged.SignedString(b.key.Secret)
	must(t, err)
	return signed
}
