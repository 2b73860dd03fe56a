package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// The typed client finds the stubs below the prefix.
func Example_client() {
	server := httptest.NewServer(newHandler())
	defer server.Close()
	client := comatproto.ServerClient{Client: &xrpc.Client{Host: server.URL + prefix}}
	output, err := client.DescribeServer(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(output.AvailableUserDomains)
	_, err = client.GetSession(context.Background())
	fmt.Println(errors.Is(err, xrpc.ErrMethodNotImplemented))
	// Output:
	// [.example.com]
	// true
}

func Example() {
	server := httptest.NewServer(newHandler())
	defer server.Close()
	for _, path := range []string{"/", "/accounts/xrpc/com.atproto.server.describeServer", "/accounts/xrpc/com.atproto.server.getSession"} {
		res, err := http.Get(server.URL + path)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		fmt.Println(res.StatusCode, string(body))
	}
	// Output:
	// 200 hello
	//
	// 200 {"availableUserDomains":[".example.com"],"did":"did:web:example.com"}
	// 501 {"error":"MethodNotImplemented","message":"Method Not Implemented"}
}
