package api_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// mover is an identity of another server that moves here.
const mover = "did:web:mover.example.com"

// moveIn asks for the account of the mover with a token, or without any.
func (b *bench) moveIn(t *testing.T, token string, changes ...any) answer {
	t.Helper()
	c := call{nsid: comatproto.ServerCreateAccountNSID, body: signup(append([]any{"did", mover}, changes...)...)}
	if token != "" {
		c.header = bearer(token)
	}
	return b.do(t, c)
}

func TestImport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	identity := b.world.newStranger(t, mover, "atproto")
	reserved := b.do(t, call{nsid: comatproto.ServerReserveSigningKeyNSID, body: object("did", mover)}).text(t, "signingKey")
	s := b.moveIn(t, identity.token(t, b, comatproto.ServerCreateAccountNSID)).wantSecret(t).session(t)
	if s.DID != mover {
		t.Errorf("DID: got %s", s.DID)
	}
	b.wantStatus(t, s, false, false)
	if a := b.getSession(t, s.AccessJWT).wantOK(t); !strings.Contains(a.body, `"status":"deactivated"`) {
		t.Errorf("session: got %s", a.body)
	}
	b.as(t, s.AccessJWT, comatproto.ServerActivateAccountNSID, "").
		wantInvalid(t, "DID document atproto_pds service endpoint does not match PDS public url")
	b.world.move(mover, reserved)
	b.as(t, s.AccessJWT, comatproto.ServerActivateAccountNSID, "").wantBody(t, "")
	b.wantStatus(t, s, true, true)
	b.as(t, s.AccessJWT, comatproto.IdentityRequestPLCOperationSignatureNSID, "").
		wantInvalid(t, "Only a did:plc identity is changed by operations")
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const method = comatproto.ServerCreateAccountNSID
	identity := b.world.newStranger(t, mover, "atproto")
	other := b.world.newStranger(t, "did:web:other.example.com", "atproto")
	vanished := b.world.newStranger(t, "did:web:vanished.example.com", "atproto")
	missing := wanted{401, "AuthenticationRequired", "Missing auth to create account with did: " + mover}
	missing.check(t, b.moveIn(t, ""))
	missing.check(t, b.moveIn(t, other.token(t, b, method)))
	missing.check(t, b.moveIn(t, vanished.token(t, b, method)))
	for name, token := range map[string]string{
		"other key":      stranger{mover, other.key}.token(t, b, method),
		"other method":   identity.token(t, b, comatproto.ServerGetSessionNSID),
		"no method":      identity.token(t, b, ""),
		"other audience": identity.token(t, b, method, func(c *account.ServiceClaims) { c.Audience = someService }),
		"expired":        identity.token(t, b, method, func(c *account.ServiceClaims) { c.ExpiresAt = b.now().Add(-time.Minute) }),
		"of a session":   b.signUp(t).AccessJWT,
	} {
		t.Run(name, func(t *testing.T) {
			invalidHeader.check(t, b.moveIn(t, token))
		})
	}
	b.moveIn(t, identity.token(t, b, method), "handle", "mover.example.com").wantInvalid(t, "External handle did not resolve to DID")
	b.world.name("mover.example.com", mover)
	b.moveIn(t, identity.token(t, b, method), "handle", "mover.example.com").wantOK(t)
	b.moveIn(t, identity.token(t, b, method), "handle", "dave.test", "email", "dave@example.com").
		wantInvalid(t, account.ErrDIDTaken.Error())
}

// A token is good for one account, and for as many tries as it takes to get that.
func TestImportToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	identity := b.world.newStranger(t, mover, "atproto")
	token := identity.token(t, b, comatproto.ServerCreateAccountNSID)
	b.signUp(t)
	b.moveIn(t, token, "password", 1).wantInvalid(t, "password must be a string")
	b.moveIn(t, token, "handle", "alice.test").wantError(t, 400, "HandleNotAvailable", "Handle already taken: alice.test")
	b.moveIn(t, token, "handle", "mover.example.com").wantInvalid(t, "External handle did not resolve to DID")
	b.world.name("mover.example.com", mover)
	s := b.moveIn(t, token, "handle", "mover.example.com").session(t)

	used := wanted{401, "AuthenticationRequired", "Invalid authorization header: jwt was used before"}
	dave := []any{"handle", "dave.test", "email", "dave@example.com"}
	used.check(t, b.moveIn(t, token, dave...))
	b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantOK(t)
	used.check(t, b.moveIn(t, token, dave...))
	b.moveIn(t, identity.token(t, b, comatproto.ServerCreateAccountNSID), dave...).wantOK(t)
}

// However many use a token at once, with names of their own, one gets an account.
func TestImportTokenAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	identity := b.world.newStranger(t, mover, "atproto")
	token := identity.token(t, b, comatproto.ServerCreateAccountNSID)
	statuses := map[int]int{}
	for _, a := range race(10, func(i int) answer {
		return b.moveIn(t, token, "handle", fmt.Sprintf("mover%d.test", i), "email", fmt.Sprintf("%d@example.com", i))
	}) {
		if statuses[a.status]++; a.status != 200 {
			a.wantError(t, 401, "AuthenticationRequired", "Invalid authorization header: jwt was used before")
		}
	}
	if want := map[int]int{200: 1, 401: 9}; !maps.Equal(statuses, want) {
		t.Errorf("statuses: got %v, want %v", statuses, want)
	}
}

// Who shows a service token and names no identity gets a new one like anybody.
func TestSignUpWithServiceToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	identity := b.world.newStranger(t, mover, "atproto")
	s := b.do(t, call{
		nsid: comatproto.ServerCreateAccountNSID, body: signup(),
		header: bearer(identity.token(t, b, comatproto.ServerCreateAccountNSID)),
	}).wantSecret(t).session(t)
	if !strings.HasPrefix(s.DID, "did:plc:") {
		t.Errorf("DID: got %s", s.DID)
	}
	b.wantStatus(t, s, true, true)
}

// Who could not be verified for now is not told to have no right.
func TestImportWithoutDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	identity := b.world.newStranger(t, mover, "atproto")
	b.world.fallSilent()
	b.moveIn(t, identity.token(t, b, comatproto.ServerCreateAccountNSID)).
		wantError(t, 502, "UpstreamFailure", account.ErrDirectoryUnavailable.Error())
}

// Operations for a new identity are the server's to make.
func TestSignUpWithOperation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := signup("plcOp", map[string]any{"type": "plc_operation"})
	b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body}).wantInvalid(t, `Unsupported input: "plcOp"`)
	// Codes for telephones are not looked at.
	b.do(t, call{
		nsid: comatproto.ServerCreateAccountNSID,
		body: signup("verificationCode", "1", "verificationPhone", "2"),
	}).wantOK(t)
}

// Without a directory no account is created.
func TestSignUpWithoutDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.world.fallSilent()
	for _, nsid := range signUpNSIDs {
		b.do(t, call{nsid: nsid, body: signup("handle", "new"+nsid[12:15]+".test", "email", nsid+"@example.com")}).
			wantError(t, 502, "UpstreamFailure", account.ErrDirectoryUnavailable.Error())
	}
}
