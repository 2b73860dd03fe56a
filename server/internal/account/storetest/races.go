package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// racers is how many callers race in each of these tests.
const racers = 10

// testRacesForNames tests that only one gets what there is one of.
func testRacesForNames(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name  string
		alike func(p *person)
		lost  error
	}{
		{"sign-ups for one name", func(p *person) {
			p.Account.Handle, p.Account.Email = "wanted.test", "wanted@example.com"
		}, account.ErrHandleTaken},
		{"sign-ups for one handle", func(p *person) { p.Account.Handle = "wanted.test" }, account.ErrHandleTaken},
		{"sign-ups for one email", func(p *person) { p.Account.Email = "wanted@example.com" }, account.ErrEmailTaken},
		{"sign-ups with one code", func(p *person) { p.InviteCode = "code" }, account.ErrInvalidInviteCode},
		{"sign-ups of one DID", func(p *person) {
			p.Account.DID = "did:plc:wanted"
			p.Session.Session.DID = "did:plc:wanted"
		}, account.ErrDIDTaken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			must(t, store.CreateInvites(t.Context(), []account.InviteCode{newInvite("code")}, 10))
			errs := inParallel(racers, func(i int) error {
				p := newAccount(fmt.Sprint("racer", i))
				tt.alike(&p)
				if i%2 == 0 {
					return store.ImportAccount(t.Context(), p.Reservation, p.Session, account.Record{})
				}
				return create(t, store, p)
			})
			wantEqual(t, "successes, losers", tally(errs, nil, tt.lost), "[1 9] others 0")
		})
	}
}

// testRacesOfSignups tests what becomes of reservations, whoever comes first.
func testRacesOfSignups(t *testing.T, open func(t *testing.T) Store) {
	t.Run("sign-ups that fail give the code back", func(t *testing.T) {
		store := open(t)
		must(t, store.CreateInvites(t.Context(), []account.InviteCode{newInvite("code")}, 10))
		inParallel(racers, func(i int) error {
			p := invited(fmt.Sprint("racer", i), "code")
			err := store.ReserveSignup(t.Context(), p.Reservation)
			if err != nil {
				return err
			}
			return store.ReleaseSignup(t.Context(), p.Account.DID)
		})
		wantError(t, "sign-up afterwards", create(t, store, invited("patient", "code")), nil)
		wantUses(t, store, "code", didOf("patient"))
	})
	t.Run("finishes against a release", func(t *testing.T) {
		store := open(t)
		alice := newAccount("alice")
		did := alice.Account.DID
		must(t, store.ReserveSignup(t.Context(), alice.Reservation))
		errs := inParallel(racers, func(i int) error {
			if i == racers/2 {
				return store.ReleaseSignup(t.Context(), did)
			}
			_, err := store.FinishSignup(t.Context(), did, nil, account.Record{})
			return err
		})
		_, err := store.FindAccount(t.Context(), byDID(did))
		if err == nil {
			wantEqual(t, "successes, gone", tally(errs, nil, account.ErrReservationGone), "[2 8] others 0")
		} else {
			wantEqual(t, "successes, gone", tally(errs, nil, account.ErrReservationGone), "[1 9] others 0")
		}
	})
}

// testRacesForHandles tests changes of handles, whoever comes first.
func testRacesForHandles(t *testing.T, open func(t *testing.T) Store) {
	t.Run("changes of handles against sign-ups", func(t *testing.T) {
		store := open(t)
		for i := range racers / 2 {
			mustCreate(t, store, newAccount(fmt.Sprint("resident", i)))
		}
		errs := inParallel(racers, func(i int) error {
			if i < racers/2 {
				return store.ReserveHandle(t.Context(), newChange(didOf(fmt.Sprint("resident", i)), "wanted.test"), now)
			}
			p := newAccount(fmt.Sprint("racer", i))
			p.Account.Handle = "wanted.test"
			return store.ReserveSignup(t.Context(), p.Reservation)
		})
		wantEqual(t, "successes, handle taken", tally(errs, nil, account.ErrHandleTaken), "[1 9] others 0")
	})
	t.Run("commits of one change", func(t *testing.T) {
		store := open(t)
		did := mustCreate(t, store, newAccount("alice")).Account.DID
		must(t, store.ReserveHandle(t.Context(), newChange(did, "new.test"), now))
		errs := inParallel(racers, func(int) error {
			_, err := store.CommitHandle(t.Context(), did, "new.test", time.Time{}, account.Record{})
			return err
		})
		wantEqual(t, "successes, gone", tally(errs, nil, account.ErrReservationGone), "[1 9] others 0")
	})
}

