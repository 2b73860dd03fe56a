package account

import (
	"context"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Events returns at most limit entries of an account's audit log, the newest first.
// There are none of an account that is not there.
func (s *Service) Events(ctx context.Context, did syntax.DID, limit int) ([]Event, error) {
	events, err := s.Store.Events(ctx, did, limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}
