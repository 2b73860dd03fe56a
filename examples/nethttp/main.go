// Nethttp serves generated stubs under plain net/http: a mux that has routes of its own hands all
// that is below one prefix to them.
//
//	go run ./examples/nethttp
//	curl http://localhost:8080/accounts/xrpc/com.atproto.server.describeServer
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// service answers one endpoint of com.atproto.server. The embedded stub answers the others with
// status 501.
type service struct {
	comatproto.UnimplementedServerHandler
}

func (service) DescribeServer(context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	return &comatproto.ServerDescribeServerOutput{DID: "did:web:example.com", AvailableUserDomains: []string{".example.com"}}, nil
}

// prefix is where the stubs are. At the root of a mux they need no [http.StripPrefix].
const prefix = "/accounts"

func newHandler() http.Handler {
	stubs := xrpc.NewHandler(comatproto.ServerEndpoints(service{}))
	mux := http.NewServeMux()
	mux.Handle(prefix+xrpc.PathPrefix, http.StripPrefix(prefix, stubs))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") })
	return mux
}

func main() {
	log.Fatal(http.ListenAndServe("localhost:8080", newHandler()))
}
