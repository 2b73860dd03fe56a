package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// The subjects of the other mails that bring codes.
const (
	subjectPLC    = "PLC Update Operation Requested"
	subjectSignIn = "Sign In Code"
)

// A codeKind is one of the codes that can be asked for.
type codeKind struct {
	subject string
	ask     func(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error
	// use does what takes the code, for a member whose address is email now.
	use func(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, email, code string) error
	// prepare makes that the account of email looks at the code at all. It may be nil, and comes after
	// those of the codes before.
	prepare func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, email string)
}

// codeKinds returns all of them.
func codeKinds() []codeKind {
	return []codeKind{
		{subjectConfirm, askConfirmation, useConfirmation, nil},
		{subjectReset, askReset, useReset, nil},
		{subjectDelete, askDeletion, useDeletion, nil},
		{subjectPLC, askPLC, usePLC, nil},
		{subjectUpdate, askUpdate, useUpdate, confirming},
		{subjectSignIn, askSignIn, useSignIn, turningOn},
	}
}

func askConfirmation(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	return client(a.url, member.AccessJWT).RequestEmailConfirmation(ctx)
}

func useConfirmation(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, email, code string) error {
	return client(a.url, member.AccessJWT).ConfirmEmail(ctx, &comatproto.ServerConfirmEmailInput{Email: email, Token: code})
}

func askReset(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	return client(a.url, "").RequestPasswordReset(ctx, &comatproto.ServerRequestPasswordResetInput{Email: emailOf(member.Handle)})
}

func useReset(ctx context.Context, a *arena, _ *comatproto.ServerCreateAccountOutput, _, code string) error {
	return client(a.url, "").ResetPassword(ctx, &comatproto.ServerResetPasswordInput{Token: code, Password: newPassword})
}

func askDeletion(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	return client(a.url, member.AccessJWT).RequestAccountDelete(ctx)
}

func useDeletion(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, _, code string) error {
	input := &comatproto.ServerDeleteAccountInput{DID: member.DID, Password: login(member.Handle).Password, Token: code}
	return client(a.url, "").DeleteAccount(ctx, input)
}

func askPLC(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	return comatproto.IdentityClient{Client: client(a.url, member.AccessJWT).Client}.RequestPLCOperationSignature(ctx)
}

func usePLC(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, _, code string) error {
	_, err := comatproto.IdentityClient{Client: client(a.url, member.AccessJWT).Client}.SignPLCOperation(ctx,
		&comatproto.IdentitySignPLCOperationInput{Token: lexdata.Some(code)})
	return err
}

func askUpdate(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	_, err := client(a.url, member.AccessJWT).RequestEmailUpdate(ctx)
	return err
}

func useUpdate(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, email, code string) error {
	return client(a.url, member.AccessJWT).UpdateEmail(ctx, &comatproto.ServerUpdateEmailInput{Email: "next." + email, Token: lexdata.Some(code)})
}

// askSignIn begins a login, which needs no code any more if the address has changed, and fails if it
// changes meanwhile.
func askSignIn(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error {
	_, err := client(a.url, "").CreateSession(ctx, login(member.Handle))
	if isRefused(err, comatproto.ServerCreateSessionErrAuthFactorTokenRequired, xrpc.ErrAuthenticationRequired) {
		return nil
	}
	return err
}

func useSignIn(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput, _, code string) error {
	input := login(member.Handle)
	input.AuthFactorToken = lexdata.Some(code)
	_, err := client(a.url, "").CreateSession(ctx, input)
	return err
}

// confirming confirms the address of an account.
func confirming(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, email string) {
	t.Helper()
	code := a.newestCode(t, member, email, subjectConfirm, askConfirmation)
	must(t, useConfirmation(t.Context(), a, member, email, code))
}

// turningOn turns the sign in codes of an account on, whose address is confirmed.
func turningOn(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, email string) {
	t.Helper()
	input := &comatproto.ServerUpdateEmailInput{
		Email:           email,
		Token:           lexdata.Some(a.newestCode(t, member, email, subjectUpdate, askUpdate)),
		EmailAuthFactor: lexdata.Some(true),
	}
	must(t, client(a.url, member.AccessJWT).UpdateEmail(t.Context(), input))
}

// newestCode asks for a code and returns it. Those that were asked for before come first.
func (a *arena) newestCode(t *testing.T, member *comatproto.ServerCreateAccountOutput, email, subject string,
	ask func(ctx context.Context, a *arena, member *comatproto.ServerCreateAccountOutput) error,
) string {
	t.Helper()
	a.deliverAll(t)
	must(t, ask(t.Context(), a, member))
	a.deliverAll(t)
	codes := a.mails.codesOf(email, subject)
	if len(codes) == 0 {
		t.Fatalf("no mail %q came to %s", subject, email)
	}
	return codes[len(codes)-1]
}

// deliverAll returns when no mail waits any more.
func (a *arena) deliverAll(t *testing.T) {
	t.Helper()
	isEmpty := func() bool {
		must(t, a.service.AnswerResets(t.Context()))
		_, err := a.service.DeliverMails(t.Context()) // unless the server is at it already
		must(t, err)
		counts, err := a.store.Counts(t.Context())
		must(t, err)
		return counts == sqlite.Counts{Active: counts.Active, Sessions: counts.Sessions}
	}
	if !eventually(t, isEmpty) {
		t.Fatal("mails wait and are not sent")
	}
}

// joinSecured signs up an account with a confirmed address and sign in codes.
func (a *arena) joinSecured(t *testing.T, handle syntax.Handle) *comatproto.ServerCreateAccountOutput {
	t.Helper()
	member := a.join(t, handle)
	confirming(t, a, member, emailOf(handle))
	turningOn(t, a, member, emailOf(handle))
	return member
}

// An emailChange gives an account another address. What it needs is asked for before it is called.
type emailChange func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, after string) func() error

