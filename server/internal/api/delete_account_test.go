package api_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func (b *bench) deleteAccount(t *testing.T, did, password, code string) answer {
	t.Helper()
	body := object("did", did, "password", password, "token", code)
	return b.do(t, call{nsid: comatproto.ServerDeleteAccountNSID, body: body})
}

func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	for _, request := range []string{comatproto.ServerRequestAccountDeleteNSID, comatproto.AccountDeleteNSID} {
		t.Run(request, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			secret := b.appPassword(t, s, "phone", false)
			b.as(t, s.AccessJWT, request, "").wantBody(t, "")
			b.mail(t, subjectDelete, "alice@example.com", "To permanently delete your account")
			code := b.code(t, subjectDelete)
			b.getSession(t, s.AccessJWT).wantOK(t) // nothing is deleted yet

			wrong := wanted{401, "AuthenticationRequired", "Invalid did or password"}
			invalid := wanted{400, "InvalidToken", "Token is invalid"}
			wrong.check(t, b.deleteAccount(t, s.DID, "wrong", code))
			wrong.check(t, b.deleteAccount(t, s.DID, "wrong", "123456"))
			wrong.check(t, b.deleteAccount(t, s.DID, secret, code))
			wrong.check(t, b.deleteAccount(t, "did:plc:nobodynobodynobodynobody", "asdf", code))
			b.deleteAccount(t, s.DID, strings.Repeat("a", 513), code).
				wantError(t, 401, "AuthenticationRequired", "Password too long. Consider resetting your password.")
			invalid.check(t, b.deleteAccount(t, s.DID, "asdf", "123456"))
			b.deleteAccount(t, s.DID, "asdf", strings.ToLower(code)).wantBody(t, "")

			wrong.check(t, b.deleteAccount(t, s.DID, "asdf", code))
			b.getSession(t, s.AccessJWT).wantError(t, 403, "AccountNotFound", "Account not found")
			b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
			b.logIn(t, "asdf").wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
			b.signUp(t) // the names are free
			b.logIn(t, secret).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
		})
	}
}

// Only the last code that was asked for is good, by whichever name.
func TestDeleteAccountWithEarlierCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	requests := []string{comatproto.ServerRequestAccountDeleteNSID, comatproto.AccountDeleteNSID, comatproto.ServerRequestAccountDeleteNSID}
	codes := make([]string, len(requests))
	for i, request := range requests {
		b.as(t, s.AccessJWT, request, "").wantBody(t, "")
		codes[i] = b.code(t, subjectDelete)
	}
	for _, code := range codes[:len(codes)-1] {
		b.deleteAccount(t, s.DID, "asdf", code).wantError(t, 400, "InvalidToken", "Token is invalid")
	}
	b.getSession(t, s.AccessJWT).wantOK(t)
	b.deleteAccount(t, s.DID, "asdf", codes[len(codes)-1]).wantBody(t, "")
}

func TestDeleteAccountExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.as(t, s.AccessJWT, comatproto.ServerRequestAccountDeleteNSID, "").wantOK(t)
	code := b.code(t, subjectDelete)
	b.pass(account.EmailTokenLifetime)
	b.deleteAccount(t, s.DID, "asdf", code).wantError(t, 400, "ExpiredToken", "Token is expired")
	b.logIn(t, "asdf").wantOK(t)
}

// An account that is deactivated goes as any other does.
func TestDeleteDeactivatedAccount(t *testing.T) {
	t.Parallel()
	for _, request := range []string{comatproto.ServerRequestAccountDeleteNSID, comatproto.AccountDeleteNSID} {
		t.Run(request, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, `{}`).wantOK(t)
			b.as(t, s.AccessJWT, request, "").wantBody(t, "")
			b.ask(t, s.AccessJWT, comatproto.AccountGetNSID, "").wantBody(t, "") // nothing is deleted yet
			b.deleteAccount(t, s.DID, "asdf", b.code(t, subjectDelete)).wantBody(t, "")
			b.ask(t, s.AccessJWT, comatproto.AccountGetNSID, "").wantError(t, 403, "AccountNotFound", "Account not found")
		})
	}
}

// An account that was taken down can be deleted with the code that it got before.
func TestDeleteTakendownAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.as(t, s.AccessJWT, comatproto.ServerRequestAccountDeleteNSID, "").wantOK(t)
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	b.deleteAccount(t, s.DID, "asdf", b.code(t, subjectDelete)).wantOK(t)
	b.adminAsk(t, comatproto.AdminGetAccountInfoNSID, "did="+s.DID).wantError(t, 400, "NotFound", "Account not found")
}
