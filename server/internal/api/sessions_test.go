package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestCreateSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	created := b.signUp(t)
	for _, identifier := range []string{
		"alice.test", "Alice.TEST", "alice@example.com", "ALICE@Example.com", created.DID,
	} {
		t.Run(identifier, func(t *testing.T) {
			t.Parallel()
			body := fmt.Sprintf(`{"identifier":%q,"password":"asdf"}`, identifier)
			answer := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body}).wantOK(t)
			s := answer.session(t)
			want := fmt.Sprintf(`{"accessJwt":%q,"refreshJwt":%q,"handle":"alice.test","did":%q,"email":"alice@example.com","emailConfirmed":false,"active":true}`,
				s.AccessJWT, s.RefreshJWT, created.DID)
			if answer.body != want {
				t.Errorf("got %s\nwant %s", answer.body, want)
			}
			wantTokenHeaders(t, answer)
			if jti(t, s.RefreshJWT) == jti(t, created.RefreshJWT) {
				t.Error("two sessions share a refresh token")
			}
			b.getSession(t, s.AccessJWT).wantOK(t)
		})
	}
}

// A wrong name and a wrong password are answered with the same bytes.
func TestCreateSessionRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	invalid := wanted{401, "AuthenticationRequired", "Invalid identifier or password"}
	tests := []struct {
		name                 string
		identifier, password string
		want                 wanted
	}{
		{"wrong password", "alice.test", "asdg", invalid},
		{"password in capitals", "alice.test", "ASDF", invalid},
		{"empty password", "alice.test", "", invalid},
		{"unknown handle", "bob.test", "asdf", invalid},
		{"unknown email", "bob@example.com", "asdf", invalid},
		{"unknown DID", "did:plc:bob", "asdf", invalid},
		{"DID with a wrong password", s.DID, "x", invalid},
		{"handle with @", "@alice.test", "asdf", invalid},
		{"empty identifier", "", "asdf", invalid},
		{"NUL", "alice.test\x00", "asdf\x00", invalid},
		{"password of 512", "alice.test", strings.Repeat("ä", 512), invalid},
		{"password of 513", "alice.test", strings.Repeat("ä", 513), wanted{401, "AuthenticationRequired", "Password too long. Consider resetting your password."}},
		{"password of 513 for nobody", "bob.test", strings.Repeat("ä", 513), wanted{401, "AuthenticationRequired", "Password too long. Consider resetting your password."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := strings.ReplaceAll(fmt.Sprintf(`{"identifier":%q,"password":%q}`, test.identifier, test.password), `\x00`, `\u0000`)
			test.want.check(t, b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body}))
		})
	}
}

// Two refusals of a login differ in nothing but the date.
func TestRefusedLoginsLookAlike(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	refused := func(identifier string) string {
		a := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: `{"identifier":"` + identifier + `","password":"x"}`})
		a.header.Del("Date")
		return fmt.Sprint(a.status, a.header, a.body)
	}
	if known, unknown := refused("alice.test"), refused("bob.test"); known != unknown {
		t.Errorf("got %s for an account that there is\nand %s for one that there is not", known, unknown)
	}
}

func TestGetSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	answer := b.getSession(t, s.AccessJWT).wantOK(t)
	want := fmt.Sprintf(`{"handle":"alice.test","did":%q,"email":"alice@example.com","emailConfirmed":false,"active":true}`, s.DID)
	if answer.body != want {
		t.Errorf("got %s, want %s", answer.body, want)
	}
	for name, want := range map[string]string{
		"Cache-Control": "private", "Vary": "Authorization", "Content-Type": "application/json; charset=utf-8",
	} {
		if got := answer.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	b.do(t, call{nsid: comatproto.ServerGetSessionNSID, header: with("bEaReR " + s.AccessJWT)}).wantOK(t)
}

func TestTokenClaims(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	header, access := claims(t, s.AccessJWT)
	if got := fmt.Sprint(header["alg"], " ", header["typ"], " ", access["scope"], " ", access["aud"], " ", access["sub"]); got !=
		"HS256 at+jwt com.atproto.access "+serviceDID+" "+s.DID {
		t.Errorf("access token: got %s", got)
	}
	if got := access["exp"].(float64) - access["iat"].(float64); got != account.AccessLifetime.Seconds() {
		t.Errorf("life of an access token: got %v s", got)
	}
	header, refresh := claims(t, s.RefreshJWT)
	if got := fmt.Sprint(header["alg"], " ", header["typ"], " ", refresh["scope"], " ", refresh["aud"], " ", refresh["sub"]); got !=
		"HS256 refresh+jwt com.atproto.refresh "+serviceDID+" "+s.DID {
		t.Errorf("refresh token: got %s", got)
	}
	if got := refresh["exp"].(float64) - refresh["iat"].(float64); got != account.IdleLifetime.Seconds() {
		t.Errorf("life of a refresh token: got %v s", got)
	}
	if got := jti(t, s.RefreshJWT); len(got) != 44 {
		t.Errorf("id of a refresh token: got %q, want 32 bytes in base64", got)
	}
}

func TestRefreshSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)
	answer := b.refresh(t, first.RefreshJWT).wantOK(t)
	second := answer.session(t)
	want := fmt.Sprintf(`{"accessJwt":%q,"refreshJwt":%q,"handle":"alice.test","did":%q,"email":"alice@example.com","emailConfirmed":false,"active":true}`, second.AccessJWT, second.RefreshJWT, first.DID)
	if answer.body != want {
		t.Errorf("got %s\nwant %s", answer.body, want)
	}
	wantTokenHeaders(t, answer)
	if jti(t, second.RefreshJWT) == jti(t, first.RefreshJWT) {
		t.Error("the refresh token was not replaced")
	}
	b.getSession(t, first.AccessJWT).wantOK(t)
	b.getSession(t, second.AccessJWT).wantOK(t)
	// Some clients announce a body of no bytes.
	b.do(t, call{nsid: comatproto.ServerRefreshSessionNSID, header: headers(bearer(second.RefreshJWT), "Content-Type", "application/json")}).wantOK(t)
}

// A used token has a grace of two hours from its first use, in which it always leads to the same next
// one. To use it again makes the grace no longer.
func TestRefreshReuse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)
	second := b.refresh(t, first.RefreshJWT).session(t)
	b.pass(account.RefreshGrace - time.Second)
	again := b.refresh(t, first.RefreshJWT).session(t)
	if got, want := jti(t, again.RefreshJWT), jti(t, second.RefreshJWT); got != want {
		t.Errorf("second use in grace: got the token %s, want %s", got, want)
	}
	b.pass(time.Second)
	b.refresh(t, first.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	third := b.refresh(t, second.RefreshJWT).session(t)
	if jti(t, third.RefreshJWT) == jti(t, second.RefreshJWT) {
		t.Error("the refresh token was not replaced")
	}
	b.refresh(t, again.RefreshJWT).wantOK(t)
}

func TestParallelRefreshes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	answers := race(10, func(int) answer { return b.refresh(t, s.RefreshJWT) })
	want := jti(t, answers[0].session(t).RefreshJWT)
	for _, a := range answers {
		if got := jti(t, a.session(t).RefreshJWT); got != want {
			t.Errorf("got the token %s, want %s", got, want)
		}
	}
}

// A logout ends the session at once: with its access tokens, and with used refresh tokens in grace.
func TestDeleteSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)
	other := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin}).session(t)
	second := b.refresh(t, first.RefreshJWT).session(t)
	answer := b.logOut(t, second.RefreshJWT).wantOK(t)
	if answer.body != "" || answer.header.Get("Content-Length") != "0" || answer.header.Get("Content-Type") != "" {
		t.Errorf("logout: got body %q, header %v", answer.body, answer.header)
	}
	for name, s := range map[string]session{"first": first, "second": second} {
		t.Run(name, func(t *testing.T) {
			b.getSession(t, s.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
			b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
			b.logOut(t, s.RefreshJWT).wantOK(t) // who is logged out already
		})
	}
	b.getSession(t, other.AccessJWT).wantOK(t)
	b.refresh(t, other.RefreshJWT).wantOK(t)
}

// A logout with a refresh token that was used long ago, and that the store has forgotten, ends the
// session too.
func TestDeleteSessionByForgottenToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(t)
	second := b.refresh(t, first.RefreshJWT).session(t)
	b.pass(account.RefreshGrace + time.Second)
	third := b.refresh(t, second.RefreshJWT).session(t)
	b.refresh(t, first.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.logOut(t, first.RefreshJWT).wantOK(t)
	b.refresh(t, third.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.getSession(t, third.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
}

// A session that is refreshed all the time is over after a year.
func TestSessionLifetime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	const step = 73 * 24 * time.Hour
	for range 4 {
		b.pass(step)
		s = b.refresh(t, s.RefreshJWT).session(t)
	}
	b.pass(step - time.Second)
	s = b.refresh(t, s.RefreshJWT).session(t)
	b.getSession(t, s.AccessJWT).wantOK(t)
	b.pass(time.Second)
	b.getSession(t, s.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	if a := b.refresh(t, s.RefreshJWT); a.status != 400 || !strings.HasPrefix(a.body, `{"error":"ExpiredToken"`) {
		t.Errorf("refresh after a year: got %d %s", a.status, a.body)
	}
}

// The older name says no more than that the account is there.
func TestLegacyGet(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	get := func(token string) answer {
		return b.do(t, call{nsid: comatproto.AccountGetNSID, header: bearer(token)})
	}
	answer := get(s.AccessJWT)
	answer.wantBody(t, "")
	if got := answer.header.Get("Content-Length"); got != "0" {
		t.Errorf("Content-Length: got %q", got)
	}
	b.pass(account.AccessLifetime)
	get(s.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has expired")
	b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantOK(t)
}
