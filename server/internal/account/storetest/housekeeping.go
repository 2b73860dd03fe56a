package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A sweepCase is a thing that is over some day.
type sweepCase struct {
	name   string
	before time.Time // a time at which it is still there
	over   time.Time // the time from which a sweep forgets it
	exists func(t *testing.T, store Store) bool
}

func sweepCases() []sweepCase {
	did := didOf("alice")
	tokenOver := now.Add(account.EmailTokenLifetime + account.EmailTokenMemory)
	return []sweepCase{
		{
			"session", now.Add(account.IdleLifetime - time.Millisecond), now.Add(account.IdleLifetime),
			func(t *testing.T, store Store) bool {
				_, err := store.FindSession(t.Context(), did, "alice-1")
				return err == nil
			},
		},
		{
			"mailed token", tokenOver.Add(-time.Millisecond), tokenOver,
			func(t *testing.T, store Store) bool {
				proof := newProof(account.PurposeResetPassword, "token")
				proof.NotBefore = time.Time{}
				_, err := store.FindByEmailToken(t.Context(), proof)
				return err == nil
			},
		},
		{
			"reserved key", now.Add(time.Hour - time.Millisecond), now.Add(time.Hour),
			func(t *testing.T, store Store) bool {
				another := account.ReservedKey{Key: newKey("another"), DID: "did:plc:new", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
				key, err := store.ReserveSigningKey(t.Context(), another, now, 10)
				must(t, err)
				return key.Public == "did:key:new"
			},
		},
		{
			"nonce", now.Add(2*time.Hour - time.Millisecond), now.Add(2 * time.Hour),
			func(t *testing.T, store Store) bool {
				return store.ClaimNonce(t.Context(), secret("nonce"), now, now.Add(2*time.Hour)) != nil
			},
		},
		{
			"quarantine", now.Add(3*time.Hour - time.Millisecond), now.Add(3 * time.Hour),
			func(t *testing.T, store Store) bool {
				return store.CheckSignup(t.Context(), "former.test", "", "", now) != nil
			},
		},
		{
			"event", now.Add(24 * time.Hour), now.Add(24*time.Hour + time.Millisecond),
			func(t *testing.T, store Store) bool {
				events, err := store.Events(t.Context(), did, 10)
				must(t, err)
				return len(events) > 0
			},
		},
	}
}

// testSweeps tests that what is over is forgotten, and nothing else.
func testSweeps(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	for _, tt := range sweepCases() {
		for at, want := range map[time.Time]bool{tt.before: true, tt.over: false} {
			t.Run(tt.name, func(t *testing.T) {
				store := open(t)
				mustCreate(t, store, newAccount("alice"))
				mustMail(t, store, newToken(did, account.PurposeResetPassword, "token"))
				key := account.ReservedKey{Key: newKey("new"), DID: "did:plc:new", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
				_, err := store.ReserveSigningKey(t.Context(), key, now, 10)
				must(t, err)
				must(t, store.ClaimNonce(t.Context(), secret("nonce"), now, now.Add(2*time.Hour)))
				giveUp(t, store, "former", now.Add(3*time.Hour))
				event := newRecord(did, account.EventLogin)
				event.Event.At = now
				must(t, store.AddEvent(t.Context(), event))

				wantError(t, "Sweep", store.Sweep(t.Context(), at, at.Add(-24*time.Hour)), nil)
				wantEqual(t, tt.name+" exists", tt.exists(t, store), want)
				wantEqual(t, "account", mustFind(t, store, did), newAccount("alice").Account)
			})
		}
	}
	t.Run("session that is refreshed", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		mustRotate(t, store, newRotation(did, "alice-1", now))
		at := now.Add(account.RefreshGrace)
		must(t, store.Sweep(t.Context(), at, at))
		_, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now))
		wantError(t, "RotateRefresh of the used token", err, account.ErrTokenRevoked)
		mustRotate(t, store, newRotation(did, "alice-1+", at))
	})
}

