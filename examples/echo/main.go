// Echo mounts generated stubs in an echo application that has routes and middleware already.
//
//	go run ./examples/echo
//	curl http://localhost:8080/xrpc/com.atproto.server.describeServer
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
)

// newApp is the application as it was before.
func newApp() *echo.Echo {
	e := echo.New()
	e.Use(middleware.Recover(), chooseTenant)
	e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "hello\n") })
	return e
}

// chooseTenant is middleware of the application: it keeps in echo's context whose site is asked for.
func chooseTenant(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set("tenant", "example.com")
		return next(c)
	}
}

// mountXRPC is all that the stubs need.
func mountXRPC(e *echo.Echo) {
	xrpcecho.Mount(e, xrpc.NewHandler(comatproto.ServerEndpoints(service{})))
}

// service answers one endpoint of com.atproto.server. The embedded stub answers the others with
// status 501.
type service struct {
	comatproto.UnimplementedServerHandler
}

// DescribeServer reads what the application's middleware has set.
func (service) DescribeServer(ctx context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	tenant, _ := xrpcecho.Context(ctx).Get("tenant").(string)
	return &comatproto.ServerDescribeServerOutput{
		DID:                  syntax.DID("did:web:" + tenant),
		AvailableUserDomains: []string{"." + tenant},
	}, nil
}

func main() {
	e := newApp()
	mountXRPC(e)
	log.Fatal(e.Start("localhost:8080"))
}
