package sqlite

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// BenchmarkRefresh compares an exchange of refresh tokens with the commit that it cannot do without: that
// of the two rows that it writes, and of one row.
func BenchmarkRefresh(b *testing.B) {
	const people = 1000
	at := time.UnixMilli(1000)
	b.Run("exchange", func(b *testing.B) {
		store := populatedStore(b, people)
		for i := 0; b.Loop(); i++ {
			did, round := memberOf(i%people), i/people
			_, err := store.RotateRefresh(b.Context(), account.Rotation{
				DID:        did,
				SessionID:  string(did),
				Presented:  refreshOf(did, round),
				Next:       refreshOf(did, round+1),
				Now:        at,
				GraceUntil: at.Add(account.RefreshGrace),
				IdleUntil:  at.Add(account.IdleLifetime),
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("commit of its rows", func(b *testing.B) {
		store := populatedStore(b, people)
		for i := 0; b.Loop(); i++ {
			did, round := memberOf(i%people), i/people
			used, next := refreshOf(did, round), refreshOf(did, round+1)
			err := store.write(b.Context(), func(t transaction) error {
				if err := t.exec(insertUsedRefresh, did, used[:], next[:], i); err != nil {
					return err
				}
				return t.exec(replaceRefresh, next[:], i, i, did)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("commit of one row", func(b *testing.B) {
		store := populatedStore(b, people)
		for i := 0; b.Loop(); i++ {
			did := memberOf(i % people)
			if _, err := store.writer.ExecContext(b.Context(), replaceRefresh, nil, i, 0, did); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// populatedStore returns a store with so many accounts, each with a session.
func populatedStore(b *testing.B, people int) *Store {
	b.Helper()
	store, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	for i := range people {
		reservation := newSignup(nameOf(i))
		session := account.Session{ID: string(memberOf(i)), DID: memberOf(i), ExpiresAt: time.UnixMilli(2000), EndsAt: time.Now()}
		created := account.NewSession{Session: session, Refresh: refreshOf(memberOf(i), 0)}
		if err := store.ImportAccount(b.Context(), reservation, created, account.Record{}); err != nil {
			b.Fatal(err)
		}
	}
	return store
}

func nameOf(i int) string { return fmt.Sprint("member", i) }

func memberOf(i int) syntax.DID { return newSignup(nameOf(i)).Account.DID }

// refreshOf returns the hash of a refresh token of a member.
func refreshOf(did syntax.DID, round int) account.RefreshHash {
	return account.HashRefreshID(fmt.Sprint(did, round))
}
