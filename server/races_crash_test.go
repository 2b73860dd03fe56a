package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// A doorkeeper lets no answer of a directory to an operation out while the door is closed.
type doorkeeper struct {
	directory http.Handler
	hands     bool          // operations over, so that only the answer is missing
	waiting   chan struct{} // gets a value for each operation whose answer is missing
	open      atomic.Bool
}

// ServeHTTP implements [http.Handler].
func (d *doorkeeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || d.open.Load() {
		d.directory.ServeHTTP(w, r)
		return
	}
	if d.hands {
		d.directory.ServeHTTP(httptest.NewRecorder(), r)
	}
	_, _ = io.Copy(io.Discard, r.Body) // before it is read, nobody sees that the client has gone
	d.waiting <- struct{}{}
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

// The server is killed while a directory has operations of sign-ups and of a change of a handle, or is
// about to get them. The next start finishes what the directory has; what it has not is finished too or
// taken back. Nothing is there by half, and the invite code was used as often as there are accounts.
func TestRaceCrash(t *testing.T) {
	t.Parallel()
	for name, hands := range map[string]bool{"the directory has the operations": true, "the directory has not the operations": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			door := &doorkeeper{directory: directorytest.New(t), hands: hands, waiting: make(chan struct{}, 8)}
			front := httptest.NewServer(door)
			t.Cleanup(front.Close)
			door.open.Store(true)
			folder := t.TempDir()
			args := []string{"--plc-directory", front.URL, "--invite-required"}
			p := startProcess(t, folder, args...)
			handles := []syntax.Handle{"one.test", "two.test", "three.test"}
			code := strings.TrimSpace(mustRun(t, folder, "invite", "create", "--uses", "4"))
			member, err := client(p.url, "").CreateAccount(t.Context(), invited("alice.test", code))
			must(t, err)

			door.open.Store(false)
			interrupted := interrupt(t, p, member.AccessJWT, append(handles, handles...), code)
			for range len(handles) + 1 {
				<-door.waiting
			}
			p.signal(t, syscall.SIGKILL)
			p.wantEnd(t, -1 /* killed by the signal */)
			interrupted.Wait()
			door.open.Store(true)

			p = startProcess(t, folder, args...)
			for _, handle := range handles {
				_, err := client(p.url, "").CreateAccount(t.Context(), invited(handle, code))
				if err != nil || hands {
					wantRefused(t, "sign-up again", err, comatproto.ServerCreateAccountErrHandleNotAvailable, comatproto.ServerCreateAccountErrInvalidInviteCode)
				}
				_, err = client(p.url, "").CreateSession(t.Context(), login(handle))
				must(t, err)
			}
			_, err = client(p.url, "").CreateAccount(t.Context(), invited("late.test", code))
			wantRefused(t, "a sign-up too many", err, comatproto.ServerCreateAccountErrInvalidInviteCode)
			if got := agreedHandle(t, p, member); hands && got != "renamed.test" {
				t.Errorf("got the handle %s, want the one that the directory has", got)
			}
			p.signal(t, syscall.SIGTERM)
			p.wantEnd(t, exitFine)
			mustRun(t, folder, "check")
		})
	}
}

// interrupt makes requests that get no answer: a sign-up for each handle and a change of the handle of an
// account.
func interrupt(t *testing.T, p *process, access string, handles []syntax.Handle, code string) *sync.WaitGroup {
	t.Helper()
	var requests sync.WaitGroup
	for _, handle := range handles {
		requests.Go(func() {
			if _, err := client(p.url, "").CreateAccount(t.Context(), invited(handle, code)); err == nil {
				t.Errorf("%s has signed up", handle)
			}
		})
	}
	requests.Go(func() {
		identities := comatproto.IdentityClient{Client: client(p.url, access).Client}
		if identities.UpdateHandle(t.Context(), &comatproto.IdentityUpdateHandleInput{Handle: "renamed.test"}) == nil {
			t.Error("the handle has changed")
		}
	})
	return &requests
}

// agreedHandle returns the handle of an account, which the directory must have too.
func agreedHandle(t *testing.T, p *process, member *comatproto.ServerCreateAccountOutput) syntax.Handle {
	t.Helper()
	session, err := client(p.url, member.AccessJWT).GetSession(t.Context())
	must(t, err)
	document, _ := session.DIDDoc.Get()
	text, err := document.MarshalJSON()
	must(t, err)
	wantContains(t, "DID document", string(text), `"at://`+string(session.Handle)+`"`)
	return session.Handle
}
