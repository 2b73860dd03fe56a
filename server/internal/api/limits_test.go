package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

func limited(_ *account.Service, c *api.Config) { c.Unlimited = false }

// wantLimit checks that so many calls are admitted, and the next one is not.
func wantLimit(t *testing.T, points int, do func(i int) answer) {
	t.Helper()
	for i := range points {
		if a := do(i); a.status == http.StatusTooManyRequests {
			t.Fatalf("call %d of %d was refused", i+1, points)
		}
	}
	do(points).wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
}

// from returns a header of a call from an address.
func from(address string) http.Header { return headers(nil, addressHeader, address) }

// The limits by the address of the client. What has two names is counted as one.
func TestLimitsByAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		points int
		window time.Duration
		nsids  []string
		query  string
		body   func(i int) string
	}{
		{
			"sign-up", 100, 5 * time.Minute, signUpNSIDs, "",
			func(int) string { return signup("password", "") },
		},
		{
			"reset", 50, 5 * time.Minute,
			[]string{comatproto.ServerResetPasswordNSID, comatproto.AccountResetPasswordNSID},
			"",
			func(int) string { return `{"token":"x","password":"y"}` },
		},
		{
			"request of a reset", 15, time.Hour,
			[]string{comatproto.ServerRequestPasswordResetNSID, comatproto.AccountRequestPasswordResetNSID},
			"",
			func(i int) string { return object("email", fmt.Sprintf("%d@example.com", i)) },
		},
		{
			"deletion", 50, 5 * time.Minute,
			[]string{comatproto.ServerDeleteAccountNSID},
			"",
			func(int) string { return object("did", nobody, "password", "x", "token", "y") },
		},
		{
			"signing key", 10, time.Hour,
			[]string{comatproto.ServerReserveSigningKeyNSID},
			"",
			func(int) string { return `{}` },
		},
		{
			"handle", 60, 5 * time.Minute,
			[]string{comatproto.TempCheckHandleAvailabilityNSID},
			"handle=carol.test",
			func(int) string { return "" },
		},
		{
			"look-up of a handle", 300, 5 * time.Minute,
			[]string{comatproto.IdentityResolveHandleNSID},
			"handle=carol.test",
			func(int) string { return "" },
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, limited)
			do := func(i int, address string) answer {
				nsid := test.nsids[i%len(test.nsids)]
				return b.do(t, call{nsid: nsid, query: test.query, body: test.body(i), header: from(address)})
			}
			wantLimit(t, test.points, func(i int) answer { return do(i, "2001:db8::1") })
			for i, address := range []string{"2001:db8::ffff", "2001:db8:0:1::1", "192.0.2.7"} {
				a := do(test.points+1+i, address)
				if same := i == 0; (a.status == http.StatusTooManyRequests) != same {
					t.Errorf("another call from %s: got %d %s", address, a.status, a.body)
				}
			}
			b.pass(test.window)
			if a := do(1000, "2001:db8::1"); a.status == http.StatusTooManyRequests {
				t.Errorf("after the window: got %d %s", a.status, a.body)
			}
		})
	}
}

// A service that asks for every account of the server from one address is not kept waiting: only what
// other hosts may be asked for is limited.
func TestLimitOfLookups(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	s := b.signUp(t)
	for range 400 {
		if a := b.resolve(t, "alice.test").wantOK(t); a.header.Get("RateLimit-Limit") != "" {
			t.Fatalf("the server's own answer: got %v", a.header)
		}
	}
	wantLimit(t, 300, func(int) answer { return b.resolve(t, "alice.example.com") })
	b.resolve(t, "alice.test").wantOK(t)
	b.world.name("alice.example.com", s.DID)
	b.updateHandle(t, s, "alice.example.com").wantOK(t)
	b.resolve(t, "alice.example.com").wantBody(t, `{"did":"`+s.DID+`"}`)
	b.resolve(t, "alice.test").wantError(t, 429, "RateLimitExceeded", "Rate Limit Exceeded")
}

