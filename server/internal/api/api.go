// Package api answers the endpoints of com.atproto.server and com.atproto.account with the rules
// of package account: it maps requests, results and refusals, and authenticates callers. It
// imports account, the generated packages and the runtime, and knows neither HTTP routing nor SQL.
package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Server answers com.atproto.server. Endpoints that it has no method for are answered with status
// 501. It may be used concurrently.
type Server struct {
	comatproto.UnimplementedServerHandler

	Accounts *account.Service
	// Description is what describeServer answers.
	Description comatproto.ServerDescribeServerOutput
}

var _ comatproto.ServerHandler = (*Server)(nil)

// Account answers com.atproto.account, the older names of some endpoints of com.atproto.server,
// with the same services. It may be used concurrently.
type Account struct {
	comatproto.UnimplementedAccountHandler

	Accounts *account.Service
}

var _ comatproto.AccountHandler = (*Account)(nil)

// Endpoints lists all endpoints of the server.
func Endpoints(accounts *account.Service, description comatproto.ServerDescribeServerOutput) []xrpc.Endpoint {
	endpoints := comatproto.ServerEndpoints(&Server{Accounts: accounts, Description: description})
	return append(endpoints, comatproto.AccountEndpoints(&Account{Accounts: accounts})...)
}

// client describes who makes a call, for the list of an account's sessions.
func client(ctx context.Context) account.Client {
	call := xrpc.CallFrom(ctx)
	c := account.Client{UserAgent: call.Header.Get("User-Agent")}
	if call.ClientAddr.IsValid() {
		c.IP = call.ClientAddr.String()
	}
	return c
}

// noStore keeps a response that holds tokens out of every cache.
func noStore(ctx context.Context) {
	xrpc.CallFrom(ctx).ResponseHeader.Set("Cache-Control", "no-store")
}
