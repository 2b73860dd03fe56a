package api

import (
	"context"
	"errors"
	"time"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// takenEmails bounds how often a network is told that an email address has an account: clients need to
// be told that, and others would try long lists of addresses. It may be used concurrently; nil bounds
// nothing.
type takenEmails struct {
	outcomes *ratelimit.Outcomes
	bypass   *ratelimit.Bypass
}

// Bounds of what waits for what others of its network come to, and when to try again after that.
const (
	takenQueue    = 100
	takenPatience = 5 * time.Second
	takenRetry    = time.Second
)

func newTakenEmails(now func() time.Time, bypass *ratelimit.Bypass) *takenEmails {
	limiter := ratelimit.New(now, maxKeys, ratelimit.Limit{Points: 10, Window: 5 * time.Minute})
	return &takenEmails{outcomes: ratelimit.NewOutcomes(limiter, takenQueue, takenPatience), bypass: bypass}
}

// do calls f, which may find that an address is taken, unless the network has been told so too often. A
// call counts until it is known to tell nothing, so that many at once gain nothing; those for which
// nothing is left meanwhile wait.
func (t *takenEmails) do(ctx context.Context, f func() error) error {
	call := xrpc.CallFrom(ctx)
	if t == nil || t.bypass.Covers(call.Header) {
		return f()
	}
	key := clientKey(call)
	result, err := t.outcomes.Begin(ctx, key)
	switch {
	case errors.Is(err, ratelimit.ErrUnderWay):
		return account.ErrBusy.After(takenRetry)
	case err != nil:
		return err
	case !result.Allowed:
		ratelimit.SetHeaders(call.ResponseHeader, result)
		return ErrRateLimited()
	}
	taken := false
	defer func() { t.outcomes.End(key, result, taken) }()
	err = f()
	taken = errors.Is(err, account.ErrEmailTaken)
	return err
}

// createAccount is [account.Service.CreateAccount] within do.
func (t *takenEmails) createAccount(ctx context.Context, accounts *account.Service, signup account.Signup) (account.Grant, error) {
	var grant account.Grant
	err := t.do(ctx, func() error {
		var err error
		grant, err = accounts.CreateAccount(ctx, signup)
		return err
	})
	return grant, err
}
