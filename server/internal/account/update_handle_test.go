package account_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// signUpBob creates a second account.
func (b *bench) signUpBob(t *testing.T) account.Grant {
	t.Helper()
	grant, err := b.CreateAccount(t.Context(), account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: "asdf"})
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// importCarol creates the account of an identity that is in no directory.
func (b *bench) importCarol(t *testing.T) account.Grant {
	t.Helper()
	grant, err := b.CreateAccount(t.Context(), moving())
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// wantHandle checks the handle that an account has in the store, and whether no change
// is under way.
func (b *bench) wantHandle(t *testing.T, did syntax.DID, want syntax.Handle, settled bool) {
	t.Helper()
	if got := b.account(t, did).Handle; got != want {
		t.Errorf("store: got handle %s of %s, want %s", got, did, want)
	}
	reservations, err := b.store.HandleReservations(t.Context(), b.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(reservations) == 0; got != settled {
		t.Errorf("no change is under way: got %t, want %t", got, settled)
	}
}

func TestUpdateHandle(t *testing.T) {
	t.Parallel()
	for _, handle := range []syntax.Handle{"Alicia.TEST", "Alice.Example.com"} {
		t.Run(handle.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			b.identity.domains["alice.example.com"] = grant.Account.DID
			if err := b.UpdateHandle(t.Context(), b.caller(t, grant), handle, account.Client{}); err != nil {
				t.Fatal(err)
			}
			b.wantHandle(t, "did:plc:1", handle.Normalize(), true)
			b.identity.wantClaim(t, "did:plc:1", handle.Normalize(), 2)
			b.wantEvents(t, "did:plc:1", account.EventHandleChanged, account.EventCreated)
			b.wantMails(t, "Handle changed")
		})
	}
}

// Asking for the handle that one has makes sure of it.
func TestUpdateHandleSame(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	same := func() {
		t.Helper()
		if err := b.UpdateHandle(t.Context(), caller, "alice.test", account.Client{}); err != nil {
			t.Errorf("UpdateHandle: %v", err)
		}
		b.wantHandle(t, "did:plc:1", "alice.test", true)
	}
	same()
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 1)

	b.identity.change("did:plc:1", func(last *account.PublishedOperation) { last.Fields.AlsoKnownAs = []string{"at://old.example.org"} })
	same()
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 3)
	b.wantMails(t)
}

// What the identity claims already is not published again.
func TestUpdateHandleClaimed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	b.identity.change("did:plc:1", func(last *account.PublishedOperation) { last.Fields.AlsoKnownAs = []string{"at://alicia.test"} })
	if err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{}); err != nil {
		t.Errorf("UpdateHandle: %v", err)
	}
	b.wantHandle(t, "did:plc:1", "alicia.test", true)
	b.identity.wantClaim(t, "did:plc:1", "alicia.test", 2)
}

func TestUpdateHandleRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		handle syntax.Handle
		want   error
		text   string
	}{
		{"syntax", "ali_ce.test", account.ErrHandleInvalid, "handle must be a valid handle"},
		{"top-level domain", "alice.local", account.ErrHandleInvalid, "Handle TLD is invalid or disallowed"},
		{"blocked word", "rude.example.com", account.ErrHandleInvalid, "Inappropriate language in handle"},
		{"characters", "ali.ce.test", account.ErrHandleInvalid, "Invalid characters in handle"},
		{"short", "al.test", account.ErrHandleInvalid, "Handle too short"},
		{"long", "nineteen-letters-xx.test", account.ErrHandleInvalid, "Handle too long"},
		{"reserved", "about.test", account.ErrReservedHandle, "Reserved handle"},
		{"taken", "BOB.test", account.ErrHandleTaken, "Handle already taken: bob.test"},
		{"domain of another", "other.example.com", account.ErrInvalidRequest, "External handle did not resolve to DID"},
		{"unknown domain", "unknown.example.com", account.ErrInvalidRequest, "External handle did not resolve to DID"},
		{"silent domain", lostDomain, account.ErrInvalidRequest, "External handle did not resolve to DID"},
	}
	b := newMovingBench(t)
	caller := b.caller(t, b.signUp(t))
	b.signUpBob(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := b.UpdateHandle(t.Context(), caller, tt.handle, account.Client{})
			wantError(t, "UpdateHandle", err, tt.want)
			wantText(t, "UpdateHandle", err, tt.text)
		})
	}
	b.wantHandle(t, "did:plc:1", "alice.test", true)
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 1)
}

