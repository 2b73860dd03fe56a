package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// asServer is the environment variable that makes the test program behave as the server does, for
// tests that need a process of its own: one to be interrupted, or killed.
const asServer = "TEST_AS_SERVER"

func TestMain(m *testing.M) {
	if isStandIn() {
		os.Exit(runStandIn(os.Args[1:], os.Stdout, os.Stderr))
	}
	if last := os.Getenv(killAt); last != "" {
		os.Exit(runMortal(step(last), os.Args[1:]))
	}
	if os.Getenv(asServer) != "" {
		main()
	}
	os.Exit(m.Run())
}

// noEnv is an environment without variables.
func noEnv(string) string { return "" }

// env is an environment of some variables.
func env(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

// parseConfig reads the command line and the environment of a server.
func parseConfig(args []string, getenv func(string) string) (config, error) {
	c, _, _, err := parseCommand(args, getenv)
	return c, err
}

// A logbook collects what a program writes, while it runs.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// client calls the server at url, with a token unless that is empty.
func client(url, token string) comatproto.ServerClient {
	c := &xrpc.Client{Host: url, Strict: true}
	if token != "" {
		c.Authorize = xrpc.Bearer(token)
	}
	return comatproto.ServerClient{Client: c}
}

// adminPassword is that of the administrators of the servers that tests start.
const adminPassword = "open sesame, open"

// admin calls the server at url as its administrator does.
func admin(url string) *xrpc.Client {
	return &xrpc.Client{Host: url, Strict: true, Authorize: func(r *http.Request) error {
		r.SetBasicAuth("admin", adminPassword)
		return nil
	}}
}

// What aSignup signs up with.
const (
	aliceEmail    = "alice@example.com"
	alicePassword = "correct horse"
)

// aSignup is a sign-up that succeeds once.
func aSignup() *comatproto.ServerCreateAccountInput {
	return &comatproto.ServerCreateAccountInput{
		Handle: "alice.test", Email: lexdata.Some(aliceEmail), Password: lexdata.Some(alicePassword),
	}
}

// get requests a path of the server and returns the answer with its body.
func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	must(t, err)
	return do(t, r)
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return res, string(body)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantContains(t *testing.T, what, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%s: got %q, want it to contain %q", what, text, want)
		}
	}
}
