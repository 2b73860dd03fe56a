package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// race makes calls at the same time, and returns their errors in the order of the calls.
func race(calls ...func() error) []error {
	errs := make([]error, len(calls))
	start := make(chan struct{})
	var running sync.WaitGroup
	for i, call := range calls {
		running.Go(func() {
			<-start
			errs[i] = call()
		})
	}
	close(start)
	running.Wait()
	return errs
}

// many is how often a race is run, with the race detector too: what goes wrong in one round of ten shows
// in 98 runs of 100.
const many = 40

// wantWinner checks that exactly one of those who raced has succeeded, and that the others were refused
// with one of the names. It returns which one it is.
func wantWinner(t *testing.T, what string, errs []error, refusals ...xrpc.ErrorName) int {
	t.Helper()
	winner := slices.Index(errs, nil)
	if winner < 0 {
		t.Fatalf("%s: nobody has succeeded: %v", what, errs)
	}
	for i, err := range errs {
		if i != winner {
			wantRefused(t, what, err, refusals...)
		}
	}
	return winner
}

// wantRefused checks that a call was refused with one of the names.
func wantRefused(t *testing.T, what string, err error, names ...xrpc.ErrorName) {
	t.Helper()
	if !isRefused(err, names...) {
		t.Errorf("%s: got %v, want one of %q", what, err, names)
	}
}

// wantFineOrRefused is wantRefused for a call that may also have been in time.
func wantFineOrRefused(t *testing.T, what string, err error, names ...xrpc.ErrorName) {
	t.Helper()
	if err != nil {
		wantRefused(t, what, err, names...)
	}
}

func isRefused(err error, names ...xrpc.ErrorName) bool {
	return slices.ContainsFunc(names, func(name xrpc.ErrorName) bool { return errors.Is(err, name) })
}

// Error names that several methods share.
const (
	errExpiredToken = comatproto.ServerDeleteAccountErrExpiredToken
	errInvalidToken = comatproto.ServerDeleteAccountErrInvalidToken
	errTakedown     = comatproto.ServerCreateSessionErrAccountTakedown
	errNoAccount    = comatproto.ServerConfirmEmailErrAccountNotFound
)

// An arena is a server for requests that race. Its mails come into a mailbox.
type arena struct {
	*program
	url        string
	log        *logbook
	identities *directory.Directory // where those of its accounts are published
	mails      *mailbox
}

// newArena runs a server without rate limits until the test ends. A directory that is not nil takes the
// place of its own.
func newArena(t *testing.T, plcDirectory *directorytest.Server, args ...string) *arena {
	t.Helper()
	args = append([]string{"--listen", "127.0.0.1:0", "--data", t.TempDir(), "--log-level", "warn", "--rate-limits=false"}, args...)
	if plcDirectory != nil {
		args = append(args, "--plc-directory", plcDirectory.URL)
	}
	c, err := parseConfig(args, env(map[string]string{"LEXGEN_ADMIN_PASSWORD": adminPassword}))
	must(t, err)
	c.hash = cheap
	a := &arena{log: &logbook{}, mails: newMailbox()}
	a.program, err = newProgram(t.Context(), c, a.log)
	must(t, err)
	a.url = "http://" + a.listener.Addr().String()
	a.service.Mailer = a.mails
	a.identities = a.directory
	if plcDirectory != nil {
		a.identities = plcDirectory.Directory
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, a.log) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, a.Close()); err != nil {
			t.Error(err)
		}
	})
	return a
}

// database returns the path of the database.
func (a *arena) database() string { return filepath.Join(a.config.data, sqlite.FileName) }

// join signs up an account of the server. Its password is as in login.
func (a *arena) join(t *testing.T, handle syntax.Handle) *comatproto.ServerCreateAccountOutput {
	t.Helper()
	created, err := client(a.url, "").CreateAccount(t.Context(), signupOf(handle))
	must(t, err)
	return created
}

// emailOf returns the address with which signupOf signs up.
func emailOf(handle syntax.Handle) string { return string(handle) + "@example.com" }

// updateHandle asks for another handle of the account that a token is for.
func (a *arena) updateHandle(ctx context.Context, token string, handle syntax.Handle) error {
	identities := comatproto.IdentityClient{Client: client(a.url, token).Client}
	return identities.UpdateHandle(ctx, &comatproto.IdentityUpdateHandleInput{Handle: handle})
}

// admin calls the server as its administrator.
func (a *arena) admin() comatproto.AdminClient { return comatproto.AdminClient{Client: admin(a.url)} }

// newInvite creates an invite code.
func (a *arena) newInvite(t *testing.T, uses int64) string {
	t.Helper()
	created, err := comatproto.ServerClient{Client: admin(a.url)}.CreateInviteCode(t.Context(), &comatproto.ServerCreateInviteCodeInput{UseCount: uses})
	must(t, err)
	return created.Code
}

// wantOver checks that sessions are worth nothing any more. That an account was taken down, getSession says
// in a way of its own.
func (a *arena) wantOver(t *testing.T, what string, access, refresh string) {
	t.Helper()
	_, err := client(a.url, access).GetSession(t.Context())
	wantRefused(t, what+": getSession", err, errExpiredToken, xrpc.ErrInvalidRequest, errNoAccount)
	_, err = client(a.url, refresh).RefreshSession(t.Context())
	wantRefused(t, what+": refreshSession", err, errExpiredToken, errTakedown)
}

