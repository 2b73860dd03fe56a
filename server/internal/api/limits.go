package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// A limit bounds how often calls with the same key are admitted. Endpoints that share it are
// counted together, so that an older name of an endpoint is no way around it.
type limit struct {
	limiter *ratelimit.Limiter
	keyOf   func(call *xrpc.Call) string
}

// limits are those of the endpoints.
type limits struct {
	signUp              []*limit
	logIn               []*limit
	requestReset        []*limit
	reset               []*limit
	requestConfirmation []*limit
	requestEmailUpdate  []*limit
	requestDeletion     []*limit
	deletion            []*limit
	reserveKey          []*limit
	updateHandle        []*limit
	requestSignature    []*limit
	checkHandle         []*limit
	lookUpHandle        []*limit // for which other hosts may be asked
}

// maxKeys is how many keys a limit remembers at a time.
const maxKeys = 100_000

// newLimits returns the limits. What an account changes about itself has none, apart from its handle
// and the mails that it asks for: what comes of it is limited instead, be it app passwords, invite codes,
// notices, the audit log, or answers that an email is taken.
func newLimits(now func() time.Time) limits {
	per := func(keyOf func(*xrpc.Call) string, windows ...ratelimit.Limit) *limit {
		return &limit{limiter: ratelimit.New(now, maxKeys, windows...), keyOf: keyOf}
	}
	minutes := func(points int) ratelimit.Limit { return ratelimit.Limit{Points: points, Window: 5 * time.Minute} }
	hour := func(points int) ratelimit.Limit { return ratelimit.Limit{Points: points, Window: time.Hour} }
	day := func(points int) ratelimit.Limit { return ratelimit.Limit{Points: points, Window: 24 * time.Hour} }
	mails := func() []*limit { return []*limit{per(accountKey, hour(5), day(15))} }
	return limits{
		signUp:              []*limit{per(clientKey, minutes(100))},
		logIn:               []*limit{per(loginKey, minutes(30), day(300))},
		requestReset:        []*limit{per(clientKey, hour(15), day(50))},
		reset:               []*limit{per(clientKey, minutes(50))},
		requestConfirmation: mails(),
		requestEmailUpdate:  mails(),
		requestDeletion:     mails(),
		requestSignature:    mails(),
		deletion:            []*limit{per(clientKey, minutes(50))},
		reserveKey:          []*limit{per(clientKey, hour(10), day(20)), per(siteKey, hour(20), day(60))},
		updateHandle:        []*limit{per(accountKey, minutes(10), day(50))},
		checkHandle:         []*limit{per(clientKey, minutes(60))},
		lookUpHandle:        []*limit{per(clientKey, minutes(300))},
	}
}

var _ xrpc.Admission = (*API)(nil).Admit

// Admit is an [xrpc.Admission]. It counts a call and tells the client how many more there may be.
// A call that is one too many is refused with [ErrRateLimited].
func (a *API) Admit(_ context.Context, call *xrpc.Call) error {
	return a.admit(call, a.rules[call.Endpoint.NSID].limits)
}

// admitLookup is Admit for what other hosts may have to be asked for.
func (a *API) admitLookup(call *xrpc.Call) error {
	return a.admit(call, a.lookups)
}

// admit is Admit with some limits, of which there may be none.
func (a *API) admit(call *xrpc.Call, limits []*limit) error {
	if a.unlimited || len(limits) == 0 || a.bypass.Covers(call.Header) {
		return nil
	}
	tightest := limits[0].take(call)
	for _, l := range limits[1:] {
		if !tightest.Allowed { // a refused call counts for nothing
			break
		}
		tightest = ratelimit.Tighter(tightest, l.take(call))
	}
	ratelimit.SetHeaders(call.ResponseHeader, tightest)
	if !tightest.Allowed {
		return ErrRateLimited()
	}
	return nil
}

func (l *limit) take(call *xrpc.Call) ratelimit.Result {
	return l.limiter.Take(l.keyOf(call))
}

// ErrRateLimited returns the answer to a call that is one too many.
func ErrRateLimited() error {
	return xrpc.NewError(http.StatusTooManyRequests)
}

func clientKey(call *xrpc.Call) string { return ratelimit.ClientKey(call.ClientAddr) }

func siteKey(call *xrpc.Call) string { return ratelimit.SiteKey(call.ClientAddr) }

func accountKey(call *xrpc.Call) string { return string(call.Caller.(account.Caller).Account.DID) }

// loginKey tells apart both accounts and clients, so that nobody locks the owner out.
func loginKey(call *xrpc.Call) string {
	input := call.Input.(*comatproto.ServerCreateSessionInput)
	return clientKey(call) + " " + strings.ToLower(input.Identifier)
}
