package api_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

const (
	serviceDID    = "did:web:localhost" // the audience of the tokens
	endpoint      = "https://pds.example.com"
	adminPassword = "correct horse"
	moderator     = "did:plc:moderatormoderatormodera"
)

// start is when the tests begin.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A bench is the service on a real store behind HTTP, with cheap passwords and the time in its hand.
type bench struct {
	url      string
	service  *account.Service
	api      *api.API
	key      token.Key
	world    *world
	mailbox  *mailbox
	database string // path of the store's file
	kinds    map[syntax.NSID]xrpc.Kind
	elapsed  atomic.Int64 // nanoseconds since start
}

// A change is made to a bench before it starts.
type change func(service *account.Service, config *api.Config)

// newBench starts a server that lasts as long as the test.
func newBench(t *testing.T, changes ...change) *bench {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	b := &bench{database: filepath.Join(folder, sqlite.FileName), mailbox: &mailbox{}}
	b.key, err = token.GenerateKey(rand.Reader)
	must(t, err)
	b.world = newWorld(t, store, b.now)
	b.service = b.newService(t, folder, store)
	config := api.Config{
		Accounts: b.service,
		Description: comatproto.ServerDescribeServerOutput{
			InviteCodeRequired:   lexdata.Some(false),
			AvailableUserDomains: b.service.Handles.Domains(),
			DID:                  serviceDID,
		},
		AdminPassword: adminPassword,
		ClientAddr:    clientAddr,
		Unlimited:     true,
		Now:           b.now,
	}
	for _, change := range changes {
		change(b.service, &config)
	}
	b.api = api.New(config)
	b.serve(t, b.api.Endpoints(true /* admin */))
	return b
}

func (b *bench) newService(t *testing.T, folder string, store account.Store) *account.Service {
	t.Helper()
	handles, err := account.NewHandlePolicy(account.HandleRules{Domains: []string{".test"}, Block: []string{"oaf"}})
	must(t, err)
	emails, err := account.NewEmailPolicy(account.EmailRules{})
	must(t, err)
	vault, err := keys.NewVault(folder, keys.MasterKey{}, rand.Reader)
	must(t, err)
	return &account.Service{
		Store:         store,
		Tokens:        newIssuer(t, b.key),
		ServiceTokens: token.Services{},
		Identity:      b.world,
		Hasher: account.NewArgon2(account.Argon2Config{
			Params:   account.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1},
			Parallel: 2, Waiting: 64, Patience: time.Minute, Rand: rand.Reader,
		}),
		Sealer:   vault,
		Mailer:   b.mailbox,
		Failures: patience{},
		Handles:  handles,
		Emails:   emails,
		Policy: account.Policy{
			ServiceDID: serviceDID, Hostname: "example.com", OmitDIDDoc: true, ModerationDID: moderator,
		},
		Now:    b.now,
		Rand:   rand.Reader,
		Pepper: make([]byte, 32),
	}
}

// patience forgives all failures.
type patience struct{}

func (patience) Try(string) time.Duration { return 0 }
func (patience) Forgive(string)           {}
func (patience) Succeed(string)           {}

func newIssuer(t testing.TB, key token.Key) *token.Issuer {
	t.Helper()
	keyring, err := token.NewKeyring(key)
	must(t, err)
	issuer, err := token.NewIssuer(token.Config{Audience: serviceDID, Keys: keyring, RefreshKey: make([]byte, 32)})
	must(t, err)
	return issuer
}

// addressHeader tells the bench which address a request comes from.
const addressHeader = "Test-Address"

func clientAddr(r *http.Request) netip.Addr {
	if text := r.Header.Get(addressHeader); text != "" {
		return netip.MustParseAddr(text)
	}
	return netip.MustParseAddr("192.0.2.1")
}

// serve starts a server of endpoints, to which further calls of the bench go.
func (b *bench) serve(t *testing.T, endpoints []xrpc.Endpoint) {
	t.Helper()
	b.kinds = make(map[syntax.NSID]xrpc.Kind, len(endpoints))
	for _, e := range endpoints {
		b.kinds[e.NSID] = e.Kind
	}
	server := httptest.NewServer(xrpc.NewHandler(
		endpoints,
		xrpc.WithAuthenticator(b.api.Authenticate),
		xrpc.WithAdmission(b.api.Admit),
		xrpc.WithClientAddr(clientAddr),
		xrpc.WithLogger(slog.New(slog.DiscardHandler)),
	))
	t.Cleanup(server.Close)
	b.url = server.URL
}

func (b *bench) now() time.Time { return start.Add(time.Duration(b.elapsed.Load())) }

func (b *bench) pass(d time.Duration) { b.elapsed.Add(int64(d)) }

// execute runs SQL on the store's file, as other programs and later versions of this one may.
func (b *bench) execute(t *testing.T, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", b.database)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), query, args...)
	must(t, err)
}

// takeDown takes an account down without ending its sessions.
func (b *bench) takeDown(t *testing.T, did string) {
	t.Helper()
	b.execute(t, "UPDATE account SET takendown_at = 1 WHERE did = ?", did)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
