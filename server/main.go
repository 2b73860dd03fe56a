// Server is an AT Protocol account server: accounts with did:plc identities, their sessions, app
// passwords, invite codes, mails, handles and their administration, over the endpoints of com.atproto.server,
// com.atproto.identity, com.atproto.admin and the older com.atproto.account. It keeps everything in one
// folder, with SQLite.
//
// Start it with
//
//	go run ./server
//
// and see --help for all flags, and for the commands that an operator has beside a server that runs. Each
// flag can also be set by the environment variable that its help names; the command line wins.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
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
	os.Exit(run(untilSignal(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// untilSignal returns a context that ends when the process is told to stop. If it is told once more, it
// ends at once: by the time the context has ended, signals have their usual effect again.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

// run does as the arguments and the environment say: a command, or serving until ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	config, wanted, o, err := parseCommand(args, getenv)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, usage(wanted))
		return exitFine
	case err != nil:
		complain(stderr, err)
		fmt.Fprintln(stderr, "Run with --help for usage.")
		return exitUsage
	case wanted != nil:
		return runCommand(ctx, wanted, config, o, stdout, stderr)
	}
	p, err := newProgram(ctx, config, stderr)
	switch {
	case ctx.Err() != nil && err != nil:
		return exitFine // told to stop before it had started
	case err != nil:
		complain(stderr, err)
		return exitFailed
	}
	err = p.Run(ctx, stdout)
	if err = errors.Join(err, p.Close()); err != nil {
		complain(stderr, err)
		return exitFailed
	}
	return exitFine
}

// complain prints an error, each of its lines with the name of the program.
func complain(stderr io.Writer, err error) {
	for line := range strings.Lines(err.Error() + "\n") {
		fmt.Fprint(stderr, "server: ", line)
	}
}
