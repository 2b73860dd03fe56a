package api_test

import (
	"net/http"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

const bypassSecret = "0123456789abcdef"

func bypassed(_ *account.Service, c *api.Config) { c.Bypass = ratelimit.NewBypass(bypassSecret) }

// Whoever knows the secret of the operator is not limited, but for failures: these cost the same.
func TestBypass(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		changes []change
		sent    string
		covered bool
	}{
		{"right", []change{limited, bypassed}, bypassSecret, true},
		{"wrong", []change{limited, bypassed}, "0123456789abcdeg", false},
		{"none", []change{limited, bypassed}, "", false},
		{"none configured", []change{limited}, bypassSecret, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, append(test.changes, failing)...)
			b.signUp(t)
			do := func(nsid, query, body string) answer {
				header := headers(nil, "x-ratelimit-bypass", test.sent)
				return b.do(t, call{nsid: nsid, query: query, body: body, header: header})
			}
			tries := []struct {
				name  string
				limit int
				try   func() answer
			}{
				{"signing key", 10, func() answer { return do(comatproto.ServerReserveSigningKeyNSID, "", `{}`) }},
				{"taken email", 10, func() answer {
					return do(comatproto.ServerCreateAccountNSID, "", signup("email", "alice@example.com"))
				}},
				{"reset", 15, func() answer {
					return do(comatproto.ServerRequestPasswordResetNSID, "", `{"email":"alice@example.com"}`)
				}},
				{"look-up", 300, func() answer { return do(comatproto.IdentityResolveHandleNSID, "handle=alice.example.com", "") }},
			}
			for _, tt := range tries {
				for range tt.limit {
					tt.try()
				}
				if refused := tt.try().status == http.StatusTooManyRequests; refused == test.covered {
					t.Errorf("%s: refused is %t", tt.name, refused)
				}
			}
			for range 11 {
				do(comatproto.ServerCreateSessionNSID, "", object("identifier", "alice.test", "password", "wrong"))
			}
			a := do(comatproto.ServerCreateSessionNSID, "", object("identifier", "alice.test", "password", "wrong"))
			a.wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
			if got := a.header.Get("Retry-After"); got != "1" {
				t.Errorf("Retry-After of too many failures: got %q", got)
			}
		})
	}
}

// The administrator's password is guessed at no faster with the secret.
func TestBypassOfAdministrator(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited, bypassed)
	refused := 0
	for range 20 {
		header := headers(basic("admin", "wrong"), "x-ratelimit-bypass", bypassSecret)
		if b.do(t, call{nsid: comatproto.AdminGetInviteCodesNSID, header: header}).status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 9 {
		t.Errorf("got %d of 20 guesses refused, want 9", refused)
	}
}
