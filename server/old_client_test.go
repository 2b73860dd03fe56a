package main

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/client2023"
)

// oldClient calls the server at url as a client of 2023 does, with a token unless that is empty.
func oldClient(url, token string) client2023.ServerClient {
	return client2023.ServerClient(client(url, token))
}

// olderClient is oldClient for com.atproto.account, which was old in 2023 already.
func olderClient(url, token string) client2023.AccountClient {
	return client2023.AccountClient(client(url, token))
}

// signUp signs an account up with the client of 2023.
func signUp(t *testing.T, url string, handle syntax.Handle) *client2023.ServerCreateAccountOutput {
	t.Helper()
	created, err := oldClient(url, "").CreateAccount(t.Context(), &client2023.ServerCreateAccountInput{
		Handle: handle, Email: string(handle) + "@example.com", Password: "password of " + string(handle),
	})
	must(t, err)
	if created.Handle != handle || created.DID.Method() != "plc" {
		t.Errorf("createAccount: got %+v", created)
	}
	return created
}

// wantRefusal checks that an error is one that the server sent.
func wantRefusal(t *testing.T, what string, err error, status int, name xrpc.ErrorName) {
	t.Helper()
	var refusal *xrpc.Error
	if !errors.As(err, &refusal) || refusal.Status != status || refusal.Name != name {
		t.Errorf("%s: got %v, want %d %s", what, err, status, name)
	}
}

// A client of 2023 goes through the whole life of a session.
func TestOldClientSession(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir(), "--privacy-policy", "https://example.com/privacy")
	ctx := t.Context()
	described, err := oldClient(url, "").DescribeServer(ctx)
	must(t, err)
	if !slices.Equal(described.AvailableUserDomains, []string{".test"}) || described.Links.PrivacyPolicy.Or("") != "https://example.com/privacy" {
		t.Errorf("describeServer: got %+v", described)
	}
	created := signUp(t, url, "alice.test")
	_, err = oldClient(url, "").CreateAccount(ctx, &client2023.ServerCreateAccountInput{Handle: "alice.test", Email: "other@example.com", Password: "x"})
	wantRefusal(t, "second sign-up", err, http.StatusBadRequest, client2023.ServerCreateAccountErrHandleNotAvailable)

	opened, err := oldClient(url, "").CreateSession(ctx, &client2023.ServerCreateSessionInput{Identifier: "alice.test", Password: "password of alice.test"})
	must(t, err)
	if opened.DID != created.DID || opened.Email.Or("") != "alice.test@example.com" {
		t.Errorf("createSession: got %+v", opened)
	}
	got, err := oldClient(url, opened.AccessJWT).GetSession(ctx)
	must(t, err)
	if got.DID != created.DID || got.Handle != "alice.test" || got.Email.Or("") != "alice.test@example.com" {
		t.Errorf("getSession: got %+v", got)
	}
	refreshed, err := oldClient(url, opened.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	if refreshed.DID != created.DID || refreshed.Handle != "alice.test" {
		t.Errorf("refreshSession: got %+v", refreshed)
	}
	must(t, oldClient(url, refreshed.RefreshJWT).DeleteSession(ctx))
	_, err = oldClient(url, refreshed.RefreshJWT).RefreshSession(ctx)
	wantRefusal(t, "refresh after the logout", err, http.StatusBadRequest, "ExpiredToken")
	if _, err := oldClient(url, created.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("the session of the sign-up: %v", err)
	}
}

