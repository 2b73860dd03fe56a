package ratelimit_test

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

var penance = ratelimit.Penance{Free: 10, Base: time.Second, Max: 15 * time.Minute}

// fail lets a key fail n times as soon as it may try, and returns how long it waited before
// each try.
func fail(c *clock, b *ratelimit.Backoff, key string, n int) []time.Duration {
	var waits []time.Duration
	for range n {
		wait := b.Try(key)
		if wait > 0 {
			c.Advance(wait)
			b.Try(key)
		}
		waits = append(waits, wait)
	}
	return waits
}

func TestBackoffDoubles(t *testing.T) {
	t.Parallel()
	c := newClock()
	waits := fail(c, ratelimit.NewBackoff(c.Now, 10, penance), "a", 30)
	for i, got := range waits {
		want := min(time.Duration(math.Exp2(float64(i-11)))*time.Second, penance.Max)
		if i < 11 { // the eleventh failure is the first that has a consequence
			want = 0
		}
		if got != want {
			t.Errorf("wait before try %d: got %v, want %v", i+1, got, want)
		}
	}
}

func TestBackoffOfOthers(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, penance)
	fail(c, b, "a", 15)
	if wait := b.Try("b"); wait != 0 {
		t.Errorf("a key without failures has to wait %v", wait)
	}
	if wait := b.Try("a"); wait != 16*time.Second {
		t.Errorf("got %v, want 16s", wait)
	}
}

func TestBackoffSucceeds(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, penance)
	fail(c, b, "a", 15)
	c.Advance(b.Try("a"))
	b.Succeed("a")
	b.Succeed("never failed")
	for i, wait := range fail(c, b, "a", 11) {
		if wait != 0 {
			t.Errorf("wait before try %d after a success: %v", i+1, wait)
		}
	}
}

func TestBackoffForgets(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, penance)
	fail(c, b, "a", 10)
	c.Advance(24*time.Hour - time.Second)
	b.Try("a")
	if wait := b.Try("a"); wait != time.Second {
		t.Errorf("got %v within a day, want 1s", wait)
	}
	c.Advance(24 * time.Hour)
	b.Try("a")
	if wait := b.Try("a"); wait != 0 {
		t.Errorf("got %v after a day without failure, want 0", wait)
	}
}

// Of many tries at once no more are allowed than are free, and one more.
func TestBackoffOfTriesAtOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, penance)
	allowed := 0
	for range 200 {
		if b.Try("a") == 0 {
			allowed++
		}
	}
	if allowed != penance.Free+1 {
		t.Errorf("got %d tries, want %d", allowed, penance.Free+1)
	}
	c.Advance(time.Minute)
	if first, second := b.Try("a"), b.Try("a"); first != 0 || second != 2*time.Second {
		t.Errorf("two tries later wait %v and %v, want 0s and 2s", first, second)
	}
}

func TestBackoffForgives(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, penance)
	for range 50 {
		if wait := b.Try("a"); wait != 0 {
			t.Fatalf("got %v after nothing but tries that were forgiven, want 0", wait)
		}
		b.Forgive("a")
	}
	b.Forgive("never tried")
	fail(c, b, "a", 12)
	c.Advance(b.Try("a"))
	b.Try("a")
	b.Forgive("a")
	if wait := b.Try("a"); wait != 2*time.Second {
		t.Errorf("got %v after twelve failures, want 2s", wait)
	}
}

func TestBackoffKeepsTheWorst(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 50, penance)
	fail(c, b, "victim", 15)
	for i := range 5000 {
		b.Try(fmt.Sprint("flood ", i))
	}
	if wait := b.Try("victim"); wait != 16*time.Second {
		t.Errorf("got %v after a flood of keys, want 16s", wait)
	}
}

func TestBackoffWithoutMercy(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := ratelimit.NewBackoff(c.Now, 10, ratelimit.Penance{Base: time.Hour, Max: time.Minute})
	b.Try("a")
	if wait := b.Try("a"); wait != time.Minute {
		t.Errorf("got %v, want 1m0s", wait)
	}
}

func TestBackoffConcurrently(t *testing.T) {
	t.Parallel()
	b := ratelimit.NewBackoff(newClock().Now, 32, penance)
	var group sync.WaitGroup
	var allowed atomic.Int64
	for worker := range 8 {
		group.Go(func() {
			for i := range 100 {
				key := fmt.Sprint(worker, " ", i)
				if b.Try("shared") == 0 {
					allowed.Add(1)
				}
				b.Try("forgiven")
				b.Forgive("forgiven")
				b.Try(key)
				b.Succeed(key)
			}
		})
	}
	group.Wait()
	if got := allowed.Load(); got != int64(penance.Free)+1 {
		t.Errorf("got %d tries at once, want %d", got, penance.Free+1)
	}
	if wait := b.Try("forgiven"); wait != 0 {
		t.Errorf("got %v after tries that were forgiven, want 0", wait)
	}
}
