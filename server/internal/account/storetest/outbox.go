package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testOutbox tests which mails are due when.
func testOutbox(t *testing.T, open func(t *testing.T) Store) {
	lease := now.Add(time.Minute)
	setUp := func(t *testing.T) Store {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		for i, did := range []syntax.DID{didOf("alice"), "", didOf("alice")} {
			mail := newMail(did, fmt.Sprint(3-i))
			mail.Due = now.Add(time.Duration(i) * time.Second)
			mustQueue(t, store, mail)
		}
		return store
	}
	claim := func(t *testing.T, store Store, at time.Time, limit int) (ids []string) {
		t.Helper()
		mails, err := store.ClaimMails(t.Context(), at, lease, limit)
		must(t, err)
		for _, mail := range mails {
			ids = append(ids, mail.ID)
		}
		return ids
	}
	t.Run("the oldest first", func(t *testing.T) {
		store := setUp(t)
		wantEqual(t, "mails before they are due", claim(t, store, now.Add(-time.Millisecond), 10), nil)
		wantEqual(t, "mails", claim(t, store, now.Add(2*time.Second), 2), []string{"3", "2"})
		wantEqual(t, "the rest", claim(t, store, now.Add(2*time.Second), 2), []string{"1"})
		wantEqual(t, "claimed mails", claim(t, store, lease.Add(-time.Millisecond), 10), nil)
		wantEqual(t, "mails whose lease is over", claim(t, store, lease, 10), []string{"3", "2", "1"})
	})
	t.Run("as queued", func(t *testing.T) {
		store := setUp(t)
		got, err := store.ClaimMails(t.Context(), now, lease, 1)
		wantError(t, "ClaimMails", err, nil)
		wantEqual(t, "mails", got, []account.QueuedMail{newMail(didOf("alice"), "3")})
	})
	t.Run("given back", func(t *testing.T) {
		store := setUp(t)
		at := now.Add(time.Second)
		wantEqual(t, "mails", claim(t, store, at, 10), []string{"3", "2"})
		wantError(t, "ReleaseMails", store.ReleaseMails(t.Context(), []string{"2", "none"}), nil)
		wantError(t, "ReleaseMails of none", store.ReleaseMails(t.Context(), nil), nil)
		got, err := store.ClaimMails(t.Context(), at, lease, 10)
		wantError(t, "ClaimMails", err, nil)
		want := newMail("", "2")
		want.Due = at
		wantEqual(t, "mails given back", got, []account.QueuedMail{want})
	})
	t.Run("sent", func(t *testing.T) {
		store := setUp(t)
		for range 2 {
			wantError(t, "FinishMail", store.FinishMail(t.Context(), "2"), nil)
		}
		wantEqual(t, "mails", claim(t, store, lease, 10), []string{"3", "1"})
	})
	t.Run("failed", func(t *testing.T) {
		store := setUp(t)
		later := now.Add(time.Hour)
		claim(t, store, now, 10)
		must(t, store.PostponeMail(t.Context(), "3", later.Add(-time.Minute)))
		must(t, store.PostponeMail(t.Context(), "3", later))
		must(t, store.PostponeMail(t.Context(), "none", later))
		wantEqual(t, "mails", claim(t, store, later.Add(-time.Millisecond), 10), []string{"2", "1"})
		got, err := store.ClaimMails(t.Context(), later, later.Add(time.Minute), 10)
		wantError(t, "ClaimMails", err, nil)
		for _, mail := range got {
			want := 0
			if mail.ID == "3" {
				want = 2
			}
			wantEqual(t, "failures of mail "+mail.ID, mail.Failures, want)
		}
	})
	t.Run("several who send", func(t *testing.T) {
		store := setUp(t)
		seen := make(chan string, 100)
		errs := inParallel(racers, func(int) error {
			mails, err := store.ClaimMails(t.Context(), now.Add(time.Second), lease, 1)
			for _, mail := range mails {
				seen <- mail.ID
			}
			return err
		})
		wantEqual(t, "successes", tally(errs, nil), "[10] others 0")
		wantEqual(t, "claims", len(seen), 2)
	})
}
