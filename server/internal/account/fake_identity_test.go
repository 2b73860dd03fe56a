package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	serverKey = "did:key:server"
	endpoint  = "https://pds.test"
)

// fakeIdentity is a directory and the rest of the world. It numbers the identities and
// keys that it creates. The one recovery key that it refuses is "bad".
type fakeIdentity struct {
	mu        sync.Mutex
	count     int // of identities
	keys      int
	asked     int // how often another server was asked for a handle
	logs      map[syntax.DID][]account.PublishedOperation
	documents map[syntax.DID]account.Document // of identities that are in no directory
	domains   map[syntax.Handle]syntax.DID    // what the domains of the world name

	// onPublish, unless it is nil, gets what Publish would do and does something else.
	// onLast does so before LastOperation, NewChange and Document.
	onPublish func(publish func() error) error
	onLast    func() error
}

// fakeOperation is the form of operations.
type fakeOperation struct {
	Prev   syntax.CID
	Fields account.PLCFields
}

func newFakeIdentity() *fakeIdentity {
	return &fakeIdentity{
		logs:      map[syntax.DID][]account.PublishedOperation{},
		documents: map[syntax.DID]account.Document{},
		domains:   map[syntax.Handle]syntax.DID{},
	}
}

func (i *fakeIdentity) NewSigningKey() (account.SigningKey, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys++
	return account.SigningKey{Public: fmt.Sprint("did:key:", i.keys), Private: fmt.Append(nil, "private key ", i.keys)}, nil
}

