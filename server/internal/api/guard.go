package api

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// maxKnownNetworks is how many networks a guard knows.
const maxKnownNetworks = 100

// strangers is the key of all networks that a guard does not know.
const strangers = "strangers"

// A guard slows down who guesses the administrator's password: each network by its own failures, and
// together all networks from which the right password never came. Who knows the password and comes back
// to where it was right once is not kept out by what others do elsewhere. From anywhere else, while
// there is an attack from many networks, it is a matter of luck who gets the next try; the program's own
// commands need no password. A guard may be used concurrently; nil lets everybody try.
type guard struct {
	// mu lets tries in one after the other: many right ones at once are not taken for failures.
	mu       sync.Mutex
	alone    *ratelimit.Backoff // by network
	together *ratelimit.Backoff
	known    []string // networks from which the right password came, the last one at the end
}

func newGuard(now func() time.Time) *guard {
	return &guard{
		alone:    ratelimit.NewBackoff(now, maxKeys, ratelimit.Penance{Free: 10, Base: time.Second, Max: 15 * time.Minute}),
		together: ratelimit.NewBackoff(now, 1, ratelimit.Penance{Free: 100, Base: time.Second, Max: time.Minute}),
	}
}

// try reports whether a password from an address is right. Or else it returns, without a look at the
// password, how long to wait.
func (g *guard) try(addr netip.Addr, isRight func() bool) (right bool, wait time.Duration) {
	if g == nil {
		return isRight(), 0
	}
	network := ratelimit.ClientKey(addr)
	g.mu.Lock()
	defer g.mu.Unlock()
	if wait := g.alone.Try(network); wait > 0 {
		return false, wait
	}
	known := slices.Contains(g.known, network)
	if !known {
		if wait := g.together.Try(strangers); wait > 0 {
			g.alone.Forgive(network)
			return false, wait
		}
	}
	if !isRight() {
		return false, 0
	}
	g.alone.Succeed(network)
	if !known {
		g.together.Forgive(strangers)
	}
	g.remember(network)
	return true, 0
}

// remember makes a network the last one that is known.
func (g *guard) remember(network string) {
	g.known = slices.DeleteFunc(g.known, func(known string) bool { return known == network })
	if len(g.known) == maxKnownNetworks {
		g.known = slices.Delete(g.known, 0, 1)
	}
	g.known = append(g.known, network)
}
