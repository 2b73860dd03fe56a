package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// What takes several steps begins with a reservation in the store and ends when it is
// finished or given back. What is left of it when its lease is over, others clear up.
const (
	// leaseLifetime is how long a request may be at work on what it has reserved.
	leaseLifetime = 2 * time.Minute
	// workBudget is how long it does work on it, whether or not the client still waits.
	workBudget = time.Minute
	// directoryBudget is how long it waits for one answer of a directory.
	directoryBudget = 10 * time.Second
)

// An outcome says what became of an operation that was handed to a directory.
type outcome int

const (
	undecided outcome = iota // the directory has it, or not yet, or never will
	published
	unpublished
)

// publish hands an operation to the directory. If there is no answer, it asks whether
// the last operation says what was wanted. That it does not decides nothing: the
// operation may still be on its way. The error is nil only if the outcome is published.
func (s *Service) publish(ctx context.Context, operation Operation, wanted func(PublishedOperation) bool) (outcome, error) {
	err := s.handOver(ctx, operation.DID, operation.JSON)
	switch {
	case err == nil:
		return published, nil
	case errors.Is(err, ErrOperationRefused), errors.Is(err, ErrStoreFull), errors.Is(err, ErrNotSent):
		return unpublished, err
	}
	result, lookupErr := s.lookUp(ctx, operation.DID, wanted)
	if result == published {
		return published, nil
	}
	return undecided, errors.Join(err, lookupErr)
}

// handOver is [Identity].Publish within the time that there is.
func (s *Service) handOver(ctx context.Context, did syntax.DID, operation []byte) error {
	ctx, cancel := context.WithTimeout(ctx, directoryBudget)
	defer cancel()
	if err := s.Identity.Publish(ctx, did, operation); err != nil {
		return fmt.Errorf("publish operation: %w", err)
	}
	return nil
}

// lookUp asks the directory whether the last operation of an identity says what was
// wanted. An identity that is not there says nothing. The error is nil unless the
// outcome is undecided.
func (s *Service) lookUp(ctx context.Context, did syntax.DID, wanted func(PublishedOperation) bool) (outcome, error) {
	last, err := s.lastOperation(ctx, did)
	switch {
	case errors.Is(err, ErrIdentityNotFound):
		return unpublished, nil
	case err != nil:
		return undecided, err
	case last.Tombstoned || !wanted(last):
		return unpublished, nil
	}
	return published, nil
}

// lastOperation is [Identity].LastOperation within the time that there is.
func (s *Service) lastOperation(ctx context.Context, did syntax.DID) (PublishedOperation, error) {
	ctx, cancel := context.WithTimeout(ctx, directoryBudget)
	defer cancel()
	last, err := s.Identity.LastOperation(ctx, did)
	if err != nil {
		return PublishedOperation{}, fmt.Errorf("read last operation of %s: %w", did, err)
	}
	return last, nil
}

// detach returns a context for work that has to come to an end even if the client does
// not wait for it.
func detach(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), workBudget)
}

// isPLC reports whether did is in a directory.
//
// See https://web.plc.directory/spec/v0.1/did-plc.
func isPLC(did syntax.DID) bool {
	return did.Method() == "plc"
}

// handleScheme precedes a handle in the names of an identity.
//
// See https://atproto.com/specs/did#representation-in-did-documents.
const handleScheme = "at://"

// claimsHandle reports whether handle is the first that an identity claims.
func claimsHandle(fields PLCFields, handle syntax.Handle) bool {
	for _, name := range fields.AlsoKnownAs {
		if claimed, ok := strings.CutPrefix(name, handleScheme); ok {
			return lowerASCII(claimed) == handle.String()
		}
	}
	return false
}
