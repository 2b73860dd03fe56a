package api_test

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// serviceDID is the audience of the tokens.
const serviceDID = "did:web:localhost"

// start is when the tests begin.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A bench is the service on a real store behind HTTP, with cheap passwords and the time in its hand.
type bench struct {
	url      string
	service  *account.Service
	key      token.Key
	database string       // path of the store's file
	elapsed  atomic.Int64 // nanoseconds since start
}

// newBench starts a server that lasts as long as the test. The changes are made before it starts.
func newBench(t *testing.T, changes ...func(*account.Service)) *bench {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	b := &bench{database: filepath.Join(folder, sqlite.FileName)}
	b.key, err = token.GenerateKey(rand.Reader)
	must(t, err)
	handles, err := account.NewHandlePolicy(account.HandleRules{Domains: []string{".test"}, Block: []string{"oaf"}})
	must(t, err)
	b.service = &account.Service{
		Accounts: store,
		Sessions: store,
		Tokens:   newIssuer(t, b.key),
		Identity: newIdentity(t, folder),
		Hasher: account.NewArgon2(account.Argon2Config{
			Params:   account.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1},
			Parallel: 2, Waiting: 64, Patience: time.Minute, Rand: rand.Reader,
		}),
		Handles: handles,
		Now:     b.now,
		Rand:    rand.Reader,
	}
	for _, change := range changes {
		change(b.service)
	}
	server := httptest.NewServer(b.newHandler())
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *bench) newHandler() http.Handler {
	description := comatproto.ServerDescribeServerOutput{
		InviteCodeRequired:   lexdata.Some(false),
		AvailableUserDomains: b.service.Handles.Domains(),
	}
	return xrpc.NewHandler(
		api.Endpoints(b.service, description),
		xrpc.WithAuthenticator(api.Authenticator(b.service)),
		xrpc.WithLogger(slog.New(slog.DiscardHandler)),
	)
}

func newIssuer(t testing.TB, key token.Key) *token.Issuer {
	t.Helper()
	keyring, err := token.NewKeyring(key)
	must(t, err)
	issuer, err := token.NewIssuer(token.Config{Audience: serviceDID, Keys: keyring, RefreshKey: make([]byte, 32)})
	must(t, err)
	return issuer
}

func newIdentity(t *testing.T, folder string) *identity.PLC {
	t.Helper()
	rotationKey, err := identity.GenerateRotationKey(rand.Reader)
	must(t, err)
	vault, err := keys.NewVault(folder, keys.MasterKey{}, rand.Reader)
	must(t, err)
	plc, err := identity.NewPLC(identity.Config{
		RotationKey: rotationKey, PublicURL: "http://localhost:2583", Sealer: vault, Rand: rand.Reader,
	})
	must(t, err)
	return plc
}

func (b *bench) now() time.Time { return start.Add(time.Duration(b.elapsed.Load())) }

func (b *bench) pass(d time.Duration) { b.elapsed.Add(int64(d)) }

// execute runs SQL on the store's file, as other programs and later versions of this one may.
func (b *bench) execute(t *testing.T, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", b.database)
	must(t, err)
	defer db.Close()
	_, err = db.Exec(query, args...)
	must(t, err)
}

func (b *bench) takeDown(t *testing.T, did string) {
	t.Helper()
	b.execute(t, "UPDATE account SET takendown_at = 1 WHERE did = ?", did)
}

// A call is a request to be made. Its verb is POST unless the call is of a query.
type call struct {
	verb   string
	nsid   string
	body   string // JSON, unless header has another content type
	header http.Header
}

// An answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// with returns a header with an Authorization.
func with(authorization string) http.Header {
	return http.Header{"Authorization": {authorization}}
}

func bearer(token string) http.Header { return with("Bearer " + token) }

