// Client calls an account server through the typed client: it signs up, or logs in if it has signed
// up before, and asks who it is.
//
//	make run
//	go run ./examples/client http://localhost:2583
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// password of the account that this program creates; yours should be another.
const password = "correct horse battery staple"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: client URL")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, host string, out io.Writer) error {
	anonymous := comatproto.ServerClient{Client: &xrpc.Client{Host: host}}
	server, err := anonymous.DescribeServer(ctx)
	if err != nil {
		return err
	}
	if len(server.AvailableUserDomains) == 0 {
		return errors.New("the server gives no handles")
	}
	token, err := signUpOrLogIn(ctx, anonymous, syntax.Handle("hello-visitor"+server.AvailableUserDomains[0]))
	if err != nil {
		return err
	}
	visitor := comatproto.ServerClient{Client: &xrpc.Client{Host: host, Authorize: xrpc.Bearer(token)}}
	session, err := visitor.GetSession(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "I am %s, also known as %s.\n", session.Handle, session.DID)
	return nil
}

// signUpOrLogIn returns an access token. That a handle is taken is an error that the lexicon declares,
// so there is a constant for it.
func signUpOrLogIn(ctx context.Context, client comatproto.ServerClient, handle syntax.Handle) (string, error) {
	account, err := client.CreateAccount(ctx, &comatproto.ServerCreateAccountInput{
		Handle:   handle,
		Email:    lexdata.Some("visitor@example.com"),
		Password: lexdata.Some(password),
	})
	if err == nil {
		return account.AccessJWT, nil
	}
	if !errors.Is(err, comatproto.ServerCreateAccountErrHandleNotAvailable) {
		return "", err
	}
	session, err := client.CreateSession(ctx, &comatproto.ServerCreateSessionInput{
		Identifier: string(handle),
		Password:   password,
	})
	if err != nil {
		return "", err
	}
	return session.AccessJWT, nil
}
