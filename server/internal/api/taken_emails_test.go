package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// A sign-up or an update of the email with an address, from a network.
type emailTry func(email, address string) answer

// emailTries returns the ways to learn whether an address has an account.
func emailTries(t *testing.T, b *bench, s session) []emailTry {
	t.Helper()
	tries := []emailTry{func(email, address string) answer {
		header := headers(bearer(s.AccessJWT), addressHeader, address)
		return b.do(t, call{nsid: comatproto.ServerUpdateEmailNSID, body: object("email", email), header: header})
	}}
	for _, nsid := range signUpNSIDs {
		tries = append(tries, func(email, address string) answer {
			return b.do(t, call{nsid: nsid, body: signup("email", email), header: from(address)})
		})
	}
	return tries
}

// Who is told too often that an address is taken is told nothing any more for a while. What tells
// nothing of that does not count.
func TestTakenEmails(t *testing.T) {
	t.Parallel()
	const here, sameNetwork, elsewhere = "2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"
	b := newBench(t, limited)
	b.signUp(t)
	tries := emailTries(t, b, b.signUpAs(t, "bob"))
	for range 12 {
		b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: signup("handle", "alice.test"), header: from(here)}).
			wantError(t, 400, "HandleNotAvailable", "Handle already taken: alice.test")
	}
	for i := range 10 {
		if a := tries[i%len(tries)]("alice@example.com", here); a.status != http.StatusBadRequest {
			t.Fatalf("try %d: got %d %s", i+1, a.status, a.body)
		}
	}
	b.pass(time.Minute)
	for _, try := range tries {
		for _, email := range []string{"alice@example.com", "free@example.com"} {
			a := try(email, sameNetwork)
			a.wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
			if got := a.header.Get("Retry-After"); got != "240" {
				t.Errorf("Retry-After: got %q, want 240", got)
			}
		}
		if a := try("alice@example.com", elsewhere); a.status != http.StatusBadRequest {
			t.Errorf("from elsewhere: got %d %s", a.status, a.body)
		}
	}
	b.pass(4 * time.Minute)
	tries[1]("free@example.com", here).wantOK(t)
}

// Many honest sign-ups from one network at once succeed, whatever name they use for the method.
func TestSignUpsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	for i, a := range race(30, func(i int) answer {
		body := signup("handle", fmt.Sprintf("carol%d.test", i), "email", fmt.Sprintf("carol%d@example.com", i))
		return b.do(t, call{nsid: signUpNSIDs[i%len(signUpNSIDs)], body: body})
	}) {
		if a.status != http.StatusOK {
			t.Errorf("sign-up %d: got %d %s %v", i+1, a.status, a.body, a.header)
		}
	}
}

// Of many at once no more are told than of many one after the other.
func TestTakenEmailsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	b.signUp(t)
	var mu sync.Mutex
	counts := map[int]int{}
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			a := b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: signup("email", "alice@example.com")})
			mu.Lock()
			defer mu.Unlock()
			counts[a.status]++
		})
	}
	group.Wait()
	if want := map[int]int{400: 10, 429: 30}; fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("answers: got %v, want %v", counts, want)
	}
}