// updating is the change of a confirmed address by the owner.
func updating(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, after string) func() error {
	t.Helper()
	code := a.newestCode(t, member, emailOf(member.Handle), subjectUpdate, askUpdate)
	input := &comatproto.ServerUpdateEmailInput{Email: after, Token: lexdata.Some(code)}
	return func() error { return client(a.url, member.AccessJWT).UpdateEmail(t.Context(), input) }
}

// readdressing is the change by an administrator.
func readdressing(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, after string) func() error {
	t.Helper()
	input := &comatproto.AdminUpdateAccountEmailInput{Account: syntax.ATIdentifier(member.DID), Email: after}
	return func() error { return a.admin().UpdateAccountEmail(t.Context(), input) }
}

// wantVoid checks that no code that has ever come to the address with which a member signed up is good for
// the account, whose address is after now. It needs a code of every subject, if all is true.
func (a *arena) wantVoid(t *testing.T, member *comatproto.ServerCreateAccountOutput, after string, all bool) {
	t.Helper()
	a.deliverAll(t)
	for _, code := range codeKinds() {
		if code.prepare != nil {
			code.prepare(t, a, member, after)
		}
		old := a.mails.codesOf(emailOf(member.Handle), code.subject)
		if all && len(old) == 0 {
			t.Errorf("no code %q", code.subject)
		}
		for _, text := range old {
			if err := code.use(t.Context(), a, member, after, text); !isRefused(err, errInvalidToken) {
				t.Fatalf("%s with a code from the address before: got %v, want %s", code.subject, err, errInvalidToken)
			}
		}
	}
}

// Who gets another address, or is given one, has to ask for all codes again.
func TestNewEmailVoidsCodes(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	for name, change := range map[string]emailChange{"owner": updating, "administrator": readdressing} {
		t.Run(name, func(t *testing.T) {
			member := a.joinSecured(t, syntax.Handle("of-"+name+".test"))
			for _, code := range codeKinds() {
				must(t, code.ask(t.Context(), a, member))
			}
			a.deliverAll(t)
			after := "new." + name + "@example.com"
			must(t, change(t, a, member, after)())
			a.wantVoid(t, member, after, true /* all */)
		})
	}
	a.wantOrder(t)
}

// A code that is asked for while the address changes goes to the address that the account has then, or is
// void: nobody who reads the old one can do anything with it.
func TestRaceCodesAndNewEmail(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change emailChange
		voids  string // the code that another one of its kind makes void before the change can use it
	}{
		{"owner", updating, subjectUpdate},
		{"administrator", readdressing, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil)
			for round := range many {
				member := a.joinSecured(t, nth("member", round))
				after := fmt.Sprintf("new%d@example.com", round)
				calls := []func() error{test.change(t, a, member, after)}
				for _, code := range codeKinds() {
					if code.subject != test.voids {
						ask := func() error { return code.ask(t.Context(), a, member) }
						calls = append(calls, ask, ask)
					}
				}
				for _, err := range race(calls...) {
					must(t, err)
				}
				a.wantVoid(t, member, after, false /* all */)
			}
			a.wantOrder(t)
		})
	}
}

// A code is good once, however many come with it.
func TestRaceCode(t *testing.T) {
	t.Parallel()
	const racers = 5
	for _, code := range codeKinds() {
		switch code.subject {
		case subjectConfirm, subjectPLC, subjectSignIn:
		default:
			continue // in TestRaceReset, TestRaceDeletion and TestRaceEmailChanges
		}
		t.Run(code.subject, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, nil)
			for round := range many {
				member := a.joinSecured(t, nth("member", round))
				email := emailOf(member.Handle)
				text := a.newestCode(t, member, email, code.subject, code.ask)
				var calls []func() error
				for range racers {
					calls = append(calls, func() error { return code.use(t.Context(), a, member, email, text) })
				}
				wantWinner(t, code.subject, race(calls...), errInvalidToken)
				wantRefused(t, "once more", code.use(t.Context(), a, member, email, text), errInvalidToken)
			}
			a.wantOrder(t)
		})
	}
}
