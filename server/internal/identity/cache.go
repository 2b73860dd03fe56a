package identity

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A cache keeps the answers to questions for a while, and asks each only once at a
// time. It may be used concurrently.
type cache[V any] struct {
	now      account.Clock
	ttl      time.Duration // of an answer
	timeout  time.Duration
	capacity int

	mu      sync.Mutex
	entries map[string]*entry[V]
}

// An entry is what is known of a question.
type entry[V any] struct {
	answer  *lookup[V] // the last one that was done
	running *lookup[V]
	next    *lookup[V] // begins when the running one is done
}

// A lookup is a question being asked.
type lookup[V any] struct {
	ask     func() (V, error)
	done    chan struct{} // closed when the fields below are set
	value   V
	err     error
	expires time.Time
}

func newCache[V any](now account.Clock, ttl, timeout time.Duration, capacity int) *cache[V] {
	return &cache[V]{now: now, ttl: ttl, timeout: timeout, capacity: capacity, entries: map[string]*entry[V]{}}
}

// get returns an answer that was kept, or asks. If fresh, the answer was asked for
// after the call. Who stops waiting does not take it away from the others.
func (c *cache[V]) get(ctx context.Context, key string, fresh bool, ask func(context.Context) (V, error)) (V, error) {
	l := c.lookup(key, fresh, func() (V, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
		defer cancel()
		return ask(ctx)
	})
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// lookup returns the lookup to wait for.
func (c *cache[V]) lookup(key string, fresh bool, ask func() (V, error)) *lookup[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	switch {
	case e == nil:
		c.makeRoom()
		e = &entry[V]{}
		c.entries[key] = e
	case !fresh && e.answer != nil && c.now().Before(e.answer.expires):
		return e.answer
	case !fresh && e.running != nil:
		return e.running
	case e.next != nil:
		return e.next
	}
	l := &lookup[V]{ask: ask, done: make(chan struct{})}
	if e.running != nil {
		e.next = l
	} else {
		c.start(e, l)
	}
	return l
}

// start runs a lookup. The caller has locked the cache.
func (c *cache[V]) start(e *entry[V], l *lookup[V]) {
	e.running = l
	go func() {
		l.run()
		c.mu.Lock()
		defer c.mu.Unlock()
		l.expires = c.now().Add(c.keep(l.err))
		e.answer, e.running = l, nil
		if next := e.next; next != nil {
			e.next = nil
			c.start(e, next)
		}
		close(l.done)
	}()
}

// run asks the question.
func (l *lookup[V]) run() {
	defer rescue(&l.err)
	l.value, l.err = l.ask()
}

// keep returns how long an answer is kept: that there was none, not at all.
func (c *cache[V]) keep(err error) time.Duration {
	switch {
	case err == nil:
		return c.ttl
	case errors.Is(err, account.ErrIdentityNotFound), errors.Is(err, account.ErrHandleNotFound):
		return missingTTL
	default:
		return 0
	}
}

// forget drops what is known. A lookup that is running answers those who wait for it
// and nobody else.
func (c *cache[V]) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
}

// makeRoom drops what is of no more use, or else anything, if there are too many
// entries. The caller has locked the cache.
func (c *cache[V]) makeRoom() {
	if len(c.entries) < c.capacity {
		return
	}
	now := c.now()
	for key, e := range c.entries {
		if e.running == nil && !now.Before(e.answer.expires) {
			delete(c.entries, key)
		}
	}
	for key := range c.entries {
		if len(c.entries) < c.capacity {
			return
		}
		delete(c.entries, key)
	}
}
