// Nethttp serves generated stubs under plain net/http, beside the routes of an ordinary mux.
//
//	go run ./examples/nethttp
//	curl http://localhost:8080/xrpc/com.atproto.server.describeServer
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
	return &comatproto.ServerDescribeServerOutput{AvailableUserDomains: []string{".example.com"}}, nil
}

func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(xrpc.PathPrefix, xrpc.NewHandler(comatproto.ServerEndpoints(service{})))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") })
	return mux
}

func main() {
	log.Fatal(http.ListenAndServe("localhost:8080", newHandler()))
}
