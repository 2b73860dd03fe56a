package xrpcecho_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
)

// An application keeps its own routes and middleware; everything below /xrpc/ goes to the handler.
func ExampleMount() {
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "an application") })
	xrpcecho.Mount(e, service(func(ctx context.Context) (*page, error) {
		return &page{"asked for " + xrpcecho.Context(ctx).Path()}, nil
	}))

	for _, path := range []string{"/", "/xrpc/com.example.note.read", "/xrpc/com.example.note.burn", "/other"} {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(recorder.Code, recorder.Body)
	}
	// Output:
	// 200 an application
	// 200 {"text":"asked for /xrpc/*"}
	// 501 {"error":"MethodNotImplemented","message":"Method Not Implemented"}
	// 404 {"error":"XRPCNotSupported","message":"XRPC Not Supported"}
}
