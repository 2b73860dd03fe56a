package driver

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// goPackage is what the go command says of a package.
type goPackage struct {
	ImportPath, Dir, Name string
}

// goListDelay is how long a go command that was told to stop may take.
const goListDelay = 5 * time.Second

// findPackage asks the go command where the package of an entry is, as it would be for a Go file beside
// lexgen.json: that command knows about go.mod, replacements, workspaces, vendored and downloaded
// modules. If it does not find the package, that is reported, and there is none.
func (d *driver) findPackage(ctx context.Context, entry config.Package) (*goPackage, error) {
	list := exec.CommandContext(ctx, "go", "list", "-find", "-json=ImportPath,Dir,Name", "--", entry.Import)
	list.Dir = d.root
	list.WaitDelay = goListDelay
	var stdout, stderr bytes.Buffer
	list.Stdout, list.Stderr = &stdout, &stderr
	err := list.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		d.refuseImport(entry, "there is no go command, which knows where the package %s is", entry.Import).
			Hint("install Go from https://go.dev/dl, or add the folder of the go command to PATH")
		return nil, nil
	case err != nil:
		problem, proposal := complaint(stderr.String())
		d.refuseImport(entry, "the package %s is not to be found: %s", entry.Import, cmp.Or(problem, err.Error())).
			Hint("run %s", cmp.Or(proposal, commandFor(problem, entry.Import)))
		return nil, nil
	}
	var found goPackage
	// What import paths cannot be has been ruled out, but "all" and "a..." stand for several packages.
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil || found.ImportPath != entry.Import || found.Dir == "" {
		d.refuseImport(entry, "import %q does not name one package", entry.Import).Hint("name a package that lexgen has generated")
		return nil, nil
	}
	if naming.IsReservedPackage(found.Name) {
		d.refuseImport(entry, "generated code cannot refer to a package called %s", found.Name).
			Hint("name a package that lexgen has generated")
		return nil, nil
	}
	return &found, nil
}

// complaint returns what the go command printed to say why it failed, in one line, and the command
// that it proposes as a cure, or "".
func complaint(stderr string) (problem, proposal string) {
	for line := range strings.Lines(stderr) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "go: ")
		switch {
		case line == "" || strings.HasPrefix(line, "downloading ") || strings.HasPrefix(line, "To "):
		case isProposal(line):
			proposal = line
		case problem == "":
			problem = withoutLead(line)
		case strings.HasSuffix(problem, ":") || strings.HasPrefix(line, "("):
			problem += " " + withoutLead(line)
		default:
			problem += "; " + withoutLead(line)
		}
	}
	return problem, proposal
}

// isProposal reports whether a line is a command to run.
func isProposal(line string) bool {
	return strings.HasPrefix(line, "go get ") || strings.HasPrefix(line, "go mod ") || strings.HasPrefix(line, "go work ")
}

// withoutLead returns a line without the words that lead to a command below it.
func withoutLead(line string) string {
	if i := strings.LastIndex(line, "; to "); i >= 0 && strings.HasSuffix(line, ":") {
		return line[:i]
	}
	return line
}

// commandFor returns the command to run when a package is not found and the go command proposes none.
func commandFor(problem, importPath string) string {
	get := "go get " + importPath
	switch {
	case strings.Contains(problem, "-mod=vendor"):
		return get + " and go mod vendor"
	case strings.Contains(problem, "go.mod file not found"):
		return "go mod init and " + get
	}
	return get
}
