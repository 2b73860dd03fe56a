package main

import (
	"context"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// An ending makes a password or a session of a member worthless. What it needs is asked for before it is called.
type ending func(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error

// ofSession is an ending that needs no token of the session which it ends.
func (e ending) ofSession(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput, _ string) func() error {
	t.Helper()
	return e(t, a, member)
}

// loggingOut is a logout.
func loggingOut(t *testing.T, a *arena, _ *comatproto.ServerCreateAccountOutput, session string) func() error {
	t.Helper()
	return func() error { return client(a.url, session).DeleteSession(t.Context()) }
}

// resetting is the reset of a password.
func resetting(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	input := &comatproto.ServerResetPasswordInput{Token: a.resetCode(t, member.Handle), Password: newPassword}
	return func() error { return client(a.url, "").ResetPassword(t.Context(), input) }
}

// administering is a new password by an administrator.
func administering(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	input := &comatproto.AdminUpdateAccountPasswordInput{DID: member.DID, Password: newPassword}
	return func() error { return a.admin().UpdateAccountPassword(t.Context(), input) }
}

// takingDown is a takedown.
func takingDown(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	return func() error {
		_, err := a.admin().UpdateSubjectStatus(t.Context(), &comatproto.AdminUpdateSubjectStatusInput{
			Subject:  comatproto.NewAdminUpdateSubjectStatusInputSubjectUnion(&comatproto.AdminRepoRef{DID: member.DID}),
			Takedown: &comatproto.AdminStatusAttr{Applied: true},
		})
		return err
	}
}

// revoking is the revocation of the app password.
func revoking(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	input := &comatproto.ServerRevokeAppPasswordInput{Name: appName}
	return func() error { return client(a.url, member.AccessJWT).RevokeAppPassword(t.Context(), input) }
}

// renewing is the revocation of the app password, and then another one of its name.
func renewing(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	revoke, input := revoking(t, a, member), &comatproto.ServerCreateAppPasswordInput{Name: appName}
	return func() error {
		if err := revoke(); err != nil {
			return err
		}
		_, err := client(a.url, member.AccessJWT).CreateAppPassword(t.Context(), input)
		return err
	}
}

// deleting is the deletion of the account by an administrator.
func deleting(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	input := &comatproto.AdminDeleteAccountInput{DID: member.DID}
	return func() error { return a.admin().DeleteAccount(t.Context(), input) }
}

// securing turns the second factor on, with which the password alone opens nothing.
func securing(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	api := client(a.url, member.AccessJWT)
	code := a.code(t, member.Handle, api.RequestEmailConfirmation)
	must(t, api.ConfirmEmail(t.Context(), &comatproto.ServerConfirmEmailInput{Email: emailOf(member.Handle), Token: code}))
	code = a.code(t, member.Handle, func(ctx context.Context) error {
		_, err := api.RequestEmailUpdate(ctx)
		return err
	})
	input := &comatproto.ServerUpdateEmailInput{Email: emailOf(member.Handle), Token: lexdata.Some(code), EmailAuthFactor: lexdata.Some(true)}
	return func() error { return api.UpdateEmail(t.Context(), input) }
}

// leaving is the deletion of the account by its owner.
func leaving(t *testing.T, a *arena, member *comatproto.ServerCreateAccountOutput) func() error {
	t.Helper()
	code := a.code(t, member.Handle, client(a.url, member.AccessJWT).RequestAccountDelete)
	input := &comatproto.ServerDeleteAccountInput{DID: member.DID, Password: login(member.Handle).Password, Token: code}
	return func() error { return client(a.url, "").DeleteAccount(t.Context(), input) }
}
