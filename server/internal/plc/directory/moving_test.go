package directory_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
)

// A watchedLog counts how often it is asked to write. between, unless it is nil, is called
// once, after the log was read.
type watchedLog struct {
	account.DirectoryLog
	appends int
	between func()
}

func (l *watchedLog) AppendOperation(ctx context.Context, entry account.DirectoryEntry, check func([]account.DirectoryEntry) ([]syntax.CID, error)) error {
	l.appends++
	return l.DirectoryLog.AppendOperation(ctx, entry, check)
}

func (l *watchedLog) Operations(ctx context.Context, did syntax.DID) ([]account.DirectoryEntry, error) {
	log, err := l.DirectoryLog.Operations(ctx, did)
	if between := l.between; between != nil {
		l.between = nil
		between()
	}
	return log, err
}

// watch returns the same directory on a log that is watched.
func (b *bench) watch() (*directory.Directory, *watchedLog) {
	log := &watchedLog{DirectoryLog: b.log}
	return directory.New(log, func() time.Time { return b.now }), log
}

// Only one can write at a time, so that strangers must not come to it with operations that
// take time and are then refused.
func TestRefusalsDoNotWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	d, log := b.watch()
	for name, operation := range map[string]plc.Operation{
		"wrong signature": b.update(first).Sign(newKey(t)),
		"wrong prev":      b.update(b.update("").Sign(b.user).CID()).Sign(b.server),
		"known":           b.genesis,
	} {
		err := d.Submit(t.Context(), b.did, toJSON(t, operation))
		if name != "known" && !errors.Is(err, account.ErrOperationRefused) {
			t.Errorf("%s: got %v, want %v", name, err, account.ErrOperationRefused)
		}
		if log.appends != 0 {
			t.Errorf("%s: came to be written", name)
		}
	}
}

// What was decided about a log that has changed meanwhile is decided again.
func TestLogMovesOn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		other func(b *bench, first syntax.CID) plc.Operation // comes in between
		own   func(b *bench, first syntax.CID) plc.Operation
		want  error
		void  bool // the other one
	}{
		{
			"the same operation",
			func(b *bench, first syntax.CID) plc.Operation { return b.tombstone(first).Sign(b.server) },
			func(b *bench, first syntax.CID) plc.Operation { return b.tombstone(first).Sign(b.server) },
			nil, false,
		},
		{
			"another one by the same key",
			func(b *bench, first syntax.CID) plc.Operation { return b.tombstone(first).Sign(b.server) },
			func(b *bench, first syntax.CID) plc.Operation { return b.update(first).Sign(b.server) },
			account.ErrOperationRefused, false,
		},
		{
			"another one by a weaker key",
			func(b *bench, first syntax.CID) plc.Operation { return b.tombstone(first).Sign(b.server) },
			func(b *bench, first syntax.CID) plc.Operation { return b.update(first).Sign(b.user) },
			nil, true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			first := b.submit(t, b.genesis)
			other, own := tt.other(b, first), tt.own(b, first)
			d, log := b.watch()
			log.between = func() { b.submit(t, other) }
			if err := d.Submit(t.Context(), b.did, toJSON(t, own)); !errors.Is(err, tt.want) {
				t.Errorf("Submit: got %v, want %v", err, tt.want)
			}
			want, void := []syntax.CID{first, other.CID()}, []syntax.CID(nil)
			if tt.void {
				want, void = append(want, own.CID()), append(void, other.CID())
			}
			b.wantLog(t, want, void...)
		})
	}
}