// A client of 2023 creates, lists, uses and revokes an app password.
func TestOldClientAppPasswords(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir())
	ctx := t.Context()
	me := oldClient(url, signUp(t, url, "alice.test").AccessJWT)
	app, err := me.CreateAppPassword(ctx, &client2023.ServerCreateAppPasswordInput{Name: "app"})
	must(t, err)
	listed, err := me.ListAppPasswords(ctx)
	must(t, err)
	if len(listed.Passwords) != 1 || listed.Passwords[0].Name != "app" || listed.Passwords[0].CreatedAt != app.CreatedAt {
		t.Errorf("listAppPasswords: got %+v", listed)
	}
	login := &client2023.ServerCreateSessionInput{Identifier: "alice.test", Password: app.Password}
	opened, err := oldClient(url, "").CreateSession(ctx, login)
	must(t, err)
	_, err = oldClient(url, opened.AccessJWT).CreateAppPassword(ctx, &client2023.ServerCreateAppPasswordInput{Name: "another"})
	wantRefusal(t, "an app password for an app", err, http.StatusBadRequest, "InvalidToken")
	must(t, me.RevokeAppPassword(ctx, &client2023.ServerRevokeAppPasswordInput{Name: "app"}))
	_, err = oldClient(url, "").CreateSession(ctx, login)
	wantRefusal(t, "login after the revocation", err, http.StatusUnauthorized, xrpc.ErrAuthenticationRequired)
	_, err = oldClient(url, opened.RefreshJWT).RefreshSession(ctx)
	wantRefusal(t, "refresh after the revocation", err, http.StatusBadRequest, "ExpiredToken")
}

// A client of 2023 hands out invite codes as the administrator, and its users sign up with them.
func TestOldClientInviteCodes(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir(), "--invite-required")
	ctx := t.Context()
	keeper := client2023.ServerClient{Client: admin(url)}
	first, err := keeper.CreateInviteCode(ctx, &client2023.ServerCreateInviteCodeInput{UseCount: 1})
	must(t, err)
	signup := &client2023.ServerCreateAccountInput{Handle: "alice.test", Email: aliceEmail, Password: alicePassword}
	_, err = oldClient(url, "").CreateAccount(ctx, signup)
	wantRefusal(t, "sign-up without a code", err, http.StatusBadRequest, client2023.ServerCreateAccountErrInvalidInviteCode)
	signup.InviteCode = lexdata.Some(first.Code)
	created, err := oldClient(url, "").CreateAccount(ctx, signup)
	must(t, err)

	more, err := keeper.CreateInviteCodes(ctx, &client2023.ServerCreateInviteCodesInput{CodeCount: 2, UseCount: 3, ForAccounts: []syntax.DID{created.DID}})
	must(t, err)
	if len(more.Codes) != 1 || more.Codes[0].Account != string(created.DID) || len(more.Codes[0].Codes) != 2 {
		t.Fatalf("createInviteCodes: got %+v", more)
	}
	older, err := olderClient(url, "").Create(ctx, &client2023.AccountCreateInput{
		Handle: "bob.test", Email: "bob@example.com", Password: "x", InviteCode: lexdata.Some(more.Codes[0].Codes[0]),
	})
	must(t, err)
	own, err := oldClient(url, created.AccessJWT).GetAccountInviteCodes(ctx, &client2023.ServerGetAccountInviteCodesParams{})
	must(t, err)
	uses := 0
	for _, code := range own.Codes {
		for _, use := range code.Uses {
			uses++
			if string(use.UsedBy) != older.DID || code.Code != more.Codes[0].Codes[0] {
				t.Errorf("getAccountInviteCodes: got %+v", code)
			}
		}
	}
	if len(own.Codes) != 2 || uses != 1 {
		t.Errorf("getAccountInviteCodes: got %+v", own)
	}
	oldest, err := client2023.AccountClient(keeper).CreateInviteCode(ctx, &client2023.AccountCreateInviteCodeInput{UseCount: 1})
	if err != nil || oldest.Code == "" {
		t.Errorf("com.atproto.account.createInviteCode: got %+v, %v", oldest, err)
	}
	_, err = oldClient(url, created.AccessJWT).CreateInviteCode(ctx, &client2023.ServerCreateInviteCodeInput{UseCount: 1})
	wantRefusal(t, "a code by a user", err, http.StatusUnauthorized, xrpc.ErrAuthenticationRequired)
}

