package account_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestRecommendedCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got, err := b.RecommendedCredentials(t.Context(), b.caller(t, b.signUp(t)))
	if err != nil {
		t.Fatal(err)
	}
	last, err := b.identity.LastOperation(t.Context(), "did:plc:1")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := mustJSON(t, got), mustJSON(t, last.Fields); a != b {
		t.Errorf("RecommendedCredentials: got %s, want what a new identity says: %s", a, b)
	}
}

func TestRecommendedCredentialsWeb(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	got, err := b.RecommendedCredentials(t.Context(), b.caller(t, b.importCarol(t)))
	if err != nil || got.RotationKeys != nil || !slices.Equal(got.AlsoKnownAs, []string{"at://" + ownDomain.String()}) {
		t.Errorf("RecommendedCredentials: got %+v, %v, want the handle and no rotation keys", got, err)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newSigning returns a bench with alice and a token that was mailed to her.
func newSigning(t *testing.T) (*bench, account.Caller, string) {
	t.Helper()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	if err := b.RequestPLCToken(t.Context(), caller, account.Client{}); err != nil {
		t.Fatal(err)
	}
	return b, caller, b.mailedToken(t)
}

func TestSignPLCOperation(t *testing.T) {
	t.Parallel()
	b, caller, token := newSigning(t)
	signing := account.PLCSigning{
		Token:  token,
		Change: account.PLCChange{RotationKeys: []string{"did:key:new", serverKey}},
	}
	operation, err := b.SignPLCOperation(t.Context(), caller, signing, account.Client{})
	if err != nil {
		t.Fatal(err)
	}
	fields, err := b.identity.ReadOperation(operation)
	if err != nil || !slices.Equal(fields.RotationKeys, signing.Change.RotationKeys) {
		t.Errorf("operation: got %+v, %v, want the new rotation keys", fields, err)
	}
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 1) // nothing is published
	b.wantEvents(t, "did:plc:1", account.EventOperationSigned, account.EventTokenMailed, account.EventCreated)
	b.wantMails(t, "PLC operation signed")

	_, err = b.SignPLCOperation(t.Context(), caller, signing, account.Client{})
	wantError(t, "SignPLCOperation with a used token", err, account.ErrEmailTokenInvalid)
	if err := b.SubmitPLCOperation(t.Context(), caller, operation, account.Client{}); err != nil {
		t.Errorf("SubmitPLCOperation of it: %v", err)
	}
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 2)
	b.wantEvents(t, "did:plc:1", account.EventIdentityChanged, account.EventOperationSigned, account.EventTokenMailed, account.EventCreated)
}

func TestSignPLCOperationToken(t *testing.T) {
	t.Parallel()
	b, caller, token := newSigning(t)
	sign := func(token string) error {
		_, err := b.SignPLCOperation(t.Context(), caller, account.PLCSigning{Token: token}, account.Client{})
		return err
	}
	err := sign("")
	wantError(t, "no token", err, account.ErrInvalidRequest)
	wantText(t, "no token", err, "email confirmation token required to sign PLC operations")
	err = sign("123456")
	wantError(t, "wrong token", err, account.ErrEmailTokenInvalid)
	wantText(t, "wrong token", err, "Token is invalid")

	b.identity.onLast = silent
	wantError(t, "silent directory", sign(token), account.ErrDirectoryUnavailable)
	b.identity.onLast = func() error { t.Error("the directory was asked"); return nil }
	wantError(t, "wrong token again", sign("123456"), account.ErrEmailTokenInvalid)
	b.now = b.now.Add(account.EmailTokenLifetime)
	wantError(t, "old token", sign(token), account.ErrEmailTokenExpired)
	b.identity.onLast = nil
	b.now = b.now.Add(-time.Minute)
	if err := sign(token); err != nil {
		t.Errorf("after failures: got %v, want the token still good", err)
	}
}

// Each guess counts once.
func TestSignPLCOperationGuesses(t *testing.T) {
	t.Parallel()
	for _, guesses := range []int{account.MaxTokenAttempts - 1, account.MaxTokenAttempts} {
		t.Run(fmt.Sprint(guesses), func(t *testing.T) {
			t.Parallel()
			b, caller, token := newSigning(t)
			sign := func(token string) error {
				_, err := b.SignPLCOperation(t.Context(), caller, account.PLCSigning{Token: token}, account.Client{})
				return err
			}
			for range guesses {
				wantError(t, "guess", sign("123456"), account.ErrEmailTokenInvalid)
			}
			var want error
			if guesses == account.MaxTokenAttempts {
				want = account.ErrEmailTokenInvalid
			}
			wantError(t, "right token", sign(token), want)
		})
	}
}

func TestSubmitPLCOperationRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(f *account.PLCFields)
		text   string
	}{
		{"rotation keys", func(f *account.PLCFields) { f.RotationKeys = []string{"did:key:new"} }, "Rotation keys do not include server's rotation key"},
		{"service type", func(f *account.PLCFields) {
			f.Services = map[string]account.PLCService{"atproto_pds": {Type: "AtprotoLabeler", Endpoint: endpoint}}
		}, "Incorrect type on atproto_pds service"},
		{"no service", func(f *account.PLCFields) { f.Services = nil }, "Incorrect type on atproto_pds service"},
		{"endpoint", func(f *account.PLCFields) { f.Services = pdsAt(oldPDS) }, "Incorrect endpoint on atproto_pds service"},
		{"signing key", func(f *account.PLCFields) { f.VerificationMethods = map[string]string{"atproto": "did:key:new"} }, "Incorrect signing key"},
		{"handle", func(f *account.PLCFields) { f.AlsoKnownAs = []string{"at://new-alice.test", "at://alice.test"} }, "Incorrect handle in alsoKnownAs"},
		{"no handle", func(f *account.PLCFields) { f.AlsoKnownAs = nil }, "Incorrect handle in alsoKnownAs"},
	}
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			last, err := b.identity.LastOperation(t.Context(), "did:plc:1")
			if err != nil {
				t.Fatal(err)
			}
			operation := fakeOperation{Prev: last.CID, Fields: last.Fields}
			tt.change(&operation.Fields)
			err = b.SubmitPLCOperation(t.Context(), caller, newFakeOperation("did:plc:1", operation).JSON, account.Client{})
			wantError(t, "SubmitPLCOperation", err, account.ErrInvalidRequest)
			wantText(t, "SubmitPLCOperation", err, tt.text)
		})
	}
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 1)
}

func TestSubmitPLCOperationDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	submit := func(operation []byte) error {
		return b.SubmitPLCOperation(t.Context(), caller, operation, account.Client{})
	}
	err := submit([]byte("{"))
	wantError(t, "no operation", err, account.ErrInvalidOperation)
	wantText(t, "no operation", err, "Invalid operation")

	operation, err := b.identity.NewChange(t.Context(), "did:plc:1", account.PLCChange{RotationKeys: []string{serverKey}})
	if err != nil {
		t.Fatal(err)
	}
	b.identity.onPublish = refused
	err = submit(operation.JSON)
	wantError(t, "refused", err, account.ErrOperationRefused)
	wantText(t, "refused", err, "too many operations")
	b.identity.onPublish = lostAfter
	wantError(t, "lost after", submit(operation.JSON), account.ErrDirectoryUnavailable)
	b.identity.onPublish = nil
	if err := submit(operation.JSON); err != nil {
		t.Errorf("submitted again: %v", err)
	}
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 2)
}

// What an operation has to say is what the account is by now, not when the request came.
func TestSubmitPLCOperationLate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	if err := b.UpdateHandle(t.Context(), caller, "alicia.test", account.Client{}); err != nil {
		t.Fatal(err)
	}
	submit := func(handle syntax.Handle) error {
		operation, err := b.identity.NewChange(t.Context(), "did:plc:1", account.PLCChange{Handle: handle})
		if err != nil {
			t.Fatal(err)
		}
		return b.SubmitPLCOperation(t.Context(), caller, operation.JSON, account.Client{})
	}
	wantText(t, "the handle of before", submit("alice.test"), "Incorrect handle in alsoKnownAs")
	b.identity.wantClaim(t, "did:plc:1", "alicia.test", 2)
	wantError(t, "the handle of now", submit("alicia.test"), nil)
	b.identity.wantClaim(t, "did:plc:1", "alicia.test", 3)
}

// An operation that the directory has is in the audit log, though the session ended on the way.
func TestSubmitPLCOperationEnded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	operation, err := b.identity.NewChange(t.Context(), "did:plc:1", account.PLCChange{RotationKeys: []string{serverKey}})
	if err != nil {
		t.Fatal(err)
	}
	b.identity.onPublish = func(publish func() error) error {
		b.setHash(t, "did:plc:1", "hash of new")
		return publish()
	}
	err = b.SubmitPLCOperation(t.Context(), caller, operation.JSON, account.Client{})
	wantError(t, "SubmitPLCOperation", err, account.ErrTokenRevoked)
	b.identity.wantClaim(t, "did:plc:1", "alice.test", 2)
	b.wantEvents(t, "did:plc:1", account.EventIdentityChanged, account.EventCreated)
}

// There are no operations of an identity that is in no directory.
func TestPLCOperationsWeb(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	caller := b.caller(t, b.importCarol(t))
	err := b.RequestPLCToken(t.Context(), caller, account.Client{})
	wantError(t, "RequestPLCToken", err, account.ErrInvalidRequest)
	_, err = b.SignPLCOperation(t.Context(), caller, account.PLCSigning{Token: "AAAAA-AAAAA"}, account.Client{})
	wantError(t, "SignPLCOperation", err, account.ErrInvalidRequest)
	err = b.SubmitPLCOperation(t.Context(), caller, []byte("{}"), account.Client{})
	wantError(t, "SubmitPLCOperation", err, account.ErrInvalidRequest)
	b.wantMails(t)
}
