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
type takenEmails limit

func newTakenEmails(now func() time.Time) *takenEmails {
	return &takenEmails{
		limiter: ratelimit.New(now, maxKeys, ratelimit.Limit{Points: 10, Window: 5 * time.Minute}),
		keyOf:   clientKey,
	}
}

// do calls f, which may find that an address is taken, unless the network has been told so too often. A
// call counts until it is known to tell nothing, so that many at once gain nothing.
func (t *takenEmails) do(ctx context.Context, f func() error) error {
	if t == nil {
		return f()
	}
	call := xrpc.CallFrom(ctx)
	key := t.keyOf(call)
	if result := t.limiter.Take(key); !result.Allowed {
		ratelimit.SetHeaders(call.ResponseHeader, result)
		return ErrRateLimited()
	}
	err := f()
	if !errors.Is(err, account.ErrEmailTaken) {
		t.limiter.GiveBack(key)
	}
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
