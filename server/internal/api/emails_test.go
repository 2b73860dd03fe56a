package api_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func (b *bench) confirmEmail(t *testing.T, s session, email, code string) answer {
	t.Helper()
	return b.as(t, s.AccessJWT, comatproto.ServerConfirmEmailNSID, object("email", email, "token", code))
}

func (b *bench) updateEmail(t *testing.T, s session, pairs ...any) answer {
	t.Helper()
	return b.as(t, s.AccessJWT, comatproto.ServerUpdateEmailNSID, object(pairs...))
}

// confirmed confirms the address of alice.
func (b *bench) confirmed(t *testing.T, s session) {
	t.Helper()
	b.as(t, s.AccessJWT, comatproto.ServerRequestEmailConfirmationNSID, "").wantBody(t, "")
	b.confirmEmail(t, s, "alice@example.com", b.code(t, subjectConfirm)).wantBody(t, "")
}

func TestConfirmEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.as(t, s.AccessJWT, comatproto.ServerRequestEmailConfirmationNSID, "").wantBody(t, "")
	b.mail(t, subjectConfirm, "alice@example.com", "Confirm your email")
	code := b.code(t, subjectConfirm)
	b.confirmEmail(t, s, "bob@example.com", code).wantError(t, 400, "InvalidEmail", "invalid email")
	b.confirmEmail(t, s, "alice@example.com", "123456").wantError(t, 400, "InvalidToken", "Token is invalid")
	b.confirmEmail(t, s, "Alice@Example.com", strings.ToLower(code)).wantBody(t, "")
	b.confirmEmail(t, s, "alice@example.com", code).wantError(t, 400, "InvalidToken", "Token is invalid")
	if a := b.getSession(t, s.AccessJWT).wantOK(t); !strings.Contains(a.body, `"emailConfirmed":true`) {
		t.Errorf("session: got %s", a.body)
	}
}

func TestConfirmEmailExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	request := func() string {
		b.as(t, s.AccessJWT, comatproto.ServerRequestEmailConfirmationNSID, "").wantOK(t)
		return b.code(t, subjectConfirm)
	}
	first := request()
	second := request()
	b.confirmEmail(t, s, "alice@example.com", first).wantError(t, 400, "InvalidToken", "Token is invalid")
	b.pass(account.EmailTokenLifetime)
	b.confirmEmail(t, s, "alice@example.com", second).wantError(t, 400, "ExpiredToken", "Token is expired")
}

// Nobody can be mailed who has no address.
func TestNoEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.execute(t, "UPDATE account SET email = ''")
	for _, nsid := range []string{
		comatproto.ServerRequestEmailConfirmationNSID, comatproto.ServerRequestAccountDeleteNSID,
		comatproto.AccountDeleteNSID, comatproto.IdentityRequestPLCOperationSignatureNSID,
	} {
		b.as(t, s.AccessJWT, nsid, "").wantInvalid(t, "account does not have an email address")
	}
}

// An address that nobody confirmed is changed without a token.
func TestUpdateUnconfirmedEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.as(t, s.AccessJWT, comatproto.ServerRequestEmailUpdateNSID, "").wantBody(t, `{"tokenRequired":false}`)
	if got := b.mails(t, subjectUpdate); len(got) != 0 {
		t.Errorf("mails: got %v", got)
	}
	b.updateEmail(t, s, "email", "alice@mailinator.com").
		wantInvalid(t, "This email address is not supported, please use a different email.")
	b.updateEmail(t, s, "email", "New@Example.com", "token", "123456").wantBody(t, "")
	if got := b.getSession(t, s.AccessJWT).text(t, "email"); got != "new@example.com" {
		t.Errorf("email: got %s", got)
	}
}

func TestUpdateEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.signUpAs(t, "bob")
	b.confirmed(t, s)
	b.as(t, s.AccessJWT, comatproto.ServerRequestEmailUpdateNSID, "").wantBody(t, `{"tokenRequired":true}`)
	b.mail(t, subjectUpdate, "alice@example.com", "Update your email")
	code := b.code(t, subjectUpdate)

	b.updateEmail(t, s, "email", "new@example.com").wantError(t, 400, "TokenRequired", "confirmation token required")
	b.updateEmail(t, s, "email", "new@example.com", "token", "123456").wantError(t, 400, "InvalidToken", "Token is invalid")
	b.updateEmail(t, s, "email", "bad", "token", code).
		wantInvalid(t, "This email address is not supported, please use a different email.")
	b.updateEmail(t, s, "email", "bad").wantInvalid(t, "This email address is not supported, please use a different email.")
	b.updateEmail(t, s, "email", "BOB@example.com", "token", code).
		wantInvalid(t, "This email address is already in use, please use a different email.")

	b.as(t, s.AccessJWT, comatproto.ServerRequestAccountDeleteNSID, "").wantOK(t)
	deletion := b.code(t, subjectDelete)
	b.updateEmail(t, s, "email", "New@example.com", "token", code).wantBody(t, "")
	a := b.getSession(t, s.AccessJWT)
	if !strings.Contains(a.wantOK(t).body, `"email":"new@example.com","emailConfirmed":false`) {
		t.Errorf("session: got %s", a.body)
	}
	// What was mailed to the old address is void.
	b.deleteAccount(t, s.DID, "asdf", deletion).wantError(t, 400, "InvalidToken", "Token is invalid")
}

// Who switches the second factor keeps the address, and that it is confirmed.
func TestSwitchAuthFactor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.updateEmail(t, s, "email", "alice@example.com", "emailAuthFactor", true).
		wantInvalid(t, "Confirm your email address before you turn on sign in codes")
	b.confirmed(t, s)
	b.updateEmail(t, s, "email", "new@example.com", "emailAuthFactor", true).
		wantInvalid(t, "Confirm the new email address before you turn on sign in codes")
	b.updateEmail(t, s, "email", "alice@example.com", "emailAuthFactor", true).wantError(t, 400, "TokenRequired", "confirmation token required")
	b.as(t, s.AccessJWT, comatproto.ServerRequestEmailUpdateNSID, "").wantOK(t)
	b.updateEmail(t, s, "email", "alice@example.com", "emailAuthFactor", true, "token", b.code(t, subjectUpdate)).wantOK(t)
	a := b.getSession(t, s.AccessJWT)
	if !strings.Contains(a.wantOK(t).body, `"emailConfirmed":true,"emailAuthFactor":true,"active":true}`) {
		t.Errorf("session: got %s", a.body)
	}
}
