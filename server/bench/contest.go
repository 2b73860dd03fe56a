package main

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// An entrant is a task with its name in the table.
type entrant struct {
	name string
	do   task
}

// A contest compares a method with the least that it could do.
type contest struct {
	method, bare entrant
	against      string // names bare in a sentence
}

// turns is how often the two of a contest alternate, so that both see the same machine.
const turns = 3

// measureMethods calls one method after the other and prints the table.
func measureMethods(ctx context.Context, p plan, url, data string) error {
	sessions, err := login(ctx, url, p.clients)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	handler, err := start(ctx, self, "-bare", data)
	if err != nil {
		return err
	}
	defer handler.stop()
	return printTable(ctx, p,
		entrant{"describeServer", describeServer(url).task(p)},
		[]contest{
			{
				entrant{"getSession", getSession(url, sessions).task(p)},
				entrant{"bare handler: the token and a row", getSession(handler.url, sessions).task(p)},
				"the bare handler",
			},
			{
				entrant{"refreshSession", refreshSession(url, sessions).task(p)},
				entrant{"bare handler: the token and a commit", refreshNothing(handler.url, sessions).task(p)},
				"the bare handler",
			},
			{entrant{"createSession", createSession(url).task(p)}, entrant{"bare Argon2id hash", bareHash(hashParallel())}, "the bare hash"},
		},
		entrant{"createAccount", createAccount(url).task(p)},
	)
}

// printTable measures and prints a row for the first, two for each contest and one for the last, and below
// them how the contests came out.
func printTable(ctx context.Context, p plan, first entrant, contests []contest, last entrant) error {
	fmt.Println("| method | requests/s | p50 | p99 |\n|---|---|---|---|")
	if err := printRow(first, load(ctx, p, first.do)); err != nil {
		return err
	}
	var ratios strings.Builder
	for _, c := range contests {
		method, bare := c.hold(ctx, p)
		if err := printRow(c.method, method); err != nil {
			return err
		}
		if err := printRow(c.bare, bare); err != nil {
			return err
		}
		fmt.Fprintf(&ratios, "\n- %s has %.0f %% of the throughput of %s", c.method.name, 100*method.perSecond()/bare.perSecond(), c.against)
	}
	if err := printRow(last, load(ctx, p, last.do)); err != nil {
		return err
	}
	fmt.Println(ratios.String())
	return nil
}

// hold lets both take turns.
func (c contest) hold(ctx context.Context, p plan) (method, bare result) {
	var methods, bares []result
	for range turns {
		methods = append(methods, load(ctx, p, c.method.do))
		bares = append(bares, load(ctx, p, c.bare.do))
	}
	return merge(methods), merge(bares)
}

// printRow prints a row of the table, unless the task has failed.
func printRow(e entrant, r result) error {
	if r.err != nil {
		return fmt.Errorf("%s: %w", e.name, r.err)
	}
	fmt.Printf("| %s | %.0f | %s | %s |\n", e.name, r.perSecond(), short(r.quantile(0.5)), short(r.quantile(0.99)))
	return nil
}
