// Figures measures what lexgen costs, beside the generator of github.com/bluesky-social/indigo where
// there is something to compare, and prints a table in Markdown.
//
//	go run ./figures [-runs n]
//
// Each figure is the lowest of n runs, in which both sides take turns; ratios are of these. The time
// is that of a clock, which means something only on a machine that does nothing else; the time of the
// processors, of all of them together, depends less on that. What decoding and encoding cost is
// measured by benchmarks.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

func main() {
	runs := flag.Int("runs", 5, "how often each command is run")
	flag.Parse()
	if err := run(*runs, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "figures: %v\n", err)
		os.Exit(1)
	}
}

// bench is where the measuring takes place.
type bench struct {
	runs int
	// module is where lexgen generates, peer where indigo's generator does.
	module *scratch.Module
	peer   *peer
	// temporary is a folder for what is neither.
	temporary string
}

// row is a line of the table: what lexgen did, and what it is compared with.
type row struct {
	what, lexgen, against string
	cost, other           cost
}

// cost is what a command took.
type cost struct {
	// clock is the time that passed, and processor that of all processors together.
	clock, processor time.Duration
}

// String implements [fmt.Stringer].
func (c cost) String() string {
	return fmt.Sprintf("%.2f s (%.2f s)", c.clock.Seconds(), c.processor.Seconds())
}

// per returns the cost of one of n things.
func (c cost) per(n time.Duration) cost { return cost{c.clock / n, c.processor / n} }

func run(runs int, w io.Writer) (err error) {
	temporary, err := os.MkdirTemp("", "figures-")
	if err != nil {
		return err
	}
	defer func() {
		if removed := os.RemoveAll(temporary); err == nil {
			err = removed
		}
	}()
	b := &bench{runs: runs, temporary: temporary}
	if b.module, err = scratch.Create(filepath.Join(temporary, "module"), "figures.test"); err != nil {
		return err
	}
	if b.peer, err = newPeer(filepath.Join(temporary, "peer")); err != nil {
		return err
	}
	var rows []row
	for _, measure := range []func() ([]row, error){b.generation, b.growth, b.compilation} {
		more, err := measure()
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	fmt.Fprintln(w, "| what | lexgen: time (of processors) | compared with | ratio of times | of processors' |")
	fmt.Fprintln(w, "|---|---|---|---|---|")
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s | %s | %.2f | %.2f |\n", r.what, r.lexgen, r.against,
			r.cost.clock.Seconds()/r.other.clock.Seconds(), r.cost.processor.Seconds()/r.other.processor.Seconds())
	}
	return nil
}

// contest runs commands by turns, b.runs times each, and returns the lowest costs of each. What must
// be done before a run is not counted.
func (b *bench) contest(contestants ...contestant) ([]cost, error) {
	lowest := make([]cost, len(contestants))
	for turn := range b.runs {
		for i, c := range contestants {
			if err := c.prepare(); err != nil {
				return nil, err
			}
			got, err := measure(c.run)
			if err != nil {
				return nil, err
			}
			if turn == 0 {
				lowest[i] = got
			}
			lowest[i] = cost{min(lowest[i].clock, got.clock), min(lowest[i].processor, got.processor)}
		}
	}
	return lowest, nil
}

// measure returns what the commands that a function runs cost.
func measure(run func() error) (cost, error) {
	before, err := processorTime()
	if err != nil {
		return cost{}, err
	}
	start := time.Now()
	if err := run(); err != nil {
		return cost{}, err
	}
	clock := time.Since(start)
	after, err := processorTime()
	return cost{clock, after - before}, err
}

// processorTime returns how long processors worked for all commands that have ended.
func processorTime() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}

// contestant is a command that is measured.
type contestant struct{ prepare, run func() error }

// official returns the folder of the official lexicons.
func official() (string, error) { return indigo.Folder("lexicons") }

// command runs a command. An error has what it printed.
func command(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, env
	output, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, output)
	}
	return string(output), err
}
