package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"modernc.org/sqlite"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// cheap makes hashing a password cost nearly nothing.
var cheap = account.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}

// startProgram runs a server in this process until the test ends, or until stop is called. Its data is
// in folder.
func startProgram(t *testing.T, folder string, args ...string) (url string, log *logbook, stop func()) {
	t.Helper()
	s := startServer(t, folder, args...)
	return s.url, s.log, s.stop
}

// A server is a program that runs in this process.
type server struct {
	*program
	url  string
	log  *logbook
	stop func()
}

// startServer is startProgram, for tests that need more of the server. Its administrator has a password.
func startServer(t *testing.T, folder string, args ...string) *server {
	t.Helper()
	return startServerIn(t, folder, map[string]string{"LEXGEN_ADMIN_PASSWORD": adminPassword}, args...)
}

// startServerIn is startServer in an environment.
func startServerIn(t *testing.T, folder string, variables map[string]string, args ...string) *server {
	t.Helper()
	args = append([]string{"--listen", "127.0.0.1:0", "--data", folder}, args...)
	c, err := parseConfig(args, env(variables))
	must(t, err)
	c.hash = cheap
	s := &server{log: &logbook{}}
	s.program, err = newProgram(t.Context(), c, s.log)
	must(t, err)
	s.url = "http://" + s.listener.Addr().String()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, s.log) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(s.stop)
	return s
}

// What keeps the server from starting is said in one line, and what it opened is closed.
func TestCannotStart(t *testing.T) {
	t.Parallel()
	const dbName = "account.sqlite"
	tests := []struct {
		name  string
		setUp func(t *testing.T, folder string)
		env   map[string]string
		below string // the data folder, below the test's own
		want  string
	}{
		{"data is a file", func(t *testing.T, folder string) { write(t, folder, "file", "x") }, nil, "file", "create data folder: "},
		{"data is below a file", func(t *testing.T, folder string) { write(t, folder, "file", "x") }, nil, "file/data", "create data folder: "},
		{"database is no database", func(t *testing.T, folder string) {
			write(t, folder, dbName, strings.Repeat("These are notes.\n", 200))
		}, nil, "", "file is not a database"},
		{"database of another application", func(t *testing.T, folder string) {
			execute(t, filepath.Join(folder, dbName), "CREATE TABLE notes (text); PRAGMA application_id = 42")
		}, nil, "", "the database belongs to another application (id 0x2a)"},
		{"database of a newer version", func(t *testing.T, folder string) {
			startOnce(t, folder)
			execute(t, filepath.Join(folder, dbName), "PRAGMA user_version = 1000")
		}, nil, "", "the database has version 1000"},
		{"a folder where the database should be", func(t *testing.T, folder string) {
			must(t, os.Mkdir(filepath.Join(folder, dbName), 0o700))
		}, nil, "", "is a directory"},
		{"wrong master key", startOnce, map[string]string{"LEXGEN_MASTER_KEY": strings.Repeat("ab", 32)}, "", "wrong master key or damaged data"},
		{"master key lost", func(t *testing.T, folder string) {
			startOnce(t, folder)
			must(t, os.Remove(filepath.Join(folder, "master.key")))
		}, nil, "", "pepper.sealed was encrypted with it: restore it from a backup; or set LEXGEN_MASTER_KEY, if the server has it from there\n"},
		{"a key lost", func(t *testing.T, folder string) {
			startWithAccount(t, folder)
			must(t, os.Remove(filepath.Join(folder, "plc-rotation.sealed")))
		}, nil, "", "plc-rotation.sealed is missing, but the database has accounts: restore it from a backup\n"},
		{"a key lost, of a server whose master key is elsewhere", func(t *testing.T, folder string) {
			startWithAccount(t, folder)
			removeAll(t, folder, "*.key", "*.sealed")
		}, map[string]string{"LEXGEN_MASTER_KEY": strings.Repeat("ab", 32)}, "", "token-keyring.sealed is missing, but the database has accounts: restore it from a backup\n"},
		{"all keys lost", func(t *testing.T, folder string) {
			startWithAccount(t, folder)
			removeAll(t, folder, "*.key", "*.sealed")
		}, nil, "", "master.key is missing, but the database has accounts: restore it from a backup; or set LEXGEN_MASTER_KEY, if the server has it from there\n"},
		{"master key damaged", func(t *testing.T, folder string) { write(t, folder, "master.key", "hunter2") }, nil, "", "master.key: master key is not 32 bytes"},
		{"a folder where a key should be", func(t *testing.T, folder string) {
			must(t, os.Mkdir(filepath.Join(folder, "plc-rotation.sealed"), 0o700))
			write(t, folder, "master.key", strings.Repeat("ab", 32))
		}, nil, "", "is a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			test.setUp(t, folder)
			var stdout, stderr strings.Builder
			args := []string{"--listen", "127.0.0.1:0", "--data", filepath.Join(folder, test.below)}
			if got := run(t.Context(), args, env(test.env), &stdout, &stderr); got != exitFailed || stdout.Len() > 0 {
				t.Errorf("got exit status %d, standard output %q", got, stdout.String())
			}
			wantContains(t, "standard error", stderr.String(), test.want)
			if got := stderr.String(); !strings.HasPrefix(got, "server: ") || strings.Count(got, "\n") != 1 {
				t.Errorf("standard error: got %q, want one line", got)
			}
			if strings.Contains(stderr.String(), "hunter2") || strings.Contains(stderr.String(), strings.Repeat("ab", 32)) {
				t.Errorf("the message shows a key: %s", stderr.String())
			}
		})
	}
}

