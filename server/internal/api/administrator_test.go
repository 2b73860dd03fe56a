package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// Whatever is wrong with the administrator's password, the answer is the same.
func TestAdministrator(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	right := basic("admin", adminPassword)
	tests := []struct {
		name   string
		header http.Header
		in     bool
	}{
		{"right", right, true},
		{"scheme in capitals", with("BASIC " + right.Get("Authorization")[len("Basic "):]), true},
		{"absent", nil, false},
		{"empty", with(""), false},
		{"other user", basic("root", adminPassword), false},
		{"user in capitals", basic("Admin", adminPassword), false},
		{"no user", basic("", adminPassword), false},
		{"no password", basic("admin", ""), false},
		{"longer password", basic("admin", adminPassword+"!"), false},
		{"shorter password", basic("admin", adminPassword[1:]), false},
		{"no colon", with("Basic YWRtaW4="), false},
		{"no base64", with("Basic *"), false},
		{"no value", with("Basic"), false},
		{"three parts", with(right.Get("Authorization") + " x"), false},
		{"twice", http.Header{"Authorization": {right.Get("Authorization"), right.Get("Authorization")}}, false},
		{"password as a bearer", bearer(adminPassword[:7]), false},
		{"DPoP", with("DPoP x"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := b.do(t, call{nsid: comatproto.ServerCreateInviteCodeNSID, body: `{"useCount":1}`, header: test.header})
			if test.in {
				a.wantSecret(t)
				return
			}
			noPassword.check(t, a)
			if got, want := a.header.Get("WWW-Authenticate"), `Basic realm="admin", charset="UTF-8"`; got != want {
				t.Errorf("WWW-Authenticate: got %s, want %s", got, want)
			}
		})
	}
}

// Without a password nobody is the administrator, least of all who sends none.
func TestNoAdministrator(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *account.Service, c *api.Config) { c.AdminPassword = "" })
	for _, password := range []string{"", "admin", adminPassword} {
		a := b.do(t, call{nsid: comatproto.ServerCreateInviteCodeNSID, body: `{"useCount":1}`, header: basic("admin", password)})
		noPassword.check(t, a)
	}
}

func TestModerator(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	service := b.world.newStranger(t, moderator, "atproto", "atproto_label")
	other := b.world.newStranger(t, "did:plc:otherotherotherotherothe", "atproto")
	impostor := stranger{moderator, other.key}
	const method = comatproto.AdminGetAccountInfoNSID
	tests := []struct {
		name  string
		token string
		want  wanted
	}{
		{"plain issuer", service.token(t, b, method), in},
		{"issuer with the fragment of the service", service.token(t, b, method, func(c *account.ServiceClaims) {
			c.Issuer += "#atproto_labeler"
		}), in},
		{"audience with a fragment", service.token(t, b, method, func(c *account.ServiceClaims) {
			c.Audience += "#atproto_pds"
		}), in},
		{"other fragment", service.token(t, b, method, func(c *account.ServiceClaims) {
			c.Issuer += "#atproto_pds"
		}), wanted{401, "UntrustedIss", "Untrusted issuer"}},
		{"other issuer", other.token(t, b, method), wanted{401, "UntrustedIss", "Untrusted issuer"}},
		{"other key", impostor.token(t, b, method), wanted{401, "BadJwtSignature", "jwt signature does not match jwt issuer"}},
		{"other audience", service.token(t, b, method, func(c *account.ServiceClaims) {
			c.Audience = "did:web:example.com"
		}), wanted{401, "BadJwtAudience", "jwt audience does not match service did"}},
		{"expired", service.token(t, b, method, func(c *account.ServiceClaims) {
			c.ExpiresAt = b.now().Add(-time.Minute)
		}), wanted{401, "JwtExpired", "jwt expired"}},
		{"other method", service.token(t, b, comatproto.AdminGetAccountInfosNSID), wanted{401, "BadJwtLexiconMethod", `bad jwt lexicon method ("lxm"). must match: ` + method}},
		{"no method", service.token(t, b, ""), wanted{401, "BadJwtLexiconMethod", `missing jwt lexicon method ("lxm"). must match: ` + method}},
		{"session token", s.AccessJWT, sessionsToken},
		{"garbage", "x.y.z", noServiceToken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := b.ask(t, test.token, method, "did="+s.DID)
			if test.want == in {
				a.wantOK(t)
				return
			}
			test.want.check(t, a)
		})
	}
	t.Run("no token", func(t *testing.T) {
		a := b.do(t, call{nsid: method, query: "did=" + s.DID, header: with("Bearer ")})
		a.wantError(t, 401, "MissingJwt", "missing jwt")
	})
	t.Run("twice", func(t *testing.T) {
		once := service.token(t, b, method)
		b.ask(t, once, method, "did="+s.DID).wantOK(t)
		b.ask(t, once, method, "did="+s.DID).wantError(t, 401, "BadJwt", "jwt was used before")
	})
	t.Run("what only the administrator may do", func(t *testing.T) {
		nsid := comatproto.AdminDeleteAccountNSID
		noPassword.check(t, b.as(t, service.token(t, b, nsid), nsid, object("did", s.DID)))
	})
}
