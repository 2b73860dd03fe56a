package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

func Example() {
	server := httptest.NewServer(newHandler())
	defer server.Close()
	for _, path := range []string{"/", "/xrpc/com.atproto.server.describeServer", "/xrpc/com.atproto.server.getSession"} {
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
	// 200 {"availableUserDomains":[".example.com"]}
	// 501 {"error":"MethodNotImplemented","message":"Method Not Implemented"}
}
