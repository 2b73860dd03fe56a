package directorytest

import (
	"context"
	"slices"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A Log is an [account.DirectoryLog] in memory.
type Log struct {
	mu      sync.Mutex
	entries map[syntax.DID][]account.DirectoryEntry
}

var _ account.DirectoryLog = (*Log)(nil)

// NewLog returns an empty log.
func NewLog() *Log {
	return &Log{entries: map[syntax.DID][]account.DirectoryEntry{}}
}

// AppendOperation implements [account.DirectoryLog].
func (l *Log) AppendOperation(ctx context.Context, entry account.DirectoryEntry, check func(log []account.DirectoryEntry) ([]syntax.CID, error)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	log := slices.Clone(l.entries[entry.DID])
	void, err := check(slices.Clone(log))
	if err != nil {
		return err
	}
	for i := range log {
		log[i].Nullified = log[i].Nullified || slices.Contains(void, log[i].CID)
	}
	l.entries[entry.DID] = append(log, entry)
	return nil
}

// Operations implements [account.DirectoryLog].
func (l *Log) Operations(ctx context.Context, did syntax.DID) ([]account.DirectoryEntry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries[did]), ctx.Err()
}
