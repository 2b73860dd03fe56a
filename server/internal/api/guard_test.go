package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// asAdmin asks for what only the administrator and the moderators see, with a password and from an
// address. It can be used by several goroutines.
func (b *bench) asAdmin(t *testing.T, password, address string) answer {
	t.Helper()
	header := headers(basic("admin", password), addressHeader, address)
	return b.do(t, call{nsid: comatproto.AdminGetInviteCodesNSID, header: header})
}

// wantWait checks that a password was not looked at, and when the next one will be.
func (a answer) wantWait(t *testing.T, seconds string) {
	t.Helper()
	a.wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
	if got := a.header.Get("Retry-After"); got != seconds {
		t.Errorf("Retry-After: got %q, want %q", got, seconds)
	}
}

// Who guesses the administrator's password has to wait, longer each time, and from all that is his. The
// others go on.
func TestGuessesOfANetwork(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	const network = "2001:db8:0:1::"
	for i := range 11 {
		noPassword.check(t, b.asAdmin(t, "wrong", fmt.Sprintf("%s%x", network, i+1)))
	}
	b.asAdmin(t, adminPassword, network+"ffff").wantWait(t, "1")
	b.asAdmin(t, adminPassword, "2001:db8:0:2::1").wantOK(t)

	b.pass(time.Second)
	noPassword.check(t, b.asAdmin(t, "wrong", network+"1"))
	b.asAdmin(t, adminPassword, network+"1").wantWait(t, "2")
	b.pass(500 * time.Millisecond)
	b.asAdmin(t, adminPassword, network+"1").wantWait(t, "2")
	b.pass(1500 * time.Millisecond)
	b.asAdmin(t, adminPassword, network+"1").wantOK(t)
	for range 11 { // the failures before are forgotten
		noPassword.check(t, b.asAdmin(t, "wrong", network+"1"))
	}
}

// It is one password for all that it opens; a moderation service that needs none goes on.
func TestGuessesOfModeratorRoutes(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	s := b.signUp(t)
	service := b.world.newStranger(t, moderator, "atproto")
	const method = comatproto.AdminGetAccountInfoNSID
	ask := func(header http.Header) answer {
		return b.do(t, call{nsid: method, query: "did=" + s.DID, header: header})
	}
	for range 11 {
		noPassword.check(t, ask(basic("admin", "wrong")))
	}
	ask(basic("admin", adminPassword)).wantWait(t, "1")
	b.admin(t, comatproto.ServerCreateInviteCodeNSID, `{"useCount":1}`).wantWait(t, "1")
	ask(bearer(service.token(t, b, method))).wantOK(t)
	noServiceToken.check(t, ask(bearer("garbage"))) // which is no guess
	b.pass(time.Second)
	ask(basic("admin", adminPassword)).wantOK(t)
}

// Guesses from many networks are slowed down together. That keeps nobody out who was in before.
func TestGuessesOfManyNetworks(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	const home, elsewhere = "203.0.113.1", "203.0.113.2"
	b.asAdmin(t, adminPassword, home).wantOK(t)
	guess := func(i int) answer { return b.asAdmin(t, "wrong", fmt.Sprintf("198.51.%d.%d", i/250, i%250)) }
	for i := range 101 {
		noPassword.check(t, guess(i))
	}
	for i := range 20 {
		guess(101+i).wantWait(t, "1")
	}
	b.asAdmin(t, adminPassword, elsewhere).wantWait(t, "1")
	b.asAdmin(t, adminPassword, home).wantOK(t)
	noPassword.check(t, b.asAdmin(t, "wrong", home))
	b.asAdmin(t, adminPassword, home).wantOK(t)

	b.pass(time.Second)
	b.asAdmin(t, adminPassword, elsewhere).wantOK(t)
	for i := 200; i < 220; i++ {
		b.pass(time.Minute) // the longest wait
		noPassword.check(t, guess(i))
		b.asAdmin(t, adminPassword, elsewhere).wantOK(t)
	}
}

// Only the networks from which the administrator came last are known.
func TestKnownNetworks(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	home := func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }
	for i := range 101 {
		b.asAdmin(t, adminPassword, home(i)).wantOK(t)
		b.asAdmin(t, adminPassword, home(1)).wantOK(t)
	}
	for i := range 101 {
		noPassword.check(t, b.asAdmin(t, "wrong", fmt.Sprintf("198.51.100.%d", i)))
	}
	b.asAdmin(t, adminPassword, home(0)).wantWait(t, "1")
	for _, i := range []int{1, 2, 100} {
		b.asAdmin(t, adminPassword, home(i)).wantOK(t)
	}
}

// Many guesses at once are no more than one after the other, and right passwords are none.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	atOnce := func(password, address string) map[int]int {
		answers := make([]answer, 100)
		var group sync.WaitGroup
		for i := range answers {
			group.Go(func() { answers[i] = b.asAdmin(t, password, address) })
		}
		group.Wait()
		statuses := map[int]int{}
		for _, a := range answers {
			statuses[a.status]++
		}
		return statuses
	}
	if got := atOnce("wrong", "198.51.100.1"); got[http.StatusUnauthorized] != 11 || got[http.StatusTooManyRequests] != 89 {
		t.Errorf("wrong passwords: got %v, want 11 times 401 and 89 times 429", got)
	}
	if got := atOnce(adminPassword, "198.51.100.2"); got[http.StatusOK] != 100 {
		t.Errorf("right passwords: got %v, want 100 times 200", got)
	}
}

// What has no password is no guess, and a server without limits lets everybody guess.
func TestNoGuesses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		changes []change
		header  http.Header
	}{
		{"no header", []change{limited}, nil},
		{"another scheme", []change{limited}, with("DPoP x")},
		{"no base64", []change{limited}, with("Basic *")},
		{"no limits", nil, basic("admin", "wrong")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.changes...)
			for range 200 {
				noPassword.check(t, b.do(t, call{nsid: comatproto.ServerCreateInviteCodeNSID, body: `{"useCount":1}`, header: test.header}))
			}
			b.asAdmin(t, adminPassword, "192.0.2.1").wantOK(t)
		})
	}
}