// What becomes of a change follows from what becomes of the identity.
func TestUpdateHandleSaga(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		onPublish func(func() error) error
		answers   int // of the directory, before it is silent
		want      error
		changed   bool // at once
		settled   bool // at once
		later     bool // RecoverHandles commits it
	}{
		{"refused", refused, 9, account.ErrOperationRefused, false, true, false},
		{"silent from the start", nil, 0, account.ErrDirectoryUnavailable, false, true, false},
		{"silent before the operation", nil, 1, account.ErrDirectoryUnavailable, false, true, false},
		{"the store is full", full, 9, account.ErrStoreFull, false, true, false},
		{"lost before", lostBefore, 9, account.ErrDirectoryUnavailable, false, false, false},
		{"lost after", lostAfter, 9, nil, true, true, true},
		{"lost before, and no answer", lostBefore, 2, account.ErrDirectoryUnavailable, false, false, false},
		{"lost after, and no answer", lostAfter, 2, account.ErrDirectoryUnavailable, false, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.caller(t, b.signUp(t))
			b.identity.onPublish, b.identity.onLast = tt.onPublish, answers(tt.answers)
			err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{})
			wantError(t, "UpdateHandle", err, tt.want)
			b.wantHandle(t, "did:plc:1", pick(tt.changed), tt.settled)

			b.identity.onPublish, b.identity.onLast = nil, nil
			b.now = b.now.Add(3 * time.Minute)
			if err := b.RecoverHandles(t.Context()); err != nil {
				t.Errorf("RecoverHandles: %v", err)
			}
			b.wantHandle(t, "did:plc:1", pick(tt.later), true)
			if err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{}); err != nil {
				t.Errorf("UpdateHandle again: %v", err)
			}
		})
	}
}

// pick returns the handle of alice after a change or without it.
func pick(changed bool) syntax.Handle {
	if changed {
		return "alicia.test"
	}
	return "alice.test"
}

// A client that goes away once the handle is reserved leaves nothing undecided.
func TestUpdateHandleCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	ctx, cancel := context.WithCancel(t.Context())
	b.identity.onPublish = func(publish func() error) error {
		cancel()
		return publish()
	}
	if err := b.UpdateHandle(ctx, caller, "alicia.test", account.Client{}); err != nil {
		t.Errorf("UpdateHandle: %v", err)
	}
	b.wantHandle(t, "did:plc:1", "alicia.test", true)
}

// Changes of one identity go one after the other, so that the directory takes each of
// them; in the end it says what the store says.
func TestUpdateHandleRaceOfOne(t *testing.T) {
	t.Parallel()
	const racers = 8
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	errs := race(racers, func(i int) error {
		return b.UpdateHandle(t.Context(), caller, handleOf(i), account.Client{})
	})
	for _, err := range errs {
		t.Errorf("UpdateHandle: %v", err)
	}
	b.identity.wantClaim(t, "did:plc:1", b.account(t, "did:plc:1").Handle, racers+1)
}

// Of several accounts and sign-ups that want one handle, one gets it, and the directory
// learns of no other.
func TestUpdateHandleRaceForOne(t *testing.T) {
	t.Parallel()
	const racers = 6
	b := newBench(t)
	callers := make([]account.Caller, racers)
	for i := range callers {
		grant, err := b.CreateAccount(t.Context(), account.Signup{
			Handle: handleOf(i), Email: fmt.Sprintf("%d@example.com", i), Password: "asdf",
		})
		if err != nil {
			t.Fatal(err)
		}
		callers[i] = b.caller(t, grant)
	}
	errs := race(racers+1, func(i int) error {
		if i == racers {
			_, err := b.CreateAccount(t.Context(), account.Signup{Handle: "treasure.test", Email: "new@example.com", Password: "asdf"})
			return err
		}
		return b.UpdateHandle(t.Context(), callers[i], "treasure.test", account.Client{})
	})
	if len(errs) != racers {
		t.Errorf("got %d losers, want %d", len(errs), racers)
	}
	for _, err := range errs {
		wantText(t, "a losing call", err, "Handle already taken: treasure.test")
	}
	claims := 0
	for _, log := range b.identity.logs {
		if log[len(log)-1].Fields.AlsoKnownAs[0] == "at://treasure.test" {
			claims++
		}
	}
	if claims != 1 {
		t.Errorf("%d identities claim the handle, want 1", claims)
	}
}

