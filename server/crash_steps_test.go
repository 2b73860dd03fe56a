package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// A turnstile stands before a directory. When it is locked, an operation that comes waits in it until its
// server is killed: before the directory has it, or behind that; or the first question about the identity
// does, which a server asks when it is done, for its answer.
type turnstile struct {
	*directorytest.Server
	url     string
	state   atomic.Int32
	arrived chan syntax.DID // of what waits
	asked   sync.Map        // the DIDs for which operations came
}

// The states of a turnstile.
const (
	unlocked int32 = iota
	lockedBefore
	lockedBehind
	lockedToQuestions
)

func newTurnstile(t *testing.T) *turnstile {
	t.Helper()
	stile := &turnstile{Server: directorytest.New(t), arrived: make(chan syntax.DID, 1)}
	server := httptest.NewServer(stile)
	t.Cleanup(server.Close)
	stile.url = server.URL
	return stile
}

// ServeHTTP implements [http.Handler].
func (s *turnstile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	state := s.state.Load()
	did := syntax.DID(strings.TrimPrefix(r.URL.Path, "/"))
	isOperation := r.Method == http.MethodPost
	if isOperation {
		s.asked.Store(did, true)
	}
	if state == unlocked || isOperation == (state == lockedToQuestions) {
		s.Server.ServeHTTP(w, r)
		return
	}
	if state == lockedBehind {
		s.Server.ServeHTTP(httptest.NewRecorder(), r)
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then does the end of the connection show
	s.arrived <- did
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

// aliasesOf returns the names that the directory has of an identity, and whether it has the identity.
func (s *turnstile) aliasesOf(t *testing.T, did syntax.DID) (string, bool) {
	t.Helper()
	document, err := s.Directory.Document(t.Context(), did)
	if errors.Is(err, account.ErrIdentityNotFound) {
		return "", false
	}
	must(t, err)
	_, rest, _ := strings.Cut(string(document), `"alsoKnownAs":[`)
	aliases, _, _ := strings.Cut(rest, "]")
	return aliases, true
}

// identities returns those that the directory has.
func (s *turnstile) identities(t *testing.T) []string {
	t.Helper()
	var found []string
	s.asked.Range(func(did, _ any) bool {
		if _, known := s.aliasesOf(t, did.(syntax.DID)); known {
			found = append(found, string(did.(syntax.DID)))
		}
		return true
	})
	return found
}

// killWithin kills a server while a request of a call waits in the turnstile, and returns the DID that
// it was for.
func (s *turnstile) killWithin(t *testing.T, p *process, state int32, call func(ctx context.Context) error) syntax.DID {
	t.Helper()
	s.state.Store(state)
	called := make(chan error, 1)
	go func() { called <- call(t.Context()) }()
	var did syntax.DID
	select {
	case did = <-s.arrived:
	case err := <-called:
		t.Fatalf("the call has ended before anything came: %v; log: %s", err, p.log.String())
	}
	p.signal(t, syscall.SIGKILL)
	p.wantEnd(t, -1 /* killed by the signal */)
	if err := <-called; err == nil {
		t.Error("the call was answered")
	}
	s.state.Store(unlocked)
	return did
}

// A server that is killed in a sign-up finishes it at its next start, however far it had come; only when the
// directory does not take the identity can everything be used again.
func TestKillInSignup(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		state   int32
		signups int                 // are under way when the server is killed
		fault   directorytest.Fault // of the directory at the next start
		done    bool
	}{
		{"before the directory", lockedBefore, 1, directorytest.None, true},
		{"behind the directory", lockedBehind, 1, directorytest.None, true},
		{"before a directory that refuses", lockedBefore, 1, directorytest.Conflict, false},
		{"before the answer", lockedToQuestions, 0, directorytest.None, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder, stile := t.TempDir(), newTurnstile(t)
			flags := []string{"--plc-directory", stile.url, "--invite-required"}
			p := startProcess(t, folder, flags...)
			signup := signupBy("alice.test", newCode(t, p.url))
			did := stile.killWithin(t, p, test.state, func(ctx context.Context) error {
				_, err := client(p.url, "").CreateAccount(ctx, signup)
				return err
			})
			wantCount(t, folder, "sign-ups under way", `SELECT count(*) FROM signup`, test.signups)
			wantCount(t, folder, "accounts", `SELECT count(*) FROM account`, 1-test.signups)

			stile.Fail(test.fault) // until the server is back
			p = startProcess(t, folder, flags...)
			stile.Fail(directorytest.None)
			stile.wantSignup(t, p.url, signup, did, test.done)
			wantCodeUsedUp(t, p.url, signup.InviteCode.Or(""))
			p.signal(t, syscall.SIGTERM)
			p.wantEnd(t, exitFine)
			checkData(t, folder)
		})
	}
}

// wantSignup checks that an interrupted sign-up for a DID was finished, or else left nothing in the directory
// and can be done again, which brings another identity. In the end there is an account that can log in.
func (s *turnstile) wantSignup(t *testing.T, url string, signup *comatproto.ServerCreateAccountInput, did syntax.DID, done bool) {
	t.Helper()
	created, err := client(url, "").CreateAccount(t.Context(), signup)
	switch {
	case done && !errors.Is(err, comatproto.ServerCreateAccountErrInvalidInviteCode):
		t.Errorf("the same sign-up again: got %v, want a code that is used up", err)
	case !done && err != nil:
		t.Errorf("the same sign-up again: %v", err)
	case !done && created.DID == did:
		t.Error("the same identity came twice")
	}
	opened, err := client(url, "").CreateSession(t.Context(), login(signup.Handle))
	if err != nil || (opened.DID == did) != done {
		t.Errorf("login: got %+v, %v", opened, err)
	}
	if _, known := s.aliasesOf(t, did); known != done {
		t.Errorf("the directory has the identity: got %t, want %t", known, done)
	}
}

