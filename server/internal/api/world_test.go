package api_test

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// A world is an identity service on a directory of its own, which knows besides what a test tells it,
// and asks nobody else.
type world struct {
	account.Identity

	mu        sync.Mutex
	documents map[syntax.DID]account.Document // identities of other servers
	domains   map[syntax.Handle]syntax.DID    // what the domains of handles name
	silent    bool                            // the directory gives no answer
	resolved  int                             // how often a document was asked for
}

func newWorld(t *testing.T, log account.DirectoryLog, now account.Clock) *world {
	t.Helper()
	rotationKey, err := identity.GenerateRotationKey(rand.Reader)
	must(t, err)
	service, err := identity.New(identity.Config{
		RotationKey: rotationKey,
		PublicURL:   endpoint,
		Directory:   directory.New(log, now),
		Rand:        rand.Reader,
		Now:         now,
	})
	must(t, err)
	return &world{
		Identity:  service,
		documents: map[syntax.DID]account.Document{},
		domains:   map[syntax.Handle]syntax.DID{},
	}
}

func (w *world) Document(ctx context.Context, did syntax.DID, fresh bool) (account.Document, error) {
	w.mu.Lock()
	w.resolved++
	document, known := w.documents[did]
	silent := w.silent
	w.mu.Unlock()
	switch {
	case silent:
		return account.Document{}, account.ErrDirectoryUnavailable
	case known:
		return document, nil
	case did.Method() != "plc":
		return account.Document{}, account.ErrIdentityNotFound
	}
	return w.Identity.Document(ctx, did, fresh)
}

func (w *world) ResolveHandle(_ context.Context, handle syntax.Handle) (syntax.DID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	did, ok := w.domains[handle]
	if !ok {
		return "", account.ErrHandleNotFound
	}
	return did, nil
}

func (w *world) Publish(ctx context.Context, did syntax.DID, operation []byte) error {
	w.mu.Lock()
	silent := w.silent
	w.mu.Unlock()
	if silent {
		return account.ErrDirectoryUnavailable
	}
	return w.Identity.Publish(ctx, did, operation)
}

func (w *world) LastOperation(ctx context.Context, did syntax.DID) (account.PublishedOperation, error) {
	w.mu.Lock()
	silent := w.silent
	w.mu.Unlock()
	if silent {
		return account.PublishedOperation{}, account.ErrDirectoryUnavailable
	}
	return w.Identity.LastOperation(ctx, did)
}

// fallSilent makes the directory give no more answers.
func (w *world) fallSilent() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = true
}

// name makes the domain of a handle name an identity.
func (w *world) name(handle syntax.Handle, did string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.domains[handle] = syntax.DID(did)
}

// A stranger is an identity of another server, of which a test has the key.
type stranger struct {
	did string
	key didkey.PrivateKey
}

// newStranger tells the world of an identity whose keys, by fragment, are one.
func (w *world) newStranger(t *testing.T, did string, fragments ...string) stranger {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	must(t, err)
	document := account.Document{
		DID: syntax.DID(did), Keys: map[string]string{}, JSON: []byte(`{"id":"` + did + `"}`),
	}
	for _, fragment := range fragments {
		document.Keys[fragment] = key.Public().String()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.documents[document.DID] = document
	return stranger{did, key}
}

// token returns a service token of the stranger for a method of the server, after changes.
func (s stranger) token(t *testing.T, b *bench, method string, changes ...func(*account.ServiceClaims)) string {
	t.Helper()
	claims := account.ServiceClaims{
		Issuer:    s.did,
		Audience:  serviceDID,
		Method:    syntax.NSID(method),
		ID:        rand.Text(),
		IssuedAt:  b.now(),
		ExpiresAt: b.now().Add(time.Minute),
	}
	for _, change := range changes {
		change(&claims)
	}
	signed, err := token.Services{}.IssueService(claims, s.key.Bytes())
	must(t, err)
	return signed
}

// move makes the document of an identity point to the server, with a signing key.
func (w *world) move(did syntax.DID, key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	document := w.documents[did]
	document.PDS = endpoint
	document.Keys = map[string]string{account.SigningKeyFragment: key}
	w.documents[did] = document
}
