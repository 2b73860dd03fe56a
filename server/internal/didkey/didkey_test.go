package didkey_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// Keys of the protocol's own examples, one on each curve.
//
// See https://atproto.com/specs/cryptography.
const (
	exampleP256 = "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"
	exampleK256 = "did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"
)

// Prefixes of the two kinds of keys.
const (
	multicodecK256 = "\xe7\x01"
	multicodecP256 = "\x80\x24"
)

// Keys of documents of https://atproto.com/specs/did#did-documents in their older form.
const (
	legacyK256   = "zQYEBzXeuTM9UR3rfvNag6L3RNAs5pQZyYPsomTsgQhsxLdEgCrPTLgFna8yqCnxPpNT7DBk6Ym3dgPKNu86vt9GR"
	legacyK256As = "did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"
)

func TestParse(t *testing.T) {
	t.Parallel()
	p256 := newP256(t)
	uncompressed, err := p256.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	compressed := append([]byte{2 | uncompressed[64]&1}, uncompressed[1:33]...)
	notOnCurve := append([]byte{2}, bytes.Repeat([]byte{0xff}, 32)...)
	tests := []struct {
		name string
		key  string
		ok   bool
	}{
		{"example on P-256", exampleP256, true},
		{"example on secp256k1", exampleK256, true},
		{"new on P-256", format(multicodecP256, compressed), true},
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
		{"uncompressed point", format(multicodecP256, uncompressed), false},
		{"point of another form", format(multicodecK256, append([]byte{4}, notOnCurve[1:]...)), false},
		{"not on secp256k1", format(multicodecK256, notOnCurve), false},
		{"not on P-256", format(multicodecP256, notOnCurve), false},
		{"Ed25519", format("\xed\x01", notOnCurve), false},
		{"long", "did:key:z" + strings.Repeat("1", 100_000), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key, err := didkey.Parse(tt.key)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v, want ok %t", err, tt.ok)
			}
			if err == nil && key.String() != tt.key {
				t.Errorf("String: got %s, want %s", key, tt.key)
			}
		})
	}
}

