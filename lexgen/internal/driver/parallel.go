package driver

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Fault is what a panic in a goroutine of the driver becomes in the goroutine that called the driver.
type Fault struct {
	// Value is what the goroutine panicked with, Stack where.
	Value any
	Stack []byte
}

// String returns the value alone.
func (f *Fault) String() string { return fmt.Sprint(f.Value) }

// each calls do with every number below n, several at a time, and returns when all calls have. When ctx
// ends it makes no further calls, and returns why ctx ended.
func each(ctx context.Context, n int, do func(i int)) error {
	var next atomic.Int64
	var fault atomic.Pointer[Fault]
	work := func() {
		defer func() {
			if value := recover(); value != nil {
				fault.CompareAndSwap(nil, &Fault{Value: value, Stack: debug.Stack()})
			}
		}()
		for ctx.Err() == nil && fault.Load() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			do(i)
		}
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(work)
	}
	workers.Wait()
	if f := fault.Load(); f != nil {
		panic(f)
	}
	return ctx.Err()
}
