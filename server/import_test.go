package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// oldServer is where an identity lives before it moves.
const oldServer = "https://old.example.com"

// A webIdentity is a did:web whose document a host on this machine has. It signs for itself.
//
// See https://w3c-ccg.github.io/did-method-web/.
type webIdentity struct {
	did      syntax.DID
	key      didkey.PrivateKey
	document atomic.Pointer[[]byte]
}

// newWebIdentity returns an identity that lives at oldServer. Its host runs until the test ends.
func newWebIdentity(t *testing.T) *webIdentity {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	must(t, err)
	w := &webIdentity{key: key}
	hosted := http.NewServeMux()
	hosted.HandleFunc("GET /.well-known/did.json", func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		response.Write(*w.document.Load())
	})
	host := httptest.NewUnstartedServer(hosted)
	_, port, _ := strings.Cut(host.Listener.Addr().String(), ":")
	w.did = syntax.DID("did:web:localhost%3A" + port)
	w.point(t, oldServer, key.Public())
	host.Start()
	t.Cleanup(host.Close)
	return w
}

// point makes the document name a server and the key that signs.
func (w *webIdentity) point(t *testing.T, server string, key didkey.PublicKey) {
	t.Helper()
	document, err := json.Marshal(map[string]any{
		"@context": []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
		"id":       w.did,
		"verificationMethod": []map[string]any{{
			"id": w.did + "#atproto", "type": "Multikey", "controller": w.did, "publicKeyMultibase": key.Multibase(),
		}},
		"service": []map[string]any{{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": server}},
	})
	must(t, err)
	w.document.Store(&document)
}

// token returns a token with which the identity asks did:web:localhost for an account, signed with a key.
//
// See https://atproto.com/specs/xrpc#inter-service-authentication-jwt.
func (w *webIdentity) token(t *testing.T, key didkey.PrivateKey) string {
	t.Helper()
	return w.sign(t, comatproto.ServerCreateAccountNSID, key)
}

// sign returns a token of the identity for a method of did:web:localhost.
func (w *webIdentity) sign(t *testing.T, method syntax.NSID, key didkey.PrivateKey) string {
	t.Helper()
	now := time.Now()
	signed := jwtPart(t, map[string]any{"typ": "JWT", "alg": "ES256K"}) + "." + jwtPart(t, map[string]any{
		"iss": w.did,
		"aud": "did:web:localhost",
		"lxm": method,
		"iat": now.Unix(),
		"exp": now.Add(time.Minute).Unix(),
		"jti": rand.Text(),
	})
	return signed + "." + base64.RawURLEncoding.EncodeToString(key.Sign([]byte(signed)))
}

func jwtPart(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	must(t, err)
	return base64.RawURLEncoding.EncodeToString(encoded)
}

// signup is the import of the identity.
func (w *webIdentity) signup() *comatproto.ServerCreateAccountInput {
	input := aSignup()
	input.DID = lexdata.Some(w.did)
	return input
}

// wantMessage checks that a call was refused with a status and a text.
func wantMessage(t *testing.T, what string, err error, status int, message string) {
	t.Helper()
	var refusal *xrpc.Error
	if !errors.As(err, &refusal) || refusal.Status != status || refusal.Message != message {
		t.Errorf("%s: got %v, want status %d and %q", what, err, status, message)
	}
}

// wantState checks whether an account is active, by a session of it. An empty status is none.
func wantState(t *testing.T, account comatproto.ServerClient, active bool, status comatproto.ServerGetSessionOutputStatus) {
	t.Helper()
	session, err := account.GetSession(t.Context())
	must(t, err)
	if got, known := session.Active.Get(); !known || got != active || session.Status.Or("") != status {
		t.Errorf("session: got active %v, status %q, want active %v, status %q", session.Active, session.Status.Or(""), active, status)
	}
}

// Only who can sign for an identity gets an account for it, and each token is good for one.
func TestImportTokens(t *testing.T) {
	t.Parallel()
	const invalid = "Invalid authorization header"
	s := startServer(t, t.TempDir())
	mover, other := newWebIdentity(t), newWebIdentity(t)
	signup := mover.signup()
	missing := "Missing auth to create account with did: " + string(mover.did)
	tests := []struct{ name, token, want string }{
		{"no token", "", missing},
		{"another issuer", other.token(t, other.key), missing},
		{"another key", mover.token(t, other.key), invalid},
	}
	for _, test := range tests {
		_, err := client(s.url, test.token).CreateAccount(t.Context(), signup)
		wantMessage(t, test.name, err, http.StatusUnauthorized, test.want)
	}
	owner := client(s.url, mover.token(t, mover.key))
	_, err := owner.CreateAccount(t.Context(), signup)
	must(t, err)
	_, err = owner.CreateAccount(t.Context(), signup)
	wantMessage(t, "the same request", err, http.StatusBadRequest, "Handle already taken: alice.test")
	again := mover.signup()
	again.Handle, again.Email = "alice2.test", lexdata.Some("alice2@example.com")
	_, err = owner.CreateAccount(t.Context(), again)
	wantMessage(t, "the same token", err, http.StatusUnauthorized, invalid+": jwt was used before")
	_, err = client(s.url, mover.token(t, mover.key)).CreateAccount(t.Context(), signup)
	wantMessage(t, "the next token", err, http.StatusBadRequest, "Handle already taken: alice.test")
}

// An account that moves here is inactive until its document names this server and the key that was
// reserved for it.
func TestImportDIDWeb(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := startServer(t, t.TempDir())
	endpoint := strings.Replace(s.url, "127.0.0.1", "localhost", 1)
	mover := newWebIdentity(t)
	reserved, err := client(s.url, "").ReserveSigningKey(ctx, &comatproto.ServerReserveSigningKeyInput{DID: lexdata.Some(mover.did)})
	must(t, err)
	key, err := didkey.Parse(reserved.SigningKey)
	must(t, err)
	created, err := client(s.url, mover.token(t, mover.key)).CreateAccount(ctx, mover.signup())
	must(t, err)
	if created.DID != mover.did || created.Handle != "alice.test" {
		t.Errorf("account: got %s, %s", created.DID, created.Handle)
	}
	account := client(s.url, created.AccessJWT)
	wantState(t, account, false, comatproto.ServerGetSessionOutputStatusDeactivated)

	const wrongServer = "DID document atproto_pds service endpoint does not match PDS public url"
	const wrongKey = "DID document verification method does not match expected signing key"
	tests := []struct {
		name, server string
		key          didkey.PublicKey
		want         string
	}{
		{"not moved", oldServer, mover.key.Public(), wrongServer},
		{"key alone", oldServer, key, wrongServer},
		{"server alone", endpoint, mover.key.Public(), wrongKey},
	}
	for _, test := range tests {
		mover.point(t, test.server, test.key)
		wantMessage(t, test.name, account.ActivateAccount(ctx), http.StatusBadRequest, test.want)
		wantState(t, account, false, comatproto.ServerGetSessionOutputStatusDeactivated)
	}
	mover.point(t, endpoint, key)
	must(t, account.ActivateAccount(ctx))
	wantState(t, account, true, "")
}
