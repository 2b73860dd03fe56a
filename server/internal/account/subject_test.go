package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

var moderator = account.Client{IP: "192.0.2.1", UserAgent: "moderator"}

// update makes a moderator decide about an account.
func (b *bench) update(t *testing.T, did syntax.DID, takedown, deactivated *account.Applied) {
	t.Helper()
	update := account.SubjectUpdate{DID: did, Takedown: takedown, Deactivated: deactivated}
	if err := b.UpdateSubject(t.Context(), update, moderator); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) subject(t *testing.T, did syntax.DID) account.Account {
	t.Helper()
	subject, err := b.SubjectStatus(t.Context(), did)
	if err != nil {
		t.Fatal(err)
	}
	return subject
}

var (
	applied = &account.Applied{Applied: true}
	lifted  = &account.Applied{}
)

func TestTakedown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.now = time.Date(2026, 3, 1, 12, 0, 0, 5_000_000, time.FixedZone("", 3600))
	did := b.join(t, "alice", "").Account.DID

	b.update(t, did, applied, nil)
	if got := b.subject(t, did); got.Status() != account.StatusTakendown || got.TakedownRef != "2026-03-01T11:00:00.005Z" || !got.TakendownAt.Equal(b.now) {
		t.Errorf("after a takedown: got %+v", got)
	}
	b.update(t, did, &account.Applied{Applied: true, Ref: "case 7"}, nil)
	if got := b.subject(t, did); got.TakedownRef != "case 7" {
		t.Errorf("after a takedown with a reference: got %+v", got)
	}
	b.update(t, did, lifted, nil)
	if got := b.subject(t, did); got.Status() != account.StatusActive || got.TakedownRef != "" {
		t.Errorf("after a restoration: got %+v", got)
	}
}

func TestTakedownEndsSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := account.LoginRequest{Identifier: "alice.test", Password: "password", AllowTakendown: true}
	did := b.join(t, "alice", "").Account.DID
	active, err := b.CreateSession(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	b.update(t, did, applied, nil)
	_, err = b.Authenticate(t.Context(), active.AccessJWT)
	wantError(t, "Authenticate after a takedown", err, account.ErrTakendown)

	takendown, err := b.CreateSession(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	b.update(t, did, lifted, nil)
	_, err = b.Authenticate(t.Context(), takendown.AccessJWT)
	wantError(t, "Authenticate after a restoration", err, account.ErrTokenRevoked)
	_, err = b.RefreshSession(t.Context(), active.RefreshJWT)
	wantError(t, "RefreshSession after a restoration", err, account.ErrTokenRevoked)
}

func TestTakedownBlocksInvites(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired = true
	alice := b.join(t, "alice", b.newCode(t, 1, ""))
	did := alice.Account.DID
	code := b.newCode(t, 1, did.String())
	b.update(t, did, applied, nil)
	_, err := b.CreateAccount(t.Context(), account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: "password", InviteCode: code})
	wantError(t, "CreateAccount", err, account.ErrInvalidInviteCode)
	b.update(t, did, lifted, nil)
	b.join(t, "bob", code)
}

func TestSubjectDeactivated(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.join(t, "alice", "").Account.DID
	b.update(t, did, nil, applied)
	if got := b.subject(t, did); got.Status() != account.StatusDeactivated || !got.DeactivatedAt.Equal(b.now) {
		t.Errorf("after a deactivation: got %+v", got)
	}
	b.update(t, did, applied, applied)
	if got := b.subject(t, did); got.Status() != account.StatusTakendown || got.DeactivatedAt.IsZero() {
		t.Errorf("after both: got %+v", got)
	}
	b.update(t, did, lifted, lifted)
	if got := b.subject(t, did); got.Status() != account.StatusActive {
		t.Errorf("after taking both back: got %+v", got)
	}
}

// What is so already stays as it is, with its time, its reference and its sessions, and is not recorded
// again; a takedown with another reference is another one.
func TestTakedownAgain(t *testing.T) {
	t.Parallel()
	named := &account.Applied{Applied: true, Ref: "case 7"}
	tests := []struct {
		name          string
		first, second *account.Applied
		wantSame      bool
	}{
		{"taken down again", named, applied, true},
		{"taken down again, both times without a reference", applied, applied, true},
		{"taken down again with a reference", named, &account.Applied{Applied: true, Ref: "case 8"}, false},
		{"restored without a takedown", nil, lifted, true},
		{"restored", named, lifted, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			did := b.join(t, "alice", "").Account.DID
			b.update(t, did, tt.first, nil)
			login := account.LoginRequest{Identifier: "alice.test", Password: "password", AllowTakendown: true}
			opened, err := b.CreateSession(t.Context(), login)
			if err != nil {
				t.Fatal(err)
			}
			before, events := b.subject(t, did), b.events(t, did)
			b.now = b.now.Add(time.Hour)
			b.update(t, did, tt.second, nil)
			if got := b.subject(t, did); (got == before) != tt.wantSame {
				t.Errorf("account: got %+v, before it was %+v", got, before)
			}
			if got := b.events(t, did); (got == events) != tt.wantSame {
				t.Errorf("events: got %d, before there were %d", got, events)
			}
			if _, err := b.Authenticate(t.Context(), opened.AccessJWT); (err == nil) != tt.wantSame {
				t.Errorf("session: got %v", err)
			}
		})
	}
}

