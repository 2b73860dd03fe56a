// Report runs the tests of this module and prints what they prove as a table: what was tested, the
// result, and what it counted.
//
//	go run ./report [packages]
//
// Tests say what they prove in attributes, as package gotest explains; those that do not are in the
// table only when something is wrong with them. The exit status is 1 if a test failed, and also if
// one was skipped: what is not tested is not proved.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"text/tabwriter"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(patterns []string, stdout, stderr io.Writer) int {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	results, err := gotest.Run(".", nil, patterns...)
	if err != nil {
		fmt.Fprintf(stderr, "report: %v\n", err)
		return 1
	}
	wrong := gotest.Wrong(results)
	for _, result := range wrong {
		fmt.Fprintf(stderr, "%s %s: %s\n%s\n", result.Package, result.Test, result.Outcome, result.Output)
	}
	if err := printTable(stdout, results, wrong); err != nil {
		fmt.Fprintf(stderr, "report: %v\n", err)
		return 1
	}
	if len(wrong) > 0 {
		fmt.Fprintf(stderr, "report: %d tests failed or were skipped\n", len(wrong))
		return 1
	}
	return 0
}

// printTable prints a line for each test that says what it proves, for each that went wrong, and for
// each package of which there would be none.
func printTable(w io.Writer, results, wrong []*gotest.Result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tresult\tfigures\tseconds")
	for _, group := range byPackage(results) {
		lines := 0
		for _, result := range group {
			what := result.Attributes[gotest.Row]
			if what == "" && slices.Contains(wrong, result) {
				what = path.Base(result.Package) + " " + result.Test
			}
			if what != "" {
				lines++
				fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\n", what, result.Outcome, result.Attributes[gotest.Figures], result.Seconds)
			}
		}
		if first := group[0]; lines == 0 && first.Outcome == gotest.Pass {
			fmt.Fprintf(table, "tests of %s\t%s\t%d tests\t%.1f\n", path.Base(first.Package), first.Outcome, len(group)-1, first.Seconds)
		}
	}
	return table.Flush()
}

// byPackage returns the results of each package, sorted by its path. The first of a package is that
// of the package as a whole, the others are in the order in which the tests began.
func byPackage(results []*gotest.Result) [][]*gotest.Result {
	groups := map[string][]*gotest.Result{}
	for _, result := range results {
		groups[result.Package] = append(groups[result.Package], result)
	}
	var sorted [][]*gotest.Result
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		sorted = append(sorted, groups[name])
	}
	return sorted
}
