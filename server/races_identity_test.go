package main

import (
	"fmt"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// Of several changes of the handle of one account, each comes before or after each other one: the
// directory and the database say the same, also if the directory fails one of them.
func TestRaceHandles(t *testing.T) {
	t.Parallel()
	const racers = 4 // an identity may change ten times in an hour
	tests := []struct {
		name     string
		fault    directorytest.Fault
		refusals []xrpc.ErrorName // of the one that fails
	}{
		{"no fault", directorytest.None, nil},
		{"conflict", directorytest.Conflict, []xrpc.ErrorName{xrpc.ErrInvalidRequest}},
		{"lost answer", directorytest.LostAnswer, nil}, // the directory is asked what became of it
		{"internal error", directorytest.InternalError, []xrpc.ErrorName{xrpc.ErrUpstreamFailure}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			directory := directorytest.New(t)
			a := newArena(t, directory, "--omit-did-doc")
			for round := range many {
				member := a.join(t, nth("member", round))
				var calls []func() error
				for i := range racers {
					calls = append(calls, func() error { return a.updateHandle(t.Context(), member.AccessJWT, nth("name", round, i)) })
				}
				directory.FailOnce(test.fault)
				errs := race(calls...)
				directory.Fail(directorytest.None)
				wantChanges(t, directory, member.DID, errs, test.refusals)
			}
			a.wantAgreement(t)
		})
	}
}

// wantChanges checks that changes of a handle have succeeded, at most one excepted if it may be refused,
// and that the directory has an operation for each, one after the other.
func wantChanges(t *testing.T, directory *directorytest.Server, did syntax.DID, errs []error, refusals []xrpc.ErrorName) {
	t.Helper()
	succeeded := 0
	for _, err := range errs {
		wantFineOrRefused(t, "change", err, refusals...)
		if err == nil {
			succeeded++
		}
	}
	if least := len(errs) - min(1, len(refusals)); succeeded < least {
		t.Errorf("got %d changes, want at least %d", succeeded, least)
	}
	log, err := directory.Directory.Log(t.Context(), did)
	must(t, err)
	if len(log) != 1+succeeded {
		t.Errorf("the directory has %d operations after %d changes", len(log), succeeded)
	}
	for _, entry := range log {
		if entry.Nullified {
			t.Errorf("operation %s is void", entry.CID)
		}
	}
}

// A handle that several accounts and several newcomers want at once has one of them, and the directory
// has nothing of the others.
func TestRaceOneHandle(t *testing.T) {
	t.Parallel()
	const members = 3
	tests := []struct {
		name  string
		fault directorytest.Fault
	}{
		{"no fault", directorytest.None},
		{"conflict", directorytest.Conflict},
		{"lost answer", directorytest.LostAnswer},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			directory := directorytest.New(t)
			a := newArena(t, directory)
			for round := range many {
				wanted := nth("wanted", round)
				dids := make([]syntax.DID, 2*members)
				var calls []func() error
				for i := range members {
					member := a.join(t, nth("member", round, i))
					dids[i] = member.DID
					calls = append(calls, func() error { return a.updateHandle(t.Context(), member.AccessJWT, wanted) })
				}
				for i := range members {
					input := signupOf(nth("newcomer", round, i))
					input.Handle = wanted
					calls = append(calls, func() error {
						created, err := client(a.url, "").CreateAccount(t.Context(), input)
						if err == nil {
							dids[members+i] = created.DID
						}
						return err
					})
				}
				directory.FailOnce(test.fault)
				errs := race(calls...)
				directory.Fail(directorytest.None)
				a.wantOwner(t, wanted, dids, errs, test.fault == directorytest.Conflict)
			}
			a.wantAgreement(t)
		})
	}
}

// wantOwner checks that the one who got a handle has it, and that there is one, unless all may have been
// refused.
func (a *arena) wantOwner(t *testing.T, handle syntax.Handle, dids []syntax.DID, errs []error, mayBeNobody bool) {
	t.Helper()
	var owners []syntax.DID
	for i, err := range errs {
		wantFineOrRefused(t, fmt.Sprint("racer ", i), err, comatproto.ServerCreateAccountErrHandleNotAvailable, xrpc.ErrInvalidRequest)
		if err == nil {
			owners = append(owners, dids[i])
		}
	}
	if len(owners) > 1 || len(owners) == 0 && !mayBeNobody {
		t.Fatalf("%s has the owners %q", handle, owners)
	}
	found, err := comatproto.IdentityClient{Client: client(a.url, "").Client}.ResolveHandle(t.Context(), &comatproto.IdentityResolveHandleParams{Handle: handle})
	switch {
	case len(owners) == 0:
		wantRefused(t, "resolveHandle", err, comatproto.IdentityResolveHandleErrHandleNotFound)
		a.join(t, handle) // it is free again
	case err != nil || found.DID != owners[0]:
		t.Errorf("%s: got %+v, %v, want %s", handle, found, err, owners[0])
	}
}

// An owner who has a key above the server's can go back to before a change of the handle. If he submits
// that while the handle changes, he is late and told so, or in time and the change follows: never has the
// directory the handle of before and the database the new one.
func TestRaceHandleAndSubmission(t *testing.T) {
	t.Parallel()
	directory := directorytest.New(t)
	a := newArena(t, directory, "--omit-did-doc")
	for round := range many {
		key := newKey(t)
		input := signupOf(nth("member", round))
		input.RecoveryKey = lexdata.Some(key.Public().String())
		member, err := client(a.url, "").CreateAccount(t.Context(), input)
		must(t, err)
		first := a.lastOperation(t, member.DID)
		submission := submissionOf(t, plc.Operation{Kind: plc.Update, State: first.State, Prev: first.CID()}.Sign(key))
		errs := race(
			func() error { return a.updateHandle(t.Context(), member.AccessJWT, nth("name", round)) },
			func() error { return a.asOwner(member.AccessJWT).SubmitPLCOperation(t.Context(), submission) },
		)
		must(t, errs[0])
		wantFineOrRefused(t, "submission", errs[1], xrpc.ErrInvalidRequest)
	}
	a.wantOrder(t)
}
