package ratelimit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// newOutcomes returns a bound of 2 in a minute, for which one call waits for 5 seconds.
func newOutcomes(now func() time.Time) *ratelimit.Outcomes {
	limiter := ratelimit.New(now, 10, ratelimit.Limit{Points: 2, Window: time.Minute})
	return ratelimit.NewOutcomes(limiter, 1, 5*time.Second)
}

func wantBegin(t *testing.T, o *ratelimit.Outcomes, key string, allowed bool, want error) ratelimit.Result {
	t.Helper()
	result, err := o.Begin(t.Context(), key)
	if result.Allowed != allowed || !errors.Is(err, want) {
		t.Errorf("Begin of %s: got allowed %t, %v, want %t, %v", key, result.Allowed, err, allowed, want)
	}
	return result
}

// A begun is what became of a call of Begin.
type begun struct {
	result ratelimit.Result
	err    error
}

// beginning calls Begin beside the test, and returns when it waits.
func beginning(ctx context.Context, o *ratelimit.Outcomes, key string) <-chan begun {
	done := make(chan begun, 1)
	go func() {
		result, err := o.Begin(ctx, key)
		done <- begun{result, err}
	}()
	synctest.Wait()
	return done
}

// What comes out otherwise does not count, however often.
func TestOutcomesThatDoNotCount(t *testing.T) {
	t.Parallel()
	o := newOutcomes(time.Now)
	for range 10 {
		o.End("a", wantBegin(t, o, "a", true, nil), false /* counts */)
	}
}

// What counts is bounded, until the window is over.
func TestOutcomesThatCount(t *testing.T) {
	t.Parallel()
	c := newClock()
	o := newOutcomes(c.Now)
	for range 2 {
		o.End("a", wantBegin(t, o, "a", true, nil), true /* counts */)
	}
	c.Advance(20 * time.Second)
	if got := wantBegin(t, o, "a", false, nil); got.RetryAfter != 40*time.Second {
		t.Errorf("RetryAfter: got %s, want 40s", got.RetryAfter)
	}
	wantBegin(t, o, "b", true, nil)
	c.Advance(40 * time.Second)
	wantBegin(t, o, "a", true, nil)
}

// A call that began in a window that is over has no point of the next one, and gives none back to it.
func TestOutcomesOfEarlierWindow(t *testing.T) {
	t.Parallel()
	c := newClock()
	o := newOutcomes(c.Now)
	first := wantBegin(t, o, "a", true, nil)
	second := wantBegin(t, o, "a", true, nil)
	c.Advance(time.Minute)
	for range 2 {
		o.End("a", wantBegin(t, o, "a", true, nil), true /* counts */)
	}
	o.End("a", first, false /* counts */)
	o.End("a", second, false /* counts */)
	wantBegin(t, o, "a", false, nil)
}

// A call for which no point is left waits for what others that are under way come to.
func TestOutcomesUnderWay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		counts [2]bool
		want   bool // it may go on
	}{
		{"the first does not count", [2]bool{false, true}, true},
		{"the second does not count", [2]bool{true, false}, true},
		{"both count", [2]bool{true, true}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newOutcomes(time.Now)
				first := wantBegin(t, o, "a", true, nil)
				second := wantBegin(t, o, "a", true, nil)
				done := beginning(t.Context(), o, "a")
				wantBegin(t, o, "b", true, nil) // which does not wait for a
				o.End("a", first, test.counts[0])
				o.End("a", second, test.counts[1])
				if got := <-done; got.result.Allowed != test.want || got.err != nil {
					t.Errorf("got %+v, want allowed %t", got, test.want)
				}
			})
		})
	}
}

// Nobody waits for ever, nor do any number wait.
func TestOutcomesPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOutcomes(time.Now)
		first := wantBegin(t, o, "a", true, nil)
		wantBegin(t, o, "a", true, nil)
		begin := time.Now()
		done := beginning(t.Context(), o, "a")
		wantBegin(t, o, "a", false, ratelimit.ErrUnderWay) // the queue is full
		if got := time.Since(begin); got != 0 {
			t.Errorf("one too many waited %s", got)
		}
		if got := <-done; !errors.Is(got.err, ratelimit.ErrUnderWay) {
			t.Errorf("got %+v, want %v", got, ratelimit.ErrUnderWay)
		}
		if got := time.Since(begin); got != 5*time.Second {
			t.Errorf("waited %s, want 5s", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done = beginning(ctx, o, "a") // the place in the queue is free again
		cancel()
		if got := <-done; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %+v, want %v", got, context.Canceled)
		}
		o.End("a", first, false /* counts */)
		wantBegin(t, o, "a", true, nil)
	})
}

// Who waits keeps the place in the queue, however many come at the moment at which there is a point.
func TestOutcomesKeepPlace(t *testing.T) {
	t.Parallel()
	for range 2000 {
		synctest.Test(t, func(t *testing.T) {
			limiter := ratelimit.New(time.Now, 10, ratelimit.Limit{Points: 1, Window: time.Hour})
			o := ratelimit.NewOutcomes(limiter, 1, 5*time.Second)
			first := wantBegin(t, o, "a", true, nil)
			waiting := beginning(t.Context(), o, "a")
			for range 8 {
				go func() {
					for range 20 {
						if result, err := o.Begin(t.Context(), "a"); err == nil {
							o.End("a", result, false /* counts */)
						}
					}
				}()
			}
			o.End("a", first, false /* counts */)
			got := <-waiting
			if got.err != nil {
				t.Fatalf("who waited was refused: %v", got.err)
			}
			o.End("a", got.result, false /* counts */)
		})
	}
}