// testOverdue tests whose deadline of deletion is over.
func testOverdue(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	var want []account.Account
	for i, name := range []string{"c", "a", "b"} {
		p := newAccount(name)
		p.Account.DeactivatedAt = now
		p.Account.DeleteAfter = now.Add(time.Duration(min(i, 1)) * time.Hour)
		want = append(want, mustCreate(t, store, p).Account)
	}
	mustCreate(t, store, newAccount("active"))
	late := now.Add(2 * time.Hour)
	placeOf := func(a account.Account) account.OverduePlace {
		return account.OverduePlace{DeleteAfter: a.DeleteAfter, DID: a.DID}
	}
	for _, tt := range []struct {
		name  string
		query account.OverdueQuery
		want  []account.Account
	}{
		{"none", account.OverdueQuery{Now: now.Add(-time.Millisecond), Limit: 10}, nil},
		{"one", account.OverdueQuery{Now: now, Limit: 10}, want[:1]},
		{"all", account.OverdueQuery{Now: late, Limit: 10}, want},
		{"as many as wanted", account.OverdueQuery{Now: late, Limit: 2}, want[:2]},
		{"behind one", account.OverdueQuery{Now: late, After: placeOf(want[0]), Limit: 10}, want[1:]},
		{"behind one with the same deadline", account.OverdueQuery{Now: late, After: placeOf(want[1]), Limit: 10}, want[2:]},
		{"behind all", account.OverdueQuery{Now: late, After: placeOf(want[2]), Limit: 10}, nil},
	} {
		got, err := store.Overdue(t.Context(), tt.query)
		wantError(t, "Overdue", err, nil)
		wantEqual(t, tt.name, got, tt.want)
	}
	must(t, store.Activate(t.Context(), didOf("c"), account.Record{}))
	got, err := store.Overdue(t.Context(), account.OverdueQuery{Now: late, Limit: 10})
	wantError(t, "Overdue", err, nil)
	wantEqual(t, "after an activation", got, want[1:])
}

// testExpireLeases tests that everything under way can be taken over.
func testExpireLeases(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	did := mustCreate(t, store, newAccount("alice")).Account.DID
	must(t, store.ReserveSignup(t.Context(), newAccount("under").Reservation))
	must(t, store.ReserveHandle(t.Context(), newChange(did, "new.test"), now))
	mustQueue(t, store, newMail(did, "mail"))
	later := newMail(did, "later")
	later.Due = now.Add(time.Second)
	mustQueue(t, store, later)
	mails, err := store.ClaimMails(t.Context(), now, now.Add(time.Minute), 10)
	wantError(t, "ClaimMails", err, nil)
	wantEqual(t, "mails", mails, []account.QueuedMail{newMail(did, "mail")})
	for range 2 {
		wantError(t, "ExpireLeases", store.ExpireLeases(t.Context()), nil)
	}
	signups, err := store.Reservations(t.Context(), now)
	wantError(t, "Reservations", err, nil)
	handles, err := store.HandleReservations(t.Context(), now)
	wantError(t, "HandleReservations", err, nil)
	mails, err = store.ClaimMails(t.Context(), now, now.Add(time.Minute), 10)
	wantError(t, "ClaimMails again", err, nil)
	wantEqual(t, "mails that are due", mails, []account.QueuedMail{newMail(did, "mail")})
	if len(signups) != 1 || len(handles) != 1 {
		t.Fatalf("got %d sign-ups and %d handles whose lease is over, want 1 and 1", len(signups), len(handles))
	}
	_, err = store.FinishSignup(t.Context(), signups[0].Account.DID, nil, account.Record{})
	wantError(t, "FinishSignup", err, nil)
	_, err = store.CommitHandle(t.Context(), handles[0].DID, handles[0].Handle, time.Time{}, account.Record{})
	wantError(t, "CommitHandle", err, nil)
}
