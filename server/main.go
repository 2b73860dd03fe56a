// Server is an AT Protocol account server: it creates accounts with did:plc identities and opens,
// refreshes and ends their sessions, over the endpoints of com.atproto.server and the older names
// of com.atproto.account. It keeps everything in one folder, with SQLite.
//
// Start it with
//
//	go run ./server
//
// and see --help for all flags. Each flag can also be set by the environment variable that its
// help names; the command line wins.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
)

// The exit statuses.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run starts the server as the arguments and the environment say, and serves until ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	config, err := parseConfig(args, getenv)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, usage())
		return exitFine
	case err != nil:
		fmt.Fprintf(stderr, "server: %v\nRun with --help for usage.\n", err)
		return exitUsage
	}
	p, err := newProgram(ctx, config, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "server: %v\n", err)
		return exitFailed
	}
	err = p.Run(ctx, stdout)
	if err = errors.Join(err, p.Close()); err != nil {
		fmt.Fprintf(stderr, "server: %v\n", err)
		return exitFailed
	}
	return exitFine
}
