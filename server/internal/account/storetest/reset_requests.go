package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testResetRequests tests which requests for resets wait, and in which order.
func testResetRequests(t *testing.T, open func(t *testing.T) Store) {
	const most = 5
	newRequest := func(email string) account.ResetRequest {
		return account.ResetRequest{Email: email, At: now}
	}
	keep := func(t *testing.T, store Store, emails ...string) {
		t.Helper()
		for _, email := range emails {
			must(t, store.KeepResetRequest(t.Context(), newRequest(email), most))
		}
	}
	list := func(t *testing.T, store Store, after int64, limit int) (emails []string, last int64) {
		t.Helper()
		requests, err := store.ResetRequests(t.Context(), after, limit)
		must(t, err)
		for _, request := range requests {
			emails, last = append(emails, request.Email), request.ID
		}
		return emails, last
	}
	t.Run("as kept", func(t *testing.T) {
		store := open(t)
		want := newRequest("alice@example.com")
		wantError(t, "KeepResetRequest", store.KeepResetRequest(t.Context(), want, most), nil)
		got, err := store.ResetRequests(t.Context(), 0, 10)
		wantError(t, "ResetRequests", err, nil)
		if len(got) != 1 || got[0].ID <= 0 {
			t.Fatalf("requests: got %+v, want one with an ID", got)
		}
		want.ID = got[0].ID
		wantEqual(t, "request", got[0], want)
	})
	t.Run("the oldest first", func(t *testing.T) {
		store := open(t)
		early := newRequest("b") // by a clock that was set back
		early.At = now.Add(-time.Hour)
		keep(t, store, "c")
		must(t, store.KeepResetRequest(t.Context(), early, most))
		keep(t, store, "a", "c")
		first, last := list(t, store, 0, 3)
		wantEqual(t, "requests", first, []string{"c", "b", "a"})
		second, last := list(t, store, last, 3)
		wantEqual(t, "the rest", second, []string{"c"})
		none, _ := list(t, store, last, 3)
		wantEqual(t, "behind the last", none, nil)
	})
	t.Run("forgotten", func(t *testing.T) {
		store := open(t)
		keep(t, store, "a", "b", "c")
		_, second := list(t, store, 0, 2)
		for range 2 {
			wantError(t, "ForgetResetRequest", store.ForgetResetRequest(t.Context(), second), nil)
		}
		keep(t, store, "d")
		left, _ := list(t, store, 0, 10)
		wantEqual(t, "requests", left, []string{"a", "c", "d"})
	})
	t.Run("too many", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		errs := inParallel(racers, func(i int) error {
			return store.KeepResetRequest(t.Context(), newRequest(fmt.Sprint(i)), most)
		})
		wantEqual(t, "successes, refusals", tally(errs, nil, account.ErrBusy), "[5 5] others 0")
		for _, email := range []string{"alice@example.com", "nobody@example.com"} {
			wantError(t, "KeepResetRequest of "+email, store.KeepResetRequest(t.Context(), newRequest(email), most), account.ErrBusy)
		}
		_, first := list(t, store, 0, 1)
		must(t, store.ForgetResetRequest(t.Context(), first))
		keep(t, store, "again")
	})
}
