package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testQuota asks for mails about events, of which the log has "a" of now and of two hours
// later, "b" of one hour later, and "a" without mails of every time.
func testQuota(t *testing.T, open func(t *testing.T) Store) {
	before := now.Add(-time.Millisecond)
	tests := []struct {
		name   string
		kind   account.EventKind
		detail string
		quota  account.Quota
		mailed bool
	}{
		{"none", "a", "", account.Quota{}, true},
		{"reached", "a", "", account.Quota{Most: 2, After: before}, false},
		{"exceeded", "a", "", account.Quota{Most: 1, After: before}, false},
		{"not reached", "a", "", account.Quota{Most: 3, After: before}, true},
		{"of the time after the first", "a", "", account.Quota{Most: 2, After: now}, true},
		{"of another kind", "b", "", account.Quota{Most: 2, After: before}, true},
		{"of a kind that there is not", "c", "", account.Quota{Most: 1, After: before}, true},
		{"reached with the same detail", "a", "detail of a", account.Quota{Most: 2, After: before, SameDetail: true}, false},
		{"of another detail", "a", "", account.Quota{Most: 1, After: before, SameDetail: true}, true},
		{"whatever the detail", "a", "another", account.Quota{Most: 2, After: before}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, name := range []string{"alice", "bob"} { // each has a log of its own
				fillLog(t, store, mustCreate(t, store, newAccount(name)).Account.DID)
			}
			record := newRecord(didOf("alice"), tt.kind)
			record.Event.Detail, record.Quota = tt.detail, tt.quota
			must(t, store.AddEvent(t.Context(), record))
			events, err := store.Events(t.Context(), didOf("alice"), 10)
			wantError(t, "Events", err, nil)
			wantEqual(t, "events", len(events), 7)
			mails, err := store.ClaimMails(t.Context(), now, now, 10)
			wantError(t, "ClaimMails", err, nil)
			mailed := slices.ContainsFunc(mails, func(mail account.QueuedMail) bool { return mail.ID == record.Mails[0].ID })
			wantEqual(t, "mailed", mailed, tt.mailed)
		})
	}
}

// fillLog notes what testQuota says in the log of an account.
func fillLog(t *testing.T, store Store, did syntax.DID) {
	t.Helper()
	for i, kind := range []account.EventKind{"a", "b", "a"} {
		event := newRecord(did, kind).Event
		event.At = now.Add(time.Duration(i) * time.Hour)
		mail := newMail(did, fmt.Sprint(did, i))
		must(t, store.AddEvent(t.Context(), account.Record{Event: event, Mails: []account.QueuedMail{mail}}))
		event.Kind = "a"
		must(t, store.AddEvent(t.Context(), account.Record{Event: event}))
	}
}

// testQuotaInAFlood notes more events than the log keeps, after some that were told: these
// count all the same, and are forgotten as soon as they do not.
func testQuotaInAFlood(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did := mustCreate(t, store, newAccount("alice")).Account.DID
	quota := account.Quota{Most: 3, After: now.Add(-time.Hour)}
	note := func(i int) {
		must(t, store.AddEvent(t.Context(), account.Record{
			Event: account.Event{DID: did, Kind: "a", At: now.Add(time.Duration(i) * time.Millisecond)},
			Mails: []account.QueuedMail{newMail(did, fmt.Sprint(i))},
			Quota: quota,
		}))
	}
	const flood = account.MaxEvents + 10
	for i := range flood {
		note(i)
	}
	mails, err := store.ClaimMails(t.Context(), now, now, 10)
	wantError(t, "ClaimMails", err, nil)
	wantEqual(t, "mails", len(mails), quota.Most)
	events, err := store.Events(t.Context(), did, 2*account.MaxEvents)
	wantError(t, "Events", err, nil)
	wantEqual(t, "events while they count", len(events), account.MaxEvents+quota.Most)

	quota.After = now.Add(time.Duration(flood) * time.Millisecond)
	note(flood + 1)
	events, err = store.Events(t.Context(), did, 2*account.MaxEvents)
	wantError(t, "Events", err, nil)
	wantEqual(t, "events afterwards", len(events), account.MaxEvents)
}

