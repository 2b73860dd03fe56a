package ratelimit

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrUnderWay is returned for a call that has waited in vain for others of its key to end.
var ErrUnderWay = errors.New("too many calls of the same key are under way")

// Outcomes bounds how often calls of a key come out in a certain way, which shows at their
// end only. So each call holds a point of the limit from its begin on, and has it back if it
// came out otherwise: many at once gain nothing. Where no point is left because others are
// under way, a call waits for one of them to end. It may be used concurrently.
type Outcomes struct {
	limiter  *Limiter
	queue    int
	patience time.Duration

	mu     sync.Mutex
	crowds map[string]*crowd // by key
}

// A crowd is the calls of a key that have begun and not ended.
type crowd struct {
	calls   int           // that go on
	waiting int           // that may or may not
	ended   chan struct{} // closed when the next one ends
}

// NewOutcomes returns a bound on what limiter counts, for which no other calls may count. For
// each key at most queue calls wait at a time, each for as long as patience at most.
func NewOutcomes(limiter *Limiter, queue int, patience time.Duration) *Outcomes {
	return &Outcomes{limiter: limiter, queue: queue, patience: patience, crowds: make(map[string]*crowd)}
}

// Begin returns when it is known whether a call of a key may go on. If it may, the caller
// must call End after it. It returns [ErrUnderWay], or the error of ctx, if that did not
// become known in time.
func (o *Outcomes) Begin(ctx context.Context, key string) (Result, error) {
	result, ended, err := o.enter(key)
	if err != nil || ended == nil {
		return result, err
	}
	timer := time.NewTimer(o.patience)
	defer timer.Stop()
	for ended != nil {
		select {
		case <-ended:
			result, ended = o.askAgain(key)
		case <-timer.C:
			o.leave(key)
			return result, ErrUnderWay
		case <-ctx.Done():
			o.leave(key)
			return result, ctx.Err()
		}
	}
	return result, nil
}

// enter asks for a call that is new. Unless that is settled, it enters the queue and returns what to
// wait for.
func (o *Outcomes) enter(key string) (Result, <-chan struct{}, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	result, c := o.ask(key)
	switch {
	case c == nil:
		return result, nil, nil
	case c.waiting == o.queue:
		return result, nil, ErrUnderWay
	}
	c.waiting++
	return result, c.ended, nil
}

// askAgain asks for a call that is in the queue. Unless that is settled, it keeps its place, whoever
// has come meanwhile, and returns what to wait for.
func (o *Outcomes) askAgain(key string) (Result, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	result, c := o.ask(key)
	if c == nil {
		o.leaveLocked(key)
		return result, nil
	}
	return result, c.ended
}

// ask asks for a call, and returns the crowd of which one must end before that is settled, or nil.
func (o *Outcomes) ask(key string) (Result, *crowd) {
	result := o.limiter.Take(key)
	c := o.crowds[key]
	switch {
	case result.Allowed:
		if c == nil {
			c = &crowd{ended: make(chan struct{})}
			o.crowds[key] = c
		}
		c.calls++
		return result, nil
	case c == nil || c.calls == 0: // all points are used up for good
		return result, nil
	}
	return result, c
}

// leave takes a call that waits no longer out of the queue.
func (o *Outcomes) leave(key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.leaveLocked(key)
}

func (o *Outcomes) leaveLocked(key string) {
	c := o.crowds[key]
	c.waiting--
	o.forget(key, c)
}

// End ends a call that Begin let go on with a result. It says whether the call counts.
func (o *Outcomes) End(key string, begun Result, counts bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !counts {
		o.limiter.GiveBack(key, begun.At)
	}
	c := o.crowds[key]
	c.calls--
	close(c.ended)
	c.ended = make(chan struct{})
	o.forget(key, c)
}

// forget forgets a crowd of which nobody is left.
func (o *Outcomes) forget(key string, c *crowd) {
	if c.calls == 0 && c.waiting == 0 {
		delete(o.crowds, key)
	}
}
