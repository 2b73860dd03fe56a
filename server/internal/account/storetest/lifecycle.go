package storetest

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A statusCase is a call that changes the status of an account. Accounts stand for their
// status only.
type statusCase struct {
	name       string
	before     account.Account
	call       statusCall
	want       error
	after      account.Account
	wantLogout bool
}

// A statusCall has the parameters of a method expression.
type statusCall = func(store Store, ctx context.Context, did syntax.DID, record account.Record) error

func statusCases() []statusCase {
	at, deadline := now.Add(time.Hour), now.Add(30*24*time.Hour)
	active := account.Account{}
	deactivated := account.Account{DeactivatedAt: at}
	doomed := account.Account{DeactivatedAt: at, DeleteAfter: deadline}
	takendown := account.Account{TakendownAt: at}
	doomedAndTakendown := account.Account{DeactivatedAt: at, DeleteAfter: deadline, TakendownAt: at}
	both := account.Account{DeactivatedAt: at, TakendownAt: at, TakedownRef: "1"}
	uninviting := account.Account{InvitesDisabled: true, InviteNote: "why"}

	deactivate := func(deleteAfter time.Time) statusCall {
		return func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.Deactivate(ctx, did, at, deleteAfter, record)
		}
	}
	moderate := func(takedown, deactivated *account.Applied) statusCall {
		return func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.Moderate(ctx, account.Decision{
				SubjectUpdate: account.SubjectUpdate{DID: did, Takedown: takedown, Deactivated: deactivated},
				At:            at,
				Records:       []account.Record{record},
			})
		}
	}
	applied, lifted := &account.Applied{Applied: true}, &account.Applied{}
	setInvites := func(disabled bool, note string) statusCall {
		return func(store Store, ctx context.Context, did syntax.DID, record account.Record) error {
			return store.SetInvitesDisabled(ctx, did, disabled, note, record)
		}
	}
	return []statusCase{
		{"deactivate", active, deactivate(time.Time{}), nil, deactivated, false},
		{"deactivate with a deadline", active, deactivate(deadline), nil, doomed, false},
		{"deactivate again without a deadline", doomed, deactivate(time.Time{}), nil, deactivated, false},
		{"activate", doomed, Store.Activate, nil, active, false},
		{"activate what was taken down", both, Store.Activate, account.ErrTakendown, both, false},
		{"take down", deactivated, moderate(&account.Applied{Applied: true, Ref: "1"}, nil), nil, both, true},
		{"take down without a reason", active, moderate(applied, nil), nil, takendown, true},
		{"take down what has a deadline", doomed, moderate(applied, nil), nil, doomedAndTakendown, true},
		{"restore", both, moderate(lifted, nil), nil, deactivated, true},
		{"restore what has a deadline", doomedAndTakendown, moderate(lifted, nil), nil, doomed, true},
		{"switch off", active, moderate(nil, applied), nil, deactivated, false},
		{"switch off what has a deadline", doomed, moderate(nil, applied), nil, doomed, false},
		{"switch on", doomed, moderate(nil, lifted), nil, active, false},
		{"switch on what was taken down", both, moderate(nil, lifted), account.ErrTakendown, both, false},
		{"take down and switch off", active, moderate(&account.Applied{Applied: true, Ref: "1"}, applied), nil, both, true},
		{"restore and switch off", takendown, moderate(lifted, applied), nil, deactivated, true},
		{"restore and switch on", both, moderate(lifted, lifted), nil, active, true},
		{"take down and switch on", deactivated, moderate(applied, lifted), account.ErrTakendown, deactivated, false},
		{"disable invites", active, setInvites(true, "why"), nil, uninviting, false},
		{"enable invites", uninviting, setInvites(false, ""), nil, active, false},
	}
}

