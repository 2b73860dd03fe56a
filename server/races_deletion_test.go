package main

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// What each of these writes about an account races with its deletion. What it needs is asked for before.

// writesOfSessions are what leaves the owner what a deletion takes: the password, and the code that was
// mailed.
func writesOfSessions(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) []func() error {
	t.Helper()
	ctx, api := t.Context(), client(a.url, member.AccessJWT)
	bystander := invited("other-"+member.Handle, a.newInvite(t, 1))
	return []func() error{
		func() error {
			_, err := api.CreateAppPassword(ctx, &comatproto.ServerCreateAppPasswordInput{Name: appName})
			return err
		},
		func() error {
			_, err := client(a.url, "").CreateSession(ctx, login(member.Handle))
			return err
		},
		func() error {
			_, err := client(a.url, member.RefreshJWT).RefreshSession(ctx)
			return err
		},
		func() error { return api.RequestEmailConfirmation(ctx) },
		func() error { return a.updateHandle(ctx, member.AccessJWT, "renamed-"+member.Handle) },
		func() error {
			return client(a.url, "").RequestPasswordReset(ctx, &comatproto.ServerRequestPasswordResetInput{Email: emailOf(member.Handle)})
		},
		func() error { return api.DeactivateAccount(ctx, &comatproto.ServerDeactivateAccountInput{}) },
		func() error { return a.earn(ctx, member.AccessJWT) },
		func() error {
			_, err := client(a.url, "").CreateAccount(ctx, bystander)
			return err
		},
	}
}

// writesOfNames change the address and the handle, or confirm the address.
func writesOfNames(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) []func() error {
	t.Helper()
	ctx, api := t.Context(), client(a.url, member.AccessJWT)
	code := a.code(t, member.Handle, api.RequestEmailConfirmation)
	return []func() error{
		func() error {
			return api.UpdateEmail(ctx, &comatproto.ServerUpdateEmailInput{Email: emailOf("new-" + member.Handle)})
		},
		func() error {
			return api.ConfirmEmail(ctx, &comatproto.ServerConfirmEmailInput{Email: emailOf(member.Handle), Token: code})
		},
		func() error {
			_, err := api.RequestEmailUpdate(ctx)
			return err
		},
		func() error {
			return a.admin().UpdateAccountEmail(ctx, &comatproto.AdminUpdateAccountEmailInput{
				Account: syntax.ATIdentifier(member.DID), Email: emailOf("administrators-" + member.Handle),
			})
		},
		func() error {
			return a.admin().UpdateAccountHandle(ctx, &comatproto.AdminUpdateAccountHandleInput{DID: member.DID, Handle: "renamed-" + member.Handle})
		},
	}
}

// writesOfIdentity ask for a signature of the identity, sign and submit.
func writesOfIdentity(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) []func() error {
	t.Helper()
	ctx, api := t.Context(), comatproto.IdentityClient{Client: client(a.url, member.AccessJWT).Client}
	sign := func() (*comatproto.IdentitySignPLCOperationOutput, error) {
		code := a.code(t, member.Handle, api.RequestPLCOperationSignature)
		return api.SignPLCOperation(ctx, &comatproto.IdentitySignPLCOperationInput{Token: lexdata.Some(code)})
	}
	signed, err := sign()
	must(t, err)
	code := a.code(t, member.Handle, api.RequestPLCOperationSignature)
	return []func() error{
		func() error { return api.RequestPLCOperationSignature(ctx) },
		func() error {
			_, err := api.SignPLCOperation(ctx, &comatproto.IdentitySignPLCOperationInput{Token: lexdata.Some(code)})
			return err
		},
		func() error {
			return api.SubmitPLCOperation(ctx, &comatproto.IdentitySubmitPLCOperationInput{Operation: signed.Operation})
		},
		func() error { return a.updateHandle(ctx, member.AccessJWT, "renamed-"+member.Handle) },
	}
}

// writesOfAdministrators end the sessions of the account, among writes of these.
func writesOfAdministrators(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) []func() error {
	t.Helper()
	return append(writesOfSessions(t, a, member), takingDown(t, a, member), administering(t, a, member))
}

// lateWrites are the names with which a write is refused that comes after another one or after the
// deletion.
func lateWrites() []xrpc.ErrorName {
	return []xrpc.ErrorName{
		errNoAccount, errExpiredToken, errInvalidToken, errTakedown, xrpc.ErrAuthenticationRequired, xrpc.ErrInvalidRequest,
		comatproto.AdminGetSubjectStatusErrNotFound, comatproto.ServerConfirmEmailErrInvalidEmail,
		comatproto.ServerCreateAccountErrHandleNotAvailable, comatproto.ServerUpdateEmailErrTokenRequired,
	}
}

// after makes a call after some others that change nothing: so it meets those with which it races at each of
// their steps, however slow they are.
func (a *arena) after(t *testing.T, others int, call func() error) func() error {
	t.Helper()
	return func() error {
		for range others {
			if _, err := client(a.url, "").DescribeServer(t.Context()); err != nil {
				return err
			}
		}
		return call()
	}
}

// joinBy signs up an account.
func (a *arena) joinBy(t *testing.T, input *comatproto.ServerCreateAccountInput) *comatproto.ServerCreateAccountOutput {
	t.Helper()
	created, err := client(a.url, "").CreateAccount(t.Context(), input)
	must(t, err)
	return created
}

// earn asks for the invite codes of an account, and so for those that it has earned.
func (a *arena) earn(ctx context.Context, access string) error {
	_, err := client(a.url, access).GetAccountInviteCodes(ctx, &comatproto.ServerGetAccountInviteCodesParams{})
	return err
}

// wantGone checks that nothing is left of an account but that its invite code is used.
func (a *arena) wantGone(t *testing.T, member *comatproto.ServerCreateAccountOutput) {
	t.Helper()
	for table, rows := range a.rowsOf(t, member.DID) {
		t.Errorf("%s has %d rows of an account that is deleted", table, rows)
	}
	var uses int
	queryRow(t, a.database(), fmt.Sprintf("SELECT count(*) FROM invite_code_use WHERE used_by = '%s'", member.DID), &uses)
	if uses != 1 {
		t.Errorf("got %d uses of invite codes, want the one that the account began with", uses)
	}
	a.wantOver(t, "its session", member.AccessJWT, member.RefreshJWT)
}

// rowsOf counts the rows of a DID by table. Those of the server's own directory outlive the account, and so
// do the uses that it made of the invite codes of others.
func (a *arena) rowsOf(t *testing.T, did syntax.DID) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", a.database())
	must(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND c.name = 'did' AND m.name <> 'directory_operation'`)
	must(t, err)
	defer rows.Close()
	conditions := map[string]string{"invite_code": "? IN (for_account, created_by)"}
	for rows.Next() {
		var table string
		must(t, rows.Scan(&table))
		conditions[table] = "did = ?"
	}
	must(t, rows.Err())
	if len(conditions) < 10 {
		t.Fatalf("got the tables %v, want all that have a DID", conditions)
	}
	counts := map[string]int{}
	for table, condition := range conditions {
		var count int
		must(t, db.QueryRow("SELECT count(*) FROM "+table+" WHERE "+condition, did).Scan(&count))
		if count > 0 {
			counts[table] = count
		}
	}
	return counts
}
