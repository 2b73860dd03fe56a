package account

import (
	"context"
	"fmt"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// identityLocks makes those wait for each other who change the same identity. It keeps
// nothing of an identity that nobody changes or waits for. The zero value is ready. It may
// be used concurrently.
type identityLocks struct {
	mu    sync.Mutex
	locks map[syntax.DID]*identityLock
}

// An identityLock is the lock of one identity.
type identityLock struct {
	held  chan struct{} // holds a value while somebody has the lock
	users int           // who have it or wait for it
}

// lock returns when nobody else has the lock of did, or when ctx is done, with its error.
func (l *identityLocks) lock(ctx context.Context, did syntax.DID) (unlock func(), err error) {
	lock := l.join(did)
	select {
	case lock.held <- struct{}{}:
	case <-ctx.Done():
		l.leave(did, lock)
		return nil, fmt.Errorf("wait for other changes of %s: %w", did, ctx.Err())
	}
	return func() {
		<-lock.held
		l.leave(did, lock)
	}, nil
}

// join counts one more user of a lock, which it makes for the first.
func (l *identityLocks) join(did syntax.DID) *identityLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock := l.locks[did]
	if lock == nil {
		if l.locks == nil {
			l.locks = map[syntax.DID]*identityLock{}
		}
		lock = &identityLock{held: make(chan struct{}, 1)}
		l.locks[did] = lock
	}
	lock.users++
	return lock
}

// leave forgets a lock after its last user.
func (l *identityLocks) leave(did syntax.DID, lock *identityLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock.users--
	if lock.users == 0 {
		delete(l.locks, did)
	}
}

// lockIdentity waits until nobody else in this process changes an identity, because each of
// its operations follows the one before.
func (s *Service) lockIdentity(ctx context.Context, did syntax.DID) (unlock func(), err error) {
	return s.identities.lock(ctx, did)
}
