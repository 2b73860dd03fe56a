package identity

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Keys of the protocol's own examples, one on each curve.
//
// See https://atproto.com/specs/cryptography.
const (
	exampleP256 = "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"
	exampleK256 = "did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"
)

// fakeSealer writes the purpose in front of the secret.
type fakeSealer struct{ err error }

func (s fakeSealer) Seal(purpose string, secret []byte) ([]byte, error) {
	return append([]byte(purpose+" "), secret...), s.err
}

func newPLC(t *testing.T, change func(c *Config)) (*PLC, error) {
	t.Helper()
	rotationKey, err := GenerateRotationKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{
		RotationKey: rotationKey,
		PublicURL:   "http://localhost:2583/",
		Sealer:      fakeSealer{},
		Rand:        rand.Reader,
	}
	if change != nil {
		change(&config)
	}
	return NewPLC(config)
}

// A genesis is what anybody can check: the operation is signed by the server's key,
// and the DID follows from it.
func TestNewGenesis(t *testing.T) {
	t.Parallel()
	plc, err := newPLC(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, recoveryKey := range []string{"", exampleP256, exampleK256} {
		t.Run("recovery key "+recoveryKey, func(t *testing.T) {
			t.Parallel()
			genesis, err := plc.NewGenesis("alice.test", recoveryKey)
			if err != nil {
				t.Fatal(err)
			}
			operation := decodeOperation(t, genesis.Operation)
			wantKeys := slices.DeleteFunc([]string{recoveryKey, plc.rotationDID}, func(key string) bool { return key == "" })
			if !slices.Equal(operation.RotationKeys, wantKeys) {
				t.Errorf("rotation keys: got %v, want %v", operation.RotationKeys, wantKeys)
			}
			if operation.Handle != "alice.test" || operation.Endpoint != "http://localhost:2583" {
				t.Errorf("got handle %s at %s", operation.Handle, operation.Endpoint)
			}
			wantSignedBy(t, operation, plc.rotationDID)
			if genesis.DID != operation.did() || !genesis.DID.Valid() || len(genesis.DID) != len("did:plc:")+24 {
				t.Errorf("DID: got %s, want %s", genesis.DID, operation.did())
			}
			if genesis.CID != operation.cid() || !genesis.CID.Valid() {
				t.Errorf("CID: got %s, want %s", genesis.CID, operation.cid())
			}
			wantSealedKey(t, genesis, operation.SigningKey)
		})
	}
}

// wantSealedKey checks that the private key was sealed for the DID, and is that of
// the public one.
func wantSealedKey(t *testing.T, genesis account.Genesis, public string) {
	t.Helper()
	secret, ok := bytes.CutPrefix(genesis.SealedSigningKey, []byte(genesis.DID+" "))
	if !ok {
		t.Fatalf("the signing key is not sealed for %s", genesis.DID)
	}
	private, err := parsePrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	if got := formatDIDKey(private.PubKey()); got != public || genesis.SigningPublicKey != public {
		t.Errorf("signing key: got %s and %s, want %s", got, genesis.SigningPublicKey, public)
	}
}

// decodeOperation reads an operation as a directory would.
func decodeOperation(t *testing.T, text []byte) signedOperation {
	t.Helper()
	var o struct {
		Type                string
		RotationKeys        []string
		VerificationMethods map[string]string
		AlsoKnownAs         []string
		Services            map[string]struct{ Type, Endpoint string }
		Prev                *string
		Sig                 string
	}
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	if o.Type != "plc_operation" || o.Prev != nil || len(o.AlsoKnownAs) != 1 || o.Services["atproto_pds"].Type != "AtprotoPersonalDataServer" {
		t.Fatalf("not a genesis operation: %s", text)
	}
	return signedOperation{
		genesisOperation: genesisOperation{
			RotationKeys: o.RotationKeys,
			SigningKey:   o.VerificationMethods["atproto"],
			Handle:       syntax.Handle(strings.TrimPrefix(o.AlsoKnownAs[0], "at://")),
			Endpoint:     o.Services["atproto_pds"].Endpoint,
		},
		Signature: o.Sig,
	}
}

func TestGenesisIsUnique(t *testing.T) {
	t.Parallel()
	plc, err := newPLC(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := plc.NewGenesis("alice.test", "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := plc.NewGenesis("alice.test", "")
	if err != nil {
		t.Fatal(err)
	}
	if first.DID == second.DID || first.SigningPublicKey == second.SigningPublicKey {
		t.Errorf("two accounts have the identity %s and the key %s", first.DID, first.SigningPublicKey)
	}
}

func TestRecoveryKeyErrors(t *testing.T) {
	t.Parallel()
	plc, err := newPLC(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{plc.rotationDID, "did:key:", "nonsense", " " + exampleK256, "did:plc:z72i7hdynmk6r22z27h6tvur"} {
		if _, err := plc.NewGenesis("alice.test", key); !errors.Is(err, account.ErrInvalidRecoveryKey) {
			t.Errorf("NewGenesis with recovery key %q: got %v, want %v", key, err, account.ErrInvalidRecoveryKey)
		}
	}
}

func TestNewGenesisFaults(t *testing.T) {
	t.Parallel()
	errFault := errors.New("a fault")
	tests := []struct {
		name   string
		change func(c *Config)
		want   error
	}{
		{"no random bytes", func(c *Config) { c.Rand = strings.NewReader("few") }, nil},
		{"no sealing", func(c *Config) { c.Sealer = fakeSealer{errFault} }, errFault},
	}
	for _, tt := range tests {
		plc, err := newPLC(t, tt.change)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plc.NewGenesis("alice.test", ""); err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want an error", tt.name, err)
		}
	}
}

func TestNewPLCErrors(t *testing.T) {
	t.Parallel()
	order := secp256k1.Params().N.Bytes()
	tests := []struct {
		name   string
		change func(c *Config)
	}{
		{"no key", func(c *Config) { c.RotationKey = nil }},
		{"short key", func(c *Config) { c.RotationKey = c.RotationKey[:31] }},
		{"zero key", func(c *Config) { c.RotationKey = make([]byte, 32) }},
		{"key out of range", func(c *Config) { c.RotationKey = order }},
		{"no URL", func(c *Config) { c.PublicURL = "" }},
		{"URL without scheme", func(c *Config) { c.PublicURL = "example.com" }},
		{"URL of another scheme", func(c *Config) { c.PublicURL = "ftp://example.com" }},
	}
	for _, tt := range tests {
		if _, err := newPLC(t, tt.change); err == nil {
			t.Errorf("%s: NewPLC succeeded", tt.name)
		}
	}
}

func TestCheckDIDKey(t *testing.T) {
	t.Parallel()
	p256 := newP256(t)
	uncompressed := formatBytes(multicodecP256, p256)
	compressed := formatBytes(multicodecP256, append([]byte{2 | p256[64]&1}, p256[1:33]...))
	notOnCurve := append([]byte{2}, bytes.Repeat([]byte{0xff}, 32)...)
	tests := []struct {
		name string
		key  string
		ok   bool
	}{
		{"example on P-256", exampleP256, true},
		{"example on secp256k1", exampleK256, true},
		{"new on P-256", compressed, true},
		{"empty", "", false},
		{"no key", "did:key:z", false},
		{"other base", strings.Replace(exampleK256, "did:key:z", "did:key:u", 1), false},
		{"other method", strings.Replace(exampleK256, "did:key:z", "did:web:z", 1), false},
		{"capitals", strings.ToUpper(exampleK256), false},
		{"with fragment", exampleK256 + "#x", false},
		{"one character more", exampleK256 + "1", false},
		{"one character less", exampleK256[:len(exampleK256)-1], false},
		{"leading zero", strings.Replace(exampleK256, "did:key:z", "did:key:z1", 1), false},
		{"not base58", strings.Replace(exampleK256, "Q3sh", "0OIl", 1), false},
		{"uncompressed point", uncompressed, false},
		{"point of another form", formatBytes(multicodecK256, append([]byte{4}, notOnCurve[1:]...)), false},
		{"not on secp256k1", formatBytes(multicodecK256, notOnCurve), false},
		{"not on P-256", formatBytes(multicodecP256, notOnCurve), false},
		{"Ed25519", formatBytes("\xed\x01", notOnCurve), false},
		{"long", "did:key:z" + strings.Repeat("1", 100_000), false},
	}
	for _, tt := range tests {
		if err := checkDIDKey(tt.key); (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want ok %t", tt.name, err, tt.ok)
		}
	}
}

// formatBytes writes whatever bytes as a did:key.
func formatBytes(multicodec string, b []byte) string {
	return didKeyPrefix + base58.Encode(append([]byte(multicodec), b...))
}

// newP256 returns the uncompressed point of a new key.
func newP256(t *testing.T) []byte {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key.PublicKey().Bytes()
}

// A key that is accepted is one of the two kinds, and has this one spelling.
func FuzzCheckDIDKey(f *testing.F) {
	f.Add(exampleP256)
	f.Add(exampleK256)
	f.Add("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
	f.Add("did:key:z")
	f.Fuzz(func(t *testing.T, s string) {
		if checkDIDKey(s) != nil {
			return
		}
		b, err := base58.Decode(strings.TrimPrefix(s, didKeyPrefix))
		if err != nil || len(b) != 35 {
			t.Fatalf("checkDIDKey(%q) accepts %d bytes, %v", s, len(b), err)
		}
		if got := formatBytes(string(b[:2]), b[2:]); got != s {
			t.Errorf("checkDIDKey accepts %q, which is written %q", s, got)
		}
		if !syntax.DID(s).Valid() {
			t.Errorf("checkDIDKey accepts %q, which is no DID", s)
		}
	})
}