// Nobody changes an identity that is in no directory but its owner.
func TestUpdateHandleWeb(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	caller := b.caller(t, b.importCarol(t))
	err := b.UpdateHandle(t.Context(), caller, "carol.test", account.Client{})
	wantError(t, "UpdateHandle", err, account.ErrInvalidRequest)
	wantText(t, "UpdateHandle", err, "DID is not properly configured for handle")
	b.wantHandle(t, movingDID, ownDomain, true)

	document := b.identity.documents[movingDID]
	document.Handle = "Carol.test"
	b.identity.documents[movingDID] = document
	if err := b.UpdateHandle(t.Context(), caller, "carol.test", account.Client{}); err != nil {
		t.Errorf("UpdateHandle of a document that claims the handle: %v", err)
	}
	b.wantHandle(t, movingDID, "carol.test", true)
	if len(b.identity.logs) != 0 {
		t.Error("an operation was published")
	}
}

// A handle of this server that was given up is nobody else's for a while; its last
// holder can have it back. One under a domain of one's own is not kept.
func TestUpdateHandleQuarantine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.HandleQuarantine = 30 * 24 * time.Hour
	alice, bob := b.caller(t, b.signUp(t)), b.caller(t, b.signUpBob(t))
	update := func(caller account.Caller, handle syntax.Handle) error {
		b.identity.domains["shared.example.com"] = caller.Account.DID
		return b.UpdateHandle(t.Context(), caller, handle, account.Client{})
	}
	steps := []struct {
		name   string
		caller account.Caller
		handle syntax.Handle
		wait   time.Duration
		want   error
	}{
		{"given up", alice, "shared.example.com", 0, nil},
		{"in quarantine", bob, "alice.test", 29 * 24 * time.Hour, account.ErrHandleTaken},
		{"taken back", alice, "alice.test", 0, nil},
		{"under a domain of one's own", bob, "shared.example.com", 0, nil},
		{"given up again", alice, "alicia.test", 0, nil},
		{"after the quarantine", bob, "alice.test", 31 * 24 * time.Hour, nil},
	}
	for _, step := range steps {
		b.now = b.now.Add(step.wait)
		wantError(t, step.name, update(step.caller, step.handle), step.want)
	}
}

func TestSetHandle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		did    syntax.DID
		handle syntax.Handle
		want   error
	}{
		{"reserved", "did:plc:1", "Dril.test", nil},
		{"blocked word", "did:plc:1", "rude.test", nil},
		{"external", "did:plc:1", "alice.example.com", nil},
		{"another's domain", "did:plc:1", "other.example.com", account.ErrInvalidRequest},
		{"top-level domain", "did:plc:1", "alice.local", account.ErrHandleInvalid},
		{"short", "did:plc:1", "al.test", account.ErrHandleInvalid},
		{"taken", "did:plc:1", "bob.test", account.ErrHandleTaken},
		{"no account", "did:plc:nobody", "alicia.test", account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newMovingBench(t)
			b.signUp(t)
			b.signUpBob(t)
			b.identity.domains["alice.example.com"] = "did:plc:1"
			wantError(t, "SetHandle", b.SetHandle(t.Context(), tt.did, tt.handle, account.Client{}), tt.want)
			if tt.want == nil {
				b.wantHandle(t, tt.did, tt.handle.Normalize(), true)
				b.identity.wantClaim(t, tt.did, tt.handle.Normalize(), 2)
			} else {
				b.wantHandle(t, "did:plc:1", "alice.test", true)
				b.identity.wantClaim(t, "did:plc:1", "alice.test", 1)
			}
		})
	}
}
