package directory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	b.wantLast(t, toJSON(t, b.genesis))
	change := b.update(first)
	change.State.AlsoKnownAs = []string{"at://bob.test"}
	second := b.submit(t, change.Sign(b.server))
	b.wantLast(t, toJSON(t, change.Sign(b.server)))
	document, err := b.Document(t.Context(), b.did)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(document), `"alsoKnownAs":["at://bob.test"]`) {
		t.Errorf("document is not that of the last operation: %s", document)
	}
	b.now = b.now.Add(72 * time.Hour)
	third := b.submit(t, b.update(first).Sign(b.user))
	b.wantLog(t, []syntax.CID{first, second, third}, second)
}

func (b *bench) wantLast(t *testing.T, want []byte) {
	t.Helper()
	last, err := b.Last(t.Context(), b.did)
	if err != nil {
		t.Fatal(err)
	}
	if string(last) != string(want) {
		t.Errorf("last operation: got %s, want %s", last, want)
	}
}

// wantLog checks which operations there are, and which of them are void.
func (b *bench) wantLog(t *testing.T, want []syntax.CID, void ...syntax.CID) {
	t.Helper()
	log, err := b.Log(t.Context(), b.did)
	if err != nil {
		t.Fatal(err)
	}
	var got, gotVoid []syntax.CID
	for _, entry := range log {
		got = append(got, entry.CID)
		if entry.Nullified {
			gotVoid = append(gotVoid, entry.CID)
		}
	}
	if !slices.Equal(got, want) || !slices.Equal(gotVoid, void) {
		t.Errorf("log: got %v, void %v, want %v, void %v", got, gotVoid, want, void)
	}
}

// What is there may be submitted again, in another spelling too, and stays once.
func TestSubmitAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	second := b.submit(t, b.update(first).Sign(b.server))
	b.submit(t, b.genesis)
	if err := b.Submit(t.Context(), b.did, append(toJSON(t, b.genesis), ' ')); err != nil {
		t.Error(err)
	}
	b.wantLog(t, []syntax.CID{first, second})
}

func TestSubmitErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	crowded := b.update(first)
	crowded.State.AlsoKnownAs = make([]string, 11)
	tests := []struct {
		name      string
		did       syntax.DID
		operation []byte
	}{
		{"not JSON", b.did, []byte("{")},
		{"beyond a limit", b.did, toJSON(t, crowded.Sign(b.server))},
		{"wrong signature", b.did, toJSON(t, b.update(first).Sign(newKey(t)))},
		{"wrong prev", b.did, toJSON(t, b.update("bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm").Sign(b.server))},
		{"genesis of another", "did:plc:z72i7hdynmk6r22z27h6tvur", toJSON(t, b.genesis)},
		{"no did:plc", "did:web:pds.test", toJSON(t, b.genesis)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := b.Submit(t.Context(), tt.did, tt.operation); !errors.Is(err, account.ErrOperationRefused) {
				t.Errorf("got %v, want %v", err, account.ErrOperationRefused)
			}
		})
	}
	t.Cleanup(func() { b.wantLogAfter(t, first) })
}

// wantLogAfter checks the log when the context of the test is done.
func (b *bench) wantLogAfter(t *testing.T, want syntax.CID) {
	t.Helper()
	log, err := b.log.Operations(context.Background(), b.did)
	if err != nil || len(log) != 1 || log[0].CID != want {
		t.Errorf("log: got %v, %v, want %s", log, err, want)
	}
}

func TestTombstone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	end := b.tombstone(first).Sign(b.server)
	b.submit(t, end)
	b.wantLast(t, toJSON(t, end))
	if _, err := b.Document(t.Context(), b.did); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("document: got %v, want %v", err, account.ErrIdentityNotFound)
	}
	if err := b.Submit(t.Context(), b.did, toJSON(t, b.update(end.CID()).Sign(b.user))); !errors.Is(err, account.ErrOperationRefused) {
		t.Errorf("update: got %v, want %v", err, account.ErrOperationRefused)
	}
}

func TestUnknownIdentity(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.Document(t.Context(), b.did); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("Document: got %v, want %v", err, account.ErrIdentityNotFound)
	}
	if _, err := b.Last(t.Context(), b.did); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("Last: got %v, want %v", err, account.ErrIdentityNotFound)
	}
}

// An identity can have so many operations, and one more a while later.
func TestRates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		period  time.Duration
		apart   time.Duration
		allowed int
	}{
		{time.Hour, time.Minute, 10},
		{24 * time.Hour, 10 * time.Minute, 30},
		{7 * 24 * time.Hour, 49 * time.Minute, 100},
	}
	for _, tt := range tests {
		t.Run(tt.period.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			start := b.now
			last := b.submit(t, b.genesis)
			for range tt.allowed - 1 {
				b.now = b.now.Add(tt.apart)
				last = b.submit(t, b.update(last).Sign(b.server))
			}
			operation := b.update(last).Sign(b.server)
			b.now = start.Add(tt.period - time.Millisecond)
			if err := b.Submit(t.Context(), b.did, toJSON(t, operation)); !errors.Is(err, account.ErrOperationRefused) {
				t.Errorf("one more: got %v, want %v", err, account.ErrOperationRefused)
			}
			b.now = start.Add(tt.period)
			b.submit(t, operation)
		})
	}
}

// Void operations count too: going back and forth is no way around the limits.
func TestRatesOfVoid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	b.submit(t, b.update(b.submit(t, b.update(first).Sign(b.server))).Sign(b.server))
	last := b.submit(t, b.update(first).Sign(b.user))
	for range 6 {
		last = b.submit(t, b.update(last).Sign(b.server))
	}
	if err := b.Submit(t.Context(), b.did, toJSON(t, b.update(last).Sign(b.server))); !errors.Is(err, account.ErrOperationRefused) {
		t.Errorf("got %v, want %v", err, account.ErrOperationRefused)
	}
}

// A fakeLog has whatever a test wants.
type fakeLog struct {
	entries []account.DirectoryEntry
	err     error
}

func (l fakeLog) AppendOperation(_ context.Context, _ account.DirectoryEntry, check func([]account.DirectoryEntry) ([]syntax.CID, error)) error {
	if l.err != nil {
		return l.err
	}
	_, err := check(l.entries)
	return err
}

func (l fakeLog) Operations(context.Context, syntax.DID) ([]account.DirectoryEntry, error) {
	return l.entries, l.err
}

// What is wrong with the log is not the client's fault, and no refusal.
func TestBrokenLog(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	errFault := errors.New("a fault")
	genesis := account.DirectoryEntry{DID: b.did, CID: b.genesis.CID(), Operation: toJSON(t, b.genesis), Nullified: true}
	tests := []struct {
		name string
		log  fakeLog
	}{
		{"error", fakeLog{err: errFault}},
		{"nonsense", fakeLog{entries: []account.DirectoryEntry{{DID: b.did, Operation: []byte("nonsense")}}}},
		{"nothing that counts", fakeLog{entries: []account.DirectoryEntry{genesis}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := directory.New(tt.log, func() time.Time { return b.now })
			var refusal *account.Refusal
			if _, err := d.Document(t.Context(), b.did); err == nil || errors.As(err, &refusal) {
				t.Errorf("Document: got %v", err)
			}
			if tt.name == "nothing that counts" {
				return
			}
			if err := d.Submit(t.Context(), b.did, toJSON(t, b.genesis)); err == nil || errors.As(err, &refusal) {
				t.Errorf("Submit: got %v", err)
			}
		})
	}
}
