package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// member is an account of which the server has said that it exists.
type member struct {
	handle  syntax.Handle
	did     syntax.DID
	refresh string // the last refresh token that the server sent
}

// Killed in the middle of sign-ups and refreshes, the server has kept all that it said it had done. A
// sign-up without an answer has happened as a whole or not at all.
func TestKill(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const (
		rounds  = 3
		workers = 4
		enough  = 8 // answers before the kill, while more are under way
	)
	var members []*member
	for round := range rounds {
		p := startProcess(t, folder)
		for _, m := range members {
			checkMember(t, p.url, m)
		}
		crew := &crew{url: p.url, round: round, enough: make(chan struct{}), wanted: enough}
		var working sync.WaitGroup
		for worker := range workers {
			working.Go(func() { crew.work(t.Context(), worker) })
		}
		ended := make(chan struct{})
		go func() {
			working.Wait()
			close(ended)
		}()
		select {
		case <-crew.enough:
		case <-ended:
			t.Fatalf("the server does not answer; its log: %s", p.log.String())
		}
		p.signal(t, syscall.SIGKILL)
		<-ended
		p.wantEnd(t, -1 /* killed by the signal */)
		members = append(members, crew.members...)
		for _, err := range crew.refusals {
			t.Errorf("answered before the kill: %v", err)
		}
		p = startProcess(t, folder)
		for _, handle := range crew.unanswered {
			checkUnanswered(t, p.url, handle)
		}
		p.signal(t, syscall.SIGTERM)
		p.wantEnd(t, exitFine)
	}
	p := startProcess(t, folder)
	for _, m := range members {
		checkMember(t, p.url, m)
		if _, err := client(p.url, "").CreateSession(t.Context(), login(m.handle)); err != nil {
			t.Errorf("login of %s: %v", m.handle, err)
		}
	}
	if len(members) < rounds {
		t.Errorf("accounts: got %d", len(members))
	}
}

// A crew signs up accounts and refreshes their sessions until the server is gone.
type crew struct {
	url    string
	round  int
	wanted int64 // answers after which enough is closed
	enough chan struct{}

	answers    atomic.Int64
	mu         sync.Mutex
	members    []*member
	unanswered []syntax.Handle // of the last request of each worker
	refusals   []error
}

func (c *crew) work(ctx context.Context, worker int) {
	for i := 0; ; i++ {
		handle := syntax.Handle(fmt.Sprintf("m%d-%d-%d.test", c.round, worker, i))
		created, err := client(c.url, "").CreateAccount(ctx, signupOf(handle))
		if err != nil {
			c.giveUp(handle, err)
			return
		}
		m := &member{handle: handle, did: created.DID, refresh: created.RefreshJWT}
		c.mu.Lock()
		c.members = append(c.members, m)
		c.mu.Unlock()
		c.count()
		for range 2 {
			refreshed, err := client(c.url, m.refresh).RefreshSession(ctx)
			if err != nil {
				c.giveUp(handle, err)
				return
			}
			m.refresh = refreshed.RefreshJWT
			c.count()
		}
	}
}

func (c *crew) count() {
	if c.answers.Add(1) == c.wanted {
		close(c.enough)
	}
}

// giveUp ends a worker, which only the kill should do.
func (c *crew) giveUp(handle syntax.Handle, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unanswered = append(c.unanswered, handle)
	var refusal *xrpc.Error
	if errors.As(err, &refusal) {
		c.refusals = append(c.refusals, err)
	}
}

func signupOf(handle syntax.Handle) *comatproto.ServerCreateAccountInput {
	return &comatproto.ServerCreateAccountInput{
		Handle:   handle,
		Email:    lexdata.Some(string(handle) + "@example.com"),
		Password: lexdata.Some("password of " + string(handle)),
	}
}

func login(handle syntax.Handle) *comatproto.ServerCreateSessionInput {
	return &comatproto.ServerCreateSessionInput{Identifier: string(handle), Password: "password of " + string(handle)}
}

// checkMember goes on with a session where the server last said that it was.
func checkMember(t *testing.T, url string, m *member) {
	t.Helper()
	refreshed, err := client(url, m.refresh).RefreshSession(t.Context())
	if err != nil {
		t.Errorf("refresh of %s: %v", m.handle, err)
		return
	}
	m.refresh = refreshed.RefreshJWT
	got, err := client(url, refreshed.AccessJWT).GetSession(t.Context())
	if err != nil || got.DID != m.did || got.Handle != m.handle {
		t.Errorf("session of %s: got %+v, %v", m.handle, got, err)
	}
}

// checkUnanswered checks that an account whose owner was left without an answer is there, or can be
// created.
func checkUnanswered(t *testing.T, url string, handle syntax.Handle) {
	t.Helper()
	_, err := client(url, "").CreateAccount(t.Context(), signupOf(handle))
	if err != nil && !errors.Is(err, comatproto.ServerCreateAccountErrHandleNotAvailable) {
		t.Errorf("sign-up of %s again: %v", handle, err)
	}
	if _, err := client(url, "").CreateSession(t.Context(), login(handle)); err != nil {
		t.Errorf("login of %s: %v", handle, err)
	}
}
