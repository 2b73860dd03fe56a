// Package gotest runs the tests of a module and reads what the go command reports of them.
//
// A test says what it proves with [testing.TB.Attr]: the attribute [Row] is what it stands for in a
// table of all results, and [Figures] is what it counted.
package gotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// The attributes of tests that a table of results shows.
const (
	Row     = "row"
	Figures = "figures"
)

// The outcomes of a test.
const (
	Pass = "pass"
	Fail = "fail"
	Skip = "skip"
)

// Result is what became of a test.
type Result struct {
	// Package is the import path, and Test the name, which is empty for the package as a whole.
	Package, Test string
	// Outcome is Pass, Fail or Skip.
	Outcome string
	// Attributes are what the test says of itself.
	Attributes map[string]string
	// Output is what the test printed.
	Output string
	// Seconds is how long it took.
	Seconds float64
}

// Wrong returns the results that are no success, in order. A test or a package that failed only
// because tests in it did is not among them. A package without tests is skipped as a whole, which is
// not wrong.
func Wrong(results []*Result) []*Result {
	var wrong []*Result
	for _, result := range results {
		switch result.Outcome {
		case Skip:
			if result.Test != "" {
				wrong = append(wrong, result)
			}
		case Fail:
			if !slices.ContainsFunc(results, func(r *Result) bool { return r.Outcome == Fail && r.in(result) }) {
				wrong = append(wrong, result)
			}
		}
	}
	return wrong
}

// in reports whether a result is that of a test in another one, or in a package.
func (r *Result) in(outer *Result) bool {
	switch {
	case r.Package != outer.Package:
		return false
	case outer.Test == "":
		return r.Test != ""
	}
	return strings.HasPrefix(r.Test, outer.Test+"/")
}

// event is a line of what go test -json prints; go doc test2json explains it.
type event struct {
	Action, Package, Test, ImportPath string
	Output                            string
	Key, Value                        string
	Elapsed                           float64
}

// Run runs the tests of the packages that the patterns match, none of them from the cache, in a
// module's folder. It returns the results in the order in which the tests began, packages that
// could not be built among them. An error means that there may be results that are missing.
func Run(dir string, env []string, patterns ...string) ([]*Result, error) {
	cmd := exec.Command("go", append([]string{"test", "-json", "-count=1"}, patterns...)...)
	cmd.Dir = dir
	cmd.Env = env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	failure := cmd.Run()
	results, err := read(&stdout)
	if err != nil {
		return nil, fmt.Errorf("read the results of go test: %w\n%s", err, &stderr)
	}
	var exit *exec.ExitError
	for _, result := range results {
		if result.Outcome == Fail && errors.As(failure, &exit) {
			failure = nil // it is in the results
		}
	}
	if failure != nil {
		return nil, fmt.Errorf("go test: %w\n%s", failure, &stderr)
	}
	return results, nil
}

// read makes results of events.
func read(r io.Reader) ([]*Result, error) {
	type name struct{ pkg, test string }
	var results []*Result
	known := map[name]*Result{}
	for decoder := json.NewDecoder(r); ; {
		var e event
		if err := decoder.Decode(&e); err == io.EOF {
			return results, nil
		} else if err != nil {
			return nil, err
		}
		if e.Package == "" {
			e.Package = e.ImportPath
		}
		key := name{e.Package, e.Test}
		result := known[key]
		if result == nil {
			result = &Result{Package: e.Package, Test: e.Test, Attributes: map[string]string{}}
			known[key] = result
			results = append(results, result)
		}
		result.add(e)
	}
}

// add takes an event of the test into the result.
func (r *Result) add(e event) {
	switch e.Action {
	case "output", "build-output":
		if !strings.HasPrefix(e.Output, "=== ") {
			r.Output += e.Output
		}
	case "attr":
		r.Attributes[e.Key] = e.Value
	case "pass", "fail", "skip":
		r.Outcome, r.Seconds = e.Action, e.Elapsed
	case "build-fail":
		r.Outcome = Fail
	}
}
