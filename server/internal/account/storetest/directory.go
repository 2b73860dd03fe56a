package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func newEntry(did syntax.DID, cid string) account.DirectoryEntry {
	return account.DirectoryEntry{
		DID: did, CID: syntax.CID(cid), Operation: []byte(`{"cid":"` + cid + `"}`), CreatedAt: now,
	}
}

func accept([]account.DirectoryEntry) ([]syntax.CID, error) {
	return nil, nil
}

// testDirectory tests the log of the directory.
func testDirectory(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	t.Run("in the order of arrival", func(t *testing.T) {
		store := open(t)
		var want []account.DirectoryEntry
		for _, cid := range []string{"c", "a", "b"} {
			entry := newEntry(did, cid)
			err := store.AppendOperation(t.Context(), entry, func(log []account.DirectoryEntry) ([]syntax.CID, error) {
				wantEqual(t, "log before "+cid, log, want)
				return nil, nil
			})
			wantError(t, "AppendOperation", err, nil)
			must(t, store.AppendOperation(t.Context(), newEntry("did:plc:other", cid), accept))
			want = append(want, entry)
		}
		got, err := store.Operations(t.Context(), did)
		wantError(t, "Operations", err, nil)
		wantEqual(t, "log", got, want)
		got, err = store.Operations(t.Context(), "did:plc:nobody")
		wantError(t, "Operations of nobody", err, nil)
		wantEqual(t, "log of nobody", got, nil)
	})
	t.Run("refused", func(t *testing.T) {
		store := open(t)
		refusal := errors.New("refusal")
		err := store.AppendOperation(t.Context(), newEntry(did, "a"), func([]account.DirectoryEntry) ([]syntax.CID, error) {
			return nil, refusal
		})
		if err != refusal {
			t.Errorf("AppendOperation: got %v, want %v", err, refusal)
		}
		got, err := store.Operations(t.Context(), did)
		wantError(t, "Operations", err, nil)
		wantEqual(t, "log", got, nil)
	})
	t.Run("gone back", func(t *testing.T) {
		store := open(t)
		for _, cid := range []string{"a", "b", "c"} {
			must(t, store.AppendOperation(t.Context(), newEntry(did, cid), accept))
			must(t, store.AppendOperation(t.Context(), newEntry("did:plc:other", cid), accept))
		}
		must(t, store.AppendOperation(t.Context(), newEntry(did, "d"), func([]account.DirectoryEntry) ([]syntax.CID, error) {
			return []syntax.CID{"b", "c"}, nil
		}))
		for did, want := range map[syntax.DID]string{did: "[{a false} {b true} {c true} {d false}]", "did:plc:other": "[{a false} {b false} {c false}]"} {
			log, err := store.Operations(t.Context(), did)
			wantError(t, "Operations", err, nil)
			type mark struct {
				cid  syntax.CID
				void bool
			}
			var got []mark
			for _, entry := range log {
				got = append(got, mark{entry.CID, entry.Nullified})
			}
			wantEqual(t, "log of "+string(did), fmt.Sprint(got), want)
		}
	})
	t.Run("outlives the account", func(t *testing.T) {
		store := open(t)
		mustCreate(t, store, newAccount("alice"))
		must(t, store.AppendOperation(t.Context(), newEntry(did, "a"), accept))
		must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: did}))
		got, err := store.Operations(t.Context(), did)
		wantError(t, "Operations", err, nil)
		wantEqual(t, "log", got, []account.DirectoryEntry{newEntry(did, "a")})
	})
	t.Run("at once", func(t *testing.T) {
		store := open(t)
		late := errors.New("there is one already")
		errs := inParallel(racers, func(i int) error {
			return store.AppendOperation(t.Context(), newEntry(did, fmt.Sprint(i)), func(log []account.DirectoryEntry) ([]syntax.CID, error) {
				if len(log) > 0 {
					return nil, late
				}
				return nil, nil
			})
		})
		wantEqual(t, "successes, late", tally(errs, nil, late), "[1 9] others 0")
	})
}
