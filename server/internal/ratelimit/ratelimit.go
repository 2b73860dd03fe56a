// Package ratelimit counts what clients do, and says when it is too much.
//
// A [Limiter] allows a number of calls in a span of time; a [Backoff] makes whoever
// fails too often wait, longer each time. Both count in memory that is bounded,
// whatever strangers send, and start no goroutine. Keys are chosen by the caller and
// not kept: only a hash of them is. The package imports nothing of this module.
//
// # Who is forgotten
//
// When there is no room for a new key, keys that no longer matter go first. If all still
// matter, the one goes that has used the smallest share of what it may use and of
// those the one not seen for longest. So whoever sends many keys displaces his own:
// to displace a key that has used everything, he has to use up as many other keys as
// there is room for, one allowed call after the other.
package ratelimit

import (
	"fmt"
	"sync"
	"time"
)

// A Limit allows a number of calls in each window of time. A window begins with the
// first call in it.
type Limit struct {
	Points int
	Window time.Duration
}

// policy describes the limit to clients, as in "30;w=300".
func (l Limit) policy() string {
	return fmt.Sprintf("%d;w=%d", l.Points, seconds(l.Window))
}

// A Result says whether a call may go on, and how much is left of the limit that comes
// closest to forbidding the next one.
type Result struct {
	At        time.Time // when the call was asked for
	Allowed   bool
	Limit     int
	Remaining int
	Reset     time.Time // when the window ends
	Policy    string    // as in "30;w=300"
	// RetryAfter is how long until a call may go on; zero if this one may.
	RetryAfter time.Duration
}

// Tighter returns that of two results which leaves less: a refusal before a permission,
// then the longer wait, then the fewer calls left, then the later end of the window.
// A call that is subject to several limiters is answered with the tightest result.
func Tighter(a, b Result) Result {
	switch {
	case a.Allowed != b.Allowed:
		if b.Allowed {
			return a
		}
		return b
	case b.RetryAfter > a.RetryAfter:
		return b
	case b.RetryAfter < a.RetryAfter:
		return a
	case b.Remaining < a.Remaining, b.Remaining == a.Remaining && b.Reset.After(a.Reset):
		return b
	}
	return a
}

// A Limiter applies the same limits to each of many keys. It may be used concurrently.
type Limiter struct {
	now      func() time.Time
	limits   []Limit
	policies []string

	mu    sync.Mutex
	table *table[[]window]
}

// A window is what a key has used of a limit. It ends when the limit's window after its
// first call is over; until then its zero value stands for one that has not begun.
type window struct {
	used int
	ends time.Time
}

// New returns a limiter that allows a call if all of at least one limit do, and remembers
// at most capacity keys at a time.
func New(now func() time.Time, capacity int, limits ...Limit) *Limiter {
	l := &Limiter{now: now, limits: limits}
	l.table = newTable(capacity, l.weigh)
	for _, limit := range limits {
		l.policies = append(l.policies, limit.policy())
	}
	return l
}

// Take asks for one call of a key and counts it if it is allowed. A call that is refused
// counts for nothing, so that one short window that is used up does not use up a
// longer one.
func (l *Limiter) Take(key string) Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now() // not before the lock: no call is older than the window that counts it
	row := l.table.find(key, now)
	if row.value == nil {
		row.value = make([]window, len(l.limits))
	}
	windows := row.value
	allowed := true
	for i := range windows {
		if !now.Before(windows[i].ends) {
			windows[i] = window{}
		}
		allowed = allowed && windows[i].used < l.limits[i].Points
	}
	if allowed {
		l.count(windows, now)
	}
	l.table.touch(row, now)
	return l.tightest(windows, now, allowed)
}

// GiveBack takes back a call of a key that was counted at a time, as its [Result] says, and is not
// to count. Windows that have begun since then did not count it, and stay as they are.
func (l *Limiter) GiveBack(key string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	row := l.table.peek(key, now)
	if row == nil {
		return
	}
	for i, w := range row.value {
		if began := w.ends.Add(-l.limits[i].Window); at.Before(began) {
			continue
		}
		if w.used--; w.used <= 0 {
			w = window{}
		}
		row.value[i] = w
	}
	l.table.touch(row, now)
}

// count adds a call to each window, and begins those that have none.
func (l *Limiter) count(windows []window, now time.Time) {
	for i := range windows {
		if windows[i].used == 0 {
			windows[i].ends = now.Add(l.limits[i].Window)
		}
		windows[i].used++
	}
}

// weigh returns when the last window ends and the largest share that is used of one.
func (l *Limiter) weigh(windows []window, now time.Time) (expires time.Time, share float64) {
	for i, w := range windows {
		if now.Before(w.ends) {
			share = max(share, float64(w.used)/float64(l.limits[i].Points))
		}
		if w.ends.After(expires) {
			expires = w.ends
		}
	}
	return expires, share
}

// tightest returns the result of the window that leaves least.
func (l *Limiter) tightest(windows []window, now time.Time, allowed bool) Result {
	tightest := Result{At: now, Allowed: allowed}
	for i, w := range windows {
		result := Result{
			At:        now,
			Allowed:   allowed,
			Limit:     l.limits[i].Points,
			Remaining: l.limits[i].Points - w.used,
			Reset:     w.ends,
			Policy:    l.policies[i],
		}
		if w.used == 0 { // refused because of another window, before this one began
			result.Reset = now.Add(l.limits[i].Window)
		}
		if !allowed && result.Remaining <= 0 {
			result.RetryAfter = result.Reset.Sub(now)
		}
		if i == 0 {
			tightest = result
			continue
		}
		tightest = Tighter(tightest, result)
	}
	return tightest
}

// seconds returns a span in whole seconds, rounded up.
func seconds(d time.Duration) int64 {
	return int64((d + time.Second - 1) / time.Second)
}
