// Package directory is a directory of did:plc identities. It checks operations before
// it hands them to an [account.DirectoryLog], and answers what an identity is. [Handler]
// shows it to others in the way of the public directory. It imports account, plc and
// runtime/syntax.
//
// See https://web.plc.directory/spec/v0.1/did-plc and https://web.plc.directory/api/redoc.
package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// A Directory keeps identities. It may be used concurrently.
//
// Its methods return [account.ErrIdentityNotFound] for an identity that it does not
// have.
type Directory struct {
	log account.DirectoryLog
	now account.Clock
}

// New returns a directory on a log.
func New(log account.DirectoryLog, now account.Clock) *Directory {
	return &Directory{log: log, now: now}
}

// Submit appends an operation, which creates the identity if it is the first. One that
// is there already may be submitted again. It returns [account.ErrOperationRefused]
// with a text.
func (d *Directory) Submit(ctx context.Context, did syntax.DID, operation []byte) error {
	return d.submit(ctx, did, operation, true /* may create */)
}

// Log returns the operations of an identity, the void ones too, the oldest first.
func (d *Directory) Log(ctx context.Context, did syntax.DID) ([]account.DirectoryEntry, error) {
	log, err := d.log.Operations(ctx, did)
	if err != nil {
		return nil, fmt.Errorf("read operations of %s: %w", did, err)
	}
	if len(log) == 0 {
		return nil, account.ErrIdentityNotFound.Because("DID not registered: %s", did)
	}
	return log, nil
}

// Last returns the operation that counts, in JSON.
func (d *Directory) Last(ctx context.Context, did syntax.DID) ([]byte, error) {
	last, err := d.last(ctx, did)
	if err != nil {
		return nil, err
	}
	return last.MarshalJSON()
}

// Document returns the DID document of an identity, in JSON. That of one with a
// tombstone is not found.
func (d *Directory) Document(ctx context.Context, did syntax.DID) ([]byte, error) {
	state, err := d.state(ctx, did)
	if err != nil {
		return nil, err
	}
	return json.Marshal(state.Document(did))
}

// A tombstoned error is the refusal for an identity that was there and is not any more.
type tombstoned struct{ *account.Refusal }

func (d *Directory) state(ctx context.Context, did syntax.DID) (plc.State, error) {
	last, err := d.last(ctx, did)
	if err != nil {
		return plc.State{}, err
	}
	if last.Kind == plc.Tombstone {
		return plc.State{}, tombstoned{account.ErrIdentityNotFound.Because("DID not available: %s", did)}
	}
	return last.State, nil
}

func (d *Directory) last(ctx context.Context, did syntax.DID) (plc.Operation, error) {
	entries, err := d.Log(ctx, did)
	if err != nil {
		return plc.Operation{}, err
	}
	log, err := parseLog(entries)
	if err != nil {
		return plc.Operation{}, err
	}
	last, ok := plc.Last(log)
	if !ok {
		return plc.Operation{}, fmt.Errorf("no operation of %s counts", did)
	}
	return last, nil
}

// errMoved tells that a log is not any more what the decision was about.
var errMoved = errors.New("the log has changed meanwhile")

func (d *Directory) submit(ctx context.Context, did syntax.DID, text []byte, mayCreate bool) error {
	if !plc.ValidDID(did) {
		return account.ErrOperationRefused.Because("Not a did:plc identifier: %s", did)
	}
	operation, err := plc.Parse(text)
	if err == nil {
		err = operation.Check()
	}
	if err != nil {
		return refuse(err)
	}
	written, err := operation.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write operation: %w", err)
	}
	entry := account.DirectoryEntry{DID: did, CID: operation.CID(), Operation: written, CreatedAt: d.now()}
	for {
		err := d.append(ctx, entry, operation, mayCreate)
		if !errors.Is(err, errMoved) { // which takes an operation of somebody else, so there is an end to it
			return err
		}
	}
}

// append decides on a log that it has read, because signatures take their time, and
// nobody else can write while the log is appended to. It returns errMoved if the log has
// changed in between.
func (d *Directory) append(ctx context.Context, entry account.DirectoryEntry, operation plc.Operation, mayCreate bool) error {
	log, err := d.log.Operations(ctx, entry.DID)
	switch {
	case err != nil:
		return fmt.Errorf("read operations of %s: %w", entry.DID, err)
	case len(log) == 0 && !mayCreate:
		return account.ErrOperationRefused.Because("This directory only keeps identities that its own server creates")
	case slices.ContainsFunc(log, func(e account.DirectoryEntry) bool { return e.CID == entry.CID && !e.Nullified }):
		return nil
	}
	void, err := next(entry.DID, log, operation, entry.CreatedAt)
	if err != nil {
		return err
	}
	err = d.log.AppendOperation(ctx, entry, func(current []account.DirectoryEntry) ([]syntax.CID, error) {
		if !slices.EqualFunc(log, current, isSame) {
			return nil, errMoved
		}
		return void, nil
	})
	if err != nil {
		return fmt.Errorf("append operation of %s: %w", entry.DID, err)
	}
	return nil
}

// isSame tells whether two entries at the same place of a log are the same.
func isSame(a, b account.DirectoryEntry) bool {
	return a.CID == b.CID && a.Nullified == b.Nullified
}

// next says what becomes void if the operation is appended.
func next(did syntax.DID, entries []account.DirectoryEntry, operation plc.Operation, now time.Time) ([]syntax.CID, error) {
	if err := checkRate(entries, now); err != nil {
		return nil, err
	}
	log, err := parseLog(entries)
	if err != nil {
		return nil, err
	}
	void, err := plc.Next(did, log, operation, now)
	if err != nil {
		return nil, refuse(err)
	}
	return void, nil
}

// refuse makes a refusal of an error of package plc.
func refuse(err error) error {
	return account.ErrOperationRefused.Because("%v", err)
}

// parseLog reads operations that were checked before they were kept.
func parseLog(entries []account.DirectoryEntry) ([]plc.Entry, error) {
	log := make([]plc.Entry, len(entries))
	for i, entry := range entries {
		operation, err := plc.Parse(entry.Operation)
		if err != nil {
			return nil, fmt.Errorf("read operation %s of %s: %w", entry.CID, entry.DID, err)
		}
		log[i] = plc.Entry{Operation: operation, Nullified: entry.Nullified, CreatedAt: entry.CreatedAt}
	}
	return log, nil
}

// A rate is how many operations one identity can have in the last while.
type rate struct {
	name       string
	period     time.Duration
	operations int
}

// rates returns the limits of the public directory.
func rates() []rate {
	return []rate{{"hour", time.Hour, 10}, {"day", 24 * time.Hour, 30}, {"week", 7 * 24 * time.Hour, 100}}
}

// checkRate refuses one operation more than an identity may have.
func checkRate(log []account.DirectoryEntry, now time.Time) error {
	for _, r := range rates() {
		count := 0
		for _, entry := range log {
			if now.Sub(entry.CreatedAt) < r.period {
				count++
			}
		}
		if count >= r.operations {
			return account.ErrOperationRefused.Because("Too many operations within the last %s (%d are allowed)", r.name, r.operations)
		}
	}
	return nil
}
