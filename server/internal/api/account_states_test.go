package api_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

// What the answers about sessions tell of an account in each of its states.
func TestSessionsTellState(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change string // of the account's row
		want   string // what follows the DID
	}{
		{"active", "email_confirmed_at = NULL", `"email":"alice@example.com","emailConfirmed":false,"active":true`},
		{"confirmed", "email_confirmed_at = 1", `"email":"alice@example.com","emailConfirmed":true,"active":true`},
		{"deactivated", "deactivated_at = 1", `"email":"alice@example.com","emailConfirmed":false,"active":false,"status":"deactivated"`},
		{"without an email", "email = ''", `"emailConfirmed":false,"active":true`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			b.execute(t, "UPDATE account SET "+test.change)
			identified := fmt.Sprintf(`"handle":"alice.test","did":%q,%s}`, s.DID, test.want)
			b.getSession(t, s.AccessJWT).wantBody(t, "{"+identified)
			for _, a := range []answer{b.refresh(t, s.RefreshJWT), b.logIn(t, "asdf")} {
				if !strings.HasSuffix(a.wantOK(t).body, ","+identified) {
					t.Errorf("got %s, want …,%s", a.body, identified)
				}
			}
		})
	}
}

// An account that lost its handle has one that is none.
func TestLostHandle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.execute(t, "UPDATE account SET handle = ''")
	if got := b.getSession(t, s.AccessJWT).text(t, "handle"); got != "handle.invalid" {
		t.Errorf("handle: got %s", got)
	}
	if got := b.refresh(t, s.RefreshJWT).text(t, "handle"); got != "handle.invalid" {
		t.Errorf("handle after a refresh: got %s", got)
	}
}

// An operator may leave documents out of the answers about sessions, not out of those to sign-ups.
func TestOmitDIDDoc(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *account.Service, _ *api.Config) { s.Policy.OmitDIDDoc = true })
	s := b.signUp(t)
	identity := b.world.newStranger(t, mover, "atproto")
	for name, test := range map[string]struct {
		answer answer
		has    bool
	}{
		"createAccount":           {b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: signup()}), true},
		"createAccount of a move": {b.moveIn(t, identity.token(t, b, comatproto.ServerCreateAccountNSID), "handle", "mover.test", "email", "m@example.com"), true},
		"createSession":           {b.logIn(t, "asdf"), false},
		"refreshSession":          {b.refresh(t, s.RefreshJWT), false},
		"getSession":              {b.getSession(t, s.AccessJWT), false},
	} {
		if got := strings.Contains(test.answer.wantOK(t).body, `"didDoc":{"`); got != test.has {
			t.Errorf("%s: got %s, want a document: %v", name, test.answer.body, test.has)
		}
	}
}

// Unless the operator does not want it, clients are spared the way to the directory.
func TestDIDDoc(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *account.Service, _ *api.Config) { s.Policy.OmitDIDDoc = false })
	s := b.signUp(t)
	for name, a := range map[string]answer{
		"getSession":     b.getSession(t, s.AccessJWT),
		"refreshSession": b.refresh(t, s.RefreshJWT),
		"createSession":  b.logIn(t, "asdf"),
		"createAccount": b.do(t, call{
			nsid: comatproto.ServerCreateAccountNSID,
			body: signup(),
		}),
	} {
		var got struct {
			DID    string `json:"did"`
			DIDDoc struct {
				ID      string `json:"id"`
				Service []struct {
					ID, Type, ServiceEndpoint string
				} `json:"service"`
			} `json:"didDoc"`
		}
		a.read(t, &got)
		if got.DIDDoc.ID != got.DID || len(got.DIDDoc.Service) != 1 || got.DIDDoc.Service[0].ServiceEndpoint != endpoint {
			t.Errorf("%s: got %s", name, a.body)
		}
	}
	b.world.fallSilent()
	a := b.getSession(t, s.AccessJWT).wantOK(t)
	if strings.Contains(a.body, "didDoc") {
		t.Errorf("without a directory: got %s", a.body)
	}
}

// An account that was taken down can be logged in to with its own password, to move away.
func TestTakendownLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	secret := b.appPassword(t, s, "phone", false)
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	noInfo(s.DID).check(t, b.getSession(t, s.AccessJWT))
	down.check(t, b.logIn(t, "asdf"))
	b.logIn(t, secret).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")

	body := object("identifier", "alice.test", "password", "asdf", "allowTakendown", true)
	a := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body}).wantSecret(t)
	moving := a.session(t)
	if !strings.Contains(a.body, `"active":false,"status":"takendown"}`) {
		t.Errorf("got %s", a.body)
	}
	if got := scope(t, moving.AccessJWT); got != "com.atproto.takendown" {
		t.Errorf("scope: got %s", got)
	}
	badScope.check(t, b.getSession(t, moving.AccessJWT))
	down.check(t, b.refresh(t, moving.RefreshJWT))
	b.as(t, moving.AccessJWT, comatproto.ServerDeactivateAccountNSID, "{}").wantOK(t)

	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, false)).wantOK(t)
	for _, token := range []string{s.AccessJWT, moving.AccessJWT} {
		b.getSession(t, token).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	}
}

