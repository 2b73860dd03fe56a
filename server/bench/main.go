// Bench measures the account server: requests in a second, how long they take, memory and start-up
// time, as a table in Markdown. Run it with
//
//	go run ./server/bench
//
// It builds the server, seeds a database with accounts in a temporary folder, starts the server on that
// as a process of its own and calls it over loopback. Beside it bare net/http handlers, in a process of
// their own too, verify the same tokens and read one row of the same database, or commit one to a database
// with the same settings: what a server cannot do without. So is, without HTTP, the hash of one password,
// which is measured beside the method that needs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"
)

// A plan is how much is measured.
type plan struct {
	accounts int
	clients  int
	duration time.Duration
}

func main() {
	var p plan
	flag.IntVar(&p.accounts, "accounts", 10_000, "how many accounts the database has")
	flag.IntVar(&p.clients, "clients", 8, "how many clients call at the same time")
	flag.DurationVar(&p.duration, "duration", 3*time.Second, "how long each method is called")
	bare := flag.String("bare", "", "serve the bare handler on the database in this folder instead")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := func() error { return measure(ctx, p) }
	if *bare != "" {
		run = func() error { return serveBare(ctx, *bare) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure does all of it and prints the tables.
func measure(ctx context.Context, p plan) error {
	folder, err := os.MkdirTemp("", "server-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary, err := build(ctx, folder)
	if err != nil {
		return err
	}
	data := folder + "/data"
	if err := seed(ctx, binary, data, p.accounts); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	server, err := start(ctx, binary, "--data", data, "--listen", "127.0.0.1:0", "--rate-limits=false", "--log-level", "warn",
		"--hash-parallel", strconv.Itoa(hashParallel()))
	if err != nil {
		return err
	}
	defer server.stop()
	fmt.Printf("%d accounts, %d clients, %s a method\n\n", p.accounts, p.clients, p.duration)
	fmt.Printf("- start-up: %d ms until the first request is answered\n", server.startup.Milliseconds())
	fmt.Printf("- resident memory before the first login: %d MB\n\n", server.memory("VmRSS")>>20)
	if err := measureMethods(ctx, p, server.url, data); err != nil {
		return err
	}
	fmt.Printf("\n- peak of the resident memory after logins and sign-ups: %d MB\n", server.memory("VmHWM")>>20)
	return nil
}
