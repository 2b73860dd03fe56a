package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A member is an account of which the server has said that it exists, and what its owner, who does one
// thing after the other, asked for last.
type member struct {
	name    syntax.Handle // of the sign-up, from which the password follows
	did     syntax.DID
	handle  syntax.Handle
	refresh string // the last refresh token that the server sent

	wanted   syntax.Handle // a handle that was asked for without an answer, or empty
	deleting bool          // the deletion was asked for
	deleted  bool          // and answered
}

// Killed at any moment in the middle of sign-ups, logins, refreshes, changes of handles and deletions, the
// server has kept all that it said it had done. What it has not answered has happened as a whole or not
// at all.
func TestKill(t *testing.T) {
	t.Parallel()
	t.Run("own directory", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		killInRounds(t, folder, func(url string) string { return url + directoryPath })
		checkIdentities(t, folder, identitiesIn(t, folder))
	})
	t.Run("another directory", func(t *testing.T) {
		t.Parallel()
		folder, stile := t.TempDir(), newTurnstile(t)
		killInRounds(t, folder, func(string) string { return stile.url }, "--plc-directory", stile.url)
		checkIdentities(t, folder, stile.identities(t))
	})
}

// killInRounds kills one server after the other on the same data. directoryOf returns where the directory
// is of a server at a URL.
func killInRounds(t *testing.T, folder string, directoryOf func(url string) string, flags ...string) {
	t.Helper()
	const (
		rounds  = 3
		workers = 4
	)
	flags = append(flags, "--rate-limits=false", "--invite-required")
	p := startProcess(t, folder, flags...)
	code, err := comatproto.ServerClient{Client: admin(p.url)}.CreateInviteCode(t.Context(), &comatproto.ServerCreateInviteCodeInput{UseCount: 1000})
	must(t, err)
	var members []*member
	for round := range rounds {
		crew := newCrew(p.url, code.Code, round, 4+rand.Int64N(20))
		crew.runUntilKill(t, p, workers)
		members = append(members, crew.members...)
		p = startProcess(t, folder, flags...)
		for _, m := range members {
			checkMember(t, p.url, directoryOf(p.url), m)
		}
		for _, name := range crew.unanswered {
			members = append(members, checkUnanswered(t, p.url, name, code.Code))
		}
	}
	for _, m := range members {
		checkLogin(t, p.url, m)
	}
	p.signal(t, syscall.SIGTERM)
	p.wantEnd(t, exitFine)
	checkData(t, folder)
	if len(members) < rounds {
		t.Errorf("accounts: got %d", len(members))
	}
}

// A crew does with accounts what their owners do, until the server is gone.
type crew struct {
	url    string
	code   string // invites all of them
	round  int
	wanted int64         // answers, after which the time for a kill has come
	enough chan struct{} // closed then

	answers    atomic.Int64
	mu         sync.Mutex
	members    []*member
	unanswered []syntax.Handle // sign-ups
	refusals   []error
}

func newCrew(url, code string, round int, wanted int64) *crew {
	return &crew{url: url, code: code, round: round, wanted: wanted, enough: make(chan struct{})}
}

// runUntilKill lets workers do their work, kills the server in the middle of it, and returns when all
// have noticed.
func (c *crew) runUntilKill(t *testing.T, p *process, workers int) {
	t.Helper()
	var working sync.WaitGroup
	for worker := range workers {
		working.Go(func() { c.work(t.Context(), worker) })
	}
	ended := make(chan struct{})
	go func() {
		working.Wait()
		close(ended)
	}()
	select {
	case <-c.enough:
	case <-ended:
		t.Fatalf("the server does not answer: %v; its log: %s", errors.Join(c.refusals...), p.log.String())
	}
	p.signal(t, syscall.SIGKILL)
	<-ended
	p.wantEnd(t, -1 /* killed by the signal */)
	for _, err := range c.refusals {
		t.Errorf("answered before the kill: %v", err)
	}
}

// work does for one account after the other what there is to do, up to the first failure.
func (c *crew) work(ctx context.Context, worker int) {
	for i := 0; ; i++ {
		m, err := c.signUp(ctx, syntax.Handle(fmt.Sprintf("m%d-%d-%d.test", c.round, worker, i)))
		steps := []func(context.Context, *member) error{c.refresh, c.rename, c.logIn, c.refresh}
		if i%3 == worker%3 {
			steps = append(steps, c.delete)
		}
		for _, step := range steps {
			if err == nil {
				err = step(ctx, m)
			}
			if err == nil && c.answers.Add(1) == c.wanted {
				close(c.enough)
			}
		}
		if err != nil {
			c.giveUp(err)
			return
		}
	}
}

// giveUp ends a worker, which only the kill should do.
func (c *crew) giveUp(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var refusal *xrpc.Error
	if errors.As(err, &refusal) {
		c.refusals = append(c.refusals, err)
	}
}

func (c *crew) signUp(ctx context.Context, name syntax.Handle) (*member, error) {
	created, err := client(c.url, "").CreateAccount(ctx, signupBy(name, c.code))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.unanswered = append(c.unanswered, name)
		return nil, err
	}
	m := &member{name: name, did: created.DID, handle: name, refresh: created.RefreshJWT}
	c.members = append(c.members, m)
	return m, nil
}

func (c *crew) refresh(ctx context.Context, m *member) error {
	refreshed, err := client(c.url, m.refresh).RefreshSession(ctx)
	if err == nil {
		m.refresh = refreshed.RefreshJWT
	}
	return err
}

func (c *crew) logIn(ctx context.Context, m *member) error {
	_, err := client(c.url, "").CreateSession(ctx, loginOf(m))
	return err
}

func (c *crew) rename(ctx context.Context, m *member) error {
	refreshed, err := client(c.url, m.refresh).RefreshSession(ctx)
	if err != nil {
		return err
	}
	m.wanted = "new-" + m.name
	me := comatproto.IdentityClient(client(c.url, refreshed.AccessJWT))
	if err := me.UpdateHandle(ctx, &comatproto.IdentityUpdateHandleInput{Handle: m.wanted}); err != nil {
		return err
	}
	m.handle, m.wanted = m.wanted, ""
	return nil
}

func (c *crew) delete(ctx context.Context, m *member) error {
	m.deleting = true
	err := comatproto.AdminClient{Client: admin(c.url)}.DeleteAccount(ctx, &comatproto.AdminDeleteAccountInput{DID: m.did})
	m.deleted = err == nil
	return err
}

func signupOf(handle syntax.Handle) *comatproto.ServerCreateAccountInput {
	return &comatproto.ServerCreateAccountInput{
		Handle:   handle,
		Email:    lexdata.Some(string(handle) + "@example.com"),
		Password: lexdata.Some("password of " + string(handle)),
	}
}

// signupBy is signupOf with an invite code.
func signupBy(handle syntax.Handle, code string) *comatproto.ServerCreateAccountInput {
	signup := signupOf(handle)
	signup.InviteCode = lexdata.Some(code)
	return signup
}

func login(handle syntax.Handle) *comatproto.ServerCreateSessionInput {
	return &comatproto.ServerCreateSessionInput{Identifier: string(handle), Password: "password of " + string(handle)}
}

// loginOf is login for a member, whose handle may be another by now.
func loginOf(m *member) *comatproto.ServerCreateSessionInput {
	input := login(m.name)
	input.Identifier = string(m.did)
	return input
}