func TestAlgorithm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{exampleK256: "ES256K", exampleP256: "ES256"} {
		if got := parse(t, text).Algorithm(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestParseVerificationMethod(t *testing.T) {
	t.Parallel()
	const multikey, oldK256, oldP256 = "Multikey", "EcdsaSecp256k1VerificationKey2019", "EcdsaSecp256r1VerificationKey2019"
	p256 := newP256(t)
	uncompressed, err := p256.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	wantP256 := format(multicodecP256, append([]byte{2 | uncompressed[64]&1}, uncompressed[1:33]...))
	hybrid := append([]byte{6 | uncompressed[64]&1}, uncompressed[1:]...)
	otherY := bytes.Clone(uncompressed)
	otherY[40] ^= 1
	tests := []struct {
		name            string
		kind, multibase string
		want            string // empty if it is refused
	}{
		{"Multikey", multikey, strings.TrimPrefix(exampleK256, "did:key:"), exampleK256},
		{"older type", oldK256, legacyK256, legacyK256As},
		{"older type on P-256", oldP256, bare(uncompressed), wantP256},
		{"older type, compressed", oldK256, bare(base58Of(t, exampleK256)[2:]), exampleK256},
		{"older type on the other curve", oldP256, legacyK256, ""},
		{"older type with a Multikey", oldK256, strings.TrimPrefix(exampleK256, "did:key:"), ""},
		{"Multikey without its kind", multikey, legacyK256, ""},
		{"hybrid form", oldP256, bare(hybrid), ""},
		{"point with another y", oldP256, bare(otherY), ""},
		{"unknown type", "JsonWebKey2020", strings.TrimPrefix(exampleK256, "did:key:"), ""},
		{"other base", oldK256, "u" + legacyK256[1:], ""},
		{"empty", multikey, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key, err := didkey.ParseVerificationMethod(tt.kind, tt.multibase)
			if (err == nil) != (tt.want != "") {
				t.Fatalf("got error %v, want key %q", err, tt.want)
			}
			if err == nil && key.String() != tt.want {
				t.Errorf("got %s, want %s", key, tt.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	message := []byte("hello")
	k256, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256 := newP256(t)
	uncompressed, err := p256.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	p256Public := parse(t, format(multicodecP256, append([]byte{2 | uncompressed[64]&1}, uncompressed[1:33]...)))
	curves := []struct {
		name      string
		key       didkey.PublicKey
		signature []byte
		order     *big.Int
	}{
		{"secp256k1", k256.Public(), k256.Sign(message), secp256k1.Params().N},
		{"P-256", p256Public, signP256(t, p256, message), elliptic.P256().Params().N},
	}
	for _, curve := range curves {
		zero := make([]byte, 32)
		tests := []struct {
			name            string
			message         string
			signature       []byte
			strict, lenient bool
		}{
			{"right", "hello", curve.signature, true, true},
			{"high S", "hello", otherS(curve.signature, curve.order), false, true},
			{"other message", "hullo", curve.signature, false, false},
			{"short", "hello", curve.signature[:63], false, false},
			{"long", "hello", append(bytes.Clone(curve.signature), 0), false, false},
			{"empty", "hello", nil, false, false},
			{"zero r", "hello", append(bytes.Clone(zero), curve.signature[32:]...), false, false},
			{"zero s", "hello", append(bytes.Clone(curve.signature[:32]), zero...), false, false},
			{"s out of range", "hello", append(bytes.Clone(curve.signature[:32]), curve.order.Bytes()...), false, false},
			{"r out of range", "hello", append(curve.order.Bytes(), curve.signature[32:]...), false, false},
		}
		for _, tt := range tests {
			t.Run(curve.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				if got := curve.key.Verify([]byte(tt.message), tt.signature); got != tt.strict {
					t.Errorf("Verify: got %t, want %t", got, tt.strict)
				}
				if got := curve.key.VerifyLenient([]byte(tt.message), tt.signature); got != tt.lenient {
					t.Errorf("VerifyLenient: got %t, want %t", got, tt.lenient)
				}
			})
		}
	}
	if p256Public.VerifyLenient(message, k256.Sign(message)) {
		t.Error("a key on P-256 accepts the signature of one on secp256k1")
	}
}

// Signing is deterministic, and of a hundred signatures none has a high S.
func TestSign(t *testing.T) {
	t.Parallel()
	key, err := didkey.ParsePrivate([]byte("a private key of thirty-two byte"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		message := fmt.Appendf(nil, "message %d", i)
		signature := key.Sign(message)
		if !key.Public().Verify(message, signature) {
			t.Fatalf("Verify refuses the signature %x of %q", signature, message)
		}
		if again := key.Sign(message); !bytes.Equal(again, signature) {
			t.Fatalf("signing twice: got %x and %x", signature, again)
		}
	}
}

func TestPrivateKey(t *testing.T) {
	t.Parallel()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := didkey.ParsePrivate(key.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.Public().String(), key.Public().String(); got != want {
		t.Errorf("got the key of %s, want that of %s", got, want)
	}
	if _, err := didkey.Generate(strings.NewReader("few")); err == nil {
		t.Error("Generate succeeded without random bytes")
	}
}

func TestParsePrivateErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		key  []byte
	}{
		{"none", nil},
		{"short", make([]byte, 31)},
		{"long", bytes.Repeat([]byte{1}, 33)},
		{"zero", make([]byte, 32)},
		{"out of range", secp256k1.Params().N.Bytes()},
	}
	for _, tt := range tests {
		if _, err := didkey.ParsePrivate(tt.key); err == nil {
			t.Errorf("%s: ParsePrivate succeeded", tt.name)
		}
	}
}

// A key that is accepted is one of the two kinds, and has this one spelling.
func FuzzParse(f *testing.F) {
	f.Add(exampleP256)
	f.Add(exampleK256)
	f.Add("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
	f.Add("did:key:z")
	f.Fuzz(func(t *testing.T, s string) {
		key, err := didkey.Parse(s)
		if err != nil {
			return
		}
		if got := key.String(); got != s {
			t.Errorf("Parse accepts %q, which is written %q", s, got)
		}
		if !syntax.DID(s).Valid() {
			t.Errorf("Parse accepts %q, which is no DID", s)
		}
	})
}

func parse(t *testing.T, s string) didkey.PublicKey {
	t.Helper()
	key, err := didkey.Parse(s)
	if err != nil {
		t.Fatalf("parse %s: %v", s, err)
	}
	return key
}

// format writes whatever bytes as a did:key.
func format(multicodec string, b []byte) string {
	return "did:key:" + bare(append([]byte(multicodec), b...))
}

func bare(b []byte) string {
	return "z" + base58.Encode(b)
}

func base58Of(t *testing.T, key string) []byte {
	t.Helper()
	b, err := base58.Decode(strings.TrimPrefix(key, "did:key:z"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newP256(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// signP256 returns a signature with a low S.
func signP256(t *testing.T, key *ecdsa.PrivateKey, message []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	order := elliptic.P256().Params().N
	if s.Cmp(new(big.Int).Rsh(order, 1)) > 0 {
		return otherS(signature, order)
	}
	return signature
}

// otherS returns the other signature that fits: that with the order less S.
func otherS(signature []byte, order *big.Int) []byte {
	other := bytes.Clone(signature)
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(order, s).FillBytes(other[32:])
	return other
}