// What is admitted in a day is limited too.
func TestLimitsOfADay(t *testing.T) {
	t.Parallel()
	reserve := func(t *testing.T, b *bench, address string) answer {
		t.Helper()
		return b.do(t, call{nsid: comatproto.ServerReserveSigningKeyNSID, body: `{}`, header: from(address)})
	}
	type try = func(t *testing.T, b *bench, s session, i int) answer
	// An access token does not last for a day, so each of these calls has one of its own.
	anew := func(nsids ...string) try {
		return func(t *testing.T, b *bench, _ session, i int) answer {
			t.Helper()
			return b.as(t, b.logIn(t, "asdf").session(t).AccessJWT, nsids[i%len(nsids)], "")
		}
	}
	tests := []struct {
		name  string
		calls int
		step  time.Duration
		want  int
		do    try
	}{
		{"request of a reset", 60, 20 * time.Minute, 50, func(t *testing.T, b *bench, _ session, i int) answer {
			return b.do(t, call{nsid: comatproto.ServerRequestPasswordResetNSID, body: object("email", fmt.Sprintf("%d@example.com", i))})
		}},
		{"login", 340, 10 * time.Second, 300, func(t *testing.T, b *bench, _ session, _ int) answer {
			return b.logIn(t, "asdf")
		}},
		{"handle", 60, time.Minute, 50, func(t *testing.T, b *bench, s session, _ int) answer {
			return b.updateHandle(t, s, "alice.test")
		}},
		{"signature", 40, 20 * time.Minute, 15, anew(comatproto.IdentityRequestPLCOperationSignatureNSID)},
		{"request of a deletion", 40, 20 * time.Minute, 15, anew(comatproto.ServerRequestAccountDeleteNSID, comatproto.AccountDeleteNSID)},
		{"request of a confirmation", 40, 20 * time.Minute, 15, anew(comatproto.ServerRequestEmailConfirmationNSID)},
		{"request of another email", 40, 20 * time.Minute, 15, anew(comatproto.ServerRequestEmailUpdateNSID)},
		{"signing key of a client", 40, 20 * time.Minute, 20, func(t *testing.T, b *bench, _ session, _ int) answer {
			return reserve(t, b, "198.51.100.1")
		}},
		{"signing key of a site", 100, 10 * time.Minute, 60, func(t *testing.T, b *bench, _ session, i int) answer {
			return reserve(t, b, fmt.Sprintf("198.51.100.%d", i))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, limited)
			s := b.signUp(t)
			admitted := 0
			for i := range test.calls {
				if test.do(t, b, s, i).status == http.StatusOK {
					admitted++
				}
				b.pass(test.step)
			}
			if admitted != test.want {
				t.Errorf("admitted: got %d, want %d", admitted, test.want)
			}
		})
	}
}

// Who has a whole IPv6 /48, or an IPv4 /24, does not reserve all the keys that there are.
func TestLimitOfASite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		inside func(i int) string
		beside string
	}{
		{"IPv6", func(i int) string { return fmt.Sprintf("2001:db8:1:%x::1", i) }, "2001:db8:2::1"},
		{"IPv4", func(i int) string { return fmt.Sprintf("198.51.100.%d", i) }, "198.51.101.1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, limited)
			reserve := func(address string) answer {
				return b.do(t, call{nsid: comatproto.ServerReserveSigningKeyNSID, body: `{}`, header: from(address)})
			}
			wantLimit(t, 20, func(i int) answer { return reserve(test.inside(i)) })
			reserve(test.beside).wantOK(t)
			b.pass(time.Hour)
			reserve(test.inside(0)).wantOK(t)
		})
	}
}

