package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A process is a server in a process of its own.
type process struct {
	url    string
	cmd    *exec.Cmd
	stdout *bufio.Scanner
	log    logbook
}

// startProcess starts a server whose data is in folder, and returns when it listens. What is left of
// it at the end of the test is killed.
func startProcess(t *testing.T, folder string, args ...string) *process {
	t.Helper()
	return startProcessIn(t, folder, []string{asServer + "=1"}, args...)
}

// startProcessIn is startProcess with variables, each with its value, that say how the test program
// behaves.
func startProcessIn(t *testing.T, folder string, variables []string, args ...string) *process {
	t.Helper()
	executable, err := os.Executable()
	must(t, err)
	// The cheapest hashing that the configuration lets pass.
	args = append([]string{"--listen", "127.0.0.1:0", "--data", folder, "--hash-memory", "19456", "--hash-passes", "2"}, args...)
	p := &process{cmd: exec.CommandContext(t.Context(), executable, args...)}
	p.cmd.Env = append(variables, "LEXGEN_ADMIN_PASSWORD="+adminPassword)
	p.cmd.Stderr = &p.log
	stdout, err := p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	p.stdout = bufio.NewScanner(stdout)
	p.url = strings.TrimPrefix(p.expect(t, "listening on "), "listening on ")
	return p
}

// expect reads what the process prints up to a line that begins with prefix, and returns that.
func (p *process) expect(t *testing.T, prefix string) string {
	t.Helper()
	for p.stdout.Scan() {
		if strings.HasPrefix(p.stdout.Text(), prefix) {
			return p.stdout.Text()
		}
	}
	p.cmd.Wait()
	t.Fatalf("the server ended without printing %q; its log: %s", prefix, p.log.String())
	return ""
}

// signal sends a signal.
func (p *process) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	must(t, p.cmd.Process.Signal(signal))
}

// wantEnd waits until the process has ended and checks its exit status.
func (p *process) wantEnd(t *testing.T, status int) {
	t.Helper()
	for p.stdout.Scan() {
		// Nobody else reads what is left.
	}
	p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != status {
		t.Errorf("exit status: got %d, want %d; log: %s", got, status, p.log.String())
	}
}

// A server that is told to stop finishes the request that is under way.
func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			p := startProcess(t, folder)
			connection, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
			must(t, err)
			defer connection.Close()
			response := bufio.NewReader(connection)

			const body = `{"handle":"alice.test","email":"alice@example.com","password":"correct horse"}`
			fmt.Fprintf(connection, "POST %s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
				xrpc.PathPrefix, comatproto.ServerCreateAccountNSID, len(body))
			line, err := response.ReadString('\n')
			must(t, err)
			wantContains(t, "first line", line, "100 Continue") // so the endpoint waits for the body
			_, err = response.ReadString('\n')
			must(t, err)
			p.signal(t, signal)
			p.expect(t, "shutting down")
			io.WriteString(connection, body)

			res, err := http.ReadResponse(response, nil)
			must(t, err)
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			must(t, err)
			if res.StatusCode != http.StatusOK {
				t.Errorf("the request under way: got %d %s", res.StatusCode, text)
			}
			p.wantEnd(t, exitFine)

			p = startProcess(t, folder)
			login := &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: "correct horse"}
			if _, err := client(p.url, "").CreateSession(t.Context(), login); err != nil {
				t.Errorf("login after a restart: %v", err)
			}
		})
	}
}

// A second signal ends the process, whatever it still waits for.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir())
	connection, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	must(t, err)
	defer connection.Close()
	fmt.Fprintf(connection, "POST %s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
		xrpc.PathPrefix, comatproto.ServerCreateSessionNSID)
	_, err = bufio.NewReader(connection).ReadString('\n')
	must(t, err)
	p.signal(t, syscall.SIGINT)
	p.expect(t, "shutting down")
	p.signal(t, syscall.SIGINT)
	p.wantEnd(t, -1 /* killed by the signal */)
}

// A server that is started again on its data goes on where it was.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ctx := t.Context()
	p := startProcess(t, folder)
	created, err := client(p.url, "").CreateAccount(ctx, aSignup())
	must(t, err)
	p.signal(t, syscall.SIGTERM)
	p.wantEnd(t, exitFine)

	p = startProcess(t, folder)
	got, err := client(p.url, created.AccessJWT).GetSession(ctx)
	must(t, err)
	if got.DID != created.DID {
		t.Errorf("DID: got %s, want %s", got.DID, created.DID)
	}
	refreshed, err := client(p.url, created.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	again, err := client(p.url, created.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	if got, want := refreshID(t, again.RefreshJWT), refreshID(t, refreshed.RefreshJWT); got != want {
		t.Errorf("second use of a refresh token: got %s, want %s", got, want)
	}
	login := &comatproto.ServerCreateSessionInput{Identifier: string(created.DID), Password: alicePassword}
	if _, err := client(p.url, "").CreateSession(ctx, login); err != nil {
		t.Errorf("login: %v", err)
	}
	p.signal(t, syscall.SIGTERM)
	p.wantEnd(t, exitFine)
}

// The first lines tell an operator where the server is, where its data is, and how to try it.
func TestGreeting(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := startProcess(t, folder)
	if got, want := p.expect(t, "data in "), "data in "+folder; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	address := strings.TrimPrefix(p.expect(t, "try: "), "try: curl ")
	if _, body := get(t, address); !strings.Contains(body, ".test") {
		t.Errorf("%s: got %s", address, body)
	}
}
