package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testSigningKeys tests keys of accounts and keys that are reserved.
func testSigningKeys(t *testing.T, open func(t *testing.T) Store) {
	reserve := func(t *testing.T, store Store, did syntax.DID, key string, at time.Time, max int) (account.SealedKey, error) {
		return store.ReserveSigningKey(t.Context(), account.ReservedKey{
			Key: newKey(key), DID: did, CreatedAt: at, ExpiresAt: at.Add(time.Hour),
		}, at, max)
	}
	t.Run("of nobody", func(t *testing.T) {
		_, err := open(t).SigningKey(t.Context(), "did:plc:nobody")
		wantError(t, "SigningKey", err, account.ErrAccountNotFound)
	})
	t.Run("reserved for a DID", func(t *testing.T) {
		store := open(t)
		for i, name := range []string{"first", "second"} {
			got, err := reserve(t, store, "did:plc:a", name, now.Add(time.Duration(i)*time.Minute), 10)
			wantError(t, "ReserveSigningKey", err, nil)
			wantEqual(t, "key", got, newKey("first"))
		}
		for _, step := range []struct {
			name string
			did  syntax.DID
			at   time.Time
			key  string
			want string
		}{
			{"at its end", "did:plc:a", now.Add(time.Hour - time.Millisecond), "third", "first"},
			{"of another", "did:plc:b", now, "fourth", "fourth"},
			{"when it is over", "did:plc:a", now.Add(time.Hour), "fifth", "fifth"},
		} {
			got, err := reserve(t, store, step.did, step.key, step.at, 10)
			wantError(t, "ReserveSigningKey "+step.name, err, nil)
			wantEqual(t, "key "+step.name, got, newKey(step.want))
		}
	})
	t.Run("for nobody yet", func(t *testing.T) {
		store := open(t)
		for _, name := range []string{"first", "second"} {
			got, err := reserve(t, store, "", name, now, 10)
			wantError(t, "ReserveSigningKey", err, nil)
			wantEqual(t, "key", got, newKey(name))
		}
	})
	t.Run("too many", func(t *testing.T) {
		store := open(t)
		for _, step := range []struct {
			did  syntax.DID
			key  string
			at   time.Time
			want error
		}{
			{"did:plc:a", "first", now, nil},
			{"", "second", now.Add(time.Minute), nil},
			{"did:plc:b", "third", now.Add(time.Minute), account.ErrTooManyReservedKeys},
			{"", "fourth", now.Add(time.Minute), account.ErrTooManyReservedKeys},
			{"did:plc:a", "fifth", now.Add(time.Minute), nil},
			{"did:plc:b", "sixth", now.Add(time.Hour), nil},
			{"did:plc:c", "seventh", now.Add(time.Hour), account.ErrTooManyReservedKeys},
		} {
			_, err := reserve(t, store, step.did, step.key, step.at, 2)
			wantError(t, "ReserveSigningKey of the "+step.key, err, step.want)
		}
	})
}

// testNonces tests that a token is used once.
func testNonces(t *testing.T, open func(t *testing.T) Store) {
	store := open(t)
	for _, step := range []struct {
		name    string
		nonce   string
		at      time.Time
		expires time.Time
		want    error
	}{
		{"first", "a", now, now.Add(time.Minute), nil},
		{"again", "a", now.Add(time.Minute - time.Millisecond), now.Add(time.Hour), account.ErrReplayed},
		{"another", "b", now, now.Add(time.Minute), nil},
		{"over", "a", now.Add(time.Minute), now.Add(time.Hour), nil},
		{"again after that", "a", now.Add(2 * time.Minute), now.Add(time.Hour), account.ErrReplayed},
	} {
		wantError(t, step.name, store.ClaimNonce(t.Context(), secret(step.nonce), step.at, step.expires), step.want)
	}
	errs := inParallel(racers, func(int) error {
		return store.ClaimNonce(t.Context(), secret("c"), now, now.Add(time.Minute))
	})
	wantEqual(t, "successes, replays", tally(errs, nil, account.ErrReplayed), "[1 9] others 0")
}
