package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// SubjectStatus returns the account that a moderator asks about, whatever its status.
// It returns [ErrSubjectNotFound].
func (s *Service) SubjectStatus(ctx context.Context, did syntax.DID) (Account, error) {
	account, err := s.Store.FindAccount(ctx, Identifier{ByDID, did.String()})
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return Account{}, ErrSubjectNotFound
	case err != nil:
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	return account, nil
}

// SubjectUpdate is what a moderator decides about an account. What is nil stays.
type SubjectUpdate struct {
	DID         syntax.DID
	Takedown    *Applied
	Deactivated *Applied
}

// Applied says that something is so from now on, or is not so any longer.
type Applied struct {
	Applied bool
	Ref     string // names the decision; of a takedown only, the time if it is empty
}

// UpdateSubject takes an account down or restores it, and deactivates or activates it,
// all of it or nothing. A takedown and its end both end every session of the account. Nothing
// happens, and nothing is recorded, if an account is restored that was not taken down, or is
// taken down again without a reference.
//
// It returns [ErrInvalidRequest] if a takedown comes with an activation,
// [ErrSubjectNotFound], [ErrUserNotFound] for the activation of an account that is
// taken down, and [ErrStoreFull].
func (s *Service) UpdateSubject(ctx context.Context, update SubjectUpdate, client Client) error {
	if update.Takedown.is(true) && update.Deactivated.is(false) {
		return ErrInvalidRequest.Because("Cannot activate and takedown an account at the same time")
	}
	decision := Decision{SubjectUpdate: update, At: s.Now()}
	if update.Takedown.is(true) && update.Takedown.Ref == "" {
		decision.Unnamed = true
		decision.Takedown = &Applied{Applied: true, Ref: decision.At.UTC().Format(takedownTime)}
	}
	for _, event := range decision.events() {
		record, err := s.record(Account{DID: decision.DID}, event.Kind, client, event.Detail)
		if err != nil {
			return err
		}
		decision.Records = append(decision.Records, record)
	}
	switch err := s.Store.Moderate(ctx, decision); {
	case errors.Is(err, ErrAccountNotFound):
		return ErrSubjectNotFound
	case errors.Is(err, ErrTakendown):
		return ErrUserNotFound
	case err != nil:
		return fmt.Errorf("moderate account: %w", err)
	}
	return nil
}

// takedownTime is the layout of a takedown's reference that nobody gave.
const takedownTime = "2006-01-02T15:04:05.000Z"

// For returns what of a decision is to be done about an account, as it is: no takedown and no
// restoration that the account has had already, and no record of them.
func (d Decision) For(a Account) Decision {
	isDown := !a.TakendownAt.IsZero()
	if isDown && d.Takedown.is(true) && d.Unnamed || !isDown && d.Takedown.is(false) {
		d.Takedown = nil
		d.Records = slices.DeleteFunc(slices.Clone(d.Records), func(record Record) bool {
			return record.Event.Kind == EventTakenDown || record.Event.Kind == EventRestored
		})
	}
	return d
}

// is reports whether a is there and has a value.
func (a *Applied) is(applied bool) bool {
	return a != nil && a.Applied == applied
}

// events returns an event of each thing that is decided, with its kind and detail only.
func (u SubjectUpdate) events() []Event {
	var events []Event
	switch {
	case u.Takedown.is(true):
		events = append(events, Event{Kind: EventTakenDown, Detail: u.Takedown.Ref})
	case u.Takedown.is(false):
		events = append(events, Event{Kind: EventRestored})
	}
	switch {
	case u.Deactivated.is(true):
		events = append(events, Event{Kind: EventDeactivated})
	case u.Deactivated.is(false):
		events = append(events, Event{Kind: EventActivated})
	}
	return events
}