// testRacesOfSessions tests that no session outlives what ends sessions, whoever comes
// first.
func testRacesOfSessions(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	t.Run("refreshes of one token", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		errs := inParallel(racers, func(int) error {
			_, err := store.RotateRefresh(t.Context(), newRotation(did, "alice-1", now))
			return err
		})
		wantEqual(t, "successes", tally(errs, nil), "[10] others 0")
		mustRotate(t, store, newRotation(did, "alice-1+", now))
	})
	ends := []struct {
		name    string
		end     func(ctx context.Context, store Store) error
		refused []error // what who comes later is told
		logins  bool    // whether logins can begin sessions afterwards
	}{
		{"a logout", func(ctx context.Context, store Store) error {
			return store.EndSession(ctx, did, "of the app", account.Record{})
		}, []error{account.ErrTokenRevoked}, true},
		{"the end of the app password", func(ctx context.Context, store Store) error {
			return store.DeleteAppPassword(ctx, did, "app", account.Record{})
		}, []error{account.ErrTokenRevoked, account.ErrCredentialsChanged}, false},
		{"another app password of that name", func(ctx context.Context, store Store) error {
			if err := store.DeleteAppPassword(ctx, did, "app", account.Record{}); err != nil {
				return err
			}
			again := newAppPassword(did, "app")
			again.Hash = secret("another")
			return store.CreateAppPassword(ctx, again, 10, account.Record{})
		}, []error{account.ErrTokenRevoked, account.ErrCredentialsChanged}, false},
		{"a new password", func(ctx context.Context, store Store) error {
			return store.SetPassword(ctx, newPassword(did))
		}, []error{account.ErrTokenRevoked, account.ErrCredentialsChanged}, false},
		{"a takedown", func(ctx context.Context, store Store) error {
			return store.Moderate(ctx, newTakedown(did, ""))
		}, []error{account.ErrTakendown}, false},
		{"the deletion", func(ctx context.Context, store Store) error {
			return store.DeleteAccount(ctx, account.Deletion{DID: did})
		}, []error{account.ErrTokenRevoked, account.ErrAccountNotFound}, false},
	}
	for _, tt := range ends {
		t.Run("refreshes and logins against "+tt.name, func(t *testing.T) {
			store := open(t)
			mustCreate(t, store, newAccount("alice"))
			must(t, store.CreateAppPassword(t.Context(), newAppPassword(did, "app"), 10, account.Record{}))
			must(t, store.StartSession(t.Context(), newAppLogin(did, "of the app", "app")))
			errs := inParallel(racers, func(i int) error {
				switch {
				case i == racers/2:
					return tt.end(t.Context(), store)
				case i%2 == 0:
					return store.StartSession(t.Context(), newAppLogin(did, fmt.Sprint("login ", i), "app"))
				default:
					_, err := store.RotateRefresh(t.Context(), newRotation(did, "of the app", now))
					return err
				}
			})
			for _, err := range errs {
				if err != nil && !isOneOf(err, tt.refused) {
					t.Errorf("got %v, want one of %v", err, tt.refused)
				}
			}
			for _, token := range []string{"of the app", "of the app+"} {
				_, err := store.RotateRefresh(t.Context(), newRotation(did, token, now.Add(time.Minute)))
				if !isOneOf(err, tt.refused) {
					t.Errorf("RotateRefresh of %q afterwards: got %v, want one of %v", token, err, tt.refused)
				}
			}
			for i := range racers {
				if id := fmt.Sprint("login ", i); !tt.logins {
					wantSessions(t, store, did, map[string]bool{id: false})
				}
			}
		})
	}
}

