package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

const visitorDID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"

// server stands in for an account server: it has room for one account and trusts every token.
type server struct {
	comatproto.UnimplementedServerHandler
	handle syntax.Handle
}

func (s *server) DescribeServer(context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	return &comatproto.ServerDescribeServerOutput{DID: "did:web:localhost", AvailableUserDomains: []string{".test"}}, nil
}

func (s *server) CreateAccount(_ context.Context, input *comatproto.ServerCreateAccountInput) (*comatproto.ServerCreateAccountOutput, error) {
	if s.handle != "" {
		return nil, comatproto.ServerCreateAccountErrHandleNotAvailable
	}
	s.handle = input.Handle
	return &comatproto.ServerCreateAccountOutput{AccessJWT: "a", RefreshJWT: "r", Handle: s.handle, DID: visitorDID}, nil
}

func (s *server) CreateSession(context.Context, *comatproto.ServerCreateSessionInput) (*comatproto.ServerCreateSessionOutput, error) {
	return &comatproto.ServerCreateSessionOutput{AccessJWT: "a", RefreshJWT: "r", Handle: s.handle, DID: visitorDID}, nil
}

func (s *server) GetSession(ctx context.Context) (*comatproto.ServerGetSessionOutput, error) {
	if xrpc.CallFrom(ctx).Header.Get("Authorization") != "Bearer a" {
		return nil, xrpc.NewError(401)
	}
	return &comatproto.ServerGetSessionOutput{Handle: s.handle, DID: visitorDID}, nil
}

// The first run signs up, the second logs in.
func Example() {
	host := httptest.NewServer(xrpc.NewHandler(comatproto.ServerEndpoints(&server{})))
	defer host.Close()
	for range 2 {
		if err := run(context.Background(), host.URL, os.Stdout); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// I am hello-visitor.test, also known as did:plc:ewvi7nxzyoun6zhxrhs64oiz.
	// I am hello-visitor.test, also known as did:plc:ewvi7nxzyoun6zhxrhs64oiz.
}
