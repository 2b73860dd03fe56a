package account_test

import (
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// leaveSignup leaves a sign-up of alice behind that reached the directory.
func leaveSignup(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.identity.onPublish, b.identity.onLast = lostAfter, silent
	_, err := b.CreateAccount(t.Context(), account.Signup{
		Handle:   "alice.test",
		Email:    "alice@example.com",
		Password: "asdf",
		Client:   account.Client{IP: "192.0.2.1"},
	})
	wantError(t, "CreateAccount", err, account.ErrDirectoryUnavailable)
	b.identity.onPublish, b.identity.onLast = nil, nil
	return b
}

func TestRecoverSignups(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		wait    time.Duration
		world   func(b *bench)
		want    error
		created bool
		settled bool
	}{
		{"published", 3 * time.Minute, func(*bench) {}, nil, true, true},
		{"a request is at work", time.Minute, func(*bench) {}, nil, false, false},
		{"no answer", 3 * time.Minute, func(b *bench) { b.identity.onLast = silent }, account.ErrDirectoryUnavailable, false, false},
		{"never arrived", 3 * time.Minute, func(b *bench) { clear(b.identity.logs) }, nil, true, true},
		{"never arrived, and is refused", 3 * time.Minute, func(b *bench) {
			clear(b.identity.logs)
			b.identity.onPublish = refused
		}, nil, false, true},
		{"never arrived, and no answer", 3 * time.Minute, func(b *bench) {
			clear(b.identity.logs)
			b.identity.onPublish = lostBefore
		}, account.ErrDirectoryUnavailable, false, false},
		{"never arrived, and the answer is lost", 3 * time.Minute, func(b *bench) {
			clear(b.identity.logs)
			b.identity.onPublish = lostAfter
		}, nil, true, true},
		{"arrives meanwhile, and is refused again", 3 * time.Minute, func(b *bench) {
			clear(b.identity.logs)
			b.identity.onPublish = func(publish func() error) error { return errors.Join(publish(), refused(nil)) }
		}, nil, true, true},
		{"the store is full", 3 * time.Minute, func(b *bench) {
			clear(b.identity.logs)
			b.identity.onPublish = full
		}, account.ErrStoreFull, false, false},
		{"changed since", 3 * time.Minute, func(b *bench) {
			b.identity.change("did:plc:1", func(last *account.PublishedOperation) { last.Fields.AlsoKnownAs = []string{"at://alicia.example.com"} })
		}, nil, true, true},
		{"tombstoned", 3 * time.Minute, func(b *bench) {
			b.identity.change("did:plc:1", func(last *account.PublishedOperation) { *last = account.PublishedOperation{Tombstoned: true} })
		}, nil, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := leaveSignup(t)
			b.now = b.now.Add(tt.wait)
			tt.world(b)
			wantError(t, "RecoverSignups", b.RecoverSignups(t.Context()), tt.want)
			b.wantSignups(t, tt.created, tt.settled)
		})
	}
}

// Who signed up logs in to the account that was recovered.
func TestRecoverSignupsLogin(t *testing.T) {
	t.Parallel()
	b := leaveSignup(t)
	b.now = b.now.Add(3 * time.Minute)
	if err := b.RecoverSignups(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := b.Events(t.Context(), "did:plc:1", 10)
	if err != nil || len(events) != 1 || events[0].Kind != account.EventCreated || events[0].Client.IP != "192.0.2.1" {
		t.Errorf("Events: got %+v, %v, want the creation by the client that asked for it", events, err)
	}
	if _, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"}); err != nil {
		t.Errorf("CreateSession: %v", err)
	}
}

// One sign-up that cannot be decided does not keep the others from being cleared up.
func TestRecoverSignupsGoesOn(t *testing.T) {
	t.Parallel()
	b := leaveSignup(t)
	b.identity.onPublish, b.identity.onLast = lostAfter, silent
	_, err := b.CreateAccount(t.Context(), account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: "asdf"})
	wantError(t, "CreateAccount", err, account.ErrDirectoryUnavailable)
	b.now = b.now.Add(3 * time.Minute)
	b.identity.onLast = silentOnce()
	wantError(t, "RecoverSignups", b.RecoverSignups(t.Context()), account.ErrDirectoryUnavailable)
	left, err := b.store.Reservations(t.Context(), b.now)
	if err != nil || len(left) != 1 {
		t.Errorf("sign-ups left: got %d, %v, want 1", len(left), err)
	}
}

func TestRecoverHandles(t *testing.T) {
	t.Parallel()
	const wait = 3 * time.Minute
	tests := []struct {
		name    string
		wait    time.Duration
		claimed bool // the operation reached the directory
		onLast  func() error
		want    error
		changed bool
		settled bool
	}{
		{"claimed", wait, true, nil, nil, true, true},
		{"not claimed", wait, false, nil, nil, false, true},
		{"a request is at work", time.Minute, true, nil, nil, false, false},
		{"no answer", wait, true, silent, account.ErrDirectoryUnavailable, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.caller(t, b.signUp(t))
			b.identity.onPublish, b.identity.onLast = lostBefore, answers(2)
			if tt.claimed {
				b.identity.onPublish = lostAfter
			}
			err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{})
			wantError(t, "UpdateHandle", err, account.ErrDirectoryUnavailable)

			b.identity.onPublish, b.identity.onLast = nil, tt.onLast
			b.now = b.now.Add(tt.wait)
			wantError(t, "RecoverHandles", b.RecoverHandles(t.Context()), tt.want)
			b.wantHandle(t, "did:plc:1", pick(tt.changed), tt.settled)
			if tt.changed {
				b.wantEvents(t, "did:plc:1", account.EventHandleChanged, account.EventCreated)
				b.wantMails(t, "Handle changed")
			}
		})
	}
}

// A reservation for an identity that is in no directory is from a request that came to
// no end; there is nothing to find out.
func TestRecoverHandlesWeb(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	b.importCarol(t)
	err := b.store.ReserveHandle(t.Context(), account.HandleReservation{DID: movingDID, Handle: "carol.test", LeaseUntil: b.now}, b.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.RecoverHandles(t.Context()); err != nil {
		t.Errorf("RecoverHandles: %v", err)
	}
	b.wantHandle(t, movingDID, ownDomain, true)
}
