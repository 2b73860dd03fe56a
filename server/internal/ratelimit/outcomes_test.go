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
	allowed bool
	err     error
}

// beginning calls Begin beside the test, and returns when it waits.
func beginning(ctx context.Context, o *ratelimit.Outcomes, key string) <-chan begun {
	done := make(chan begun, 1)
	go func() {
		result, err := o.Begin(ctx, key)
		done <- begun{result.Allowed, err}
	}()
	synctest.Wait()
	return done
}

// What comes out otherwise does not count, however often.
func TestOutcomesThatDoNotCount(t *testing.T) {
	t.Parallel()
	o := newOutcomes(time.Now)
	for range 10 {
		wantBegin(t, o, "a", true, nil)
		o.End("a", false /* counts */)
	}
}

// What counts is bounded, until the window is over.
func TestOutcomesThatCount(t *testing.T) {
	t.Parallel()
	c := newClock()
	o := newOutcomes(c.Now)
	for range 2 {
		wantBegin(t, o, "a", true, nil)
		o.End("a", true /* counts */)
	}
	c.Advance(20 * time.Second)
	if got := wantBegin(t, o, "a", false, nil); got.RetryAfter != 40*time.Second {
		t.Errorf("RetryAfter: got %s, want 40s", got.RetryAfter)
	}
	wantBegin(t, o, "b", true, nil)
	c.Advance(40 * time.Second)
	wantBegin(t, o, "a", true, nil)
}

// A call for which no point is left waits for what others that are under way come to.
func TestOutcomesUnderWay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		counts [2]bool
		want   begun
	}{
		{"the first does not count", [2]bool{false, true}, begun{allowed: true}},
		{"the second does not count", [2]bool{true, false}, begun{allowed: true}},
		{"both count", [2]bool{true, true}, begun{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newOutcomes(time.Now)
				wantBegin(t, o, "a", true, nil)
				wantBegin(t, o, "a", true, nil)
				done := beginning(t.Context(), o, "a")
				wantBegin(t, o, "b", true, nil) // which does not wait for a
				for _, counts := range test.counts {
					o.End("a", counts)
				}
				if got := <-done; got != test.want {
					t.Errorf("got %+v, want %+v", got, test.want)
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
		wantBegin(t, o, "a", true, nil)
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
		o.End("a", false /* counts */)
		wantBegin(t, o, "a", true, nil)
	})
}