// do makes a call. It can be used by several goroutines.
func (b *bench) do(t *testing.T, c call) answer {
	t.Helper()
	if c.verb == "" {
		c.verb = http.MethodPost
		if c.nsid == comatproto.ServerGetSessionNSID || c.nsid == comatproto.ServerDescribeServerNSID {
			c.verb = http.MethodGet
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), c.verb, b.url+xrpc.PathPrefix+c.nsid, strings.NewReader(c.body))
	if err != nil {
		t.Error(err)
		return answer{}
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return answer{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return answer{status: res.StatusCode, header: res.Header, body: string(body)}
}

// wantOK fails the test unless the call succeeded.
func (a answer) wantOK(t *testing.T) answer {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got status %d, %s", a.status, a.body)
	}
	return a
}

// wantError checks the bytes of an error, and that clients which look no further than a small body of
// known length find it.
func (a answer) wantError(t *testing.T, status int, name, message string) {
	t.Helper()
	want, err := json.Marshal(struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}{name, message})
	must(t, err)
	if a.status != status || a.body != string(want) {
		t.Errorf("got %d %s\nwant %d %s", a.status, a.body, status, want)
	}
	for name, want := range map[string]string{
		"Content-Type":     "application/json",
		"Content-Length":   strconv.Itoa(len(want)),
		"Content-Encoding": "",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s of an error: got %q, want %q", name, got, want)
		}
	}
	if challenge := a.header.Get("WWW-Authenticate"); (challenge != "") != (status == http.StatusUnauthorized) {
		t.Errorf("WWW-Authenticate of status %d: got %q", status, challenge)
	}
	if strings.Contains(name, "Token") && len(want) > 81 {
		t.Errorf("%s is too long for clients that read 81 bytes: %d bytes", want, len(want))
	}
}

// A session is what a client keeps of the answers that begin or continue one.
type session struct {
	AccessJWT  string `json:"accessJwt"`
	RefreshJWT string `json:"refreshJwt"`
	Handle     string `json:"handle"`
	DID        string `json:"did"`
}

func (a answer) session(t *testing.T) session {
	t.Helper()
	var s session
	must(t, json.Unmarshal([]byte(a.wantOK(t).body), &s))
	if s.AccessJWT == "" || s.RefreshJWT == "" || s.Handle == "" || s.DID == "" {
		t.Fatalf("a session lacks something: %s", a.body)
	}
	return s
}

const (
	alice      = `{"handle":"alice.test","email":"alice@example.com","password":"asdf"}`
	aliceLogin = `{"identifier":"alice.test","password":"asdf"}`
)

// signUp creates the account of alice.
func (b *bench) signUp(t *testing.T) session {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: alice}).session(t)
}

func (b *bench) refresh(t *testing.T, refreshJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerRefreshSessionNSID, header: bearer(refreshJWT)})
}

func (b *bench) getSession(t *testing.T, accessJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerGetSessionNSID, header: bearer(accessJWT)})
}

func (b *bench) logOut(t *testing.T, refreshJWT string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.ServerDeleteSessionNSID, header: bearer(refreshJWT)})
}

// claims returns what a token claims, without checking its signature.
func claims(t *testing.T, text string) (header map[string]any, claims jwt.MapClaims) {
	t.Helper()
	claims = jwt.MapClaims{}
	parsed, _, err := jwt.NewParser().ParseUnverified(text, claims)
	must(t, err)
	return parsed.Header, claims
}

// jti returns the id of a refresh token.
func jti(t *testing.T, text string) string {
	t.Helper()
	_, c := claims(t, text)
	id, _ := c["jti"].(string)
	if id == "" {
		t.Error("a refresh token has no jti")
	}
	return id
}

// forge signs a token again after a change.
func (b *bench) forge(t *testing.T, text string, change func(header map[string]any, claims jwt.MapClaims)) string {
	t.Helper()
	header, c := claims(t, text)
	change(header, c)
	forged := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	forged.Header = header
	signed, err := forged.SignedString(b.key.Secret)
	must(t, err)
	return signed
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
