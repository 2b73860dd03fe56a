// Package atclient_test drives the account server, as a process of its own, with a client that
// others wrote: the packages atproto/atclient and api/atproto of
// https://github.com/bluesky-social/indigo. Where the client and the project's own tests disagree,
// the client is right.
package atclient_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long the server may take to start and to stop.
const patience = 20 * time.Second

// binary is the account server. TestMain builds it before any test reads the path.
var binary string

func TestMain(m *testing.M) {
	status, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(status)
}

func buildAndRun(m *testing.M) (status int, err error) {
	folder, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	binary = filepath.Join(folder, "server")
	// A clone may belong to another user, in which case git does not tell what would be stamped.
	build := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "./server")
	build.Dir = filepath.Join("..", "..", "..")
	if output, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the account server: %w\n%s", err, output)
	}
	return m.Run(), nil
}

// server is a running account server with a data folder of its own.
type server struct {
	url string
}

// startServer starts a server. It is stopped when the test ends, as a service manager would, and has to end
// well.
func startServer(t *testing.T) server {
	t.Helper()
	command := exec.Command(binary, "--listen", "127.0.0.1:0", "--data", t.TempDir())
	command.Env = []string{} // no flag may come from the environment of the test
	var log bytes.Buffer
	command.Stderr = &log
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopServer(t, command, stdout, &log) })
	return server{url: readAddress(t, command, stdout)}
}

// readAddress reads the URL from the first line that the server prints.
func readAddress(t *testing.T, command *exec.Cmd, stdout io.Reader) string {
	t.Helper()
	watchdog := time.AfterFunc(patience, func() { _ = command.Process.Kill() })
	defer watchdog.Stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if err != nil || !found {
		t.Fatalf("first line of the server is %q (%v), want its address", line, err)
	}
	return url
}

func stopServer(t *testing.T, command *exec.Cmd, stdout io.Reader, log *bytes.Buffer) {
	t.Helper()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stop the server: %v", err)
	}
	watchdog := time.AfterFunc(patience, func() { _ = command.Process.Kill() })
	defer watchdog.Stop()
	if _, err := io.Copy(io.Discard, stdout); err != nil {
		t.Errorf("read what the server printed: %v", err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("the server ended with %v, want exit status 0; its log:\n%s", err, log)
	}
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the server logged an error:\n%s", log)
	}
}
