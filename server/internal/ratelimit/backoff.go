package ratelimit

import (
	"sync"
	"time"
)

// Penance says how long one has to wait after how many failures.
type Penance struct {
	// Free is how many failures have no consequence.
	Free int
	// Base is the delay after the first failure that has. Each further one doubles it.
	Base time.Duration
	// Max is the longest delay.
	Max time.Duration
}

// delay returns how long to wait after a number of failures.
func (p Penance) delay(failures int) time.Duration {
	if failures <= p.Free {
		return 0
	}
	delay := p.Base
	for range failures - p.Free - 1 {
		if delay >= p.Max/2 {
			return p.Max
		}
		delay *= 2
	}
	return min(delay, p.Max)
}

// memory is how long a failure is remembered after the last one of its key.
const memory = 24 * time.Hour

// A Backoff slows down who fails often, such as who guesses a password from many
// addresses. It locks nobody out: there is always a moment from which the next try is
// allowed. It may be used concurrently.
type Backoff struct {
	now     func() time.Time
	penance Penance

	mu    sync.Mutex
	table *table[failures]
}

// failures is what a backoff knows of a key.
type failures struct {
	count int
	next  time.Time // when the next try is allowed
	last  time.Time // when the last one was allowed
}

// NewBackoff returns a backoff that remembers at most capacity keys at a time, each for a
// day after its last failure.
func NewBackoff(now func() time.Time, capacity int, penance Penance) *Backoff {
	weigh := func(f failures, _ time.Time) (expires time.Time, share float64) {
		return f.last.Add(memory), float64(f.count) / float64(penance.Free+1)
	}
	return &Backoff{now: now, penance: penance, table: newTable(capacity, weigh)}
}

// Try returns zero if a key may try now, or else how long it has to wait. A try that is
// allowed counts as a failure at once, until Forgive or Succeed takes that back: so many
// tries at the same time are not cheaper than one after the other.
func (b *Backoff) Try(key string) time.Duration {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	row := b.table.peek(key, now)
	if row != nil {
		if wait := row.value.next.Sub(now); wait > 0 {
			return wait
		}
	}
	row = b.table.find(key, now)
	row.value.count++
	row.value.last = now
	b.settle(row, now)
	return 0
}

// Forgive takes a try of a key back that came to no failure. The failures before it stay.
func (b *Backoff) Forgive(key string) {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	row := b.table.peek(key, now)
	switch {
	case row == nil:
		return
	case row.value.count <= 1:
		b.table.remove(row)
		return
	}
	row.value.count--
	b.settle(row, now)
}

// settle notes when the next try is allowed, after the number of failures has changed.
func (b *Backoff) settle(row *row[failures], now time.Time) {
	row.value.next = row.value.last.Add(b.penance.delay(row.value.count))
	b.table.touch(row, now)
}

// Succeed forgets the failures of a key.
func (b *Backoff) Succeed(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if row := b.table.peek(key, b.now()); row != nil {
		b.table.remove(row)
	}
}