// startOnce starts a server on folder and stops it.
func startOnce(t *testing.T, folder string) {
	t.Helper()
	_, _, stop := startProgram(t, folder)
	stop()
}

// startWithAccount starts a server on folder, signs an account up and stops it.
func startWithAccount(t *testing.T, folder string) {
	t.Helper()
	url, _, stop := startProgram(t, folder)
	_, err := client(url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	stop()
}

// removeAll removes the files in folder that have one of the patterns.
func removeAll(t *testing.T, folder string, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		must(t, err)
		for _, path := range paths {
			must(t, os.Remove(path))
		}
	}
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
}

// execute runs a script on a database.
func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer db.Close()
	_, err = db.Exec(script)
	must(t, err)
}

// queryRow reads the one row of a query on a database.
func queryRow(t *testing.T, path, text string, values ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer db.Close()
	must(t, db.QueryRow(text).Scan(values...))
}

// A port that is in use is found before anything is created.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	data := filepath.Join(t.TempDir(), "data")
	var stdout, stderr strings.Builder
	args := []string{"--listen", listener.Addr().String(), "--data", data}
	if got := run(t.Context(), args, noEnv, &stdout, &stderr); got != exitFailed {
		t.Errorf("got exit status %d, want %d", got, exitFailed)
	}
	wantContains(t, "standard error", stderr.String(), listener.Addr().String(), "address already in use")
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder was created: %v", err)
	}
}

// On a full disk sign-ups fail and sessions go on. When there is room again, all is as before: also the
// sign-up that failed can be made, or has been.
//
// It does not run beside others, because the hook is added to the driver that all of them use.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	const pages = 80 // some more than the schema takes
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		if !strings.Contains(dsn, folder) {
			return nil
		}
		if _, err := os.Stat(filepath.Join(folder, "roomy")); err == nil {
			return nil
		}
		_, err := conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil)
		return err
	})
	url, log, stop := startProgram(t, folder, "--rate-limits=false")
	signup := aSignup()
	created, err := client(url, "").CreateAccount(t.Context(), signup)
	must(t, err)
	for i := 0; err == nil; i++ {
		if i > 1000 {
			t.Fatal("the disk does not get full")
		}
		signup.Handle = syntax.Handle(fmt.Sprintf("filler%d.test", i))
		signup.Email = lexdata.Some(fmt.Sprintf("filler%d@example.com", i))
		_, err = client(url, "").CreateAccount(t.Context(), signup)
	}
	var xerr *xrpc.Error
	if !errors.As(err, &xerr) || xerr.Status != http.StatusServiceUnavailable || xerr.Name != xrpc.ErrNotEnoughResources {
		t.Fatalf("sign-up on a full disk: got %v", err)
	}
	wantContains(t, "log", log.String(), "level=ERROR", "database or disk is full")
	if _, err := client(url, created.AccessJWT).GetSession(t.Context()); err != nil {
		t.Errorf("getSession on a full disk: %v", err)
	}
	stop()
	write(t, folder, "roomy", "")
	url, _, _ = startProgram(t, folder)
	_, err = client(url, "").CreateAccount(t.Context(), signup)
	if errors.Is(err, comatproto.ServerCreateAccountErrHandleNotAvailable) {
		// It had got as far as the directory, and the start has finished it.
		_, err = client(url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{
			Identifier: string(signup.Handle), Password: alicePassword,
		})
	}
	if err != nil {
		t.Errorf("the same sign-up when there is room: %v", err)
	}
	if _, err := client(url, created.RefreshJWT).RefreshSession(t.Context()); err != nil {
		t.Errorf("refresh of an older session: %v", err)
	}
}

// What a first start left undone, as long as nobody has signed up, the next start does.
func TestKeysOfUnusedServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startOnce(t, folder)
	removeAll(t, folder, "*.key", "*.sealed")
	startWithAccount(t, folder)
}