// events returns how many there are of an account.
func (b *bench) events(t *testing.T, did syntax.DID) int {
	t.Helper()
	events, err := b.Events(t.Context(), did, 100)
	if err != nil {
		t.Fatal(err)
	}
	return len(events)
}

// A moderator does not take the owner's deadline away.
func TestSubjectDeactivatedKeepsDeadline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	alice := b.join(t, "alice", "")
	deadline := b.now.Add(30 * 24 * time.Hour)
	if err := b.Deactivate(t.Context(), alice, deadline, account.Client{}); err != nil {
		t.Fatal(err)
	}
	b.update(t, alice.Account.DID, nil, applied)
	if got := b.subject(t, alice.Account.DID); !got.DeleteAfter.Equal(deadline) {
		t.Errorf("deadline: got %s, want %s", got.DeleteAfter, deadline)
	}
}

// decidingStore does something before a decision of a moderator comes to it.
type decidingStore struct {
	account.Store
	before func()
}

func (s decidingStore) Moderate(ctx context.Context, decision account.Decision) error {
	s.before()
	return s.Store.Moderate(ctx, decision)
}

// A moderator does not bring back a deadline that the owner takes away in that moment, nor
// undo another one.
func TestSubjectDeactivatedMeanwhile(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	deactivate := func(b *bench, owner account.Caller, deadline time.Duration) error {
		return b.Deactivate(t.Context(), owner, b.now.Add(deadline), account.Client{})
	}
	tests := []struct {
		name          string
		before, after time.Duration // until the deadline; 0 for none
		change        func(b *bench, owner account.Caller) error
	}{
		{"deadline taken away", 30 * day, 0, func(b *bench, owner account.Caller) error {
			return b.Activate(t.Context(), owner, account.Client{})
		}},
		{"deadline moved", 30 * day, 40 * day, func(b *bench, owner account.Caller) error {
			return deactivate(b, owner, 40*day)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			owner := b.join(t, "alice", "")
			did := owner.Account.DID
			if err := deactivate(b, owner, tt.before); err != nil {
				t.Fatal(err)
			}
			owner.Account = b.account(t, did)
			b.Store = decidingStore{b.store, func() {
				if err := tt.change(b, owner); err != nil {
					t.Errorf("the owner meanwhile: %v", err)
				}
			}}
			b.update(t, did, nil, applied)
			var want time.Time
			if tt.after != 0 {
				want = b.now.Add(tt.after)
			}
			if got := b.subject(t, did); got.Status() != account.StatusDeactivated || !got.DeleteAfter.Equal(want) {
				t.Errorf("got %+v, want it deactivated, to be deleted after %s", got, want)
			}
		})
	}
}

func TestUpdateSubjectRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		did                   syntax.DID // empty for the account that is taken down
		takedown, deactivated *account.Applied
		want                  *account.Refusal
		text                  string
	}{
		{"takedown and activation", "", applied, lifted, account.ErrInvalidRequest, "Cannot activate and takedown an account at the same time"},
		{"takedown and activation of nobody", "did:plc:nobody", applied, lifted, account.ErrInvalidRequest, "Cannot activate and takedown an account at the same time"},
		{"activation of an account that is taken down", "", nil, lifted, account.ErrUserNotFound, "user not found"},
		{"takedown of nobody", "did:plc:nobody", applied, nil, account.ErrSubjectNotFound, "Subject not found"},
		{"deactivation of nobody", "did:plc:nobody", nil, applied, account.ErrSubjectNotFound, "Subject not found"},
		{"nothing of nobody", "did:plc:nobody", nil, nil, account.ErrSubjectNotFound, "Subject not found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			update := account.SubjectUpdate{DID: tt.did, Takedown: tt.takedown, Deactivated: tt.deactivated}
			if tt.did == "" {
				update.DID = b.join(t, "alice", "").Account.DID
				b.update(t, update.DID, applied, nil)
			}
			err := b.UpdateSubject(t.Context(), update, moderator)
			wantError(t, "UpdateSubject", err, tt.want)
			wantText(t, "UpdateSubject", err, tt.text)
		})
	}
	_, err := newBench(t).SubjectStatus(t.Context(), "did:plc:nobody")
	wantError(t, "SubjectStatus", err, account.ErrSubjectNotFound)
}

// Every decision is recorded, but for the end of a takedown that there is not.
func TestSubjectEvents(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.join(t, "alice", "").Account.DID
	b.now = b.now.Add(time.Second)
	b.update(t, did, &account.Applied{Applied: true, Ref: "case 7"}, applied)
	b.update(t, did, lifted, lifted)
	b.update(t, did, lifted, lifted)
	want := []account.EventKind{
		account.EventActivated, account.EventActivated, account.EventRestored,
		account.EventDeactivated, account.EventTakenDown,
	}
	events, err := b.Events(t.Context(), did, len(want))
	if err != nil || len(events) != len(want) {
		t.Fatalf("got %d events, %v, want %d", len(events), err, len(want))
	}
	for i, event := range events {
		if event.Kind != want[i] || event.Client != moderator || event.DID != did || !event.At.Equal(b.now) {
			t.Errorf("event %d: got %+v, want %s by the moderator", i, event, want[i])
		}
	}
	if got := events[len(want)-1].Detail; got != "case 7" {
		t.Errorf("detail of the takedown: got %q", got)
	}
	if none, err := b.Events(t.Context(), "did:plc:nobody", 10); err != nil || len(none) != 0 {
		t.Errorf("events of nobody: got %v, %v, want none", none, err)
	}
}