func isOneOf(err error, kinds []error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// testRacesOfTokens tests that a mailed token works once.
func testRacesOfTokens(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	setUp := func(t *testing.T, purpose account.EmailPurpose) Store {
		store := open(t)
		mustCreate(t, store, confirmed("alice"))
		mustMail(t, store, newToken(did, purpose, "token"))
		return store
	}
	for _, user := range tokenUsers(did) {
		t.Run(user.name+" with one token", func(t *testing.T) {
			store := setUp(t, user.purpose)
			errs := inParallel(racers, func(int) error { return user.use(t, store, newProof(user.purpose, "token")) })
			lost := account.ErrEmailTokenInvalid
			if user.purpose == account.PurposeDeleteAccount {
				lost = account.ErrAccountNotFound
			}
			wantEqual(t, "successes, losers", tally(errs, nil, lost), "[1 9] others 0")
		})
	}
	t.Run("resets with one token", func(t *testing.T) {
		store := setUp(t, account.PurposeResetPassword)
		proof := newProof(account.PurposeResetPassword, "token")
		errs := inParallel(racers, func(i int) error {
			return store.SetPassword(t.Context(), account.PasswordChange{
				DID: did, PasswordHash: fmt.Sprint(i), Proof: &proof, Record: recordedPassword(account.Record{}),
			})
		})
		wantEqual(t, "successes, invalid", tally(errs, nil, account.ErrEmailTokenInvalid), "[1 9] others 0")
		got, err := store.FindCredentials(t.Context(), byDID(did))
		wantError(t, "FindCredentials", err, nil)
		wantEqual(t, "version", got.CredentialVersion, account.FirstCredentialVersion+1)
	})
	t.Run("changes of the address with one token", func(t *testing.T) {
		store := setUp(t, account.PurposeUpdateEmail)
		proof := newProof(account.PurposeUpdateEmail, "token")
		errs := inParallel(racers, func(i int) error {
			_, err := store.SetEmail(t.Context(), account.EmailChange{DID: did, Email: fmt.Sprintf("new%d@example.com", i), Proof: &proof, Record: recorded(account.Record{})})
			return err
		})
		wantEqual(t, "successes, invalid", tally(errs, nil, account.ErrEmailTokenInvalid), "[1 9] others 0")
	})
	t.Run("a change of the address against its confirmation", func(t *testing.T) {
		store := setUp(t, account.PurposeConfirmEmail)
		inParallel(racers, func(i int) error {
			if i == racers/2 {
				_, err := store.SetEmail(t.Context(), account.EmailChange{DID: did, Email: "new@example.com", Forced: true, Record: recorded(account.Record{})})
				return err
			}
			return store.ConfirmEmail(t.Context(), did, "alice@example.com", newProof(account.PurposeConfirmEmail, "token"), newRecord(did, account.EventEmailConfirmed))
		})
		got := mustFind(t, store, did)
		wantEqual(t, "email", got.Email, "new@example.com")
		wantEqual(t, "confirmed at", got.EmailConfirmedAt, time.Time{})
	})
	t.Run("guesses", func(t *testing.T) {
		store := setUp(t, account.PurposeDeleteAccount)
		inParallel(account.MaxTokenAttempts, func(i int) error {
			return store.UseEmailToken(t.Context(), did, newProof(account.PurposeDeleteAccount, fmt.Sprint(i)), account.Record{})
		})
		err := store.UseEmailToken(t.Context(), did, newProof(account.PurposeDeleteAccount, "token"), account.Record{})
		wantError(t, "UseEmailToken after too many guesses", err, account.ErrEmailTokenInvalid)
	})
}
