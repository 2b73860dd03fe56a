package plc_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

var knownTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestNextOfNothing(t *testing.T) {
	t.Parallel()
	user, stranger := newP256(t), newK256(t)
	genesis := user.signed(update("", user.did))
	byStranger := stranger.signed(update("", user.did))
	tests := []struct {
		name      string
		did       syntax.DID
		operation plc.Operation
		want      error
	}{
		{"genesis", genesis.DID(), genesis, nil},
		{"of another DID", "did:plc:z72i7hdynmk6r22z27h6tvur", genesis, plc.ErrGenesis},
		{"signed by another key", byStranger.DID(), byStranger, plc.ErrSignature},
		{"with a prev", genesis.DID(), user.signed(update(genesis.CID(), user.did)), plc.ErrMisordered},
		{"tombstone", genesis.DID(), user.signed(tombstone(genesis.CID())), plc.ErrMisordered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := plc.Next(tt.did, nil, tt.operation, knownTime); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// An identity of the old kind can be updated by either of its keys.
func TestNextOfCreate(t *testing.T) {
	t.Parallel()
	signing, recovery := newK256(t), newP256(t)
	create := parse(t, `{"type":"create","signingKey":"`+signing.did+`","recoveryKey":"`+recovery.did+
		`","handle":"alice.test","service":"https://pds.test","prev":null,"sig":"x"}`)
	c := newChain(t, signing.signed(create))
	for _, key := range []signer{signing, recovery} {
		operation := key.signed(update(c.log[0].Operation.CID(), signing.did))
		if _, err := plc.Next(c.did, c.log, operation, c.now); err != nil {
			t.Errorf("update: %v", err)
		}
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	user, server, next := newP256(t), newK256(t), newK256(t)
	c := newChain(t, server.signed(update("", user.did, server.did)))
	first := c.log[0].Operation.CID()
	second := c.add(t, server.signed(update(first, user.did, next.did)))
	tests := []struct {
		name      string
		operation plc.Operation
		want      error
	}{
		{"mightier key", user.signed(update(second, user.did)), nil},
		{"lesser key", next.signed(update(second, user.did)), nil},
		{"tombstone", next.signed(tombstone(second)), nil},
		{"key of before", server.signed(update(second, server.did)), plc.ErrSignature},
		{"key of its own", newK256(t).signed(update(second, user.did)), plc.ErrSignature},
		{"not signed", update(second, user.did), plc.ErrSignature},
		{"changed after it was signed", changed(next.signed(update(second, user.did))), plc.ErrSignature},
		{"genesis again", c.log[0].Operation, plc.ErrMisordered},
		{"no prev", user.signed(update("", user.did)), plc.ErrMisordered},
		{"unknown prev", user.signed(update("bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm", user.did)), plc.ErrMisordered},
		{"same key goes back", server.signed(update(first, server.did)), plc.ErrSignature},
		{"unrelated key goes back", next.signed(update(first, next.did)), plc.ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			void, err := plc.Next(c.did, c.log, tt.operation, c.now)
			if !errors.Is(err, tt.want) || len(void) > 0 {
				t.Errorf("got %v, %v, want %v", void, err, tt.want)
			}
		})
	}
}

// changed returns an operation of which the signature is not right any more.
func changed(operation plc.Operation) plc.Operation {
	operation.State.AlsoKnownAs = []string{"at://mallory.test"}
	return operation
}

// A signature has one form on each of the curves.
func TestSignatureForms(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]signer{"secp256k1": newK256(t), "P-256": newP256(t)} {
		c := newChain(t, key.signed(update("", key.did)))
		operation := key.signed(update(c.log[0].Operation.CID(), key.did))
		tests := []struct {
			name, signature string
			want            error
		}{
			{"as it is", operation.Signature, nil},
			{"high S", key.withHighS(t, operation).Signature, plc.ErrSignature},
			{"DER", inDER(t, operation).Signature, plc.ErrSignature},
			{"padded", operation.Signature + "==", plc.ErrSignature},
			{"bits at the end", otherEnd(operation.Signature), plc.ErrSignature},
			{"line end", operation.Signature + "\n", plc.ErrSignature},
			{"line end inside", operation.Signature[:8] + "\r\n" + operation.Signature[8:], plc.ErrSignature},
			{"short", operation.Signature[:84], plc.ErrSignature},
			{"other alphabet", strings.Repeat("+/", 43), plc.ErrSignature},
		}
		for _, tt := range tests {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				o := operation
				o.Signature = tt.signature
				if _, err := plc.Next(c.did, c.log, o, c.now); !errors.Is(err, tt.want) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		}
	}
}

// otherEnd sets a bit of the last character that says nothing.
func otherEnd(signature string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(signature) - 1
	return signature[:last] + string(alphabet[strings.IndexByte(alphabet, signature[last])+1])
}

// A mightier key goes back within three days, and voids what came after.
func TestRecovery(t *testing.T) {
	t.Parallel()
	user, operator, server := newP256(t), newK256(t), newK256(t)
	c := newChain(t, user.signed(update("", user.did, operator.did, server.did)))
	first := c.log[0].Operation.CID()
	stolen := c.now
	second := c.add(t, server.signed(update(first, server.did)))
	third := c.add(t, server.signed(update(second, server.did, operator.did)))
	tests := []struct {
		name      string
		operation plc.Operation
		now       time.Time
		want      error
	}{
		{"mightiest key", user.signed(update(first, user.did)), c.now, nil},
		{"mightier key", operator.signed(update(first, user.did)), c.now, nil},
		{"tombstone", operator.signed(tombstone(first)), c.now, nil},
		{"at the last moment", user.signed(update(first, user.did)), stolen.Add(72 * time.Hour), nil},
		{"late", user.signed(update(first, user.did)), stolen.Add(72*time.Hour + time.Millisecond), plc.ErrLateRecovery},
		{"the same key", server.signed(update(first, server.did)), c.now, plc.ErrSignature},
		{"lesser key of the second", operator.signed(update(second, operator.did)), c.now, plc.ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			void, err := plc.Next(c.did, c.log, tt.operation, tt.now)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			var want []syntax.CID
			if tt.want == nil {
				want = []syntax.CID{second, third}
			}
			if diff := cmp.Diff(want, void); diff != "" {
				t.Errorf("void (-want +got):\n%s", diff)
			}
		})
	}
}

// What is void cannot be followed, and is not voided again.
func TestRecoveryTwice(t *testing.T) {
	t.Parallel()
	user, operator, server := newP256(t), newK256(t), newK256(t)
	keys := []string{user.did, operator.did, server.did}
	c := newChain(t, user.signed(update("", keys...)))
	first := c.log[0].Operation.CID()
	void := c.add(t, server.signed(update(first, keys...)))
	third := c.add(t, operator.signed(update(first, keys...)))
	if _, err := plc.Next(c.did, c.log, server.signed(update(void, keys...)), c.now); !errors.Is(err, plc.ErrMisordered) {
		t.Errorf("following a void operation: got %v, want %v", err, plc.ErrMisordered)
	}
	if last, ok := plc.Last(c.log); !ok || last.CID() != third {
		t.Errorf("Last: got %s, want %s", last.CID(), third)
	}
	got, err := plc.Next(c.did, c.log, user.signed(update(first, keys...)), c.now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]syntax.CID{third}, got); diff != "" {
		t.Errorf("void (-want +got):\n%s", diff)
	}
}