// One address of a person cannot be flooded, from wherever mails to it are asked for. Who asks does not
// see that, and cannot use up the right of others to ask.
func TestResetsFromEverywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	b.signUp(t)
	nsids := []string{comatproto.ServerRequestPasswordResetNSID, comatproto.AccountRequestPasswordResetNSID}
	for _, email := range []string{"alice@example.com", "nobody@example.com"} {
		for i := range 20 {
			address := fmt.Sprintf("198.51.100.%d", i)
			b.do(t, call{nsid: nsids[i%2], body: object("email", email), header: from(address)}).wantOK(t)
		}
	}
	if got := len(b.mails(t, subjectReset)); got != 3 {
		t.Errorf("mails: got %d, want 3", got)
	}
}

// Logins are counted by who is logged in to and from where: so nobody locks the owner out.
func TestLimitOfLogins(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	b.signUp(t)
	logIn := func(identifier, password, address string) answer {
		body := object("identifier", identifier, "password", password)
		return b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body, header: from(address)})
	}
	wantLimit(t, 30, func(i int) answer {
		return logIn([]string{"alice.test", "Alice.TEST"}[i%2], "wrong", "198.51.100.1")
	})
	logIn("alice.test", "asdf", "198.51.100.2").wantOK(t)
	if a := logIn("bob.test", "wrong", "198.51.100.1"); a.status != 401 {
		t.Errorf("another identifier: got %d %s", a.status, a.body)
	}
}

// The limits by account, wherever its clients are.
func TestLimitsByAccount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		points int
		nsids  []string
		body   func(i int) string
	}{
		{"deletion", 5, []string{comatproto.ServerRequestAccountDeleteNSID, comatproto.AccountDeleteNSID}, nil},
		{"confirmation", 5, []string{comatproto.ServerRequestEmailConfirmationNSID}, nil},
		{"email", 5, []string{comatproto.ServerRequestEmailUpdateNSID}, nil},
		{"signature", 5, []string{comatproto.IdentityRequestPLCOperationSignatureNSID}, nil},
		{"handle", 10, []string{comatproto.IdentityUpdateHandleNSID}, func(int) string { return `{"handle":"jj.test"}` }},
	}
	b := newBench(t, limited)
	s, other := b.signUp(t), b.signUpAs(t, "bob")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			do := func(s session, i int) answer {
				c := call{nsid: test.nsids[i%len(test.nsids)], header: bearer(s.AccessJWT)}
				c.header.Set(addressHeader, fmt.Sprintf("198.51.100.%d", i))
				if test.body != nil {
					c.body = test.body(i)
				}
				return b.do(t, c)
			}
			wantLimit(t, test.points, func(i int) answer { return do(s, i) })
			if a := do(other, 0); a.status == http.StatusTooManyRequests {
				t.Errorf("another account: got %d %s", a.status, a.body)
			}
		})
	}
}

// What an account changes about itself, or asks for about itself, is limited by nothing but how much an
// address may ask for.
func TestUnlimitedChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	s := b.signUp(t)
	tests := []struct {
		name string
		nsid string
		body func(i int) string
	}{
		{"creation of an app password", comatproto.ServerCreateAppPasswordNSID, func(i int) string { return object("name", fmt.Sprint(i)) }},
		{"revocation of an app password", comatproto.ServerRevokeAppPasswordNSID, func(i int) string { return object("name", fmt.Sprint(i)) }},
		{"update of the email", comatproto.ServerUpdateEmailNSID, func(i int) string { return object("email", fmt.Sprintf("%d@example.com", i)) }},
		{"deactivation", comatproto.ServerDeactivateAccountNSID, func(int) string { return `{}` }},
		{"activation", comatproto.ServerActivateAccountNSID, func(int) string { return "" }},
		{"invite codes", comatproto.ServerGetAccountInviteCodesNSID, func(int) string { return "" }},
	}
	for i := range 60 {
		for _, test := range tests {
			if a := b.do(t, call{nsid: test.nsid, body: test.body(i), header: bearer(s.AccessJWT)}).wantOK(t); a.header.Get("RateLimit-Limit") != "" {
				t.Fatalf("%s: got %v", test.name, a.header)
			}
		}
	}
}