// A client of 2023 resets a password and deletes an account with what comes by mail.
func TestOldClientMails(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	ctx := t.Context()
	created := signUp(t, s.url, "alice.test")
	nobody := oldClient(s.url, "")
	must(t, nobody.RequestPasswordReset(ctx, &client2023.ServerRequestPasswordResetInput{Email: "alice.test@example.com"}))
	must(t, nobody.RequestPasswordReset(ctx, &client2023.ServerRequestPasswordResetInput{Email: "nobody@example.com"}))
	err := nobody.ResetPassword(ctx, &client2023.ServerResetPasswordInput{Token: "AAAAA-AAAAA", Password: "new"})
	wantRefusal(t, "wrong token", err, http.StatusBadRequest, client2023.ServerResetPasswordErrInvalidToken)
	reset := &client2023.ServerResetPasswordInput{Token: s.mailedToken(t, subjectReset), Password: "new"}
	must(t, nobody.ResetPassword(ctx, reset))
	err = nobody.ResetPassword(ctx, reset)
	wantRefusal(t, "second use of a token", err, http.StatusBadRequest, client2023.ServerResetPasswordErrInvalidToken)
	_, err = oldClient(s.url, created.AccessJWT).GetSession(ctx)
	wantRefusal(t, "access after the reset", err, http.StatusBadRequest, "ExpiredToken")

	opened, err := nobody.CreateSession(ctx, &client2023.ServerCreateSessionInput{Identifier: "alice.test", Password: "new"})
	must(t, err)
	must(t, oldClient(s.url, opened.AccessJWT).RequestAccountDelete(ctx))
	deletion := &client2023.ServerDeleteAccountInput{DID: created.DID, Password: "wrong", Token: s.mailedToken(t, subjectDelete)}
	wantRefusal(t, "deletion with a wrong password", nobody.DeleteAccount(ctx, deletion), http.StatusUnauthorized, xrpc.ErrAuthenticationRequired)
	deletion.Password = "new"
	must(t, nobody.DeleteAccount(ctx, deletion))
	wantRefusal(t, "second deletion", nobody.DeleteAccount(ctx, deletion), http.StatusUnauthorized, xrpc.ErrAuthenticationRequired)
	signUp(t, s.url, "alice.test") // the handle is free
}

// The names of com.atproto.account do what those of com.atproto.server do.
func TestOlderClient(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	ctx := t.Context()
	nobody := olderClient(s.url, "")
	created, err := nobody.Create(ctx, &client2023.AccountCreateInput{Handle: "alice.test", Email: aliceEmail, Password: alicePassword})
	must(t, err)
	if _, err := oldClient(s.url, created.RefreshJWT).RefreshSession(ctx); err != nil || created.Handle != "alice.test" {
		t.Errorf("the session of the sign-up: got %+v, %v", created, err)
	}
	_, err = nobody.Create(ctx, &client2023.AccountCreateInput{Handle: "not a handle", Email: "bob@example.com", Password: "x"})
	wantRefusal(t, "sign-up with no handle", err, http.StatusBadRequest, client2023.AccountCreateErrInvalidHandle)

	must(t, nobody.RequestPasswordReset(ctx, &client2023.AccountRequestPasswordResetInput{Email: aliceEmail}))
	reset := &client2023.AccountResetPasswordInput{Token: s.mailedToken(t, subjectReset), Password: "new"}
	must(t, nobody.ResetPassword(ctx, reset))
	wantRefusal(t, "second use of a token", nobody.ResetPassword(ctx, reset), http.StatusBadRequest, client2023.AccountResetPasswordErrInvalidToken)
	opened, err := oldClient(s.url, "").CreateSession(ctx, &client2023.ServerCreateSessionInput{Identifier: "alice.test", Password: "new"})
	must(t, err)
	must(t, olderClient(s.url, opened.AccessJWT).Get(ctx))
	wantRefusal(t, "get of nobody", nobody.Get(ctx), http.StatusUnauthorized, "AuthMissing")

	// The older name of the deletion had no password and no token: it asks for both, by mail.
	must(t, olderClient(s.url, opened.AccessJWT).Delete(ctx))
	if _, err := oldClient(s.url, opened.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("the account after a delete: %v", err)
	}
	must(t, oldClient(s.url, "").DeleteAccount(ctx, &client2023.ServerDeleteAccountInput{
		DID: syntax.DID(created.DID), Password: "new", Token: s.mailedToken(t, subjectDelete),
	}))
	wantRefusal(t, "get of a deleted account", olderClient(s.url, opened.AccessJWT).Get(ctx), http.StatusForbidden, "AccountNotFound")
}
