// Package scratch makes Go modules that are needed for the length of a test: what the command lexgen
// generates there is compiled against the runtime of this repository, without network.
package scratch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modulePath is the module of lexgen and its runtime.
const modulePath = "github.com/lexgen-go/lexgen"

// Module is a module of its own in a folder outside of the repository.
type Module struct {
	// Dir is the folder.
	Dir string
	// lexgen is the command.
	lexgen string
	root   string
}

// Create makes the folder dir a module that is called path, and builds the command lexgen for it.
// The module has the dependencies of lexgen's own and takes that from this repository.
func Create(dir, path string) (*Module, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	mod := strings.Replace(string(text), "module "+modulePath+"\n", "module "+path+"\n", 1) +
		"\nrequire " + modulePath + " v0.0.0\n\nreplace " + modulePath + " => " + root + "\n"
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	m := &Module{Dir: dir, root: root, lexgen: filepath.Join(dir, "bin", "lexgen")}
	if err := m.Write("go.mod", []byte(mod)); err != nil {
		return nil, err
	}
	if err := m.Write("go.sum", sums); err != nil {
		return nil, err
	}
	// A clone may belong to another user, in which case git does not tell what would be stamped.
	if _, err := run(root, nil, "go", "build", "-buildvcs=false", "-o", m.lexgen, "./lexgen"); err != nil {
		return nil, err
	}
	return m, nil
}

// Root returns the folder of lexgen's module.
func Root() (string, error) {
	return ask("", "list", "-m", "-f", "{{.Dir}}", modulePath)
}

// Path returns the path of a file of the module.
func (m *Module) Path(elements ...string) string {
	return filepath.Join(append([]string{m.Dir}, elements...)...)
}

// Write writes a file of the module, whose name has slashes, and the folders that it needs.
func (m *Module) Write(name string, text []byte) error {
	path := m.Path(filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// Copy copies a folder into the module.
func (m *Module) Copy(name, from string) error {
	return os.CopyFS(m.Path(filepath.FromSlash(name)), os.DirFS(from))
}

// Lexgen runs the command lexgen in a folder of the module and returns what it prints, in which
// paths are relative to that folder.
func (m *Module) Lexgen(folder string, args ...string) (string, error) {
	return run(m.Path(filepath.FromSlash(folder)), nil, m.lexgen, args...)
}

// Go runs the go command in the module and returns what it prints.
func (m *Module) Go(args ...string) (string, error) {
	return run(m.Dir, m.Env(), "go", args...)
}

// Env is the environment of the go command in the module. Paths are left out of what it compiles,
// so that its cache serves the next module like this one, which is in another folder.
func (m *Module) Env() []string {
	return append(os.Environ(), "GOFLAGS=-mod=readonly -trimpath", "GOWORK=off")
}

// Tool runs a command of the module in which this repository keeps its tools.
func (m *Module) Tool(name string, args ...string) (string, error) {
	tools := filepath.Join(m.root, ".ci", "tools", "go.mod")
	binary, err := ask(m.root, "tool", "-modfile="+tools, "-n", name)
	if err != nil {
		return "", err
	}
	return run(m.Dir, m.Env(), binary, args...)
}

// ask returns the line that the go command answers with, apart from what it says about downloads.
func ask(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	answer, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, failed.Stderr)
	}
	return strings.TrimSpace(string(answer)), err
}

// run runs a command. An error has what the command printed.
func run(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = env
	output, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, output)
	}
	return string(output), err
}
