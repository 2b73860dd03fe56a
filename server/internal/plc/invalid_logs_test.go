package plc_test

import (
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// withHighS returns an operation with the other signature that fits where low ones are not asked for.
func (k signer) withHighS(t *testing.T, operation plc.Operation) plc.Operation {
	t.Helper()
	r, s := signatureOf(t, operation)
	high := new(big.Int).Sub(k.order, s)
	operation.Signature = base64.RawURLEncoding.EncodeToString(slices.Concat(r.FillBytes(make([]byte, 32)), high.FillBytes(make([]byte, 32))))
	return operation
}

// inDER returns an operation whose signature is written as certificates have it.
func inDER(t *testing.T, operation plc.Operation) plc.Operation {
	t.Helper()
	r, s := signatureOf(t, operation)
	text, err := asn1.Marshal([]*big.Int{r, s})
	if err != nil {
		t.Fatal(err)
	}
	operation.Signature = base64.RawURLEncoding.EncodeToString(text)
	return operation
}

func signatureOf(t *testing.T, operation plc.Operation) (r, s *big.Int) {
	t.Helper()
	signature, err := base64.RawURLEncoding.DecodeString(operation.Signature)
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
}

// respelled returns an operation with its signature in another text.
func respelled(operation plc.Operation, spell func(signature string) string) plc.Operation {
	operation.Signature = spell(operation.Signature)
	return operation
}

// Every kind of log that a directory has to refuse, as it comes in: each differs from one that is valid
// in its last operation alone.
//
// See https://web.plc.directory/spec/v0.1/did-plc#operation-serialization-signing-and-validation and
// https://web.plc.directory/spec/v0.1/did-plc#key-rotation-account-recovery.
func TestInvalidLogs(t *testing.T) {
	t.Parallel()
	user, server := newP256(t), newK256(t)
	keys := []string{user.did, server.did}
	c := newChain(t, server.signed(update("", keys...)))
	first := c.log[0].Operation.CID()
	stolen := c.now
	second := c.add(t, server.signed(update(first, keys...)))
	byServer, byUser := server.signed(update(second, keys...)), user.signed(update(second, keys...))
	back := user.signed(update(first, keys...))

	recovered := &chain{did: c.did, log: slices.Clone(c.log), now: c.now}
	recovered.add(t, back)
	ended := &chain{did: c.did, log: slices.Clone(c.log), now: c.now}
	end := ended.add(t, server.signed(tombstone(second)))

	padded := func(signature string) string { return signature + "==" }
	newline := func(signature string) string { return signature + "\n" }
	tests := []struct {
		name      string
		log       *chain
		operation plc.Operation
		at        time.Time
		want      error
	}{
		{"valid on secp256k1", c, byServer, c.now, nil},
		{"valid on P-256", c, byUser, c.now, nil},
		{"high S on secp256k1", c, server.withHighS(t, byServer), c.now, plc.ErrSignature},
		{"high S on P-256", c, user.withHighS(t, byUser), c.now, plc.ErrSignature},
		{"signature in DER on secp256k1", c, inDER(t, byServer), c.now, plc.ErrSignature},
		{"signature in DER on P-256", c, inDER(t, byUser), c.now, plc.ErrSignature},
		{"base64 with padding", c, respelled(byServer, padded), c.now, plc.ErrSignature},
		{"base64 with bits at the end", c, respelled(byServer, otherEnd), c.now, plc.ErrSignature},
		{"base64 with a newline", c, respelled(byServer, newline), c.now, plc.ErrSignature},

		{"valid nullification", c, back, stolen.Add(72 * time.Hour), nil},
		{"nullification by the same key", c, server.signed(update(first, keys...)), c.now, plc.ErrSignature},
		{"nullification that is too late", c, back, stolen.Add(72*time.Hour + time.Millisecond), plc.ErrLateRecovery},
		{"nullification by a key of nobody", c, newK256(t).signed(update(first, keys...)), c.now, plc.ErrSignature},
		{"update of what is nullified", recovered, byServer, recovered.now, plc.ErrMisordered},

		{"valid nullification of a tombstone", ended, byUser, ended.now, nil},
		{"update after a tombstone", ended, user.signed(update(end, keys...)), ended.now, plc.ErrMisordered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			operation := parse(t, toJSON(t, tt.operation))
			if err := operation.Check(); err != nil {
				t.Fatal(err)
			}
			if _, err := plc.Next(tt.log.did, tt.log.log, operation, tt.at); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
