package api_test

import (
	"errors"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A client's life with the generated client.
func TestGeneratedClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	anonymous := comatproto.ServerClient{Client: &xrpc.Client{Host: b.url, Strict: true}}
	as := func(token string) comatproto.ServerClient {
		return comatproto.ServerClient{Client: &xrpc.Client{Host: b.url, Authorize: xrpc.Bearer(token), Strict: true}}
	}

	description, err := anonymous.DescribeServer(ctx)
	must(t, err)
	domain := description.AvailableUserDomains[0]
	signup := &comatproto.ServerCreateAccountInput{Handle: "alice" + "." + "test", Email: lexdata.Some("alice@example.com"), Password: lexdata.Some("asdf")}
	if want := string(signup.Handle[len("alice"):]); domain != want {
		t.Errorf("domain: got %q, want %q", domain, want)
	}
	created, err := anonymous.CreateAccount(ctx, signup)
	must(t, err)
	_, err = anonymous.CreateAccount(ctx, signup)
	wantName(t, "a second account", err, comatproto.ServerCreateAccountErrHandleNotAvailable, 400)

	opened, err := anonymous.CreateSession(ctx, &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: "asdf"})
	must(t, err)
	if opened.DID != created.DID || opened.Email.Or("") != "alice@example.com" {
		t.Errorf("login: got %s, %s", opened.DID, opened.Email.Or(""))
	}
	_, err = anonymous.GetSession(ctx)
	wantName(t, "a session without a token", err, xrpc.ErrorName("AuthMissing"), 401)

	got, err := as(opened.AccessJWT).GetSession(ctx)
	must(t, err)
	if got.DID != created.DID || got.Handle != "alice.test" {
		t.Errorf("session: got %s, %s", got.DID, got.Handle)
	}
	refreshed, err := as(opened.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	must(t, as(refreshed.RefreshJWT).DeleteSession(ctx))
	_, err = as(refreshed.RefreshJWT).RefreshSession(ctx)
	wantName(t, "a refresh after the logout", err, comatproto.ServerResetPasswordErrExpiredToken, 400)
	must(t, anonymous.RequestPasswordReset(ctx, &comatproto.ServerRequestPasswordResetInput{Email: "alice@example.com"}))
	reset := &comatproto.ServerResetPasswordInput{Token: b.code(t, subjectReset), Password: "new"}
	must(t, anonymous.ResetPassword(ctx, reset))
	err = anonymous.ResetPassword(ctx, reset)
	wantName(t, "a second reset", err, comatproto.ServerResetPasswordErrInvalidToken, 400)
	_, err = anonymous.CreateSession(ctx, &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: "new"})
	must(t, err)
}

func TestGeneratedLegacyClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	client := comatproto.AccountClient{Client: &xrpc.Client{Host: b.url}}
	input := &comatproto.AccountCreateInput{Handle: "alice.test", Email: "alice@example.com", Password: "asdf"}
	created, err := client.Create(t.Context(), input)
	must(t, err)
	if created.Handle != "alice.test" {
		t.Errorf("handle: got %q", created.Handle)
	}
	input.Handle = "alice.example.com"
	_, err = client.Create(t.Context(), input)
	wantName(t, "a foreign domain", err, comatproto.AccountCreateErrInvalidHandle, 400)
}

func wantName(t *testing.T, what string, err error, name xrpc.ErrorName, status int) {
	t.Helper()
	var xerr *xrpc.Error
	if !errors.Is(err, name) || !errors.As(err, &xerr) || xerr.Status != status {
		t.Errorf("%s: got error %v, want %d %s", what, err, status, name)
	}
}
