package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// racers is how many callers race in each of these tests.
const racers = 10

// testRaces tests what holds whoever comes first.
func testRaces(t *testing.T, open func(t *testing.T) Store) {
	t.Run("signups for one name", func(t *testing.T) {
		store := open(t)
		errs := inParallel(racers, func(i int) error {
			created := newAccount(fmt.Sprint("racer", i))
			created.Account.Handle, created.Account.Email = "wanted.test", "wanted@example.com"
			return store.CreateAccount(t.Context(), created)
		})
		wantEqual(t, "successes, handle taken", tally(errs, nil, account.ErrHandleTaken), "[1 9] others 0")
	})
	t.Run("signups for one email", func(t *testing.T) {
		store := open(t)
		errs := inParallel(racers, func(i int) error {
			created := newAccount(fmt.Sprint("racer", i))
			created.Account.Email = "wanted@example.com"
			return store.CreateAccount(t.Context(), created)
		})
		wantEqual(t, "successes, email taken", tally(errs, nil, account.ErrEmailTaken), "[1 9] others 0")
	})
	t.Run("refreshes of one token", func(t *testing.T) {
		store := open(t)
		alice := mustCreate(t, store, newAccount("alice"))
		errs := inParallel(racers, func(int) error {
			_, err := store.RotateRefresh(t.Context(), newRotation(alice.Account.DID, "alice-1", now))
			return err
		})
		wantEqual(t, "successes", tally(errs, nil), "[10] others 0")
		mustRotate(t, store, newRotation(alice.Account.DID, "alice-1+", now))
	})
	t.Run("refreshes against a logout", func(t *testing.T) {
		store := open(t)
		alice := mustCreate(t, store, newAccount("alice"))
		did := alice.Account.DID
		errs := inParallel(racers, func(i int) error {
			if i == racers/2 {
				return store.EndSession(t.Context(), did, "alice-1")
			}
			_, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now))
			return err
		})
		for _, err := range errs {
			if err != nil {
				wantError(t, "RotateRefresh", err, account.ErrTokenRevoked)
			}
		}
		for _, token := range []string{"alice-1", "alice-1+"} {
			_, err := store.RotateRefresh(t.Context(), newRotation(did, token, now.Add(time.Minute)))
			wantError(t, "RotateRefresh after the logout", err, account.ErrTokenRevoked)
		}
	})
}