// A rotation key that is there twice counts where it comes first.
func TestRecoveryWithKeyTwice(t *testing.T) {
	t.Parallel()
	user, server := newK256(t), newK256(t)
	c := newChain(t, user.signed(update("", server.did, user.did, server.did)))
	first := c.log[0].Operation.CID()
	c.add(t, server.signed(update(first, user.did)))
	for _, key := range []signer{user, server} {
		if _, err := plc.Next(c.did, c.log, key.signed(update(first, user.did)), c.now); !errors.Is(err, plc.ErrSignature) {
			t.Errorf("got %v, want %v", err, plc.ErrSignature)
		}
	}
}

func TestTombstone(t *testing.T) {
	t.Parallel()
	user, server := newP256(t), newK256(t)
	c := newChain(t, user.signed(update("", user.did, server.did)))
	first := c.log[0].Operation.CID()
	end := c.add(t, server.signed(tombstone(first)))
	tests := []struct {
		name      string
		operation plc.Operation
		want      error
	}{
		{"update after it", user.signed(update(end, user.did)), plc.ErrMisordered},
		{"tombstone after it", user.signed(tombstone(end)), plc.ErrMisordered},
		{"a new genesis", user.signed(update("", user.did)), plc.ErrMisordered},
		{"back by the same key", server.signed(update(first, server.did)), plc.ErrSignature},
		{"back by a mightier key", user.signed(update(first, user.did)), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := plc.Next(c.did, c.log, tt.operation, c.now); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestLastOfNothing(t *testing.T) {
	t.Parallel()
	if got, ok := plc.Last(nil); ok {
		t.Errorf("got %+v, want nothing", got)
	}
}
