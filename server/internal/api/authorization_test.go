package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// withToken lists the endpoints that need one.
var withToken = []string{
	comatproto.ServerGetSessionNSID,
	comatproto.ServerRefreshSessionNSID,
	comatproto.ServerDeleteSessionNSID,
}

// Whatever is wrong with the header itself is answered alike by all endpoints that look at it.
func TestAuthorizationHeader(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		name    string
		values  []string
		status  int
		error   string
		message string
	}{
		{"absent", nil, 401, "AuthMissing", "Authentication Required"},
		{"empty", []string{""}, 400, "InvalidToken", "Malformed authorization header"},
		{"scheme alone", []string{"Bearer"}, 400, "InvalidToken", "Malformed authorization header"},
		{"token alone", []string{"eyJhbGciOi"}, 400, "InvalidToken", "Malformed authorization header"},
		{"two spaces", []string{"Bearer  x"}, 400, "InvalidToken", "Malformed authorization header"},
		{"three parts", []string{"Bearer x y"}, 400, "InvalidToken", "Malformed authorization header"},
		{"tab", []string{"Bearer\tx"}, 400, "InvalidToken", "Malformed authorization header"},
		{"twice", []string{"Bearer x", "Bearer x"}, 400, "InvalidToken", "Malformed authorization header"},
		{"unknown scheme", []string{"Digest x"}, 400, "InvalidToken", "Unsupported authorization type: Digest"},
		{"basic", []string{"Basic YWRtaW46YWRtaW4="}, 400, "InvalidToken", "Unexpected authorization type"},
		{"basic in capitals", []string{"BASIC YWRtaW46YWRtaW4="}, 400, "InvalidToken", "Unexpected authorization type"},
		{"DPoP", []string{"DPoP x"}, 403, "Forbidden", "OAuth credentials are not supported for this endpoint"},
		{"garbage", []string{"Bearer garbage"}, 400, "InvalidToken", "Token could not be verified"},
		{"scheme in small letters", []string{"bearer garbage"}, 400, "InvalidToken", "Token could not be verified"},
		{"scheme in capitals", []string{"BEARER garbage"}, 400, "InvalidToken", "Token could not be verified"},
		{"three empty parts", []string{"Bearer .."}, 400, "InvalidToken", "Token could not be verified"},
	}
	for _, test := range tests {
		for _, nsid := range withToken {
			t.Run(test.name+" to "+nsid, func(t *testing.T) {
				t.Parallel()
				header := http.Header{"Authorization": test.values}
				b.do(t, call{nsid: nsid, header: header}).wantError(t, test.status, test.error, test.message)
			})
		}
	}
}

// Endpoints that need no token do not look at the one that some clients send all the same.
func TestStrayAuthorization(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	for name, authorization := range map[string]string{
		"garbage": "Bearer garbage", "malformed": "x", "basic": "Basic eA==", "refresh token": "Bearer " + s.RefreshJWT,
	} {
		t.Run(name, func(t *testing.T) {
			header := with(authorization)
			b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin, header: header}).wantOK(t)
			b.do(t, call{nsid: comatproto.ServerDescribeServerNSID, header: header}).wantOK(t)
			answer := b.do(t, call{nsid: comatproto.AccountCreateNSID, body: alice, header: header})
			answer.wantError(t, 400, "HandleNotAvailable", "Handle already taken: alice.test")
		})
	}
}

// What is asked of a token: the kind, the signature and the audience first, then the expiry, then
// the claims, at last the scope.
func TestTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	unverified := wanted{400, "InvalidToken", "Token could not be verified"}
	expired := wanted{400, "ExpiredToken", "Token has expired"}
	malformed := wanted{400, "InvalidToken", "Malformed token"}
	badScope := wanted{400, "InvalidToken", "Bad token scope"}
	past := float64(start.Add(-time.Second).Unix())
	tests := []struct {
		name   string
		change func(header map[string]any, claims jwt.MapClaims)
		want   wanted
	}{
		{"type of a plain token", func(h map[string]any, _ jwt.MapClaims) { h["typ"] = "JWT" }, unverified},
		{"no type", func(h map[string]any, _ jwt.MapClaims) { delete(h, "typ") }, unverified},
		{"unknown key", func(h map[string]any, _ jwt.MapClaims) { h["kid"] = "another" }, unverified},
		{"critical extension", func(h map[string]any, _ jwt.MapClaims) { h["crit"] = []string{"b64"} }, unverified},
		{"other audience", func(_ map[string]any, c jwt.MapClaims) { c["aud"] = "did:web:example.com" }, unverified},
		{"audiences", func(_ map[string]any, c jwt.MapClaims) { c["aud"] = []string{serviceDID} }, unverified},
		{"no audience", func(_ map[string]any, c jwt.MapClaims) { delete(c, "aud") }, unverified},
		{"method", func(_ map[string]any, c jwt.MapClaims) { c["lxm"] = comatproto.ServerGetSessionNSID }, malformed},
		{"key of the client", func(_ map[string]any, c jwt.MapClaims) { c["cnf"] = map[string]any{"jkt": "x"} }, malformed},
		{"no subject", func(_ map[string]any, c jwt.MapClaims) { delete(c, "sub") }, malformed},
		{"subject that is no DID", func(_ map[string]any, c jwt.MapClaims) { c["sub"] = "alice.test" }, malformed},
		{"no expiry", func(_ map[string]any, c jwt.MapClaims) { delete(c, "exp") }, malformed},
		{"no scope", func(_ map[string]any, c jwt.MapClaims) { delete(c, "scope") }, malformed},
		{"scope of an app password", func(_ map[string]any, c jwt.MapClaims) { c["scope"] = "com.atproto.appPass" }, badScope},
		{"scope of a signup in a queue", func(_ map[string]any, c jwt.MapClaims) { c["scope"] = "com.atproto.signupQueued" }, badScope},
		{"scope unknown and expired", func(_ map[string]any, c jwt.MapClaims) { c["scope"], c["exp"] = "x", past }, expired},
		{"expired", func(_ map[string]any, c jwt.MapClaims) { c["exp"] = past }, expired},
		{"expires now", func(_ map[string]any, c jwt.MapClaims) { c["exp"] = float64(start.Unix()) }, expired},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, b.getSession(t, b.forge(t, s.AccessJWT, test.change)))
			test.want.check(t, b.refresh(t, b.forge(t, s.RefreshJWT, test.change)))
			if test.want != expired { // which is no reason not to log out
				test.want.check(t, b.logOut(t, b.forge(t, s.RefreshJWT, test.change)))
			}
		})
	}
}

func TestTokensOfOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	stranger, err := token.GenerateKey(zeros{})
	must(t, err)
	stranger.ID = b.key.ID
	foreign := &bench{key: stranger}
	keep := func(map[string]any, jwt.MapClaims) {}
	unsigned := func(text string) string {
		_, c := claims(t, text)
		signed, err := jwt.NewWithClaims(jwt.SigningMethodNone, c).SignedString(jwt.UnsafeAllowNoneSignatureType)
		must(t, err)
		return signed
	}
	tests := []struct {
		name            string
		access, refresh string
	}{
		{"kinds mixed up", s.RefreshJWT, s.AccessJWT},
		{"signed with another key", foreign.forge(t, s.AccessJWT, keep), foreign.forge(t, s.RefreshJWT, keep)},
		{"not signed", unsigned(s.AccessJWT), unsigned(s.RefreshJWT)},
		{"cut off", s.AccessJWT[:len(s.AccessJWT)-4], s.RefreshJWT[:len(s.RefreshJWT)-4]},
		{"another's signature", s.AccessJWT[:len(s.AccessJWT)-4] + "AAAA", s.RefreshJWT[:len(s.RefreshJWT)-4] + "AAAA"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b.getSession(t, test.access).wantError(t, 400, "InvalidToken", "Token could not be verified")
			b.refresh(t, test.refresh).wantError(t, 400, "InvalidToken", "Token could not be verified")
			b.logOut(t, test.refresh).wantError(t, 400, "InvalidToken", "Token could not be verified")
		})
	}
	b.getSession(t, s.AccessJWT).wantOK(t)
	b.refresh(t, s.RefreshJWT).wantOK(t)
}

// zeros is a source of bytes that a key can be made of, which nobody should.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// An access token is worth something for two hours, a refresh token for 90 days.
func TestTokensExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.pass(account.AccessLifetime - time.Second)
	b.getSession(t, s.AccessJWT).wantOK(t)
	b.pass(time.Second)
	b.getSession(t, s.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has expired")
	b.pass(account.IdleLifetime - account.AccessLifetime - time.Second)
	b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin}).wantOK(t)
	b.pass(time.Second)
	b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has expired")
	if got := b.logOut(t, s.RefreshJWT).wantOK(t).body; got != "" {
		t.Errorf("body of a logout: got %q", got)
	}
}

// An account that is gone is not found by its access tokens; its refresh tokens have expired, so that
// clients do not try them again for ever.
func TestVanishedAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.execute(t, "PRAGMA foreign_keys = ON; DELETE FROM account WHERE did = ?", s.DID)
	b.getSession(t, s.AccessJWT).wantError(t, 403, "AccountNotFound", "Account not found")
	b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.logOut(t, s.RefreshJWT).wantOK(t)
	answer := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin})
	answer.wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
}

func TestTakendownAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.takeDown(t, s.DID)
	b.getSession(t, s.AccessJWT).wantError(t, 400, "InvalidRequest", "Could not find user info for account: "+s.DID)
	b.refresh(t, s.RefreshJWT).wantError(t, 401, "AccountTakedown", "Account has been taken down")
	logIn := func(body string) answer {
		return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
	}
	logIn(aliceLogin).wantError(t, 401, "AccountTakedown", "Account has been taken down")
	logIn(`{"identifier":"alice.test","password":"wrong"}`).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
	b.logOut(t, s.RefreshJWT).wantOK(t)
}

func TestDeactivatedAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.execute(t, "UPDATE account SET deactivated_at = 1 WHERE did = ?", s.DID)
	b.getSession(t, s.AccessJWT).wantOK(t)
	b.refresh(t, s.RefreshJWT).wantOK(t)
	b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin}).wantOK(t)
}
