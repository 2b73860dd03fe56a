package plc_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// knownOperation is the first operation of @bsky.app, as the public directory has it.
// Its second rotation key signed it.
//
// See https://plc.directory/did:plc:z72i7hdynmk6r22z27h6tvur/log.
const knownOperation = `{"type":"plc_operation",` +
	`"rotationKeys":["did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg","did:key:zQ3shpKnbdPx3g3CmPf5cRVTPe1HtSwVn5ish3wSnDPQCbLJK"],` +
	`"verificationMethods":{"atproto":"did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"},` +
	`"alsoKnownAs":["at://bluesky-team.bsky.social"],` +
	`"services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":"https://bsky.social"}},` +
	`"prev":null,` +
	`"sig":"9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA"}`

func TestKnownOperation(t *testing.T) {
	t.Parallel()
	operation := parse(t, knownOperation)
	if got, want := plc.Size(operation), 466; got != want {
		t.Errorf("size: got %d bytes, want %d", got, want)
	}
	if got, want := operation.DID(), syntax.DID("did:plc:z72i7hdynmk6r22z27h6tvur"); got != want {
		t.Errorf("DID: got %s, want %s", got, want)
	}
	if got, want := operation.CID(), syntax.CID("bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm"); got != want {
		t.Errorf("CID: got %s, want %s", got, want)
	}
	for i, want := range []bool{false, true} {
		key, err := didkey.Parse(operation.State.RotationKeys[i])
		if err != nil {
			t.Fatal(err)
		}
		if got := operation.SignedBy(key); got != want {
			t.Errorf("SignedBy key %d: got %t, want %t", i, got, want)
		}
	}
	if got := toJSON(t, operation); got != knownOperation {
		t.Errorf("got  %s\nwant %s", got, knownOperation)
	}
	if _, err := plc.Next(operation.DID(), nil, operation, knownTime); err != nil {
		t.Errorf("Next: %v", err)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	operation := update("", key.Public().String()).Sign(key)
	if !operation.SignedBy(key.Public()) {
		t.Errorf("%s is not signed by %s", toJSON(t, operation), key.Public())
	}
	if again := operation.Sign(key); again.Signature != operation.Signature {
		t.Errorf("signing twice: got %s and %s", operation.Signature, again.Signature)
	}
}

func TestParseKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       plc.Kind
		state      plc.State
	}{
		{"update", knownOperation, plc.Update, parse(t, knownOperation).State},
		{"tombstone", `{"type":"plc_tombstone","prev":"bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm","sig":"x"}`, plc.Tombstone, plc.State{}},
		{
			"create",
			`{"type":"create","signingKey":"did:key:zS","recoveryKey":"did:key:zR","handle":"alice.test","service":"https://pds.test","prev":null,"sig":"x"}`,
			plc.Create,
			plc.State{
				RotationKeys:        []string{"did:key:zR", "did:key:zS"},
				VerificationMethods: map[string]string{"atproto": "did:key:zS"},
				AlsoKnownAs:         []string{"at://alice.test"},
				Services:            map[string]plc.Service{"atproto_pds": {Type: "AtprotoPersonalDataServer", Endpoint: "https://pds.test"}},
			},
		},
		{
			"update of nothing",
			`{"type":"plc_operation","rotationKeys":[],"verificationMethods":{},"alsoKnownAs":[],"services":{},"prev":null,"sig":"x"}`,
			plc.Update,
			plc.State{RotationKeys: []string{}, VerificationMethods: map[string]string{}, AlsoKnownAs: []string{}, Services: map[string]plc.Service{}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			operation := parse(t, tt.text)
			if operation.Kind != tt.want {
				t.Errorf("kind: got %s, want %s", operation.Kind, tt.want)
			}
			if diff := cmp.Diff(tt.state, operation.State); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			if got := toJSON(t, operation); got != tt.text {
				t.Errorf("got  %s\nwant %s", got, tt.text)
			}
		})
	}
}

