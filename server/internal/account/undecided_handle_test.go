package account_test

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// leaveHandle leaves alice's change to alicia.test behind, of which the server does not
// know what became. It has reached the directory, or gets there when late is called.
func leaveHandle(t *testing.T, arrives bool) (b *bench, caller account.Caller, late func() error) {
	t.Helper()
	b = newBench(t)
	caller = b.caller(t, b.signUp(t))
	if late = b.identity.delay(); arrives {
		b.identity.onPublish = lostAfter
	}
	b.identity.onLast = answers(2)
	err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{})
	wantError(t, "UpdateHandle", err, account.ErrDirectoryUnavailable)
	b.identity.onPublish, b.identity.onLast = nil, nil
	return b, caller, late
}

// wantReserved checks that nobody else gets a handle.
func (b *bench) wantReserved(t *testing.T, handle syntax.Handle) {
	t.Helper()
	_, err := b.CreateAccount(t.Context(), account.Signup{Handle: handle, Email: "mallory@example.com", Password: "asdf"})
	wantError(t, "CreateAccount of somebody else with "+handle.String(), err, account.ErrHandleTaken)
}

// As long as the directory is silent, nothing gives away a handle that the identity may
// claim: neither the same change again, nor another one.
func TestUndecidedHandleStays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		handle syntax.Handle
		onLast func() error
		want   error
	}{
		{"the same", "alicia.test", silent, account.ErrDirectoryUnavailable},
		{"another", "alina.test", silent, account.ErrDirectoryUnavailable},
		{"the one before", "alice.test", silent, account.ErrDirectoryUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, caller, _ := leaveHandle(t, true)
			b.identity.onLast = tt.onLast
			err := b.UpdateHandle(t.Context(), caller, tt.handle, account.Client{})
			wantError(t, "UpdateHandle again", err, tt.want)
			b.wantReserved(t, "alicia.test")

			b.identity.onLast = nil
			b.now = b.now.Add(3 * time.Minute)
			wantError(t, "RecoverHandles", b.RecoverHandles(t.Context()), nil)
			b.wantHandle(t, "did:plc:1", "alicia.test", true)
			b.identity.wantClaim(t, "did:plc:1", "alicia.test", 2)
		})
	}
}

// Who comes again when the directory has the operation finds the change done.
func TestUndecidedHandleDone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		handle     syntax.Handle
		operations int
		events     []account.EventKind
	}{
		{"the same", "alicia.test", 2, []account.EventKind{account.EventHandleChanged, account.EventCreated}},
		{"another", "alina.test", 3, []account.EventKind{account.EventHandleChanged, account.EventHandleChanged, account.EventCreated}},
		{"the one before", "alice.test", 3, []account.EventKind{account.EventHandleChanged, account.EventHandleChanged, account.EventCreated}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, caller, _ := leaveHandle(t, true)
			wantError(t, "UpdateHandle again", b.UpdateHandle(t.Context(), caller, tt.handle, account.Client{}), nil)
			b.wantHandle(t, "did:plc:1", tt.handle, true)
			b.identity.wantClaim(t, "did:plc:1", tt.handle, tt.operations)
			b.wantEvents(t, "did:plc:1", tt.events...)
		})
	}
}

// An operation that has not arrived may still do so: its handle stays reserved beside
// whatever its owner does meanwhile, and in the end the account has what the identity
// claims.
func TestUndecidedHandleLate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		handle    syntax.Handle // of the second change
		onPublish func(func() error) error
		answers   int   // of the directory, during the second change
		want      error // of the second change
		late      error // of the first operation
		end       syntax.Handle
	}{
		{"the same", "alicia.test", nil, 9, nil, nil, "alicia.test"},
		{"the same, refused", "alicia.test", refused, 9, account.ErrOperationRefused, nil, "alicia.test"},
		{"the same, and no answer before", "alicia.test", nil, 1, account.ErrDirectoryUnavailable, nil, "alicia.test"},
		{"another", "alina.test", nil, 9, nil, account.ErrOperationRefused, "alina.test"},
		{"another, refused", "alina.test", refused, 9, account.ErrOperationRefused, nil, "alicia.test"},
		{"another, and no answer before", "alina.test", nil, 1, account.ErrDirectoryUnavailable, nil, "alicia.test"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, caller, late := leaveHandle(t, false)
			b.identity.onPublish, b.identity.onLast = tt.onPublish, answers(tt.answers)
			err := b.UpdateHandle(t.Context(), caller, tt.handle, account.Client{})
			wantError(t, "UpdateHandle again", err, tt.want)
			b.identity.onPublish, b.identity.onLast = nil, nil
			b.wantReserved(t, "alicia.test")

			wantError(t, "the late operation", late(), tt.late)
			b.now = b.now.Add(3 * time.Minute)
			wantError(t, "RecoverHandles", b.RecoverHandles(t.Context()), nil)
			b.wantHandle(t, "did:plc:1", tt.end, true)
			b.identity.wantClaim(t, "did:plc:1", tt.end, 2)
		})
	}
}

// A change that a request is at work on again is not cleared up.
func TestRecoverHandlesLooksAgain(t *testing.T) {
	t.Parallel()
	b, _, _ := leaveHandle(t, false)
	b.now = b.now.Add(3 * time.Minute)
	b.Store = renewingStore{b.store, func() {
		again := account.HandleReservation{DID: "did:plc:1", Handle: "alicia.test", LeaseUntil: b.now.Add(time.Minute)}
		if err := b.store.ReserveHandle(t.Context(), again, b.now); err != nil {
			t.Error(err)
		}
	}}
	wantError(t, "RecoverHandles", b.RecoverHandles(t.Context()), nil)
	b.Store = b.store
	b.wantReserved(t, "alicia.test")
	b.now = b.now.Add(time.Minute)
	wantError(t, "RecoverHandles later", b.RecoverHandles(t.Context()), nil)
	b.wantHandle(t, "did:plc:1", "alice.test", true)
}
