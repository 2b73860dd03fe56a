package account

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestIdentityLocks(t *testing.T) {
	t.Parallel()
	const did = syntax.DID("did:plc:1")
	synctest.Test(t, func(t *testing.T) {
		var locks identityLocks
		lock := func(ctx context.Context, did syntax.DID) func() {
			unlock, err := locks.lock(ctx, did)
			if err != nil {
				t.Error(err)
				return func() {}
			}
			return unlock
		}
		unlock := lock(t.Context(), did)
		lock(t.Context(), "did:plc:2")()

		impatient, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if _, err := locks.lock(impatient, did); !errors.Is(err, context.Canceled) {
				t.Errorf("lock of who goes away: got error %v, want %v", err, context.Canceled)
			}
		})
		entered := false
		waiting.Go(func() {
			defer lock(t.Context(), did)()
			entered = true
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		if entered {
			t.Error("two have the lock")
		}
		unlock()
		waiting.Wait()
		if !entered {
			t.Error("nobody got the lock after it was free")
		}
		if len(locks.locks) != 0 {
			t.Errorf("got %d locks that nobody uses, want 0", len(locks.locks))
		}
	})
}

// Only one at a time has the lock of an identity, however many want it.
func TestIdentityLocksExclude(t *testing.T) {
	t.Parallel()
	var locks identityLocks
	var group sync.WaitGroup
	const workers, turns = 8, 200
	count := 0
	for range workers {
		group.Go(func() {
			for range turns {
				unlock, err := locks.lock(t.Context(), "did:plc:1")
				if err != nil {
					t.Error(err)
					return
				}
				count++
				unlock()
			}
		})
	}
	group.Wait()
	if count != workers*turns || len(locks.locks) != 0 {
		t.Errorf("got %d turns and %d locks, want %d and 0", count, len(locks.locks), workers*turns)
	}
}