// A host without a scheme was once as good as a URL.
func TestParseCreateOfHosts(t *testing.T) {
	t.Parallel()
	state := parse(t, `{"type":"create","signingKey":"s","recoveryKey":"r","handle":"https://alice.test","service":"pds.test","prev":null,"sig":"x"}`).State
	if got, want := state.AlsoKnownAs[0], "at://alice.test"; got != want {
		t.Errorf("alias: got %s, want %s", got, want)
	}
	if got, want := state.Services["atproto_pds"].Endpoint, "https://pds.test"; got != want {
		t.Errorf("endpoint: got %s, want %s", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	swap := func(old, new string) string { return strings.Replace(knownOperation, old, new, 1) }
	tests := []struct{ name, text string }{
		{"nothing", ""},
		{"no object", `"plc_operation"`},
		{"array", "[" + knownOperation + "]"},
		{"more behind it", knownOperation + knownOperation},
		{"no type", swap(`"type":"plc_operation",`, "")},
		{"unknown type", swap("plc_operation", "plc_update")},
		{"type of another case", swap(`"type"`, `"Type"`)},
		{"no sig", swap(`,"sig":"9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA"`, "")},
		{"empty sig", swap("9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA", "")},
		{"no prev", swap(`"prev":null,`, "")},
		{"empty prev", swap(`"prev":null`, `"prev":""`)},
		{"prev that is no CID", swap(`"prev":null`, `"prev":"a b"`)},
		{"prev of another type", swap(`"prev":null`, `"prev":1`)},
		{"unknown field", swap(`"prev":null`, `"prev":null,"note":""`)},
		{"field of another kind", swap(`"prev":null`, `"prev":null,"handle":"alice.test"`)},
		{"field twice", swap(`"prev":null`, `"prev":null,"prev":null`)},
		{"method twice", swap(`"verificationMethods":{`, `"verificationMethods":{"atproto":"did:key:z",`)},
		{"null for a list", swap(`["at://bluesky-team.bsky.social"]`, "null")},
		{"number in a list", swap(`"at://bluesky-team.bsky.social"`, "1")},
		{"text for a list", swap(`["at://bluesky-team.bsky.social"]`, `"at://bluesky-team.bsky.social"`)},
		{"service without a type", swap(`"type":"AtprotoPersonalDataServer",`, "")},
		{"service with more", swap(`"endpoint":`, `"note":"","endpoint":`)},
		{"service as text", swap(`{"type":"AtprotoPersonalDataServer","endpoint":"https://bsky.social"}`, `"https://bsky.social"`)},
		{"half a surrogate", swap("bluesky-team", `\ud800`)},
		{"invalid UTF-8", swap("bluesky-team", "\xff")},
		{"deep", swap(`"prev":null`, `"prev":`+strings.Repeat("[", 1000)+strings.Repeat("]", 1000))},
		{"long", swap("bluesky-team", strings.Repeat("x", plc.MaxJSON))},
		{"tombstone of nothing", `{"type":"plc_tombstone","prev":null,"sig":"x"}`},
		{"create of the second kind", `{"type":"create","signingKey":"s","recoveryKey":"r","handle":"h","service":"s","prev":"bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm","sig":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := plc.Parse([]byte(tt.text)); !errors.Is(err, plc.ErrInvalid) {
				t.Errorf("got %+v, %v, want %v", got, err, plc.ErrInvalid)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	keys := make([]string, 11)
	for i := range keys {
		keys[i] = newK256(t).did
	}
	many := func(n int, entry func(i int) string) []string {
		entries := make([]string, n)
		for i := range entries {
			entries[i] = entry(i)
		}
		return entries
	}
	alias := func(i int) string { return fmt.Sprintf("at://%d.test", i) }
	methods := func(n int) map[string]string {
		named := map[string]string{}
		for _, name := range many(n, alias) {
			named[name] = keys[0]
		}
		return named
	}
	services := func(n int) map[string]plc.Service {
		named := map[string]plc.Service{}
		for _, name := range many(n, alias) {
			named[name] = plc.Service{Type: "T", Endpoint: "https://x.test"}
		}
		return named
	}
	service := func(name, kind, endpoint string) map[string]plc.Service {
		return map[string]plc.Service{name: {Type: kind, Endpoint: endpoint}}
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	tests := []struct {
		name   string
		change func(o *plc.Operation)
		ok     bool
	}{
		{"as it is", func(*plc.Operation) {}, true},
		{"10 rotation keys", func(o *plc.Operation) { o.State.RotationKeys = keys[:10] }, true},
		{"11 rotation keys", func(o *plc.Operation) { o.State.RotationKeys = keys }, false},
		{"no rotation key", func(o *plc.Operation) { o.State.RotationKeys = nil }, false},
		{"rotation key twice", func(o *plc.Operation) { o.State.RotationKeys = []string{keys[0], keys[0]} }, false},
		{"rotation key of another kind", func(o *plc.Operation) { o.State.RotationKeys = []string{ed25519} }, false},
		{"method of another kind", func(o *plc.Operation) { o.State.VerificationMethods["x"] = ed25519 }, true},
		{"method that is no key", func(o *plc.Operation) { o.State.VerificationMethods["x"] = "did:web:x.test" }, false},
		{"long key", func(o *plc.Operation) { o.State.VerificationMethods["x"] = "did:key:z" + x(248) }, false},
		{"no methods", func(o *plc.Operation) { o.State.VerificationMethods = nil }, true},
		{"10 methods", func(o *plc.Operation) { o.State.VerificationMethods = methods(10) }, true},
		{"11 methods", func(o *plc.Operation) { o.State.VerificationMethods = methods(11) }, false},
		{"long name of a method", func(o *plc.Operation) { o.State.VerificationMethods[x(33)] = keys[0] }, false},
		{"empty name of a method", func(o *plc.Operation) { o.State.VerificationMethods[""] = keys[0] }, false},
		{"no aliases", func(o *plc.Operation) { o.State.AlsoKnownAs = nil }, true},
		{"10 aliases", func(o *plc.Operation) { o.State.AlsoKnownAs = many(10, alias) }, true},
		{"11 aliases", func(o *plc.Operation) { o.State.AlsoKnownAs = many(11, alias) }, false},
		{"alias of 258 bytes", func(o *plc.Operation) { o.State.AlsoKnownAs = []string{x(258)} }, true},
		{"alias of 259 bytes", func(o *plc.Operation) { o.State.AlsoKnownAs = []string{x(259)} }, false},
		{"empty alias", func(o *plc.Operation) { o.State.AlsoKnownAs = []string{""} }, false},
		{"alias twice", func(o *plc.Operation) { o.State.AlsoKnownAs = []string{"at://a.test", "at://a.test"} }, false},
		{"no services", func(o *plc.Operation) { o.State.Services = nil }, true},
		{"10 services", func(o *plc.Operation) { o.State.Services = services(10) }, true},
		{"11 services", func(o *plc.Operation) { o.State.Services = services(11) }, false},
		{"longest service", func(o *plc.Operation) { o.State.Services = service(x(32), x(256), x(512)) }, true},
		{"long name of a service", func(o *plc.Operation) { o.State.Services = service(x(33), "T", "https://x.test") }, false},
		{"long type", func(o *plc.Operation) { o.State.Services = service("x", x(257), "https://x.test") }, false},
		{"long endpoint", func(o *plc.Operation) { o.State.Services = service("x", "T", x(513)) }, false},
		{"empty name of a service", func(o *plc.Operation) { o.State.Services = service("", "T", "https://x.test") }, false},
		{"empty type", func(o *plc.Operation) { o.State.Services = service("x", "", "https://x.test") }, false},
		{"empty endpoint", func(o *plc.Operation) { o.State.Services = service("x", "T", "") }, false},
		{"tombstone", func(o *plc.Operation) { o.Kind = plc.Tombstone }, true},
		{"create", func(o *plc.Operation) { o.Kind = plc.Create }, false},
		{"4000 bytes", func(o *plc.Operation) { o.Signature += x(plc.MaxBytes - plc.Size(*o)) }, true},
		{"4001 bytes", func(o *plc.Operation) { o.Signature += x(plc.MaxBytes + 1 - plc.Size(*o)) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			operation := update("", keys[0])
			operation.Signature = x(300)
			tt.change(&operation)
			err := operation.Check()
			if (err == nil) != tt.ok || err != nil && !errors.Is(err, plc.ErrInvalid) {
				t.Errorf("got %v, want ok %t", err, tt.ok)
			}
		})
	}
}

func TestValidDID(t *testing.T) {
	t.Parallel()
	for did, want := range map[syntax.DID]bool{
		"did:plc:z72i7hdynmk6r22z27h6tvur":  true,
		"did:plc:z72i7hdynmk6r22z27h6tvu":   false,
		"did:plc:z72i7hdynmk6r22z27h6tvurx": false,
		"did:plc:Z72i7hdynmk6r22z27h6tvur":  false,
		"did:plc:z72i7hdynmk6r22z27h6tvu1":  false,
		"did:web:z72i7hdynmk6r22z27h6tvur":  false,
		"":                                  false,
	} {
		if got := plc.ValidDID(did); got != want {
			t.Errorf("%s: got %t, want %t", did, got, want)
		}
	}
}

// What is read and written again is the same operation.
func FuzzParse(f *testing.F) {
	f.Add([]byte(knownOperation))
	f.Add([]byte(`{"type":"plc_tombstone","prev":"bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm","sig":"x"}`))
	f.Add([]byte(`{"type":"create","signingKey":"s","recoveryKey":"r","handle":"<&>","service":"s","prev":null,"sig":"\u2028"}`))
	f.Add([]byte(`{"type":"plc_operation","rotationKeys":[],"verificationMethods":{},"alsoKnownAs":[],"services":{},"prev":null,"sig":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		operation, err := plc.Parse(text)
		if err != nil {
			return
		}
		written := toJSON(t, operation)
		if len(written) > plc.MaxJSON {
			return
		}
		again := parse(t, written)
		if got, want := again.CID(), operation.CID(); got != want {
			t.Errorf("%s has the CID %s, and read again %s", text, want, got)
		}
	})
}

func parse(t *testing.T, text string) plc.Operation {
	t.Helper()
	operation, err := plc.Parse([]byte(text))
	if err != nil {
		t.Fatalf("parse %s: %v", text, err)
	}
	return operation
}
