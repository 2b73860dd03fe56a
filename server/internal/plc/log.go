package plc

import (
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// recoveryWindow is how long a mightier key can go back to before an operation.
const recoveryWindow = 72 * time.Hour

// An Entry is an operation in the log of an identity.
type Entry struct {
	Operation Operation
	Nullified bool // a mightier key went back to before it
	CreatedAt time.Time
}

// Last returns the operation that counts: the last that is not void. It returns false
// if there is none.
func Last(log []Entry) (Operation, bool) {
	for _, entry := range slices.Backward(log) {
		if !entry.Nullified {
			return entry.Operation, true
		}
	}
	return Operation{}, false
}

// Next says whether an operation may follow a log, which must itself have come about
// in this way. It returns the operations of the log that thereby become void. The
// error is [ErrGenesis], [ErrMisordered], [ErrSignature] or [ErrLateRecovery].
//
// See https://web.plc.directory/spec/v0.1/did-plc#key-rotation-account-recovery.
func Next(did syntax.DID, log []Entry, operation Operation, now time.Time) ([]syntax.CID, error) {
	counting := slices.DeleteFunc(slices.Clone(log), func(e Entry) bool { return e.Nullified })
	if len(counting) == 0 {
		return nil, checkGenesis(did, operation)
	}
	if operation.Prev == "" {
		return nil, ErrMisordered
	}
	at := slices.IndexFunc(counting, func(e Entry) bool { return e.Operation.CID() == operation.Prev })
	if at < 0 || counting[at].Operation.Kind == Tombstone {
		return nil, ErrMisordered
	}
	keys := counting[at].Operation.State.RotationKeys
	disputed := counting[at+1:]
	if len(disputed) == 0 {
		if signer(operation, keys) < 0 {
			return nil, ErrSignature
		}
		return nil, nil
	}
	return recoverFrom(disputed, keys, operation, now)
}

func checkGenesis(did syntax.DID, operation Operation) error {
	switch {
	case operation.Prev != "" || operation.Kind == Tombstone:
		return ErrMisordered
	case operation.DID() != did:
		return ErrGenesis
	case signer(operation, operation.State.RotationKeys) < 0:
		return ErrSignature
	default:
		return nil
	}
}

// recoverFrom says whether an operation may void the disputed ones, of which the first
// was signed by one of keys: its own signer must be mightier, and not be late.
func recoverFrom(disputed []Entry, keys []string, operation Operation, now time.Time) ([]syntax.CID, error) {
	first := disputed[0]
	rank := max(signer(first.Operation, keys), 0)
	if signer(operation, keys[:rank]) < 0 {
		return nil, ErrSignature
	}
	if now.Sub(first.CreatedAt) > recoveryWindow {
		return nil, ErrLateRecovery
	}
	void := make([]syntax.CID, len(disputed))
	for i, entry := range disputed {
		void[i] = entry.Operation.CID()
	}
	return void, nil
}

// signer returns the index of the first key that signed the operation, or -1.
func signer(operation Operation, keys []string) int {
	return slices.IndexFunc(keys, func(text string) bool {
		key, err := didkey.Parse(text)
		return err == nil && operation.SignedBy(key)
	})
}