// testQuotaAtOnce notes many events at the same time, of which no more are told.
func testQuotaAtOnce(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did := mustCreate(t, store, newAccount("alice")).Account.DID
	errs := inParallel(racers, func(i int) error {
		return store.AddEvent(t.Context(), account.Record{
			Event: account.Event{DID: did, Kind: "a", At: now},
			Mails: []account.QueuedMail{newMail(did, fmt.Sprint(i))},
			Quota: account.Quota{Most: 3, After: now.Add(-time.Hour)},
		})
	})
	wantEqual(t, "successes", tally(errs, nil), "[10] others 0")
	mails, err := store.ClaimMails(t.Context(), now, now, racers)
	wantError(t, "ClaimMails", err, nil)
	wantEqual(t, "mails", len(mails), 3)
}

// testQuotaOfTokens asks for more tokens than an account is mailed. Those that are too many
// leave nothing behind, and the token that was mailed last as it is.
func testQuotaOfTokens(t *testing.T, open func(t *testing.T) Store) {
	const purpose = account.PurposeResetPassword
	setUp := func(t *testing.T) (store Store, ask func(i int, at time.Time) error) {
		store = open(t)
		did := mustCreate(t, store, newAccount("alice")).Account.DID
		return store, func(i int, at time.Time) error {
			token := newToken(did, purpose, fmt.Sprint(i))
			token.Record = recorded(account.Record{
				Event: account.Event{DID: did, Kind: account.EventTokenMailed, At: at, Detail: string(purpose)},
				Mails: []account.QueuedMail{newMail(did, fmt.Sprint(i))},
				Quota: account.Quota{Most: 3, After: at.Add(-time.Hour), SameDetail: true},
			})
			return store.PutEmailToken(t.Context(), token)
		}
	}
	wantKept := func(t *testing.T, store Store, want int) {
		t.Helper()
		events, err := store.Events(t.Context(), didOf("alice"), 2*racers)
		wantError(t, "Events", err, nil)
		wantEqual(t, "events", len(events), want)
		mails, err := store.ClaimMails(t.Context(), now, now, 2*racers)
		wantError(t, "ClaimMails", err, nil)
		wantEqual(t, "mails", len(mails), want)
	}
	t.Run("one after the other", func(t *testing.T) {
		store, ask := setUp(t)
		for i := range 3 {
			wantError(t, "PutEmailToken", ask(i, now), nil)
		}
		wantError(t, "PutEmailToken once more", ask(3, now.Add(time.Hour-time.Millisecond)), account.ErrEnoughMails)
		wantKept(t, store, 3)
		_, err := store.FindByEmailToken(t.Context(), newProof(purpose, "2"))
		wantError(t, "FindByEmailToken of the last one", err, nil)
		wantError(t, "PutEmailToken after an hour", ask(4, now.Add(time.Hour)), nil)
		_, err = store.FindByEmailToken(t.Context(), newProof(purpose, "4"))
		wantError(t, "FindByEmailToken of the new one", err, nil)
	})
	t.Run("the last one is used", func(t *testing.T) {
		store, ask := setUp(t)
		for i := range 3 {
			wantError(t, "PutEmailToken", ask(i, now), nil)
		}
		must(t, store.UseEmailToken(t.Context(), didOf("alice"), newProof(purpose, "2"), account.Record{}))
		wantError(t, "PutEmailToken", ask(3, now), nil)
		wantError(t, "PutEmailToken once more", ask(4, now), account.ErrEnoughMails)
	})
	t.Run("the last one is void", func(t *testing.T) {
		store, ask := setUp(t)
		for i := range 3 {
			wantError(t, "PutEmailToken", ask(i, now), nil)
		}
		for range account.MaxTokenAttempts {
			err := store.UseEmailToken(t.Context(), didOf("alice"), newProof(purpose, "wrong"), account.Record{})
			wantError(t, "UseEmailToken", err, account.ErrEmailTokenInvalid)
		}
		wantError(t, "PutEmailToken", ask(3, now), nil)
	})
	t.Run("at once", func(t *testing.T) {
		store, ask := setUp(t)
		errs := inParallel(racers, func(i int) error { return ask(i, now) })
		wantEqual(t, "kept, too many", tally(errs, nil, account.ErrEnoughMails), "[3 7] others 0")
		wantKept(t, store, 3)
	})
}
