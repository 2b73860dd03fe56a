package api_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// serviceAuth asks for a service token with parameters in pairs.
func (b *bench) serviceAuth(t *testing.T, token string, pairs ...string) answer {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.ask(t, token, comatproto.ServerGetServiceAuthNSID, values.Encode())
}

const someService = "did:web:service.example.com"

func TestGetServiceAuth(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	in := func(seconds int64) string { return fmt.Sprint(start.Unix() + seconds) }
	tests := []struct {
		name  string
		pairs []string
		life  float64
	}{
		{"DID", []string{"aud", someService}, 60},
		{"DID with a service", []string{"aud", someService + "#bsky_appview"}, 60},
		{"method", []string{"aud", someService, "lxm", "com.example.do"}, 60},
		{"expiry of zero", []string{"aud", someService, "exp", "0"}, 60},
		{"a minute without a method", []string{"aud", someService, "exp", in(60)}, 60},
		{"an hour", []string{"aud", someService, "lxm", "com.example.do", "exp", in(3600)}, 3600},
		{"to move away", []string{"aud", someService, "lxm", "com.atproto.server.createAccount"}, 60},
		{"conversations", []string{"aud", someService, "lxm", "chat.bsky.convo.getLog"}, 60},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := b.serviceAuth(t, s.AccessJWT, test.pairs...).wantSecret(t).text(t, "token")
			header, got := claims(t, token)
			if header["typ"] != "JWT" || header["alg"] != "ES256K" || got["iss"] != s.DID || got["aud"] != test.pairs[1] || got["jti"] == "" {
				t.Errorf("got header %v, claims %v", header, got)
			}
			if life := got["exp"].(float64) - float64(start.Unix()); life != test.life {
				t.Errorf("life: got %v s, want %v s", life, test.life)
			}
			if len(test.pairs) > 2 && test.pairs[2] == "lxm" && got["lxm"] != test.pairs[3] {
				t.Errorf("method: got %v", got["lxm"])
			}
		})
	}
}

func TestGetServiceAuthRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	in := func(seconds int64) string { return fmt.Sprint(start.Unix() + seconds) }
	badAudience := wanted{400, "InvalidRequest", "aud must be a valid atproto DID or did#serviceId reference"}
	tests := []struct {
		name  string
		pairs []string
		want  wanted
	}{
		{"no DID", []string{"aud", "not-a-did"}, badAudience},
		{"unknown kind of DID", []string{"aud", "did:foo:bar"}, badAudience},
		{"empty fragment", []string{"aud", someService + "#"}, badAudience},
		{"path", []string{"aud", someService + ":path"}, badAudience},
		{"past", []string{"aud", someService, "exp", in(-1)}, wanted{400, "BadExpiration", "expiration is in past"}},
		{"more than an hour", []string{"aud", someService, "lxm", "com.example.do", "exp", in(3601)}, wanted{400, "BadExpiration", "cannot request a token with an expiration more than an hour in the future"}},
		{"more than a minute without a method", []string{"aud", someService, "exp", in(61)}, wanted{400, "BadExpiration", "cannot request a method-less token with an expiration more than a minute in the future"}},
		{"the server's own method", []string{"aud", someService, "lxm", comatproto.ServerGetSessionNSID}, wanted{400, "InvalidRequest", "cannot request a service auth token for the following protected method: com.atproto.server.getSession"}},
		{"the same in small letters", []string{"aud", someService, "lxm", "com.atproto.server.getsession"}, wanted{400, "InvalidRequest", "cannot request a service auth token for the following protected method: com.atproto.server.getsession"}},
		{"no audience", nil, wanted{400, "InvalidRequest", "aud is required"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.want.check(t, b.serviceAuth(t, s.AccessJWT, test.pairs...))
		})
	}
}

// What the token of a lesser session is good for.
func TestGetServiceAuthOfLesserSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	plain := b.logIn(t, b.appPassword(t, s, "plain", false)).session(t)
	privileged := b.logIn(t, b.appPassword(t, s, "privileged", true)).session(t)
	for _, method := range []string{"chat.bsky.convo.getLog", "CHAT.bsky.convo.getLog", "com.atproto.server.createAccount"} {
		b.serviceAuth(t, plain.AccessJWT, "aud", someService, "lxm", method).
			wantInvalid(t, "insufficient access to request a service auth token for the following method: "+method)
		b.serviceAuth(t, privileged.AccessJWT, "aud", someService, "lxm", method).wantOK(t)
	}
	b.serviceAuth(t, plain.AccessJWT, "aud", someService, "lxm", "com.example.do").wantOK(t)
	b.serviceAuth(t, privileged.AccessJWT, "aud", someService).wantOK(t)

	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	moving := b.logInTakendown(t)
	b.serviceAuth(t, moving.AccessJWT, "aud", someService, "lxm", "com.atproto.server.createAccount").wantOK(t)
	badScope.check(t, b.serviceAuth(t, moving.AccessJWT, "aud", someService, "lxm", "com.example.do"))
	badScope.check(t, b.serviceAuth(t, moving.AccessJWT, "aud", someService))
}

// For one DID the same key is reserved each time, for none another one.
func TestReserveSigningKey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	reserve := func(body string) string {
		return b.do(t, call{nsid: comatproto.ServerReserveSigningKeyNSID, body: body}).text(t, "signingKey")
	}
	first, again := reserve(`{"did":"did:plc:a"}`), reserve(`{"did":"did:plc:a"}`)
	if first != again {
		t.Errorf("keys of one DID: got %s and %s", first, again)
	}
	other, none, another := reserve(`{"did":"did:plc:b"}`), reserve(`{}`), reserve(`{}`)
	if first == other || none == another {
		t.Errorf("keys: got %s and %s of two DIDs, %s and %s of none", first, other, none, another)
	}
}
