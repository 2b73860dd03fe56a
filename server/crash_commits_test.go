package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
)

// killAt is the environment variable that names the step at which a server, which the test program then
// is, kills itself.
const killAt = "TEST_KILL_AT"

// A step is a moment in a sign-up.
type step string

// The steps, in their order: each commit has a moment before and one behind it.
const (
	beforeReservation step = "before the reservation"
	behindReservation step = "behind the reservation"
	beforeOperation   step = "before the operation"
	withinOperation   step = "within the transaction of the operation"
	behindOperation   step = "behind the operation"
	beforeAccount     step = "before the account"
	behindAccount     step = "behind the account"
	beforeImport      step = "before the import"
	behindImport      step = "behind the import"
)

// reach kills this process if it is to end at a step.
func (s step) reach(reached step) {
	if s != reached {
		return
	}
	if process, err := os.FindProcess(os.Getpid()); err != nil || process.Kill() != nil {
		panic("this process cannot be killed")
	}
	select {} // nothing more happens, however long that takes
}

// runMortal serves until a step is reached.
func runMortal(last step, args []string) int {
	c, err := parseConfig(args, os.Getenv)
	if err == nil {
		err = serveMortal(last, c)
	}
	fmt.Fprintln(os.Stderr, err)
	return exitFailed
}

func serveMortal(last step, c config) error {
	p, err := newProgram(context.Background(), c, os.Stderr)
	if err != nil {
		return err
	}
	p.service.Store = mortalStore{p.service.Store, last}
	*p.directory = *directory.New(mortalLog{p.store, last}, time.Now)
	return errors.Join(p.Run(context.Background(), os.Stdout), p.Close())
}

// A mortalStore dies before or behind a transaction of a sign-up.
type mortalStore struct {
	account.Store
	last step
}

func (s mortalStore) ReserveSignup(ctx context.Context, reservation account.Reservation) error {
	s.last.reach(beforeReservation)
	err := s.Store.ReserveSignup(ctx, reservation)
	s.last.reach(behindReservation)
	return err
}

func (s mortalStore) FinishSignup(ctx context.Context, did syntax.DID, session *account.NewSession, record account.Record) (account.Account, error) {
	s.last.reach(beforeAccount)
	created, err := s.Store.FinishSignup(ctx, did, session, record)
	s.last.reach(behindAccount)
	return created, err
}

func (s mortalStore) ImportAccount(ctx context.Context, reservation account.Reservation, session account.NewSession, record account.Record) error {
	s.last.reach(beforeImport)
	err := s.Store.ImportAccount(ctx, reservation, session, record)
	s.last.reach(behindImport)
	return err
}

// A mortalLog is a mortalStore for the log of the server's own directory.
type mortalLog struct {
	account.DirectoryLog
	last step
}

func (l mortalLog) AppendOperation(ctx context.Context, entry account.DirectoryEntry, check func([]account.DirectoryEntry) ([]syntax.CID, error)) error {
	l.last.reach(beforeOperation)
	err := l.DirectoryLog.AppendOperation(ctx, entry, func(log []account.DirectoryEntry) ([]syntax.CID, error) {
		void, err := check(log)
		l.last.reach(withinOperation)
		return void, err
	})
	l.last.reach(behindOperation)
	return err
}

// wantKilled checks that a server has killed itself during a call, and what it has left.
func wantKilled(t *testing.T, p *process, folder string, err error, left leftovers) {
	t.Helper()
	if err == nil {
		t.Error("the call was answered")
	}
	p.wantEnd(t, -1 /* killed by the signal */)
	wantCount(t, folder, "sign-ups under way", `SELECT count(*) FROM signup`, left.signups)
	wantCount(t, folder, "reserved uses of the invite code", `SELECT sum(reserved) FROM invite_code`, left.signups)
	wantCount(t, folder, "operations", `SELECT count(*) FROM directory_operation`, left.operations)
	wantCount(t, folder, "accounts", `SELECT count(*) FROM account`, left.accounts)
}

// leftovers is what a sign-up has brought when its server ends.
type leftovers struct{ signups, operations, accounts int }

