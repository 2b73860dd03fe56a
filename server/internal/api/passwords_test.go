package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// Resets have two names and one service.
var resets = []struct{ name, request, reset string }{
	{"server", comatproto.ServerRequestPasswordResetNSID, comatproto.ServerResetPasswordNSID},
	{"account", comatproto.AccountRequestPasswordResetNSID, comatproto.AccountResetPasswordNSID},
	{"both", comatproto.ServerRequestPasswordResetNSID, comatproto.AccountResetPasswordNSID},
}

func TestResetPassword(t *testing.T) {
	t.Parallel()
	for _, test := range resets {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			b.do(t, call{nsid: test.request, body: `{"email":"Alice@Example.com"}`}).wantBody(t, "")
			b.mail(t, subjectReset, "alice@example.com", "Reset password", "alice.test")
			code := b.code(t, subjectReset)
			reset := func(code, password string) answer {
				return b.do(t, call{nsid: test.reset, body: object("token", code, "password", password)})
			}
			reset("123456", "new").wantError(t, 400, "InvalidToken", "Token is invalid")
			reset(code, strings.Repeat("a", 257)).wantInvalid(t, "Invalid password length.")
			b.logIn(t, "asdf").wantOK(t)
			reset(strings.ToLower(code), "new").wantBody(t, "")
			reset(code, "newer").wantError(t, 400, "InvalidToken", "Token is invalid")
			b.logIn(t, "asdf").wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
			b.logIn(t, "new").wantOK(t)
			b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
			b.getSession(t, s.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
		})
	}
}

// An account that is switched off or was taken down gets its password back, and stays what it is.
func TestResetPasswordOfInactiveAccounts(t *testing.T) {
	t.Parallel()
	for _, test := range resets {
		for status, change := range map[string]string{"deactivated": "deactivated_at = 1", "takendown": "takendown_at = 1"} {
			t.Run(status+" "+test.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				b.signUp(t)
				b.execute(t, "UPDATE account SET "+change)
				b.do(t, call{nsid: test.request, body: `{"email":"alice@example.com"}`}).wantBody(t, "")
				b.mail(t, subjectReset, "alice@example.com", "Reset password", "alice.test")
				body := object("token", b.code(t, subjectReset), "password", "new")
				b.do(t, call{nsid: test.reset, body: body}).wantBody(t, "")
				logIn := func(password string) answer {
					body := object("identifier", "alice.test", "password", password, "allowTakendown", true)
					return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
				}
				logIn("asdf").wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
				if got := logIn("new").text(t, "status"); got != status {
					t.Errorf("status: got %s, want %s", got, status)
				}
			})
		}
	}
}

func TestResetPasswordExpires(t *testing.T) {
	t.Parallel()
	for _, test := range resets {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			b.do(t, call{nsid: test.request, body: `{"email":"alice@example.com"}`}).wantOK(t)
			code := b.code(t, subjectReset)
			b.pass(account.EmailTokenLifetime)
			body := object("token", code, "password", "new")
			b.do(t, call{nsid: test.reset, body: body}).wantError(t, 400, "ExpiredToken", "Token is expired")
			b.logIn(t, "asdf").wantOK(t)
		})
	}
}

// Nobody learns from a request whether an address has an account.
func TestResetOfUnknownEmail(t *testing.T) {
	t.Parallel()
	for _, test := range resets {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			for _, email := range []string{"bob@example.com", "", "no address", strings.Repeat("a", 10_000)} {
				b.do(t, call{nsid: test.request, body: object("email", email)}).wantBody(t, "")
			}
			if got := b.mails(t, subjectReset); len(got) != 0 {
				t.Errorf("mails: got %v", got)
			}
		})
	}
}

// A crowdedStore has as many requests for resets as can wait.
type crowdedStore struct{ account.Store }

func (crowdedStore) KeepResetRequest(context.Context, account.ResetRequest, int) error {
	return account.ErrBusy
}

// While too many requests wait, that is the answer for every address.
func TestResetWhenTooManyWait(t *testing.T) {
	t.Parallel()
	for _, test := range resets {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(s *account.Service, _ *api.Config) { s.Store = crowdedStore{s.Store} })
			b.signUp(t)
			for _, email := range []string{"alice@example.com", "bob@example.com"} {
				a := b.do(t, call{nsid: test.request, body: object("email", email)})
				a.wantError(t, 503, "NotEnoughResources", "The server is busy, please try again in a moment")
				if got := a.header.Get("Retry-After"); got != "2" {
					t.Errorf("Retry-After: got %q, want 2", got)
				}
			}
		})
	}
}
