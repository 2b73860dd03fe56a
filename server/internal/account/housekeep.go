package account

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// eventLifetime is how long the audit log remembers.
const eventLifetime = 365 * 24 * time.Hour

// overduePage is how many accounts to be deleted are listed at once.
const overduePage = 100

// Housekeep does what nobody asks for: it forgets what is over, deletes accounts whose
// deadline is over, and finishes or takes back sign-ups and changes of handles that were
// interrupted. It is to be called from time to time, and goes on after errors.
func (s *Service) Housekeep(ctx context.Context) error {
	now := s.Now()
	var faults []error
	if err := s.Store.Sweep(ctx, now, now.Add(-eventLifetime)); err != nil {
		faults = append(faults, fmt.Errorf("sweep: %w", err))
	}
	if err := s.deleteAllOverdue(ctx, now); err != nil {
		faults = append(faults, err)
	}
	if err := s.RecoverSignups(ctx); err != nil {
		faults = append(faults, fmt.Errorf("recover sign-ups: %w", err))
	}
	if err := s.RecoverHandles(ctx); err != nil {
		faults = append(faults, fmt.Errorf("recover handles: %w", err))
	}
	return errors.Join(faults...)
}

// deleteAllOverdue deletes the accounts whose owners deactivated them with a deadline. One
// that cannot be deleted is in nobody's way.
func (s *Service) deleteAllOverdue(ctx context.Context, now time.Time) error {
	var faults []error
	query := OverdueQuery{Now: now, Limit: overduePage}
	for {
		overdue, err := s.Store.Overdue(ctx, query)
		if err != nil {
			return errors.Join(append(faults, fmt.Errorf("list overdue accounts: %w", err))...)
		}
		for _, account := range overdue {
			if err := s.deleteOverdue(ctx, account, now); err != nil {
				faults = append(faults, fmt.Errorf("delete %s: %w", account.DID, err))
			}
			query.After = OverduePlace{account.DeleteAfter, account.DID}
		}
		if len(overdue) < overduePage {
			return errors.Join(faults...)
		}
	}
}
