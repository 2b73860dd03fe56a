package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// asOwner calls the methods of identities with a token.
func (a *arena) asOwner(token string) comatproto.IdentityClient {
	return comatproto.IdentityClient{Client: client(a.url, token).Client}
}

// lastOperation returns the operation that counts of an identity.
func (a *arena) lastOperation(t *testing.T, did syntax.DID) plc.Operation {
	t.Helper()
	text, err := a.identities.Last(t.Context(), did)
	must(t, err)
	last, err := plc.Parse(text)
	must(t, err)
	return last
}

// submissionOf returns what submits an operation.
func submissionOf(t *testing.T, operation plc.Operation) *comatproto.IdentitySubmitPLCOperationInput {
	t.Helper()
	text, err := operation.MarshalJSON()
	must(t, err)
	input := &comatproto.IdentitySubmitPLCOperationInput{}
	must(t, lexdata.Unmarshal(text, &input.Operation))
	return input
}

func newKey(t *testing.T) didkey.PrivateKey {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	must(t, err)
	return key
}

// What the directory has against an operation is told to who submits it.
func TestSubmitPLCOperationRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a := newArena(t, directorytest.New(t))
	member := a.join(t, "wanda.test")
	owner := a.asOwner(member.AccessJWT)
	code := a.code(t, member.Handle, owner.RequestPLCOperationSignature)
	signed, err := owner.SignPLCOperation(ctx, &comatproto.IdentitySignPLCOperationInput{Token: lexdata.Some(code)})
	must(t, err)
	text, err := json.Marshal(signed.Operation)
	must(t, err)
	operation, err := plc.Parse(text)
	must(t, err)

	changed := operation
	changed.State.AlsoKnownAs = []string{"at://wanda.test", "https://example.com"}
	astray := operation
	astray.Prev = "bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm"
	anew := operation
	anew.Prev = ""
	tests := []struct {
		name      string
		operation plc.Operation
		want      string
	}{
		{"signature of another key", operation.Sign(newKey(t)), "invalid signature"},
		{"changed after it was signed", changed, "invalid signature"},
		{"wrong prev", astray, "prev is not an operation that can be followed"},
		{"no prev", anew, "prev is not an operation that can be followed"},
	}
	for _, test := range tests {
		err := owner.SubmitPLCOperation(ctx, submissionOf(t, test.operation))
		wantMessage(t, test.name, err, http.StatusBadRequest, test.want)
	}
	must(t, owner.SubmitPLCOperation(ctx, submissionOf(t, operation)))
	if got, want := a.lastOperation(t, member.DID).CID(), operation.CID(); got != want {
		t.Errorf("the directory has %s at the end, want %s", got, want)
	}
	wantMessage(t, "another one after the same", owner.SubmitPLCOperation(ctx, submissionOf(t, changed)), http.StatusBadRequest, "invalid signature")
	a.wantOrder(t)
}
