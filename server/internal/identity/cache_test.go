package identity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A question counts how often it is asked, and answers with the count.
type question struct {
	mu    sync.Mutex
	asked int
	err   error
}

func (q *question) ask(context.Context) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked++
	return q.asked, q.err
}

func TestCacheKeeps(t *testing.T) {
	t.Parallel()
	errFault := errors.New("a fault")
	tests := []struct {
		name  string
		err   error
		later time.Duration
		fresh bool
		want  int // how often it was asked
	}{
		{"answer", nil, time.Minute - 1, false, 1},
		{"old answer", nil, time.Minute, false, 2},
		{"fresh", nil, 0, true, 2},
		{"nothing", account.ErrIdentityNotFound, missingTTL - 1, false, 1},
		{"no handle", account.ErrHandleNotFound, missingTTL - 1, false, 1},
		{"nothing for a while", account.ErrIdentityNotFound, missingTTL, false, 2},
		{"fault", errFault, 0, false, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(0, 0)
			c := newCache[int](func() time.Time { return now }, time.Minute, time.Minute, 10)
			q := question{err: tt.err}
			for _, fresh := range []bool{false, tt.fresh} {
				if _, err := c.get(t.Context(), "a", fresh, q.ask); !errors.Is(err, tt.err) {
					t.Fatalf("got %v, want %v", err, tt.err)
				}
				now = now.Add(tt.later)
			}
			if q.asked != tt.want {
				t.Errorf("asked %d times, want %d", q.asked, tt.want)
			}
		})
	}
}

func TestCacheForgets(t *testing.T) {
	t.Parallel()
	c := newCache[int](time.Now, time.Hour, time.Minute, 10)
	var q question
	for want := 1; want < 3; want++ {
		if got, err := c.get(t.Context(), "a", false, q.ask); err != nil || got != want {
			t.Errorf("got %d, %v, want %d", got, err, want)
		}
		c.forget("a")
	}
}

// However many keys there are, no more than the capacity are kept, and old ones go
// first.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	c := newCache[int](func() time.Time { return now }, time.Minute, time.Minute, 3)
	var q question
	get := func(key string) {
		t.Helper()
		if _, err := c.get(t.Context(), key, false, q.ask); err != nil {
			t.Fatal(err)
		}
	}
	get("a")
	now = now.Add(59 * time.Second)
	get("b")
	get("c")
	now = now.Add(time.Second)
	get("d")
	if _, there := c.entries["a"]; there || len(c.entries) != 3 {
		t.Errorf("got %d entries, the old one among them %t", len(c.entries), there)
	}
	for i := range 10 {
		get(fmt.Sprint(i))
	}
	if len(c.entries) != 3 {
		t.Errorf("got %d entries, want 3", len(c.entries))
	}
}

// Those who ask at the same time share the answer; those who want a fresh one share
// the next, which nobody asks for before the first is there.
func TestCacheShares(t *testing.T) {
	t.Parallel()
	c := newCache[int](time.Now, time.Hour, time.Minute, 10)
	var q question
	begun, release := make(chan struct{}, 2), make(chan struct{})
	ask := func(ctx context.Context) (int, error) {
		begun <- struct{}{}
		<-release
		return q.ask(ctx)
	}
	get := func(fresh bool) <-chan int {
		l := c.lookup("a", fresh, func() (int, error) { return ask(t.Context()) })
		got := make(chan int, 1)
		go func() {
			<-l.done
			got <- l.value
		}()
		return got
	}
	first := []<-chan int{get(false), get(false), get(false)}
	<-begun
	second := []<-chan int{get(true), get(true)}
	first = append(first, get(false))
	release <- struct{}{}
	release <- struct{}{}
	for i, got := range append(first, second...) {
		want := 1
		if i >= len(first) {
			want = 2
		}
		if got := <-got; got != want {
			t.Errorf("caller %d: got answer %d, want %d", i, got, want)
		}
	}
}

// Who stops waiting gets no answer, and the others do.
func TestCacheCanceled(t *testing.T) {
	t.Parallel()
	c := newCache[int](time.Now, time.Hour, time.Minute, 10)
	var q question
	release := make(chan struct{})
	ask := func(ctx context.Context) (int, error) {
		<-release
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return q.ask(ctx)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.get(ctx, "a", false, ask); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	close(release)
	if got, err := c.get(t.Context(), "a", false, ask); err != nil || got != 1 {
		t.Errorf("got %d, %v, want 1", got, err)
	}
}

func TestCacheTimeout(t *testing.T) {
	t.Parallel()
	c := newCache[int](time.Now, time.Hour, time.Millisecond, 10)
	_, err := c.get(t.Context(), "a", false, func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}