// wantOrder checks that the server has kept order, as wantAgreement does, and has not failed on the way.
func (a *arena) wantOrder(t *testing.T) {
	t.Helper()
	a.wantAgreement(t)
	if log := a.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("something went wrong: %s", log)
	}
}

// wantAgreement checks that the database is as it should be, that nothing is left half done, and that the
// directory says of each account what the database says.
func (a *arena) wantAgreement(t *testing.T) {
	t.Helper()
	ctx, later := t.Context(), time.Now().Add(24*time.Hour)
	problems, err := a.store.Check(ctx)
	must(t, err)
	signups, err := a.store.Reservations(ctx, later)
	must(t, err)
	handles, err := a.store.HandleReservations(ctx, later)
	must(t, err)
	if len(problems)+len(signups)+len(handles) > 0 {
		t.Errorf("the database has %q, %d sign-ups and %d changes of handles under way", problems, len(signups), len(handles))
	}
	accounts, err := a.store.ListAccounts(ctx, account.AccountQuery{Limit: 10_000})
	must(t, err)
	for _, one := range accounts {
		if got, want := a.claimed(t, one.DID), "at://"+string(one.Handle); got != want {
			t.Errorf("the directory has %s of %s, the database %s", got, one.DID, want)
		}
	}
}

// claimed returns the first name that an identity claims.
func (a *arena) claimed(t *testing.T, did syntax.DID) string {
	t.Helper()
	text, err := a.identities.Last(t.Context(), did)
	must(t, err)
	last, err := plc.Parse(text)
	must(t, err)
	if len(last.State.AlsoKnownAs) == 0 {
		return ""
	}
	return last.State.AlsoKnownAs[0]
}

// wantNoOrphans checks that the server's own directory has no identity without an account.
func (a *arena) wantNoOrphans(t *testing.T) {
	t.Helper()
	var orphans int
	queryRow(t, a.database(), "SELECT count(DISTINCT did) FROM directory_operation WHERE did NOT IN (SELECT did FROM account)", &orphans)
	if orphans > 0 {
		t.Errorf("the directory has %d identities of nobody", orphans)
	}
}

// A mailbox keeps the codes that each address was mailed. It may be used concurrently.
type mailbox struct {
	mu      sync.Mutex
	arrived *sync.Cond
	codes   map[string]string              // the last one that nobody took, by address
	all     map[string]map[string][]string // by address and subject, the oldest first
	gate    func()                         // each mail waits for its end, if there is one
}

var _ account.Mailer = (*mailbox)(nil)

func newMailbox() *mailbox {
	m := &mailbox{codes: map[string]string{}, all: map[string]map[string][]string{}}
	m.arrived = sync.NewCond(&m.mu)
	return m
}

// mailedCode finds the code in a mail, which stands on a line of its own.
var mailedCode = regexp.MustCompile(`(?m)^\s*([A-Z2-7]{5}-[A-Z2-7]{5})\s*$`)

// hold has mails wait until they are let go. came ends when the first one waits.
func (m *mailbox) hold() (came <-chan struct{}, letGo func()) {
	waits, ended := make(chan struct{}), make(chan struct{})
	come := sync.OnceFunc(func() { close(waits) })
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gate = func() { come(); <-ended }
	return waits, sync.OnceFunc(func() { close(ended) })
}

// Send implements [account.Mailer].
func (m *mailbox) Send(_ context.Context, mail account.Mail) error {
	m.mu.Lock()
	gate := m.gate
	m.mu.Unlock()
	if gate != nil {
		gate()
	}
	if found := mailedCode.FindStringSubmatch(mail.Text); found != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.codes[mail.To] = found[1]
		if m.all[mail.To] == nil {
			m.all[mail.To] = map[string][]string{}
		}
		m.all[mail.To][mail.Subject] = append(m.all[mail.To][mail.Subject], found[1])
		m.arrived.Broadcast()
	}
	return nil
}

// take waits for the code that was mailed to an address.
func (m *mailbox) take(address string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.codes[address] == "" {
		m.arrived.Wait()
	}
	code := m.codes[address]
	delete(m.codes, address)
	return code
}

// codesOf returns the codes that an address was mailed under a subject, the oldest first.
func (m *mailbox) codesOf(address, subject string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.all[address][subject])
}

// code asks for a code by mail and returns it.
func (a *arena) code(t *testing.T, handle syntax.Handle, ask func(ctx context.Context) error) string {
	t.Helper()
	must(t, ask(t.Context()))
	must(t, a.service.AnswerResets(t.Context()))
	_, err := a.service.DeliverMails(t.Context()) // unless the server is at it already
	must(t, err)
	return a.mails.take(emailOf(handle))
}

// from calls a server that trusts this machine as a proxy, as a client at an address does.
func from(url, address string) comatproto.ServerClient {
	return comatproto.ServerClient{Client: &xrpc.Client{Host: url, Strict: true, Authorize: func(r *http.Request) error {
		r.Header.Set("X-Forwarded-For", address)
		return nil
	}}}
}

// nth returns a handle that nobody else in a test has.
func nth(name string, numbers ...int) syntax.Handle {
	for _, n := range numbers {
		name += fmt.Sprintf("-%d", n)
	}
	return syntax.Handle(name + ".test")
}