// A server that is told to stop before it has started ends without complaint.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	status := run(ctx, []string{"--listen", "127.0.0.1:0", "--data", t.TempDir()}, noEnv, &stdout, &stderr)
	if status != exitFine || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("got exit status %d, standard output %q, standard error %q", status, stdout.String(), stderr.String())
	}
}

// A database that cannot be written into one file at the end is a line in the log: nothing is lost.
func TestCheckpointFails(t *testing.T) {
	t.Parallel()
	c, err := parseConfig([]string{"--listen", "127.0.0.1:0", "--data", t.TempDir()}, noEnv)
	must(t, err)
	var log logbook
	p, err := newProgram(t.Context(), c, &log)
	must(t, err)
	must(t, p.store.Close())
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wantContains(t, "log", log.String(), "level=WARN", "the next start will try again")
}

// The health check sees that the database is gone although the server has it open.
func TestHealthOfDeletedDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, log, _ := startProgram(t, folder)
	must(t, os.Remove(filepath.Join(folder, "account.sqlite")))
	res, body := get(t, url+healthPath)
	if want := `{"version":"` + version() + `","error":"Service Unavailable"}`; res.StatusCode != http.StatusServiceUnavailable || body != want {
		t.Errorf("got %d %s\nwant 503 %s", res.StatusCode, body, want)
	}
	wantContains(t, "log", log.String(), "level=ERROR", "no such file")
}

// A server runs until its context ends, and then says so.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, stdout := io.Pipe()
	var stderr logbook
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--data", t.TempDir()}, noEnv, stdout, &stderr)
		stdout.Close()
	}()
	var lines []string
	for scanner := bufio.NewScanner(reader); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if strings.HasPrefix(scanner.Text(), "try: ") {
			cancel()
		}
	}
	if got := <-ended; got != exitFine || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "outbox") {
		t.Errorf("got exit status %d, standard error %q", got, stderr.String())
	}
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "listening on http://127.0.0.1:") || lines[3] != "shutting down" {
		t.Errorf("standard output: got %q", lines)
	}
}

// The operator decides at which domains new addresses can be.
// What the operator says of words in handles holds for who signs up.
func TestHandleWords(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir(), "--block-words", "oaf, Lout", "--reserve-handles", "wonderland", "--release-handles", "about")
	for handle, want := range map[syntax.Handle]error{
		"you-oaf.test":     comatproto.ServerCreateAccountErrInvalidHandle,
		"lout.test":        comatproto.ServerCreateAccountErrInvalidHandle,
		"wonderland.test":  comatproto.ServerCreateAccountErrHandleNotAvailable,
		"wonder-land.test": comatproto.ServerCreateAccountErrHandleNotAvailable,
		"admin.test":       comatproto.ServerCreateAccountErrHandleNotAvailable,
		"about.test":       nil,
		"wonder.test":      nil,
	} {
		if _, err := client(url, "").CreateAccount(t.Context(), signupOf(handle)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", handle, err, want)
		}
	}
}

func TestPasswordOptional(t *testing.T) {
	t.Parallel()
	for _, optional := range []bool{false, true} {
		url, _, _ := startProgram(t, t.TempDir(), fmt.Sprintf("--password-optional=%t", optional))
		signup := aSignup()
		signup.Password = lexdata.Opt[string]{}
		_, err := client(url, "").CreateAccount(t.Context(), signup)
		if refused := errors.Is(err, comatproto.ServerCreateAccountErrInvalidPassword); refused == optional || !refused && err != nil {
			t.Errorf("password optional %t: got %v", optional, err)
		}
	}
}

func TestEmailDomains(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir(), "--block-email-domains", "gone.example.com, away.example.com", "--allow-email-domains", "mailinator.com")
	for email, want := range map[string]error{
		"alice@gone.example.com":     xrpc.ErrInvalidRequest,
		"alice@sub.away.example.com": xrpc.ErrInvalidRequest,
		"alice@yopmail.com":          xrpc.ErrInvalidRequest,
		"alice@mailinator.com":       nil,
	} {
		signup := aSignup()
		signup.Email = lexdata.Some(email)
		if _, err := client(url, "").CreateAccount(t.Context(), signup); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", email, err, want)
		}
	}
}

func TestDescription(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir(),
		"--handle-domains", ".Example.com,.test", "--privacy-policy", "https://example.com/privacy", "--terms-of-service", "https://example.com/terms",
		"--contact-email", "keeper@example.com", "--invite-required")
	_, body := get(t, url+xrpc.PathPrefix+comatproto.ServerDescribeServerNSID)
	const want = `{"inviteCodeRequired":true,"availableUserDomains":[".example.com",".test"],` +
		`"links":{"privacyPolicy":"https://example.com/privacy","termsOfService":"https://example.com/terms"},"contact":{"email":"keeper@example.com"},"did":"did:web:localhost"}`
	if body != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
}
