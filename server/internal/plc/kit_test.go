package plc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// A signer is a private key on either curve.
type signer struct {
	did   string
	sign  func(message []byte) []byte // with a low S
	order *big.Int
}

func newK256(t *testing.T) signer {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key.Public().String(), key.Sign, secp256k1.Params().N}
}

func newP256(t *testing.T) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	order := elliptic.P256().Params().N
	compressed := append([]byte{0x80, 0x24, 2 | point[64]&1}, point[1:33]...)
	sign := func(message []byte) []byte {
		digest := sha256.Sum256(message)
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		if other := new(big.Int).Sub(order, s); other.Cmp(s) < 0 {
			s = other
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	return signer{"did:key:z" + base58.Encode(compressed), sign, order}
}

// signed returns the operation with the signature of key, as base64url writes it.
func (k signer) signed(operation plc.Operation) plc.Operation {
	operation.Signature = base64.RawURLEncoding.EncodeToString(k.sign(plc.Unsigned(operation)))
	return operation
}

// stateOf returns a state with these rotation keys.
func stateOf(keys ...string) plc.State {
	return plc.State{
		RotationKeys:        keys,
		VerificationMethods: map[string]string{"atproto": keys[0]},
		AlsoKnownAs:         []string{"at://alice.test"},
		Services:            map[string]plc.Service{"atproto_pds": {Type: "AtprotoPersonalDataServer", Endpoint: "https://pds.test"}},
	}
}

// A chain is a log under construction, an hour between its operations.
type chain struct {
	did syntax.DID
	log []plc.Entry
	now time.Time
}

func newChain(t *testing.T, genesis plc.Operation) *chain {
	t.Helper()
	c := &chain{did: genesis.DID(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	c.add(t, genesis)
	return c
}

// add appends an operation that must be valid, and returns its CID.
func (c *chain) add(t *testing.T, operation plc.Operation) syntax.CID {
	t.Helper()
	void, err := plc.Next(c.did, c.log, operation, c.now)
	if err != nil {
		t.Fatalf("operation %d: %v", len(c.log), err)
	}
	for i := range c.log {
		for _, cid := range void {
			c.log[i].Nullified = c.log[i].Nullified || c.log[i].Operation.CID() == cid
		}
	}
	c.log = append(c.log, plc.Entry{Operation: operation, CreatedAt: c.now})
	c.now = c.now.Add(time.Hour)
	return operation.CID()
}

// update returns an operation after prev that sets the rotation keys.
func update(prev syntax.CID, keys ...string) plc.Operation {
	return plc.Operation{Kind: plc.Update, State: stateOf(keys...), Prev: prev}
}

func tombstone(prev syntax.CID) plc.Operation {
	return plc.Operation{Kind: plc.Tombstone, Prev: prev}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