// What the lexicon does not allow is refused before the limit is asked, and counts for nothing.
func TestInvalidCallsDoNotCount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		limit   int
		nsid    string
		invalid []call
		valid   call
	}{
		{"sign-up", 100, comatproto.ServerCreateAccountNSID, []call{
			{body: signup("handle", nil)},
			{body: signup("handle", "jo_hn.test")},
			{body: `{"handle":`},
			{},
			{body: "x", header: http.Header{"Content-Type": {"text/plain"}}},
		}, call{body: signup()}},
		{"older sign-up", 100, comatproto.AccountCreateNSID, []call{{body: signup("email", nil)}, {body: `[]`}}, call{body: signup()}},
		{"login", 30, comatproto.ServerCreateSessionNSID, []call{
			{body: object("identifier", "alice.test")}, {body: object("identifier", "alice.test", "password", 1)},
		}, call{body: aliceLogin}},
		{"deletion", 50, comatproto.ServerDeleteAccountNSID, []call{
			{body: object("did", "alice", "password", "asdf", "token", "123456")},
		}, call{body: object("did", nobody, "password", "asdf", "token", "123456")}},
		{"reset", 50, comatproto.ServerResetPasswordNSID, []call{{body: `{}`}}, call{body: object("token", "123456", "password", "new")}},
		{"handle", 60, comatproto.TempCheckHandleAvailabilityNSID, []call{{}, {query: "handle=jo_hn.test"}}, call{query: "handle=carol.test"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, limited)
			for i := range 2 * test.limit {
				invalid := test.invalid[i%len(test.invalid)]
				invalid.nsid = test.nsid
				a := b.do(t, invalid)
				if a.status != 400 || !strings.HasPrefix(a.body, `{"error":"InvalidRequest"`) || a.header.Get("RateLimit-Limit") != "" {
					t.Fatalf("call %d: got %d %s %v", i+1, a.status, a.body, a.header)
				}
			}
			test.valid.nsid = test.nsid
			a := b.do(t, test.valid)
			if got, want := a.header.Get("RateLimit-Remaining"), fmt.Sprint(test.limit-1); got != want {
				t.Errorf("calls left after the first that is valid: got %q of %d %s, want %s", got, a.status, a.body, want)
			}
		})
	}
}

// What clients are told of a limit: the one of several that leaves least.
func TestLimitHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited)
	b.signUp(t)
	want := func(a answer, limit, remaining int, reset time.Time, policy, retryAfter string) {
		t.Helper()
		for name, want := range map[string]string{
			"RateLimit-Limit": fmt.Sprint(limit), "RateLimit-Remaining": fmt.Sprint(remaining),
			"RateLimit-Reset": fmt.Sprint(reset.Unix()), "RateLimit-Policy": policy, "Retry-After": retryAfter,
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
			if exposed := a.header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, name) {
				t.Errorf("%s is not exposed to scripts: got %s", name, exposed)
			}
		}
	}
	reset := start.Add(5 * time.Minute)
	want(b.logIn(t, "asdf"), 30, 29, reset, "30;w=300", "")
	want(b.logIn(t, "wrong"), 30, 28, reset, "30;w=300", "")
	for range 28 {
		b.logIn(t, "wrong")
	}
	b.pass(time.Minute)
	want(b.logIn(t, "asdf"), 30, 0, reset, "30;w=300", "240")

	request := func() answer {
		return b.do(t, call{nsid: comatproto.ServerRequestPasswordResetNSID, body: `{"email":"alice@example.com"}`})
	}
	want(request(), 15, 14, b.now().Add(time.Hour), "15;w=3600", "")
	if a := b.do(t, call{nsid: comatproto.ServerDescribeServerNSID}); a.header.Get("RateLimit-Limit") != "" {
		t.Errorf("an endpoint without a limit: got %v", a.header)
	}
}

// A server may do without limits.
func TestUnlimited(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 12 {
		a := b.do(t, call{nsid: comatproto.ServerReserveSigningKeyNSID, body: `{}`}).wantOK(t)
		if a.header.Get("RateLimit-Limit") != "" {
			t.Errorf("got %v", a.header)
		}
	}
}