// As long as the directory does not say what became of a sign-up, its names stay reserved.
func TestKillInSignupAndDirectoryGone(t *testing.T) {
	t.Parallel()
	folder, stile := t.TempDir(), newTurnstile(t)
	p := startProcess(t, folder, "--plc-directory", stile.url)
	did := stile.killWithin(t, p, lockedBehind, func(ctx context.Context) error {
		_, err := client(p.url, "").CreateAccount(ctx, signupOf("alice.test"))
		return err
	})
	stile.Fail(directorytest.InternalError)
	p = startProcess(t, folder, "--plc-directory", stile.url)
	if _, err := client(p.url, "").CreateAccount(t.Context(), signupOf("alice.test")); !errors.Is(err, comatproto.ServerCreateAccountErrHandleNotAvailable) {
		t.Errorf("a name of which nothing is known: got %v", err)
	}
	if _, err := client(p.url, "").CreateSession(t.Context(), login("alice.test")); err == nil {
		t.Error("login to an account that may not be there")
	}
	p.signal(t, syscall.SIGTERM)
	p.wantEnd(t, exitFine)
	wantContains(t, "log", p.log.String(), "level=WARN", "interrupted work was not cleared up yet: it is tried again each minute", "of=sign-ups")

	stile.Fail(directorytest.None)
	p = startProcess(t, folder, "--plc-directory", stile.url)
	opened, err := client(p.url, "").CreateSession(t.Context(), login("alice.test"))
	must(t, err)
	if opened.DID != did {
		t.Errorf("DID: got %s, want %s", opened.DID, did)
	}
}

// A directory that hangs delays a start for a while, and takes the time of nothing else that a crash has left:
// what needs no answer of it is cleared up.
func TestStartWithHangingDirectory(t *testing.T) {
	t.Parallel()
	folder, stile := t.TempDir(), newTurnstile(t)
	p := startProcess(t, folder, "--plc-directory", stile.url)
	stile.killWithin(t, p, lockedBehind, func(ctx context.Context) error {
		_, err := client(p.url, "").CreateAccount(ctx, signupOf("alice.test"))
		return err
	})
	execute(t, filepath.Join(folder, sqlite.FileName), `INSERT INTO handle_reservation (did, handle, lease_until)
		VALUES ('did:plc:gone', 'gone.test', 0)`)
	stile.Fail(directorytest.Hang)
	c, err := parseConfig([]string{"--listen", "127.0.0.1:0", "--data", folder, "--plc-directory", stile.url}, noEnv)
	must(t, err)
	var log logbook
	again := &program{parts: &parts{config: c, logger: newLogger(c, &log)}, clearUpBudget: 50 * time.Millisecond}
	must(t, errors.Join(again.open(t.Context()), again.Close()))
	if text := log.String(); strings.Count(text, "interrupted work") != 1 || strings.Contains(text, "list changes of handles") {
		t.Errorf("log: got %s, want one line on interrupted work, of sign-ups", text)
	}
	wantContains(t, "log", log.String(), "it is tried again each minute", "of=sign-ups")
	wantCount(t, folder, "sign-ups under way", `SELECT count(*) FROM signup`, 1)
	wantCount(t, folder, "changes of handles under way", `SELECT count(*) FROM handle_reservation`, 0)
}

// A server that is killed in a change of a handle says, when it is back, what the directory says.
func TestKillInChangeOfHandle(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		state int32
		want  syntax.Handle
	}{
		{"before the directory", lockedBefore, "alice.test"},
		{"behind the directory", lockedBehind, "alina.test"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder, stile := t.TempDir(), newTurnstile(t)
			p := startProcess(t, folder, "--plc-directory", stile.url)
			created, err := client(p.url, "").CreateAccount(t.Context(), signupOf("alice.test"))
			must(t, err)
			update := &comatproto.IdentityUpdateHandleInput{Handle: "alina.test"}
			stile.killWithin(t, p, test.state, func(ctx context.Context) error {
				return comatproto.IdentityClient(client(p.url, created.AccessJWT)).UpdateHandle(ctx, update)
			})
			wantCount(t, folder, "changes that were interrupted", `SELECT count(*) FROM handle_reservation`, 1)

			p = startProcess(t, folder, "--plc-directory", stile.url)
			got, err := client(p.url, created.AccessJWT).GetSession(t.Context())
			must(t, err)
			if got.Handle != test.want {
				t.Errorf("handle: got %s, want %s", got.Handle, test.want)
			}
			if aliases, _ := stile.aliasesOf(t, created.DID); aliases != `"at://`+string(test.want)+`"` {
				t.Errorf("aliases in the directory: got %s, want %s", aliases, test.want)
			}
			other := map[syntax.Handle]syntax.Handle{"alice.test": "alina.test", "alina.test": "alice.test"}[test.want]
			again := signupOf(other)
			again.Email = signupOf("bob.test").Email
			if _, err := client(p.url, "").CreateAccount(t.Context(), again); err != nil {
				t.Errorf("the handle that is free: %v", err)
			}
			p.signal(t, syscall.SIGTERM)
			p.wantEnd(t, exitFine)
			wantCount(t, folder, "changes under way", `SELECT count(*) FROM handle_reservation`, 0)
		})
	}
}

// newCode creates an invite code for one sign-up.
func newCode(t *testing.T, url string) string {
	t.Helper()
	created, err := comatproto.ServerClient{Client: admin(url)}.CreateInviteCode(t.Context(), &comatproto.ServerCreateInviteCodeInput{UseCount: 1})
	must(t, err)
	return created.Code
}
