package account

import (
	"context"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// didDocBudget is how long an answer waits for a document that it can do without.
const didDocBudget = 2 * time.Second

// sessionDIDDoc is didDoc for an answer about a session. It is nil if the operator does
// not want documents there.
func (s *Service) sessionDIDDoc(ctx context.Context, did syntax.DID) []byte {
	if s.Policy.OmitDIDDoc {
		return nil
	}
	return s.didDoc(ctx, did)
}

// didDoc returns the document of a DID as JSON, for clients that would otherwise ask for
// it themselves. It is nil if the document is not known or does not come in time.
func (s *Service) didDoc(ctx context.Context, did syntax.DID) []byte {
	ctx, cancel := context.WithTimeout(ctx, didDocBudget)
	defer cancel()
	document, err := s.Identity.Document(ctx, did, false /* fresh */)
	if err != nil {
		return nil
	}
	return document.JSON
}

// document is [Identity].Document from no cache, within the time that there is.
func (s *Service) document(ctx context.Context, did syntax.DID) (Document, error) {
	ctx, cancel := context.WithTimeout(ctx, directoryBudget)
	defer cancel()
	document, err := s.Identity.Document(ctx, did, true /* fresh */)
	if err != nil {
		return Document{}, fmt.Errorf("resolve %s: %w", did, err)
	}
	return document, nil
}
