package api

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Whoever waits in vain for others of the same network is told that the server is busy, and not that there
// was too much of something.
func TestTakenEmailsPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := xrpc.NewContext(t.Context(), &xrpc.Call{})
		taken := newTakenEmails(time.Now, nil /* bypass */)
		release := make(chan struct{})
		for range 10 {
			go func() {
				_ = taken.do(ctx, func() error { <-release; return nil })
			}()
		}
		synctest.Wait()
		begin := time.Now()
		err := refuse(taken.do(ctx, func() error { t.Error("one more went on"); return nil }))
		var answer *xrpc.Error
		if !errors.As(err, &answer) || answer.Status != 503 || answer.Name != xrpc.ErrNotEnoughResources || answer.Header.Get("Retry-After") != "1" {
			t.Errorf("got %+v, want 503 with Retry-After 1", answer)
		}
		if got := time.Since(begin); got != takenPatience {
			t.Errorf("waited %s, want %s", got, takenPatience)
		}
		close(release)
		synctest.Wait()
		if err := taken.do(ctx, func() error { return nil }); err != nil {
			t.Errorf("after the others: got %v", err)
		}
	})
}

// A call that panics has told nothing, and does not stand in the way of others.
func TestTakenEmailsPanic(t *testing.T) {
	t.Parallel()
	ctx := xrpc.NewContext(t.Context(), &xrpc.Call{})
	taken := newTakenEmails(time.Now, nil /* bypass */)
	fail := func() {
		defer func() { _ = recover() }()
		_ = taken.do(ctx, func() error { panic("a fault") })
	}
	for range 11 {
		fail()
	}
	if err := taken.do(ctx, func() error { return nil }); err != nil {
		t.Errorf("after the faults: got %v", err)
	}
}
