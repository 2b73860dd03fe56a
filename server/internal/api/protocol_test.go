package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// headers returns header with more fields, given in pairs.
func headers(header http.Header, pairs ...string) http.Header {
	if header == nil {
		header = http.Header{}
	}
	for i := 0; i < len(pairs); i += 2 {
		header.Set(pairs[i], pairs[i+1])
	}
	return header
}

// What the operator says of the server comes out as it is.
func TestDescription(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *account.Service, c *api.Config) {
		c.Description.InviteCodeRequired = lexdata.Some(true)
		c.Description.Links = &comatproto.ServerDescribeServerLinks{
			PrivacyPolicy:  lexdata.Some(syntax.URI("https://example.com/privacy")),
			TermsOfService: lexdata.Some(syntax.URI("https://example.com/terms")),
		}
		c.Description.Contact = &comatproto.ServerDescribeServerContact{Email: lexdata.Some("help@example.com")}
	})
	b.do(t, call{nsid: comatproto.ServerDescribeServerNSID}).wantBody(t, `{"inviteCodeRequired":true,"availableUserDomains":[".test"],`+
		`"links":{"privacyPolicy":"https://example.com/privacy","termsOfService":"https://example.com/terms"},`+
		`"contact":{"email":"help@example.com"},"did":"did:web:localhost"}`)
}

func TestDescribeServer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	answer := b.do(t, call{nsid: comatproto.ServerDescribeServerNSID}).wantOK(t)
	if want := `{"inviteCodeRequired":false,"availableUserDomains":[".test"],"did":"did:web:localhost"}`; answer.body != want {
		t.Errorf("got %s, want %s", answer.body, want)
	}
	for _, name := range []string{"Cache-Control", "Vary"} {
		if got := answer.header.Get(name); got != "" {
			t.Errorf("%s of what everybody may see: got %q", name, got)
		}
	}
}

// What the requests of these endpoints can be wrong about before a service method sees them.
func TestProtocol(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	createAccount, createSession := comatproto.ServerCreateAccountNSID, comatproto.ServerCreateSessionNSID
	getSession, refreshSession := comatproto.ServerGetSessionNSID, comatproto.ServerRefreshSessionNSID
	tests := []struct {
		name string
		call call
		want wanted
	}{
		{"GET to a procedure", call{verb: "GET", nsid: createSession}, wanted{400, "InvalidRequest", "Incorrect HTTP method (GET) expected POST"}},
		{"GET to refresh, as old clients do", call{verb: "GET", nsid: refreshSession, header: bearer(s.RefreshJWT)}, wanted{400, "InvalidRequest", "Incorrect HTTP method (GET) expected POST"}},
		{"POST to a query", call{verb: "POST", nsid: getSession, header: bearer(s.AccessJWT)}, wanted{400, "InvalidRequest", "Incorrect HTTP method (POST) expected GET"}},
		{"no body", call{nsid: createSession}, wanted{400, "InvalidRequest", "A request body is expected but none was provided"}},
		{"empty JSON body", call{nsid: createSession, header: headers(nil, "Content-Type", "application/json")}, wanted{400, "InvalidRequest", "identifier is required (and 1 more)"}},
		{"text", call{nsid: createSession, body: aliceLogin, header: headers(nil, "Content-Type", "text/plain")}, wanted{400, "InvalidRequest", "Wrong request encoding (Content-Type): text/plain"}},
		{"too large", call{nsid: createSession, body: `{"identifier":"` + strings.Repeat("a", 150<<10) + `"}`}, wanted{413, "PayloadTooLarge", "request entity too large"}},
		{"body for refresh", call{nsid: refreshSession, body: `{}`, header: bearer(s.RefreshJWT)}, wanted{400, "InvalidRequest", "A request body was provided when none was expected"}},
		{"body for activation", call{nsid: comatproto.ServerActivateAccountNSID, body: `{}`, header: bearer(s.AccessJWT)}, wanted{400, "InvalidRequest", "A request body was provided when none was expected"}},
		{"body for logout", call{nsid: comatproto.ServerDeleteSessionNSID, body: `{}`, header: bearer(s.RefreshJWT)}, wanted{400, "InvalidRequest", "A request body was provided when none was expected"}},
		{"bad token before bad body", call{nsid: refreshSession, body: `{}`, header: bearer("x")}, wanted{400, "InvalidToken", "Token could not be verified"}},
		{"missing token before bad body", call{nsid: refreshSession, body: `{}`}, wanted{401, "AuthMissing", "Authentication Required"}},
		{"bad query before missing token", call{nsid: getSession, query: "a=%zz"}, wanted{400, "InvalidRequest", "malformed query string"}},
		{"unknown endpoint", call{nsid: "com.atproto.server.unknown"}, wanted{501, "MethodNotImplemented", "Method Not Implemented"}},
		{"no NSID", call{nsid: "unknown"}, wanted{400, "InvalidRequest", "invalid xrpc path"}},
		{"handle of another type", call{nsid: createAccount, body: signup("handle", 1)}, wanted{400, "InvalidRequest", "handle must be a string"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, b.do(t, test.call))
		})
	}
	t.Run("trailing slash", func(t *testing.T) {
		b.do(t, call{verb: "GET", nsid: getSession + "/", header: bearer(s.AccessJWT)}).wantOK(t)
	})
}

