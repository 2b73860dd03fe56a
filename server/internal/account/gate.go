package account

import (
	"context"
	"sync/atomic"
	"time"
)

// A gate lets a fixed number of callers work at the same time and a fixed number
// wait for that. It may be used concurrently.
type gate struct {
	working  chan struct{} // holds one value for each caller at work
	waiting  atomic.Int64
	queue    int64
	patience time.Duration
}

func newGate(parallel, queue int, patience time.Duration) *gate {
	return &gate{
		working:  make(chan struct{}, parallel),
		queue:    int64(queue),
		patience: patience,
	}
}

// enter returns when the caller may work; it must then call leave. It returns
// [ErrBusy] at once if too many are waiting, and later if the wait takes too long.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.working <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		return ErrBusy
	}
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case g.working <- struct{}{}:
		return nil
	case <-timer.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() {
	<-g.working
}