// testStatuses tests how accounts are switched off and on, and taken down.
func testStatuses(t *testing.T, open func(t *testing.T) Store) {
	for _, tt := range statusCases() {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			alice, bob := newAccount("alice"), newAccount("bob")
			alice.Account = withStatus(alice.Account, tt.before)
			mustCreate(t, store, alice)
			mustCreate(t, store, bob)
			did := alice.Account.DID
			wantError(t, "the call", tt.call(store, t.Context(), did, newRecord(did, "called")), tt.want)
			wantEqual(t, "account", mustFind(t, store, did), withStatus(alice.Account, tt.after))
			wantEqual(t, "other account", mustFind(t, store, bob.Account.DID), bob.Account)
			wantSessions(t, store, did, map[string]bool{"alice-1": !tt.wantLogout})
			wantSessions(t, store, bob.Account.DID, map[string]bool{"bob-1": true})
			if tt.want == nil {
				wantRecord(t, store, did, "called")
			} else {
				wantRecord(t, store, did)
			}
			err := tt.call(store, t.Context(), "did:plc:nobody", account.Record{})
			wantError(t, "the call for nobody", err, account.ErrAccountNotFound)
		})
	}
}

// withStatus returns a with the status of another.
func withStatus(a, status account.Account) account.Account {
	a.DeactivatedAt, a.DeleteAfter = status.DeactivatedAt, status.DeleteAfter
	a.TakendownAt, a.TakedownRef = status.TakendownAt, status.TakedownRef
	a.InvitesDisabled, a.InviteNote = status.InvitesDisabled, status.InviteNote
	return a
}

// testRepeatedDecisions tests that what an account has had already is left alone, and the rest of a decision
// is done: only the store knows the account that the decision meets.
func testRepeatedDecisions(t *testing.T, open func(t *testing.T) Store) {
	takendown := account.Account{TakendownAt: now, TakedownRef: "1"}
	unnamed, lifted := &account.Applied{Applied: true, Ref: "the time"}, &account.Applied{}
	tests := []struct {
		name        string
		before      account.Account
		takedown    *account.Applied
		deactivated *account.Applied
		after       account.Account
		want        []account.EventKind
	}{
		{"take down again", takendown, unnamed, nil, takendown, nil},
		{"restore what is not down", account.Account{}, lifted, nil, account.Account{}, nil},
		{
			"restore what is not down, and switch off",
			account.Account{},
			lifted, unnamed,
			account.Account{DeactivatedAt: now.Add(time.Hour)},
			[]account.EventKind{account.EventDeactivated},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			alice := newAccount("alice")
			alice.Account = withStatus(alice.Account, tt.before)
			mustCreate(t, store, alice)
			did := alice.Account.DID
			err := store.Moderate(t.Context(), account.Decision{
				SubjectUpdate: account.SubjectUpdate{DID: did, Takedown: tt.takedown, Deactivated: tt.deactivated},
				At:            now.Add(time.Hour),
				Unnamed:       true,
				Records:       recordsOf(did, tt.takedown, tt.deactivated),
			})
			wantError(t, "Moderate", err, nil)
			wantEqual(t, "account", mustFind(t, store, did), withStatus(alice.Account, tt.after))
			wantSessions(t, store, did, map[string]bool{"alice-1": true})
			wantRecord(t, store, did, tt.want...)
		})
	}
}

// recordsOf returns the records of a takedown or its end, and of a deactivation.
func recordsOf(did syntax.DID, takedown, deactivated *account.Applied) []account.Record {
	kind := account.EventRestored
	if takedown.Applied {
		kind = account.EventTakenDown
	}
	records := []account.Record{newRecord(did, kind)}
	if deactivated != nil {
		records = append(records, newRecord(did, account.EventDeactivated))
	}
	return records
}