// Requests that Go's client does not make, byte for byte.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	authorization := "Authorization: Bearer " + s.RefreshJWT + "\r\n"
	tests := []struct {
		name    string
		nsid    string
		header  string
		body    string
		status  int
		message string // of the error
	}{
		{"no length", comatproto.ServerCreateSessionNSID, "Content-Type: application/json\r\n", "", 400, "A request body is expected but none was provided"},
		{"chunks", comatproto.ServerCreateSessionNSID, "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", chunk(aliceLogin) + "0\r\n\r\n", 200, ""},
		{"refresh without a length", comatproto.ServerRefreshSessionNSID, authorization, "", 200, ""},
		{"refresh with no chunk", comatproto.ServerRefreshSessionNSID, authorization + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 200, ""},
		{"refresh with a chunk", comatproto.ServerRefreshSessionNSID, authorization + "Transfer-Encoding: chunked\r\n", chunk("{}") + "0\r\n\r\n", 400, "A request body was provided when none was expected"},
		{"logout with no chunk", comatproto.ServerDeleteSessionNSID, authorization + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 200, ""},
		{"logout without a length", comatproto.ServerDeleteSessionNSID, authorization, "", 200, ""},
	}
	for _, test := range tests { // in this order: the logouts end the session
		t.Run(test.name, func(t *testing.T) {
			connection, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
			must(t, err)
			defer connection.Close()
			_, err = fmt.Fprintf(connection, "POST %s%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n%s",
				xrpc.PathPrefix, test.nsid, test.header, test.body)
			must(t, err)
			res, err := http.ReadResponse(bufio.NewReader(connection), nil)
			must(t, err)
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			must(t, err)
			a := answer{status: res.StatusCode, header: res.Header, body: string(body)}
			if test.message == "" {
				a.wantOK(t)
			} else {
				a.wantError(t, test.status, "InvalidRequest", test.message)
			}
		})
	}
}

// chunk returns text as a chunk of a body whose length is not announced.
func chunk(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }

// How malformed JSON is described is a matter of the reader; that it is the client's fault is not.
func TestMalformedBodies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, body := range []string{
		`{"identifier":`, `[]`, `null`, `"alice.test"`, aliceLogin + `{}`, "\xff", strings.Repeat("[", 10_000),
		`{"identifier":"alice.test","identifier":"bob.test","password":"asdf"}`,
	} {
		a := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: body})
		if a.status != 400 || !strings.HasPrefix(a.body, `{"error":"InvalidRequest","message":"`) {
			t.Errorf("%.80s: got %d %s", body, a.status, a.body)
		}
	}
}

// A server that is not for administrators answers them as if there were no such endpoints.
func TestWithoutAdministration(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.serve(t, b.api.Endpoints(false /* admin */))
	for _, endpoint := range b.api.Endpoints(true /* admin */) {
		nsid := string(endpoint.NSID)
		_, served := b.kinds[endpoint.NSID]
		administrative := strings.HasPrefix(nsid, "com.atproto.admin.") || slices.Contains([]string{
			comatproto.ServerCreateInviteCodeNSID, comatproto.ServerCreateInviteCodesNSID, comatproto.AccountCreateInviteCodeNSID,
		}, nsid)
		if served == administrative {
			t.Errorf("%s: served %v", nsid, served)
		}
		if !served {
			b.admin(t, nsid, "").wantError(t, 501, "MethodNotImplemented", "Method Not Implemented")
		}
	}
}

// A store that fails answers with what it is made to.
type brokenStore struct {
	account.Store
	err error
}

func (s brokenStore) CheckSignup(context.Context, syntax.Handle, string, string, time.Time) error {
	return s.err
}

func (s brokenStore) FindCredentials(context.Context, account.Identifier) (account.Credentials, error) {
	return account.Credentials{}, s.err
}

// busyHasher has too much to do.
type busyHasher struct{ account.Hasher }

func (busyHasher) Hash(context.Context, string) (string, error) { return "", account.ErrBusy }
func (busyHasher) VerifyNone(context.Context, string) error     { return account.ErrBusy }

// Clients keep their session and come back after a fault of the server, which tells them nothing more.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		change     change
		want       wanted
		retryAfter string
	}{
		{
			"full store",
			func(s *account.Service, _ *api.Config) {
				s.Store = brokenStore{err: errors.Join(account.ErrStoreFull, errors.New("secret path"))}
			},
			wanted{503, "NotEnoughResources", "The server cannot store anything at the moment"},
			"",
		},
		{
			"broken store",
			func(s *account.Service, _ *api.Config) {
				s.Store = brokenStore{err: errors.New("secret path: no such table")}
			},
			wanted{500, "InternalServerError", "Internal Server Error"},
			"",
		},
		{
			"busy",
			func(s *account.Service, _ *api.Config) { s.Hasher = busyHasher{s.Hasher} },
			wanted{503, "NotEnoughResources", "The server is busy, please try again in a moment"},
			"2",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.change)
			for _, c := range []call{
				{nsid: comatproto.ServerCreateAccountNSID, body: alice},
				{nsid: comatproto.AccountCreateNSID, body: alice},
				{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin},
			} {
				a := b.do(t, c)
				test.want.check(t, a)
				if got := a.header.Get("Retry-After"); got != test.retryAfter {
					t.Errorf("Retry-After: got %q, want %q", got, test.retryAfter)
				}
			}
		})
	}
}
