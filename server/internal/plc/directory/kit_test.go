package directory_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// A bench is a directory with the time in its hand, and keys of one identity: the
// user's is mightier than the server's.
type bench struct {
	*directory.Directory
	log          account.DirectoryLog
	now          time.Time
	user, server didkey.PrivateKey
	genesis      plc.Operation
	did          syntax.DID
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{
		log:    directorytest.NewLog(),
		now:    time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		user:   newKey(t),
		server: newKey(t),
	}
	b.Directory = directory.New(b.log, func() time.Time { return b.now })
	b.genesis = b.update("").Sign(b.server)
	b.did = b.genesis.DID()
	return b
}

func newKey(t *testing.T) didkey.PrivateKey {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// update returns an operation that is not signed.
func (b *bench) update(prev syntax.CID) plc.Operation {
	return plc.Operation{Kind: plc.Update, Prev: prev, State: plc.State{
		RotationKeys:        []string{b.user.Public().String(), b.server.Public().String()},
		VerificationMethods: map[string]string{"atproto": b.user.Public().String()},
		AlsoKnownAs:         []string{"at://alice.test"},
		Services:            map[string]plc.Service{"atproto_pds": {Type: "AtprotoPersonalDataServer", Endpoint: "https://pds.test"}},
	}}
}

func (b *bench) tombstone(prev syntax.CID) plc.Operation {
	return plc.Operation{Kind: plc.Tombstone, Prev: prev}
}

// submit hands in an operation that must be taken.
func (b *bench) submit(t *testing.T, operation plc.Operation) syntax.CID {
	t.Helper()
	if err := b.Submit(t.Context(), b.did, toJSON(t, operation)); err != nil {
		t.Fatalf("submit %s: %v", toJSON(t, operation), err)
	}
	return operation.CID()
}

func toJSON(t *testing.T, operation plc.Operation) []byte {
	t.Helper()
	text, err := operation.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
