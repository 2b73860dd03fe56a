package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// faultyStore is a store that has no room for some of what it is asked to write.
type faultyStore struct {
	account.Store
	reserve, settle bool // of a sign-up or a handle
}

func (f faultyStore) ReserveSignup(ctx context.Context, reservation account.Reservation) error {
	if f.reserve {
		return account.ErrStoreFull
	}
	return f.Store.ReserveSignup(ctx, reservation)
}

func (f faultyStore) FinishSignup(ctx context.Context, did syntax.DID, session *account.NewSession, record account.Record) (account.Account, error) {
	if f.settle {
		return account.Account{}, account.ErrStoreFull
	}
	return f.Store.FinishSignup(ctx, did, session, record)
}

func (f faultyStore) ReleaseSignup(ctx context.Context, did syntax.DID) error {
	if f.settle {
		return account.ErrStoreFull
	}
	return f.Store.ReleaseSignup(ctx, did)
}

func (f faultyStore) ReserveHandle(ctx context.Context, reservation account.HandleReservation, now time.Time) error {
	if f.reserve {
		return account.ErrStoreFull
	}
	return f.Store.ReserveHandle(ctx, reservation, now)
}

func (f faultyStore) CommitHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, quarantineUntil time.Time, record account.Record) (account.Account, error) {
	if f.settle {
		return account.Account{}, account.ErrStoreFull
	}
	return f.Store.CommitHandle(ctx, did, handle, quarantineUntil, record)
}

func (f faultyStore) ReleaseHandle(ctx context.Context, did syntax.DID, handle syntax.Handle) error {
	if f.settle {
		return account.ErrStoreFull
	}
	return f.Store.ReleaseHandle(ctx, did, handle)
}

// renewingStore does something between listing changes of handles and clearing them up.
type renewingStore struct {
	account.Store
	then func()
}

func (s renewingStore) HandleReservations(ctx context.Context, now time.Time) ([]account.HandleReservation, error) {
	reservations, err := s.Store.HandleReservations(ctx, now)
	s.then()
	return reservations, err
}

// storeFaults are the points at which a store can be full, and what is left then.
var storeFaults = []struct {
	name      string
	reserve   bool
	settle    bool
	onPublish func(func() error) error
	refusal   error // that is returned besides
	operation bool  // reached the directory
	settled   bool  // at once
}{
	{"before the operation", true, false, nil, nil, false, true},
	{"after the operation", false, true, nil, nil, true, false},
	{"after it was refused", false, true, refused, account.ErrOperationRefused, false, false},
}

func TestSignupStoreFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range storeFaults {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Store, b.identity.onPublish = faultyStore{b.store, tt.reserve, tt.settle}, tt.onPublish
			_, err := b.CreateAccount(t.Context(), alice())
			wantStoreFault(t, err, tt.refusal)
			if got := len(b.identity.logs) == 1; got != tt.operation {
				t.Errorf("the directory learnt of the identity: got %t, want %t", got, tt.operation)
			}
			b.wantSignups(t, false, tt.settled)

			b.now = b.now.Add(3 * time.Minute)
			err = b.RecoverSignups(t.Context())
			if tt.settled != (err == nil) {
				t.Errorf("RecoverSignups with the same store: got %v", err)
			}
			b.Store = b.store
			if err := b.RecoverSignups(t.Context()); err != nil {
				t.Errorf("RecoverSignups: %v", err)
			}
			b.wantSignups(t, tt.operation, true)
		})
	}
}

func TestHandleStoreFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range storeFaults {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.caller(t, b.signUp(t))
			b.Store, b.identity.onPublish = faultyStore{b.store, tt.reserve, tt.settle}, tt.onPublish
			err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{})
			wantStoreFault(t, err, tt.refusal)
			if got := len(b.identity.logs["did:plc:1"]) == 2; got != tt.operation {
				t.Errorf("the directory learnt of the handle: got %t, want %t", got, tt.operation)
			}
			b.wantHandle(t, "did:plc:1", "alice.test", tt.settled)

			b.now = b.now.Add(3 * time.Minute)
			err = b.RecoverHandles(t.Context())
			if tt.settled != (err == nil) {
				t.Errorf("RecoverHandles with the same store: got %v", err)
			}
			b.Store = b.store
			if err := b.RecoverHandles(t.Context()); err != nil {
				t.Errorf("RecoverHandles: %v", err)
			}
			b.wantHandle(t, "did:plc:1", pick(tt.operation), true)
		})
	}
}

// wantStoreFault checks that a fault of the store is not hidden by a refusal, nor
// presented as one.
func wantStoreFault(t *testing.T, err, refusal error) {
	t.Helper()
	wantError(t, "the call", err, account.ErrStoreFull)
	if refusal != nil {
		wantError(t, "the call", err, refusal)
		return
	}
	var presented *account.Refusal
	if errors.As(err, &presented) {
		t.Errorf("a fault of the server is presented as a refusal: %v", presented)
	}
}
