package main

import (
	"fmt"
	"net/http/httptest"
)

func Example() {
	e := newApp()
	mountXRPC(e)
	for _, path := range []string{"/", "/xrpc/com.atproto.server.describeServer", "/xrpc/com.atproto.server.getSession"} {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 hello
	//
	// 200 {"availableUserDomains":[".example.com"],"did":"did:web:example.com"}
	// 501 {"error":"MethodNotImplemented","message":"Method Not Implemented"}
}