// takedownOf is what a moderator sends to take an account down, or to restore it.
func takedownOf(did string, applied bool) string {
	return fmt.Sprintf(`{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":%q},"takedown":{"applied":%v}}`, did, applied)
}

// Whatever opened a session of an account that was taken down meanwhile: getSession says that there is
// nothing to tell, all others what became of the account, and that only for as long as it is so.
func TestSessionsOfTakendown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	sessions := map[string]session{"own": s}
	for _, privileged := range []bool{false, true} {
		name := fmt.Sprint("app password, privileged: ", privileged)
		sessions[name] = b.logIn(t, b.appPassword(t, s, name, privileged)).session(t)
	}
	takeDown := func(applied bool) {
		b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, applied)).wantOK(t)
	}
	takeDown(true)
	for name, opened := range sessions {
		t.Run(name, func(t *testing.T) {
			noInfo(s.DID).check(t, b.getSession(t, opened.AccessJWT))
			for _, nsid := range []string{comatproto.AccountGetNSID, comatproto.ServerCheckAccountStatusNSID, comatproto.ServerListAppPasswordsNSID} {
				down.check(t, b.ask(t, opened.AccessJWT, nsid, ""))
			}
			down.check(t, b.refresh(t, opened.RefreshJWT))
		})
	}
	takeDown(false)
	for name, opened := range sessions {
		t.Run(name+", restored", func(t *testing.T) {
			for _, nsid := range []string{comatproto.ServerGetSessionNSID, comatproto.AccountGetNSID} {
				b.ask(t, opened.AccessJWT, nsid, "").wantError(t, 400, "ExpiredToken", "Token has been revoked")
			}
		})
	}
}

// With the second factor, the password alone opens no session.
func TestAuthFactor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	secret := b.appPassword(t, s, "phone", false)
	b.execute(t, "UPDATE account SET email_confirmed_at = 1, email_auth_factor = 1")
	if a := b.getSession(t, s.AccessJWT).wantOK(t); !strings.Contains(a.body, `"emailAuthFactor":true`) {
		t.Errorf("session: got %s", a.body)
	}
	logIn := func(password, code string) answer {
		body := object("identifier", "alice.test", "password", password, "authFactorToken", code)
		return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
	}
	required := wanted{401, "AuthFactorTokenRequired", "A sign in code has been sent to your email address"}
	required.check(t, b.logIn(t, "asdf"))
	code := b.code(t, "Sign In Code")
	logIn("asdf", "AAAAA-AAAAA").wantError(t, 400, "InvalidToken", "Token is invalid")
	logIn("wrong", code).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
	logIn("asdf", " "+strings.ToLower(code)).wantOK(t)
	logIn("asdf", code).wantError(t, 400, "InvalidToken", "Token is invalid")
	b.logIn(t, secret).wantOK(t) // an app password has no second factor
	required.check(t, b.logIn(t, "asdf"))
	late := b.code(t, "Sign In Code")
	b.pass(account.EmailTokenLifetime)
	logIn("asdf", late).wantError(t, 400, "ExpiredToken", "Token is expired")
}

// Who guesses too often has to wait, from wherever he guesses, and no longer than the others.
func TestTooManyFailures(t *testing.T) {
	t.Parallel()
	var elapsed atomic.Int64
	now := func() time.Time { return start.Add(time.Duration(elapsed.Load())) }
	b := newBench(t, func(s *account.Service, _ *api.Config) {
		s.Failures = ratelimit.NewBackoff(now, 100, ratelimit.Penance{Free: 2, Base: time.Minute, Max: time.Hour})
	})
	b.signUp(t)
	for _, identifier := range []string{"alice.test", "nobody.test"} {
		guess := func(i int) answer {
			return b.do(t, call{
				nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", identifier, "password", "wrong"),
				header: headers(nil, addressHeader, fmt.Sprintf("198.51.100.%d", i)),
			})
		}
		for i := range 3 {
			guess(i).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
		}
		for i, want := range []string{"60", "45", "30"} { // the true wait, in whole seconds
			a := guess(3 + i)
			a.wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
			if got := a.header.Get("Retry-After"); got != want {
				t.Errorf("Retry-After: got %q, want %q", got, want)
			}
			elapsed.Add(int64(15*time.Second + 100*time.Millisecond))
		}
	}
	b.logIn(t, "asdf").wantOK(t) // the owner, at the address that the account knows
}

// What is too long to be an identifier names nobody.
func TestLongIdentifier(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, length := range []int{2048, 2049, 100_000} {
		body := object("identifier", strings.Repeat("a", length), "password", "asdf")
		a := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
		a.wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
	}
}
