package driver

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 1000} {
		calls := make([]atomic.Int32, n)
		if err := each(t.Context(), n, func(i int) { calls[i].Add(1) }); err != nil {
			t.Errorf("%d numbers: got %v", n, err)
		}
		for i := range calls {
			if got := calls[i].Load(); got != 1 {
				t.Errorf("%d numbers: got %d calls with %d, want 1", n, got, i)
			}
		}
	}
}

func TestEachCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	err := each(ctx, 1_000_000, func(int) {
		calls.Add(1)
		cancel()
	})
	if !errors.Is(err, context.Canceled) || calls.Load() == 1_000_000 {
		t.Errorf("got %v after %d calls, want %v before the last one", err, calls.Load(), context.Canceled)
	}
}

// TestEachPanics demands that a panic reaches the caller, with the place where it happened.
func TestEachPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		fault, ok := recover().(*Fault)
		if !ok || fault.String() != "no such invariant" {
			t.Fatalf("got %v, want a fault with the value of the panic", fault)
		}
		if !strings.Contains(string(fault.Stack), "breakInvariant") {
			t.Errorf("got the stack %s, want breakInvariant in it", fault.Stack)
		}
	}()
	_ = each(t.Context(), 3, breakInvariant)
}

func breakInvariant(int) { panic("no such invariant") }