// testDeletions tests that an account goes with all that is its own, and nothing else.
func testDeletions(t *testing.T, open func(t *testing.T) Store) {
	alice := newAccount("alice")
	did := alice.Account.DID
	wrong := newProof(account.PurposeDeleteAccount, "wrong")
	tests := []struct {
		name     string
		deletion account.Deletion
		want     error
	}{
		{"without a password", account.Deletion{DID: did}, nil},
		{"with the password", account.Deletion{DID: did, CredentialVersion: account.FirstCredentialVersion}, nil},
		{"with a password that was changed", account.Deletion{DID: did, CredentialVersion: account.FirstCredentialVersion + 1}, account.ErrCredentialsChanged},
		{"with a changed password and a wrong token", account.Deletion{DID: did, CredentialVersion: account.FirstCredentialVersion + 1, Proof: &wrong}, account.ErrCredentialsChanged},
		{"of an account without a deadline", account.Deletion{DID: did, OverdueAt: now.Add(time.Hour)}, account.ErrNotOverdue},
		{"of nobody", account.Deletion{DID: "did:plc:nobody", CredentialVersion: 2, Proof: &wrong}, account.ErrAccountNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, name := range []string{"alice", "bob"} {
				mustCreate(t, store, newAccount(name))
				furnish(t, store, didOf(name))
			}
			tt.deletion.Mails = []account.QueuedMail{newMail("", "farewell")}
			wantError(t, "DeleteAccount", store.DeleteAccount(t.Context(), tt.deletion), tt.want)
			wantFurnished(t, store, didOf("bob"), true)
			wantFurnished(t, store, did, tt.want != nil)
			mails, err := store.ClaimMails(t.Context(), now, now, 100)
			must(t, err)
			farewell := false
			for _, mail := range mails {
				farewell = farewell || mail.ID == "farewell"
			}
			wantEqual(t, "farewell", farewell, tt.want == nil)
			if tt.want == nil {
				mustCreate(t, store, alice)
				wantRecord(t, store, did)
			}
		})
	}
}

// furnish gives an account one of everything that can belong to it.
func furnish(t *testing.T, store Store, did syntax.DID) {
	t.Helper()
	must(t, store.AddEvent(t.Context(), account.Record{Event: newRecord(did, "furnished").Event}))
	mustQueue(t, store, newMail(did, "mail of "+string(did)))
	must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
	mustMail(t, store, newToken(did, account.PurposeResetPassword, "token of "+string(did)))
	code := newInvite("code of " + string(did))
	code.ForAccount = string(did)
	must(t, store.CreateInvites(t.Context(), []account.InviteCode{code}, 10))
	must(t, store.ReserveHandle(t.Context(), newChange(did, syntax.Handle("next-"+did)), now))
}

// wantFurnished compares whether everything is there that furnish has made.
func wantFurnished(t *testing.T, store Store, did syntax.DID, want bool) {
	t.Helper()
	ctx := t.Context()
	events, err := store.Events(ctx, did, 10)
	must(t, err)
	apps, err := store.AppPasswords(ctx, did)
	must(t, err)
	_, keyErr := store.SigningKey(ctx, did)
	_, tokenErr := store.FindByEmailToken(ctx, newProof(account.PurposeResetPassword, "token of "+string(did)))
	codeErr := store.CheckSignup(ctx, "free.test", "free@example.com", "code of "+string(did), now)
	handleErr := store.CheckSignup(ctx, syntax.Handle("next-"+did), "free@example.com", "", now)
	mails, err := store.ClaimMails(ctx, now, now, 100)
	must(t, err)
	queued := false
	for _, mail := range mails {
		queued = queued || mail.DID == did
	}
	got := map[string]bool{
		"events": len(events) > 0, "app passwords": len(apps) > 0, "signing key": keyErr == nil, "token": tokenErr == nil,
		"invite code": codeErr == nil, "handle reservation": handleErr != nil, "mail": queued,
	}
	for what, got := range got {
		if got != want {
			t.Errorf("%s of %s: got %t, want %t", what, did, got, want)
		}
	}
}

// testEvents tests the audit log.
func testEvents(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	t.Run("the newest first", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		mustCreate(t, store, newAccount("bob"))
		var want []account.Event
		for i, kind := range []account.EventKind{account.EventLogin, account.EventDeactivated, account.EventActivated} {
			record := newRecord(did, kind)
			record.Event.At = now.Add(time.Duration(i/2) * time.Hour) // the first two at once
			must(t, store.AddEvent(t.Context(), record))
			want = append([]account.Event{record.Event}, want...)
		}
		must(t, store.AddEvent(t.Context(), newRecord(didOf("bob"), "other")))
		for _, limit := range []int{1, 3, 10} {
			got, err := store.Events(t.Context(), did, limit)
			wantError(t, "Events", err, nil)
			wantEqual(t, "events", got, want[:min(limit, len(want))])
		}
	})
	t.Run("mails alone", func(t *testing.T) {
		store := open(t)
		must(t, store.AddEvent(t.Context(), account.Record{Mails: []account.QueuedMail{newMail("", "alone")}}))
		mails, err := store.ClaimMails(t.Context(), now, now, 10)
		wantError(t, "ClaimMails", err, nil)
		wantEqual(t, "mails", mails, []account.QueuedMail{newMail("", "alone")})
	})
	t.Run("of nobody", func(t *testing.T) {
		store := open(t)
		wantError(t, "AddEvent", store.AddEvent(t.Context(), newRecord(did, "event")), account.ErrAccountNotFound)
		wantRecord(t, store, did)
	})
	t.Run("more than enough", func(t *testing.T) { testMaxEvents(t, open) })
	t.Run("quota", func(t *testing.T) { testQuota(t, open) })
	t.Run("quota at once", func(t *testing.T) { testQuotaAtOnce(t, open) })
	t.Run("quota in a flood", func(t *testing.T) { testQuotaInAFlood(t, open) })
	t.Run("known networks", func(t *testing.T) { testKnownNetworks(t, open) })
}

