package api_test

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// resolutions returns how often a document was asked for since the last call.
func (w *world) resolutions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.resolved
	w.resolved = 0
	return n
}

// A token that is no good whoever signed it causes no look-up: an issuer that strangers name may be
// slow to answer.
func TestServiceTokensWithoutLookUp(t *testing.T) {
	t.Parallel()
	const importing, moderating = comatproto.ServerCreateAccountNSID, comatproto.AdminGetAccountInfoNSID
	invalid := wanted{401, "AuthenticationRequired", "Invalid authorization header"}
	untrusted := wanted{401, "UntrustedIss", "Untrusted issuer"}
	tests := []struct {
		name   string
		issuer string
		change func(*account.ServiceClaims)
		want   wanted // of the moderators' method
	}{
		{
			"audience", moderator, func(c *account.ServiceClaims) { c.Audience = "did:web:example.com" },
			wanted{401, "BadJwtAudience", "jwt audience does not match service did"},
		},
		{
			"method", moderator, func(c *account.ServiceClaims) { c.Method = "com.example.doThing" },
			wanted{401, "BadJwtLexiconMethod", `bad jwt lexicon method ("lxm"). must match: ` + moderating},
		},
		{
			"no method", moderator, func(c *account.ServiceClaims) { c.Method = "" },
			wanted{401, "BadJwtLexiconMethod", `missing jwt lexicon method ("lxm"). must match: ` + moderating},
		},
		{
			"expired", moderator, func(c *account.ServiceClaims) { c.ExpiresAt = start.Add(-time.Minute) },
			wanted{401, "JwtExpired", "jwt expired"},
		},
		{
			"far-off expiry", moderator, func(c *account.ServiceClaims) { c.ExpiresAt = start.Add(2 * time.Hour) },
			wanted{401, "BadJwt", "jwt expires too far in the future"},
		},
		{"no issuer", "visitor", func(*account.ServiceClaims) {}, wanted{401, "BadJwtIss", "jwt issuer has no such key"}},
		{"service of an issuer", "did:web:slow.example.com#other", func(*account.ServiceClaims) {}, untrusted},
		{"issuer not trusted", "did:web:slow.example.com", func(*account.ServiceClaims) {}, untrusted},
		{"several", "did:web:slow.example.com", func(c *account.ServiceClaims) {
			c.Audience, c.Method, c.ExpiresAt = "", "", start.Add(2*time.Hour)
		}, wanted{401, "BadJwtAudience", "jwt audience does not match service did"}},
	}
	b := newBench(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			forger := b.world.newStranger(t, test.issuer, "atproto")
			b.world.resolutions()
			test.want.check(t, b.ask(t, forger.token(t, b, moderating, test.change), moderating, "did=did:plc:x"))
			if n := b.world.resolutions(); n != 0 {
				t.Errorf("%s: got %d look-ups, want none", moderating, n)
			}
			if test.name == "issuer not trusted" { // anybody may move here
				return
			}
			invalid.check(t, b.as(t, forger.token(t, b, importing, test.change), importing, alice))
			if n := b.world.resolutions(); n != 0 {
				t.Errorf("%s: got %d look-ups, want none", importing, n)
			}
		})
	}
}