func (i *fakeIdentity) NewGenesis(handle syntax.Handle, signingKey, recoveryKey string) (account.Operation, error) {
	if recoveryKey == "bad" {
		return account.Operation{}, account.ErrInvalidRecoveryKey
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	fields := account.PLCFields{
		RotationKeys:        i.RotationKeys(),
		VerificationMethods: map[string]string{account.SigningKeyFragment: signingKey},
		AlsoKnownAs:         []string{"at://" + handle.String()},
		Services:            map[string]account.PLCService{account.PDSFragment: {Type: account.PDSServiceType, Endpoint: endpoint}},
	}
	if recoveryKey != "" {
		fields.RotationKeys = append([]string{recoveryKey}, fields.RotationKeys...)
	}
	return newFakeOperation(syntax.DID(fmt.Sprint("did:plc:", i.count)), fakeOperation{Fields: fields}), nil
}

func newFakeOperation(did syntax.DID, operation fakeOperation) account.Operation {
	text, err := json.Marshal(operation)
	if err != nil {
		panic(err)
	}
	return account.Operation{DID: did, CID: fakeCID(text), JSON: text}
}

func fakeCID(text []byte) syntax.CID {
	return syntax.CID(fmt.Sprintf("cid of %s", text))
}

func (i *fakeIdentity) NewChange(_ context.Context, did syntax.DID, change account.PLCChange) (account.Operation, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	last, err := i.last(did)
	if err != nil {
		return account.Operation{}, err
	}
	fields := last.Fields
	if change.RotationKeys != nil {
		fields.RotationKeys = change.RotationKeys
	}
	if change.Handle != "" {
		fields.AlsoKnownAs = []string{"at://" + change.Handle.String()}
	}
	return newFakeOperation(did, fakeOperation{Prev: last.CID, Fields: fields}), nil
}

func (i *fakeIdentity) ReadOperation(operation []byte) (account.PLCFields, error) {
	var read fakeOperation
	if err := json.Unmarshal(operation, &read); err != nil {
		return account.PLCFields{}, account.ErrInvalidOperation
	}
	return read.Fields, nil
}

func (i *fakeIdentity) Publish(ctx context.Context, did syntax.DID, operation []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	publish := func() error { return i.append(did, operation) }
	if i.onPublish != nil {
		return i.onPublish(publish)
	}
	return publish()
}

func (i *fakeIdentity) append(did syntax.DID, operation []byte) error {
	var read fakeOperation
	if err := json.Unmarshal(operation, &read); err != nil {
		return account.ErrOperationRefused.Because("not an operation")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	log := i.logs[did]
	cid := fakeCID(operation)
	var prev syntax.CID
	if len(log) > 0 {
		prev = log[len(log)-1].CID
	}
	switch prev {
	case cid:
		return nil
	case read.Prev:
		i.logs[did] = append(log, account.PublishedOperation{CID: cid, Fields: read.Fields})
		return nil
	}
	return account.ErrOperationRefused.Because("prev is not the last operation")
}

func (i *fakeIdentity) LastOperation(ctx context.Context, did syntax.DID) (account.PublishedOperation, error) {
	if err := ctx.Err(); err != nil {
		return account.PublishedOperation{}, err
	}
	if did.Method() != "plc" {
		return account.PublishedOperation{}, errors.New("no directory has such identities")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.last(did)
}

func (i *fakeIdentity) last(did syntax.DID) (account.PublishedOperation, error) {
	if i.onLast != nil {
		if err := i.onLast(); err != nil {
			return account.PublishedOperation{}, err
		}
	}
	log := i.logs[did]
	if len(log) == 0 {
		return account.PublishedOperation{}, account.ErrIdentityNotFound
	}
	return log[len(log)-1], nil
}

func (i *fakeIdentity) Document(_ context.Context, did syntax.DID, _ bool) (account.Document, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if document, ok := i.documents[did]; ok {
		return document, nil
	}
	last, err := i.last(did)
	switch {
	case err != nil:
		return account.Document{}, err
	case last.Tombstoned:
		return account.Document{}, account.ErrIdentityNotFound
	}
	return account.Document{
		DID:    did,
		Handle: syntax.Handle(strings.TrimPrefix(last.Fields.AlsoKnownAs[0], "at://")),
		Keys:   last.Fields.VerificationMethods,
		PDS:    last.Fields.Services[account.PDSFragment].Endpoint,
		JSON:   fmt.Appendf(nil, `{"id":"%s"}`, did),
	}, nil
}

func (i *fakeIdentity) ResolveHandle(_ context.Context, handle syntax.Handle) (syntax.DID, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	did, ok := i.domains[handle]
	switch {
	case !ok:
		return "", account.ErrHandleNotFound
	case did == "":
		return "", account.ErrDirectoryUnavailable
	}
	return did, nil
}

func (i *fakeIdentity) RotationKeys() []string { return []string{"did:key:operator", serverKey} }

func (i *fakeIdentity) Endpoint() string { return endpoint }

// change lets a directory say something else of an identity, by an operation that did
// not come from the server.
func (i *fakeIdentity) change(did syntax.DID, change func(last *account.PublishedOperation)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var last account.PublishedOperation
	if log := i.logs[did]; len(log) > 0 {
		last = log[len(log)-1]
	}
	change(&last)
	last.CID += "+"
	i.logs[did] = append(i.logs[did], last)
}

// wantClaim checks the handle that the directory has of an identity, and the number of
// its operations.
func (i *fakeIdentity) wantClaim(t *testing.T, did syntax.DID, want syntax.Handle, operations int) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	log := i.logs[did]
	if len(log) != operations {
		t.Errorf("directory: got %d operations of %s, want %d", len(log), did, operations)
	}
	if len(log) == 0 {
		return
	}
	if got := log[len(log)-1].Fields.AlsoKnownAs; !slices.Equal(got, []string{"at://" + want.String()}) {
		t.Errorf("directory: got names %q of %s, want the handle %s", got, did, want)
	}
}

// Faults of a directory, for onPublish and onLast.

func lostBefore(func() error) error { return account.ErrDirectoryUnavailable }

func lostAfter(publish func() error) error {
	if err := publish(); err != nil {
		return err
	}
	return account.ErrDirectoryUnavailable
}

func full(func() error) error { return account.ErrStoreFull }

// delay lets the directory give no answer to the next operation, which it gets when late is
// called.
func (i *fakeIdentity) delay() (late func() error) {
	var publish func() error
	i.onPublish = func(p func() error) error {
		publish, i.onPublish = p, nil
		return account.ErrDirectoryUnavailable
	}
	return func() error { return publish() }
}

func refused(func() error) error { return account.ErrOperationRefused.Because("too many operations") }

func silent() error { return account.ErrDirectoryUnavailable }

// answers lets a directory answer so often, and then no more.
func answers(n int) func() error {
	return func() error {
		n--
		if n < 0 {
			return silent()
		}
		return nil
	}
}

// silentOnce lets a directory give no answer to the first question.
func silentOnce() func() error {
	asked := false
	return func() error {
		if asked {
			return nil
		}
		asked = true
		return silent()
	}
}
