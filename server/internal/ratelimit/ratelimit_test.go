package ratelimit_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// A clock is moved by hand.
type clock struct{ now time.Time }

func newClock() *clock {
	return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

func (c *clock) Now() time.Time          { return c.now }
func (c *clock) Advance(d time.Duration) { c.now = c.now.Add(d) }

// allowed returns how many of n calls of a key are allowed.
func allowed(l *ratelimit.Limiter, key string, n int) int {
	count := 0
	for range n {
		if l.Take(key).Allowed {
			count++
		}
	}
	return count
}

func TestWindow(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 10, ratelimit.Limit{Points: 3, Window: 5 * time.Minute})
	start := c.now
	steps := []struct {
		after time.Duration
		want  ratelimit.Result
	}{
		{0, ratelimit.Result{Allowed: true, Limit: 3, Remaining: 2, Reset: start.Add(5 * time.Minute)}},
		{time.Minute, ratelimit.Result{Allowed: true, Limit: 3, Remaining: 1, Reset: start.Add(5 * time.Minute)}},
		{time.Minute, ratelimit.Result{Allowed: true, Limit: 3, Remaining: 0, Reset: start.Add(5 * time.Minute)}},
		{time.Minute, ratelimit.Result{Limit: 3, Reset: start.Add(5 * time.Minute), RetryAfter: 2 * time.Minute}},
		{2*time.Minute - 1, ratelimit.Result{Limit: 3, Reset: start.Add(5 * time.Minute), RetryAfter: 1}},
		{1, ratelimit.Result{Allowed: true, Limit: 3, Remaining: 2, Reset: start.Add(10 * time.Minute)}},
		{time.Hour, ratelimit.Result{Allowed: true, Limit: 3, Remaining: 2, Reset: start.Add(70 * time.Minute)}},
	}
	for i, step := range steps {
		c.Advance(step.after)
		step.want.At, step.want.Policy = c.now, "3;w=300"
		if got := l.Take("a"); got != step.want {
			t.Errorf("call %d: got %+v, want %+v", i+1, got, step.want)
		}
	}
	if got := allowed(l, "b", 5); got != 3 {
		t.Errorf("another key was allowed %d calls, want 3", got)
	}
}

func TestGiveBack(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 10,
		ratelimit.Limit{Points: 3, Window: 5 * time.Minute},
		ratelimit.Limit{Points: 5, Window: time.Hour},
	)
	first := c.now
	l.GiveBack("a", first) // of which there is nothing
	if got := allowed(l, "a", 5); got != 3 {
		t.Errorf("allowed: got %d, want 3", got)
	}
	l.GiveBack("a", first)
	if got := allowed(l, "a", 5); got != 1 {
		t.Errorf("allowed after one was given back: got %d, want 1", got)
	}
	c.Advance(5 * time.Minute)
	l.GiveBack("a", first) // to the long window: the short one is over
	if got := allowed(l, "a", 5); got != 3 {
		t.Errorf("allowed in the next window: got %d, want 3", got)
	}
	l.GiveBack("a", first) // to the long window again: the next short one did not count it
	if got := allowed(l, "a", 5); got != 0 {
		t.Errorf("allowed after one of the window before was given back: got %d, want 0", got)
	}
	c.Advance(time.Hour)
	l.GiveBack("a", first)
	l.GiveBack("a", l.Take("a").At)
	c.Advance(time.Minute)
	if got, want := l.Take("a").Reset, c.now.Add(5*time.Minute); !got.Equal(want) {
		t.Errorf("reset: got %s, want %s: what was given back began no window", got, want)
	}
}

func TestSeveralWindows(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 10,
		ratelimit.Limit{Points: 30, Window: 5 * time.Minute},
		ratelimit.Limit{Points: 300, Window: 24 * time.Hour},
	)
	start := c.now
	first := l.Take("a")
	if first.Policy != "30;w=300" || first.Remaining != 29 {
		t.Errorf("the first call is told %+v, want the limit that leaves less", first)
	}
	// A refused call must not use up the day, so all 300 are there to be taken.
	total := 1 + allowed(l, "a", 100)
	for range 9 {
		c.Advance(5 * time.Minute)
		total += allowed(l, "a", 100)
	}
	if total != 300 {
		t.Errorf("%d calls were allowed, want 300", total)
	}
	c.Advance(5 * time.Minute)
	got := l.Take("a")
	want := ratelimit.Result{
		At: c.now, Limit: 300, Reset: start.Add(24 * time.Hour), Policy: "300;w=86400", RetryAfter: 24*time.Hour - 50*time.Minute,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	c.Advance(got.RetryAfter)
	if got := allowed(l, "a", 100); got != 30 {
		t.Errorf("the next day begins with %d calls, want 30", got)
	}
}

