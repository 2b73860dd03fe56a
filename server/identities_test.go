package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// getHost asks for a path of the server under a host name.
func getHost(t *testing.T, verb, url, host string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), verb, url, http.NoBody)
	must(t, err)
	r.Host = host
	return do(t, r)
}

// The domain of a handle names the DID of its account, as long as that is active.
func TestHandleDomain(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	ask := func(verb, host string, status int, want string) {
		t.Helper()
		res, body := getHost(t, verb, s.url+"/.well-known/atproto-did", host)
		if res.StatusCode != status || body != want {
			t.Errorf("%s of %s: got %d %s, want %d %s", verb, host, res.StatusCode, body, status, want)
		}
		if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
			t.Errorf("%s of %s: got Content-Type %s", verb, host, got)
		}
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s of %s: got Access-Control-Allow-Origin %q", verb, host, got)
		}
	}
	for _, host := range []string{"alice.test", "alice.test:2583", "ALICE.test"} {
		ask("GET", host, http.StatusOK, string(created.DID))
	}
	ask("HEAD", "alice.test", http.StatusOK, "")
	for _, host := range []string{"bob.test", "test", "localhost", "127.0.0.1:2583", "[::1]:2583", "[::1]", "alice.test.example.com"} {
		ask("GET", host, http.StatusNotFound, "User not found")
	}
	must(t, client(s.url, created.AccessJWT).DeactivateAccount(t.Context(), &comatproto.ServerDeactivateAccountInput{}))
	ask("GET", "alice.test", http.StatusNotFound, "User not found")
}

// The server's own DID document is there if its DID leads to it.
func TestServiceDocument(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir(), "--hostname", "pds.example.com")
	res, body := get(t, s.url+"/.well-known/did.json")
	const want = `{"@context":["https://www.w3.org/ns/did/v1"],"id":"did:web:pds.example.com","service":[` +
		`{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example.com"}]}` + "\n"
	if res.StatusCode != http.StatusOK || body != want || res.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got %d %s %v\nwant %s", res.StatusCode, body, res.Header, want)
	}
	other := startServer(t, t.TempDir(), "--hostname", "pds.example.com", "--service-did", "did:web:example.com")
	if res, body := get(t, other.url+"/.well-known/did.json"); res.StatusCode != http.StatusNotFound {
		t.Errorf("document of another DID: got %d %s", res.StatusCode, body)
	}
}

// The name of the server's own host can be a handle: then the host names both the server and the account.
func TestHandleOfTheHost(t *testing.T) {
	t.Parallel()
	const host = "tower.example.com"
	s := startServer(t, t.TempDir(), "--hostname", host, "--handle-domains", ".example.com")
	if res, body := getHost(t, "GET", s.url+"/.well-known/atproto-did", host); res.StatusCode != http.StatusNotFound {
		t.Errorf("before somebody has the handle: got %d %s", res.StatusCode, body)
	}
	created, err := client(s.url, "").CreateAccount(t.Context(), signupOf(host))
	must(t, err)
	identities := comatproto.IdentityClient{Client: client(s.url, "").Client}
	resolved, err := identities.ResolveHandle(t.Context(), &comatproto.IdentityResolveHandleParams{Handle: host})
	must(t, err)
	if resolved.DID != created.DID {
		t.Errorf("%s: got %s, want %s", host, resolved.DID, created.DID)
	}
	if res, body := getHost(t, "GET", s.url+"/.well-known/atproto-did", host); res.StatusCode != http.StatusOK || body != string(created.DID) {
		t.Errorf("its domain: got %d %s, want %s", res.StatusCode, body, created.DID)
	}
	_, body := getHost(t, "GET", s.url+"/.well-known/did.json", host)
	wantContains(t, "document of the server", body, `"id":"did:web:`+host+`"`)
}

// The directory that the server is shows the identities of its accounts, and takes no others.
func TestDirectory(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	address := s.url + directoryPath + "/" + string(created.DID)
	_, body := get(t, address)
	wantContains(t, "document", body, `"id":"`+string(created.DID)+`"`, `"alsoKnownAs":["at://alice.test"]`, `"serviceEndpoint":"http://localhost:`)
	sent, err := json.Marshal(created.DIDDoc)
	must(t, err)
	if string(sent) != body {
		t.Errorf("document in the answer: got %s, want %s", sent, body)
	}
	_, body = get(t, address+"/log/audit")
	var log []struct {
		DID       string
		Nullified bool
		Operation struct{ Type string }
	}
	must(t, json.Unmarshal([]byte(body), &log))
	if len(log) != 1 || log[0].DID != string(created.DID) || log[0].Nullified || log[0].Operation.Type != "plc_operation" {
		t.Errorf("audit log: got %s", body)
	}
	for path, status := range map[string]int{
		address + "/data":                  http.StatusOK,
		address + "/log/last":              http.StatusOK,
		address + "/nothing":               http.StatusNotFound,
		s.url + directoryPath + "/_health": http.StatusOK,
		s.url + directoryPath + "/did:plc:" + strings.Repeat("a", 24): http.StatusNotFound,
		s.url + directoryPath: http.StatusNotFound,
	} {
		if res, body := get(t, path); res.StatusCode != status {
			t.Errorf("%s: got %d %s, want %d", path, res.StatusCode, body, status)
		}
	}
	key, err := didkey.Generate(rand.Reader)
	must(t, err)
	foreign := plc.Operation{Kind: plc.Update, State: plc.State{RotationKeys: []string{key.Public().String()}}}.Sign(key)
	operation, err := foreign.MarshalJSON()
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+directoryPath+"/"+string(foreign.DID()), bytes.NewReader(operation))
	must(t, err)
	res, body := do(t, r)
	if want := `{"message":"This directory only keeps identities that its own server creates"}`; res.StatusCode != http.StatusBadRequest || body != want {
		t.Errorf("foreign identity: got %d %s, want 400 %s", res.StatusCode, body, want)
	}
}

// A server that publishes elsewhere is no directory.
func TestNoDirectory(t *testing.T) {
	t.Parallel()
	outside := directorytest.New(t)
	s := startServer(t, t.TempDir(), "--plc-directory", outside.URL+"/")
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	if res, body := get(t, s.url+directoryPath+"/"+string(created.DID)); res.StatusCode != http.StatusNotFound {
		t.Errorf("own directory: got %d %s", res.StatusCode, body)
	}
	if _, err := outside.Directory.Document(t.Context(), created.DID); err != nil {
		t.Errorf("directory: %v", err)
	}
}