// testMaxEvents adds more events of a kind than are kept, which are the oldest ones that go.
func testMaxEvents(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did, other := didOf("alice"), didOf("bob")
	mustCreate(t, store, newAccount("alice"))
	mustCreate(t, store, newAccount("bob"))
	const excess = 2
	rare := account.Event{DID: did, Kind: "rare", At: now.Add(-time.Hour)}
	must(t, store.AddEvent(t.Context(), account.Record{Event: rare}))
	must(t, store.AddEvent(t.Context(), newRecord(other, "frequent")))
	for i := range account.MaxEvents + excess {
		event := account.Event{DID: did, Kind: "frequent", At: now.Add(time.Duration(i) * time.Second)}
		must(t, store.AddEvent(t.Context(), account.Record{Event: event}))
	}
	events, err := store.Events(t.Context(), did, account.MaxEvents+10)
	wantError(t, "Events", err, nil)
	wantEqual(t, "events", len(events), account.MaxEvents+1)
	oldest := events[account.MaxEvents-1]
	wantEqual(t, "oldest of the frequent ones", oldest.At, now.Add(excess*time.Second))
	wantEqual(t, "last one", events[account.MaxEvents].Kind, "rare")
	events, err = store.Events(t.Context(), other, 10)
	wantError(t, "Events", err, nil)
	wantEqual(t, "events of another account", len(events), 1)
}

func testKnownNetworks(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did := didOf("alice")
	for name, addresses := range map[string][]string{
		"alice": {"192.0.2.2", "2001:db8:0:1::7", "::ffff:198.51.100.1", "", "nonsense"},
		"bob":   {"192.0.2.3"},
	} {
		mustCreate(t, store, newAccount(name))
		for _, address := range addresses {
			event := newRecord(didOf(name), account.EventLogin).Event
			event.Client.IP = address
			must(t, store.AddEvent(t.Context(), account.Record{Event: event}))
		}
	}
	elsewhere := newRecord(did, account.EventPasswordSet).Event
	elsewhere.Client.IP = "203.0.113.5"
	must(t, store.AddEvent(t.Context(), account.Record{Event: elsewhere}))
	tests := []struct {
		name    string
		network netip.Prefix
		want    bool
	}{
		{"that of an event of another kind", netip.MustParsePrefix("203.0.113.5/32"), false},
		{"an address", netip.MustParsePrefix("192.0.2.2/32"), true},
		{"a network of version 4", netip.MustParsePrefix("192.0.2.0/24"), true},
		{"a network of version 6", netip.MustParsePrefix("2001:db8:0:1::/64"), true},
		{"an address in a longer form", netip.MustParsePrefix("198.51.100.1/32"), true},
		{"another network of version 6", netip.MustParsePrefix("2001:db8:0:2::/64"), false},
		{"another address", netip.MustParsePrefix("192.0.2.9/32"), false},
		{"that of another account", netip.MustParsePrefix("192.0.2.3/32"), false},
		{"none", netip.Prefix{}, false},
	}
	for _, tt := range tests {
		got, err := store.KnowsNetwork(t.Context(), did, []account.EventKind{account.EventLogin}, tt.network)
		wantError(t, "KnowsNetwork", err, nil)
		wantEqual(t, tt.name, got, tt.want)
	}
}
