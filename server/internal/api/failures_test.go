package api_test

import (
	"cmp"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// failing makes failures count as in a server.
func failing(s *account.Service, _ *api.Config) {
	s.Failures = ratelimit.NewBackoff(s.Now, 100, ratelimit.Penance{Free: 10, Base: time.Second, Max: 15 * time.Minute})
}

// Who guesses in a network that an account knows is answered as if there were no such account: with
// the same bytes, one try after the other.
func TestGuessesAtHomeLookAlike(t *testing.T) {
	t.Parallel()
	const itsDID = "" // stands for the DID of the account
	tests := []struct {
		name           string
		nsid           string
		known, unknown string // who is guessed at
		body           func(who string) string
	}{
		{"login", comatproto.ServerCreateSessionNSID, "alice.test", "nobody.test", func(who string) string {
			return object("identifier", who, "password", "wrong")
		}},
		{"login with an app password", comatproto.ServerCreateSessionNSID, "alice@example.com", "nobody@example.com", func(who string) string {
			return object("identifier", who, "password", "abcd-efgh-2345-67ab")
		}},
		{"deletion", comatproto.ServerDeleteAccountNSID, itsDID, nobody, func(who string) string {
			return object("did", who, "password", "wrong", "token", "123456")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, failing)
			test.known = cmp.Or(test.known, b.signUp(t).DID)
			series := func(who string) (statuses []int, answers []string) {
				for range 14 {
					a := b.do(t, call{nsid: test.nsid, body: test.body(who)})
					a.header.Del("Date")
					statuses = append(statuses, a.status)
					answers = append(answers, fmt.Sprint(a.status, a.header, a.body))
				}
				return statuses, answers
			}
			want := fmt.Sprint([]int{401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429, 429})
			statuses, known := series(test.known)
			if got := fmt.Sprint(statuses); got != want {
				t.Errorf("statuses: got %s, want %s", got, want)
			}
			if _, unknown := series(test.unknown); fmt.Sprint(unknown) != fmt.Sprint(known) {
				t.Errorf("for an account that there is, got\n%q\nand for one that there is not\n%q", known, unknown)
			}
		})
	}
}

// While failures make others wait, the owner does not in a network that the account knows. The handle and
// the DID of an account count together.
func TestOwnerAmongGuesses(t *testing.T) {
	t.Parallel()
	b := newBench(t, failing)
	alice := b.signUp(t)
	logIn := func(identifier, password, address string) answer {
		return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", identifier, "password", password), header: from(address)})
	}
	guess := func() {
		for range 12 {
			logIn("alice.test", "wrong", "203.0.113.9")
		}
	}
	guess()
	logIn(alice.DID, "asdf", "198.51.100.7").wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
	b.pass(time.Second)
	logIn(alice.DID, "asdf", "198.51.100.7").wantOK(t)
	guess()
	b.logIn(t, "asdf").wantOK(t)
}

// Whoever has to wait because of failures is not told that calls are left.
func TestFailureHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t, failing, limited)
	for _, test := range []struct{ nsid, body, limit string }{
		{comatproto.ServerCreateSessionNSID, object("identifier", "nobody.test", "password", "wrong"), "30"},
		{comatproto.ServerDeleteAccountNSID, object("did", nobody, "password", "wrong", "token", "123456"), "50"},
	} {
		t.Run(test.nsid, func(t *testing.T) {
			var a answer
			for range 12 {
				a = b.do(t, call{nsid: test.nsid, body: test.body})
			}
			a.wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
			for name, want := range map[string]string{
				"RateLimit-Limit": test.limit, "RateLimit-Policy": test.limit + ";w=300", "RateLimit-Remaining": "0",
				"RateLimit-Reset": fmt.Sprint(start.Add(time.Second).Unix()), "Retry-After": "1",
			} {
				if got := a.header[http.CanonicalHeaderKey(name)]; len(got) != 1 || got[0] != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}
