package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testQuota asks for mails about events, of which the log has "a" of now and of two hours
// later, and "b" of one hour later.
func testQuota(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name   string
		kind   account.EventKind
		quota  account.Quota
		mailed bool
	}{
		{"none", "a", account.Quota{}, true},
		{"reached", "a", account.Quota{Most: 2, After: now.Add(-time.Millisecond)}, false},
		{"exceeded", "a", account.Quota{Most: 1, After: now.Add(-time.Millisecond)}, false},
		{"not reached", "a", account.Quota{Most: 3, After: now.Add(-time.Millisecond)}, true},
		{"of the time after the first", "a", account.Quota{Most: 2, After: now}, true},
		{"of another kind", "b", account.Quota{Most: 2, After: now.Add(-time.Millisecond)}, true},
		{"of a kind that there is not", "c", account.Quota{Most: 1, After: now.Add(-time.Millisecond)}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			for _, name := range []string{"alice", "bob"} { // each has a log of its own
				mustCreate(t, store, newAccount(name))
				for i, kind := range []account.EventKind{"a", "b", "a"} {
					record := newRecord(didOf(name), kind)
					record.Event.At = now.Add(time.Duration(i) * time.Hour)
					must(t, store.AddEvent(t.Context(), account.Record{Event: record.Event}))
				}
			}
			record := newRecord(didOf("alice"), tt.kind)
			record.Quota = tt.quota
			must(t, store.AddEvent(t.Context(), record))
			events, err := store.Events(t.Context(), didOf("alice"), 10)
			wantError(t, "Events", err, nil)
			wantEqual(t, "events", len(events), 4)
			mails, err := store.ClaimMails(t.Context(), now, now, 10)
			wantError(t, "ClaimMails", err, nil)
			wantEqual(t, "mailed", len(mails) > 0, tt.mailed)
		})
	}
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
