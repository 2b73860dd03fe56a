// Package api answers the endpoints of com.atproto.server, identity, admin and temp, and of the older
// com.atproto.account, with the rules of package account: it maps requests, results and refusals,
// authenticates callers, and bounds how often they may call. It imports account, ratelimit, the
// generated packages and the runtime, and knows neither HTTP routing nor SQL.
package api

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// Config says what the endpoints work with.
type Config struct {
	// Accounts has the rules.
	Accounts *account.Service
	// Description is what describeServer answers.
	Description comatproto.ServerDescribeServerOutput
	// AdminPassword is the administrator's. If it is empty, nobody is the administrator.
	AdminPassword string
	// ClientAddr tells who makes a request, as [xrpc.WithClientAddr] is told.
	ClientAddr func(*http.Request) netip.Addr
	// Unlimited lets everybody call, and fail, as often as they like.
	Unlimited bool
	// Bypass lets requests past the rate limits, though not past what failures cost. It may be nil.
	Bypass *ratelimit.Bypass
	// Now tells the time to rate limits.
	Now func() time.Time
}

// API is the endpoints, with those who decide on their calls. It may be used concurrently.
type API struct {
	accounts    *account.Service
	description comatproto.ServerDescribeServerOutput
	admin       *[sha256.Size]byte // hash of the administrator's password; nil if there is none
	clientAddr  func(*http.Request) netip.Addr
	guard       *guard // of the administrator's password; nil if guesses are not limited
	unlimited   bool
	bypass      *ratelimit.Bypass
	taken       *takenEmails // nil if they are not limited
	lookups     []*limit     // of handles
	rules       map[syntax.NSID]rule
}

// New returns the endpoints.
func New(config Config) *API {
	limits := newLimits(config.Now)
	a := &API{
		accounts:    config.Accounts,
		description: config.Description,
		clientAddr:  config.ClientAddr,
		unlimited:   config.Unlimited,
		bypass:      config.Bypass,
		lookups:     limits.lookUpHandle,
		rules:       newRules(limits),
	}
	if !config.Unlimited {
		a.guard = newGuard(config.Now)
		a.taken = newTakenEmails(config.Now, config.Bypass)
	}
	if config.AdminPassword != "" {
		hash := sha256.Sum256([]byte(config.AdminPassword))
		a.admin = &hash
	}
	return a
}

// Endpoints lists the endpoints; without admin only those that are not for administrators and
// moderators.
func (a *API) Endpoints(admin bool) []xrpc.Endpoint {
	endpoints := slices.Concat(
		comatproto.ServerEndpoints(&serverHandler{accounts: a.accounts, description: a.description, taken: a.taken}),
		comatproto.AccountEndpoints(&legacyHandler{accounts: a.accounts, taken: a.taken}),
		comatproto.IdentityEndpoints(&identityHandler{accounts: a.accounts, admitLookup: a.admitLookup}),
		comatproto.AdminEndpoints(&adminHandler{accounts: a.accounts}),
		comatproto.TempEndpoints(&tempHandler{accounts: a.accounts}),
	)
	if admin {
		return endpoints
	}
	return slices.DeleteFunc(endpoints, func(e xrpc.Endpoint) bool {
		return a.rules[e.NSID].access.isAdministrative()
	})
}

// serverHandler answers com.atproto.server.
type serverHandler struct {
	accounts    *account.Service
	description comatproto.ServerDescribeServerOutput
	taken       *takenEmails
}

// legacyHandler answers com.atproto.account: the older names of some endpoints of
// com.atproto.server, with the same services.
type legacyHandler struct {
	accounts *account.Service
	taken    *takenEmails
}

// identityHandler answers com.atproto.identity.
type identityHandler struct {
	accounts    *account.Service
	admitLookup func(*xrpc.Call) error
}

// adminHandler answers com.atproto.admin.
type adminHandler struct{ accounts *account.Service }

// tempHandler answers com.atproto.temp.
type tempHandler struct{ accounts *account.Service }

var (
	_ comatproto.ServerHandler   = (*serverHandler)(nil)
	_ comatproto.AccountHandler  = (*legacyHandler)(nil)
	_ comatproto.IdentityHandler = (*identityHandler)(nil)
	_ comatproto.AdminHandler    = (*adminHandler)(nil)
	_ comatproto.TempHandler     = (*tempHandler)(nil)
)

// client describes who makes a call, for the account's audit log and list of sessions.
func client(ctx context.Context) account.Client {
	call := xrpc.CallFrom(ctx)
	c := account.Client{UserAgent: call.Header.Get("User-Agent")}
	if call.ClientAddr.IsValid() {
		c.IP = call.ClientAddr.String()
	}
	return c
}

// caller returns the account that makes a call to an endpoint that requires one.
func caller(ctx context.Context) account.Caller {
	return xrpc.CallFrom(ctx).Caller.(account.Caller)
}

// noStore keeps a response that holds secrets out of every cache.
func noStore(ctx context.Context) {
	xrpc.CallFrom(ctx).ResponseHeader.Set("Cache-Control", "no-store")
}