// A server that is its own directory and is killed at any step of a sign-up has at its next start either
// nothing of it or all of it.
func TestKillAtCommit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		last step
		left leftovers
		done bool // in the end, without another sign-up
	}{
		{beforeReservation, leftovers{}, false},
		{behindReservation, leftovers{signups: 1}, true},
		{beforeOperation, leftovers{signups: 1}, true},
		{withinOperation, leftovers{signups: 1}, true},
		{behindOperation, leftovers{signups: 1, operations: 1}, true},
		{beforeAccount, leftovers{signups: 1, operations: 1}, true},
		{behindAccount, leftovers{operations: 1, accounts: 1}, true},
	} {
		t.Run(string(test.last), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			p := startMortal(t, folder, test.last, "--invite-required")
			signup := signupBy("alice.test", newCode(t, p.url))
			_, err := client(p.url, "").CreateAccount(t.Context(), signup)
			wantKilled(t, p, folder, err, test.left)

			p = startProcess(t, folder, "--invite-required")
			wantSignupAgain(t, p.url, "", signup, test.done)
			if _, err := client(p.url, "").CreateSession(t.Context(), login("alice.test")); err != nil {
				t.Errorf("login: %v", err)
			}
			wantCodeUsedUp(t, p.url, signup.InviteCode.Or(""))
			p.signal(t, syscall.SIGTERM)
			p.wantEnd(t, exitFine)
			checkData(t, folder)
			checkIdentities(t, folder, identitiesIn(t, folder))
		})
	}
}

// The same for the sign-up of an identity that is there already, which is one step.
func TestKillAtImport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		last step
		left leftovers
		done bool
	}{
		{beforeImport, leftovers{}, false},
		{behindImport, leftovers{accounts: 1}, true},
	} {
		t.Run(string(test.last), func(t *testing.T) {
			t.Parallel()
			folder, mover := t.TempDir(), newWebIdentity(t)
			p := startMortal(t, folder, test.last, "--invite-required")
			signup := signupBy("alice.test", newCode(t, p.url))
			signup.DID = lexdata.Some(mover.did)
			_, err := client(p.url, mover.token(t, mover.key)).CreateAccount(t.Context(), signup)
			wantKilled(t, p, folder, err, test.left)

			p = startProcess(t, folder, "--invite-required")
			wantSignupAgain(t, p.url, mover.token(t, mover.key), signup, test.done)
			opened, err := client(p.url, "").CreateSession(t.Context(), login("alice.test"))
			must(t, err)
			if opened.DID != mover.did {
				t.Errorf("DID: got %s, want %s", opened.DID, mover.did)
			}
			wantCodeUsedUp(t, p.url, signup.InviteCode.Or(""))
			p.signal(t, syscall.SIGTERM)
			p.wantEnd(t, exitFine)
			checkData(t, folder)
		})
	}
}

// startMortal starts a server that kills itself at a step.
func startMortal(t *testing.T, folder string, last step, args ...string) *process {
	t.Helper()
	return startProcessIn(t, folder, []string{killAt + "=" + string(last)}, args...)
}

// wantSignupAgain makes a sign-up once more, which succeeds unless it was done: then its code is used up.
func wantSignupAgain(t *testing.T, url, token string, signup *comatproto.ServerCreateAccountInput, done bool) {
	t.Helper()
	_, err := client(url, token).CreateAccount(t.Context(), signup)
	switch {
	case done && !errors.Is(err, comatproto.ServerCreateAccountErrInvalidInviteCode):
		t.Errorf("the same sign-up again: got %v, want a code that is used up", err)
	case !done && err != nil:
		t.Errorf("the same sign-up again: %v", err)
	}
}

func wantCodeUsedUp(t *testing.T, url, code string) {
	t.Helper()
	if _, err := client(url, "").CreateAccount(t.Context(), signupBy("bob.test", code)); !errors.Is(err, comatproto.ServerCreateAccountErrInvalidInviteCode) {
		t.Errorf("second use of a code: got %v", err)
	}
}
