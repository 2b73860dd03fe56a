package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// A ResetRequest is what [Service.RequestPasswordReset] was asked for, as long as it waits
// for its answer.
type ResetRequest struct {
	ID    int64
	Email string // in small letters; nobody has looked yet whose it is
	At    time.Time
}

// ResetRequests keeps requests for resets of passwords until they are answered.
type ResetRequests interface {
	// KeepResetRequest keeps a request and gives it an ID above those of all that wait. It
	// does the same whoever has the address. It returns [ErrBusy] if max wait.
	KeepResetRequest(ctx context.Context, request ResetRequest, max int) error

	// ResetRequests returns up to limit requests whose IDs are above after, the oldest
	// first.
	ResetRequests(ctx context.Context, after int64, limit int) ([]ResetRequest, error)

	// ForgetResetRequest forgets a request. There need not be one.
	ForgetResetRequest(ctx context.Context, id int64) error
}

// Bounds of the requests for resets: how many wait, and how many are read at once.
const (
	maxResetRequests = 10_000
	resetBatch       = 100
)

// RequestPasswordReset asks for the token of [Service.ResetPassword]. [Service.AnswerResets]
// queues its mail, if there is an account with that address. Here nobody looks: for every address
// the answer is the same, and so is the work, whose time could tell too. It returns [ErrBusy]
// if too many requests wait, and [ErrStoreFull].
func (s *Service) RequestPasswordReset(ctx context.Context, email string) error {
	if len(email) > maxEmail {
		email = "" // which is nobody's either, and takes less room
	}
	request := ResetRequest{Email: lowerASCII(email), At: s.Now()}
	if err := s.Store.KeepResetRequest(ctx, request, maxResetRequests); err != nil {
		return fmt.Errorf("keep request for a reset: %w", err)
	}
	return nil
}

// AnswerResets queues the mails that requests for resets ask for, the oldest request first.
// What fails waits for the next time, and is in nobody's way.
//
// It may be called concurrently in one process, and not in several: one caller at a time is at
// it, and the others wait. If two answered the same request, the token in the first of its mails
// would be void by the second. That can happen still after a crash between the mail and the note
// that it is queued; so each request is answered, unless it waits for [EmailTokenLifetime].
//
// The error tells how many requests were not answered, and of the first why. It shows no address.
// It is [ErrStoreFull] if the rest was not tried because of that.
func (s *Service) AnswerResets(ctx context.Context) error {
	s.resets.Lock()
	defer s.resets.Unlock()
	var first error
	failures, after := 0, int64(0)
	for range maxResetRequests / resetBatch {
		requests, err := s.Store.ResetRequests(ctx, after, resetBatch)
		if err != nil {
			return fmt.Errorf("list requests for resets: %w", err)
		}
		for _, request := range requests {
			after = request.ID
			err := s.answerReset(ctx, request)
			if errors.Is(err, ErrStoreFull) || ctx.Err() != nil {
				return err
			}
			if err != nil {
				failures++
				first = cmp.Or(first, err)
			}
		}
		if len(requests) < resetBatch {
			break
		}
	}
	if failures == 0 {
		return nil
	}
	return fmt.Errorf("%d wait for the next time, the first: %w", failures, first)
}

// answerReset does what one request asks for, and forgets it. One that is older than a token
// may be, because the server was down, gets no mail: who asked has asked again by now, or has
// given up and would wonder who is at his account.
func (s *Service) answerReset(ctx context.Context, request ResetRequest) error {
	if request.At.After(s.Now().Add(-EmailTokenLifetime)) {
		if err := s.mailReset(ctx, request); err != nil {
			return err
		}
	}
	if err := s.Store.ForgetResetRequest(context.WithoutCancel(ctx), request.ID); err != nil {
		return fmt.Errorf("forget request for a reset: %w", err)
	}
	return nil
}

// mailReset mails a token to the account whose address a request names, if there is one.
func (s *Service) mailReset(ctx context.Context, request ResetRequest) error {
	account, err := s.Store.FindAccount(ctx, Identifier{ByEmail, request.Email})
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find account: %w", err)
	case account.Email == "":
		return nil
	}
	err = s.mailToken(ctx, Caller{Account: account}, PurposeResetPassword, Client{})
	switch {
	case errors.Is(err, ErrAccountNotFound): // it is gone, or has another address by now
		return nil
	case errors.Is(err, ErrEnoughMails): // the token before is as good as it was
		return nil
	}
	return err
}
