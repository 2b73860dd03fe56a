package directorytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Identities that the contract speaks of.
const (
	alice syntax.DID = "did:plc:aliceaaaaaaaaaaaaaaaaaaa"
	bob   syntax.DID = "did:plc:bobaaaaaaaaaaaaaaaaaaaaa"
)

// RunLog checks that a log keeps the contract of [account.DirectoryLog]. Each call of
// open returns an empty one.
func RunLog(t *testing.T, open func(t *testing.T) account.DirectoryLog) {
	t.Helper()
	cases := []struct {
		name string
		run  func(t *testing.T, log account.DirectoryLog)
	}{
		{"nothing", runNothing},
		{"append", runAppend},
		{"void", runVoid},
		{"check says no", runRefused},
		{"canceled", runCanceled},
		{"concurrent", runConcurrent},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, open(t))
		})
	}
}

func runNothing(t *testing.T, log account.DirectoryLog) {
	wantEntries(t, log, alice)
}

// What is appended is read back in the order of appending, by its DID.
func runAppend(t *testing.T, log account.DirectoryLog) {
	first, second, other := entryOf(alice, 1), entryOf(alice, 2), entryOf(bob, 3)
	second.CreatedAt = first.CreatedAt.Add(-time.Hour)
	mustAppend(t, log, first)
	mustAppend(t, log, other)
	mustAppend(t, log, second, first)
	wantEntries(t, log, alice, first, second)
	wantEntries(t, log, bob, other)
}

// Void operations stay, and what is void stays void.
func runVoid(t *testing.T, log account.DirectoryLog) {
	entries := []account.DirectoryEntry{entryOf(alice, 1), entryOf(alice, 2), entryOf(alice, 3), entryOf(alice, 4), entryOf(alice, 5)}
	same := entries[1]
	same.DID = bob
	mustAppend(t, log, same)
	voids := [][]int{0: nil, 1: nil, 2: nil, 3: {1, 2}, 4: nil}
	for i, entry := range entries {
		var void []syntax.CID
		for _, at := range voids[i] {
			void = append(void, entries[at].CID)
			entries[at].Nullified = true
		}
		err := log.AppendOperation(t.Context(), entry, func([]account.DirectoryEntry) ([]syntax.CID, error) { return void, nil })
		if err != nil {
			t.Fatal(err)
		}
		wantEntries(t, log, alice, entries[:i+1]...)
	}
	wantEntries(t, log, bob, same)
}

// An error of check comes back as it is, and nothing has changed.
func runRefused(t *testing.T, log account.DirectoryLog) {
	errNo := errors.New("no")
	first := entryOf(alice, 1)
	mustAppend(t, log, first)
	err := log.AppendOperation(t.Context(), entryOf(alice, 2), func([]account.DirectoryEntry) ([]syntax.CID, error) {
		return []syntax.CID{first.CID}, errNo
	})
	if !errors.Is(err, errNo) {
		t.Errorf("got %v, want %v", err, errNo)
	}
	wantEntries(t, log, alice, first)
}

func runCanceled(t *testing.T, log account.DirectoryLog) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := log.AppendOperation(ctx, entryOf(alice, 1), func([]account.DirectoryEntry) ([]syntax.CID, error) { return nil, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	wantEntries(t, log, alice)
}

// Of many that want to be the first one is.
func runConcurrent(t *testing.T, log account.DirectoryLog) {
	const writers = 8
	errLate := errors.New("late")
	errs := make([]error, writers)
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			errs[i] = log.AppendOperation(t.Context(), entryOf(alice, i), func(log []account.DirectoryEntry) ([]syntax.CID, error) {
				if len(log) > 0 {
					return nil, errLate
				}
				return nil, nil
			})
		})
	}
	group.Wait()
	winner := slices.Index(errs, nil)
	if winner < 0 {
		t.Fatalf("nobody was the first: %v", errs)
	}
	for i, err := range errs {
		if i != winner && !errors.Is(err, errLate) {
			t.Errorf("writer %d: got %v, want %v", i, err, errLate)
		}
	}
	wantEntries(t, log, alice, entryOf(alice, winner))
}

func entryOf(did syntax.DID, n int) account.DirectoryEntry {
	return account.DirectoryEntry{
		DID:       did,
		CID:       syntax.CID(fmt.Sprintf("bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6z%c", 'a'+n)),
		Operation: fmt.Appendf(nil, `{"n":%d}`, n),
		CreatedAt: time.Date(2026, 3, 1, 12, 0, n, 345_000_000, time.UTC),
	}
}

// mustAppend appends an entry, of which check must get those before it.
func mustAppend(t *testing.T, log account.DirectoryLog, entry account.DirectoryEntry, before ...account.DirectoryEntry) {
	t.Helper()
	err := log.AppendOperation(t.Context(), entry, func(got []account.DirectoryEntry) ([]syntax.CID, error) {
		compareEntries(t, got, before)
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wantEntries(t *testing.T, log account.DirectoryLog, did syntax.DID, want ...account.DirectoryEntry) {
	t.Helper()
	got, err := log.Operations(t.Context(), did)
	if err != nil {
		t.Fatal(err)
	}
	compareEntries(t, got, want)
}

func compareEntries(t *testing.T, got, want []account.DirectoryEntry) {
	t.Helper()
	equal := func(x, y account.DirectoryEntry) bool {
		return x.DID == y.DID && x.CID == y.CID && string(x.Operation) == string(y.Operation) &&
			x.Nullified == y.Nullified && x.CreatedAt.Equal(y.CreatedAt)
	}
	if !slices.EqualFunc(got, want, equal) {
		t.Errorf("entries:\ngot  %v\nwant %v", got, want)
	}
}
