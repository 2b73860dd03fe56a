package driver

import "testing"

func TestComplaint(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, stderr, problem, command string }{
		{"nothing", "\n", "", "go get example.com/a"},
		{
			"missing module", "no required module provides package example.com/a; to add it:\n\tgo get example.com/a\n",
			"no required module provides package example.com/a", "go get example.com/a",
		},
		{
			"download before", "go: downloading example.com/a v1.0.0\ngo: example.com/a: no such host\n",
			"example.com/a: no such host", "go get example.com/a",
		},
		{"untidy", "go: updates to go.mod needed; to update it:\n\tgo mod tidy\n", "updates to go.mod needed", "go mod tidy"},
		{
			"missing sum", "missing go.sum entry for module providing package example.com/a; to add:\n\tgo mod download example.com\n",
			"missing go.sum entry for module providing package example.com/a", "go mod download example.com",
		},
		{
			"stale vendor folder",
			"go: inconsistent vendoring in /x:\n\texample.com/a@v0.0.0: is explicitly required\n\texample.com/a: is replaced\n\n" +
				"\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor\n",
			"inconsistent vendoring in /x: example.com/a@v0.0.0: is explicitly required; example.com/a: is replaced", "go mod vendor",
		},
		{
			"not vendored",
			"cannot find module providing package example.com/a: import lookup disabled by -mod=vendor\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)\n",
			"cannot find module providing package example.com/a: import lookup disabled by -mod=vendor (Go version in go.mod is at least 1.14 and vendor directory exists.)",
			"go get example.com/a and go mod vendor",
		},
		{
			"no module", "no required module provides package example.com/a: go.mod file not found in current directory\n",
			"no required module provides package example.com/a: go.mod file not found in current directory", "go mod init and go get example.com/a",
		},
		{"malformed go.mod", "go: errors parsing go.mod:\ngo.mod:4: unknown directive: a\n", "errors parsing go.mod: go.mod:4: unknown directive: a", "go get example.com/a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			problem, proposal := complaint(test.stderr)
			if problem != test.problem {
				t.Errorf("got %q, want %q", problem, test.problem)
			}
			if proposal == "" {
				proposal = commandFor(problem, "example.com/a")
			}
			if proposal != test.command {
				t.Errorf("got the command %q, want %q", proposal, test.command)
			}
		})
	}
}
