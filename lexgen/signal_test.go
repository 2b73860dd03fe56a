//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asCommand is the variable of the environment that makes the test binary be lexgen.
const asCommand = "LEXGEN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// startCommand starts lexgen in a process of its own, which ends with the test.
func startCommand(t *testing.T, dir string, args ...string) (process *exec.Cmd, stdin io.Writer, stdout io.Reader, stderr *strings.Builder) {
	t.Helper()
	process = exec.CommandContext(t.Context(), os.Args[0], args...)
	process.Dir = dir
	process.Env = append(os.Environ(), asCommand+"=1")
	stderr = new(strings.Builder)
	process.Stderr = stderr
	stdin, inErr := process.StdinPipe()
	stdout, outErr := process.StdoutPipe()
	if inErr != nil || outErr != nil {
		t.Fatal(inErr, outErr)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	return process, stdin, stdout, stderr
}

// writeProject writes a module with a configuration and a document.
func writeProject(t *testing.T, document string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	path := filepath.Join(dir, "lexicons", "com", "example", "note.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join(dir, "lexgen.json"): `{"version": 1}`, filepath.Join(dir, "go.mod"): "module golden.test\n", path: document,
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSignalEndsRead demands that a signal ends a command which waits for its input.
func TestSignalEndsRead(t *testing.T) {
	t.Parallel()
	dir := writeProject(t, `{"lexicon": 1, "id": "com.example.note", "defs": {"main": {"type": "object", "properties": {}}}}`)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		process, stdin, _, stderr := startCommand(t, dir, "validate", "com.example.note")
		// More than a pipe holds: when it is written, the command reads.
		if _, err := io.WriteString(stdin, strings.Repeat(" ", 1<<20)); err != nil {
			t.Fatal(err)
		}
		if err := process.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // of an exit status that is not 0
		if status := process.ProcessState.ExitCode(); status != exitFault || stderr.String() != "lexgen: interrupted; no file was changed\n" {
			t.Errorf("%v: got %v and %q", signal, process.ProcessState, stderr)
		}
	}
}

// TestSecondSignalKills demands that a command which cannot end by itself, because nobody reads what it
// prints, can be killed.
func TestSecondSignalKills(t *testing.T) {
	t.Parallel()
	// More findings than a pipe holds.
	dir := writeProject(t, `{"lexicon": 1, "id": "com.example.note", "defs": {`+strings.Repeat("\"a\": {\"type\": \"none\"},\n", 2000)+`"a": {}}}`)
	process, _, stdout, _ := startCommand(t, dir, "check")
	if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan *os.ProcessState)
	go func() {
		state, _ := process.Process.Wait()
		ended <- state
	}()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		_ = process.Process.Signal(syscall.SIGINT) // it may have ended
		select {
		case state := <-ended:
			if status := state.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
				t.Errorf("got %v, want the end by a signal", state)
			}
			return
		case <-again.C:
		}
	}
}