func TestNothingIsAllowed(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 10, ratelimit.Limit{Points: 0, Window: time.Minute})
	want := ratelimit.Result{At: c.now, Reset: c.now.Add(time.Minute), Policy: "0;w=60", RetryAfter: time.Minute}
	if got := l.Take("a"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTighter(t *testing.T) {
	t.Parallel()
	now := newClock().now
	// From the loosest to the tightest.
	results := []ratelimit.Result{
		{Allowed: true, Remaining: 9, Reset: now},
		{Allowed: true, Remaining: 2, Reset: now},
		{Allowed: true, Remaining: 2, Reset: now.Add(time.Second)},
		{Remaining: 5, RetryAfter: 0},
		{Remaining: 0, RetryAfter: time.Second},
		{Remaining: 0, RetryAfter: time.Minute},
	}
	for i, loose := range results {
		for _, tight := range results[i:] {
			if got := ratelimit.Tighter(loose, tight); got != tight {
				t.Errorf("Tighter(%+v, %+v) = %+v", loose, tight, got)
			}
			if got := ratelimit.Tighter(tight, loose); got != tight {
				t.Errorf("Tighter(%+v, %+v) = %+v", tight, loose, got)
			}
		}
	}
}

func TestManyKeysDisplaceThemselves(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 100, ratelimit.Limit{Points: 8, Window: time.Hour})
	allowed(l, "exhausted", 8)
	allowed(l, "half", 4)
	for i := range 10_000 {
		l.Take(fmt.Sprint("flood ", i))
	}
	if got := allowed(l, "exhausted", 8); got != 0 {
		t.Errorf("a flood gave an exhausted key %d calls", got)
	}
	if got := allowed(l, "half", 8); got != 4 {
		t.Errorf("a flood left a key %d calls, want 4", got)
	}
}

func TestOldestIsDisplaced(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 2, ratelimit.Limit{Points: 100, Window: time.Hour})
	for _, key := range []string{"a", "b", "a", "c"} { // c takes the place of b
		l.Take(key)
	}
	if got := l.Take("a").Remaining; got != 97 {
		t.Errorf("the key seen last has %d calls left, want 97", got)
	}
	if got := l.Take("b").Remaining; got != 99 {
		t.Errorf("the key not seen for longest has %d calls left, want 99", got)
	}
}

func TestEndedWindowsGoFirst(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(c.Now, 10, ratelimit.Limit{Points: 5, Window: time.Hour})
	for i := range 9 {
		allowed(l, fmt.Sprint("old ", i), 5)
	}
	c.Advance(50 * time.Minute)
	l.Take("new")
	c.Advance(20 * time.Minute)
	for i := range 9 {
		l.Take(fmt.Sprint("newer ", i))
	}
	if got := l.Take("new").Remaining; got != 3 {
		t.Errorf("%d calls left, want 3: a live window went before an ended one", got)
	}
}

// TestSharesFall fills a limiter with keys that are exhausted for minutes and remembered for a
// day. When the minutes are over they may not hold the place of those exhausted now.
func TestSharesFall(t *testing.T) {
	t.Parallel()
	c := newClock()
	const capacity = 20
	l := ratelimit.New(c.Now, capacity,
		ratelimit.Limit{Points: 8, Window: time.Minute}, ratelimit.Limit{Points: 1000, Window: 24 * time.Hour})
	for i := range capacity {
		allowed(l, fmt.Sprint("earlier ", i), 8)
	}
	c.Advance(2 * time.Minute)
	for i := range capacity {
		l.Take(fmt.Sprint("flood ", i))
	}
	allowed(l, "now", 7)
	for i := range capacity / 2 {
		l.Take(fmt.Sprint("more ", i))
	}
	if got := allowed(l, "now", 8); got != 1 {
		t.Errorf("a key with 1 call left was allowed %d", got)
	}
}

func TestConcurrentTakes(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(newClock().Now, 64, ratelimit.Limit{Points: 500, Window: time.Hour})
	var count atomic.Int64
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 200 {
				if l.Take("shared").Allowed {
					count.Add(1)
				}
				l.Take(fmt.Sprint(worker, " ", i))
			}
		})
	}
	group.Wait()
	if count.Load() != 500 {
		t.Errorf("%d calls were allowed, want 500", count.Load())
	}
}

func BenchmarkTake(b *testing.B) {
	const capacity = 100_000
	limits := []ratelimit.Limit{{Points: 30, Window: 5 * time.Minute}, {Points: 300, Window: 24 * time.Hour}}
	keys := make([]string, 4*capacity)
	for i := range keys {
		keys[i] = fmt.Sprint("someone.example.com 2001:db8::", i)
	}
	b.Run("one key", func(b *testing.B) {
		l := ratelimit.New(time.Now, capacity, limits...)
		b.ReportAllocs()
		for b.Loop() {
			l.Take(keys[0])
		}
	})
	b.Run("parallel", func(b *testing.B) {
		l := ratelimit.New(time.Now, capacity, limits...)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				l.Take(keys[i%100])
			}
		})
	})
	b.Run("new keys when full", func(b *testing.B) {
		l := ratelimit.New(time.Now, capacity, limits...)
		for _, key := range keys[:capacity] {
			l.Take(key)
		}
		b.ReportAllocs()
		for i := capacity; b.Loop(); i++ {
			l.Take(keys[i%len(keys)])
		}
	})
}
