package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/mr-tron/base58"
)

// knownOperation is the first operation of @bsky.app, as the public directory has
// it. Its second rotation key signed it.
//
// See https://plc.directory/did:plc:z72i7hdynmk6r22z27h6tvur/log.
func knownOperation() signedOperation {
	return signedOperation{
		genesisOperation: genesisOperation{
			RotationKeys: []string{
				"did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg",
				"did:key:zQ3shpKnbdPx3g3CmPf5cRVTPe1HtSwVn5ish3wSnDPQCbLJK",
			},
			SigningKey: "did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF",
			Handle:     "bluesky-team.bsky.social",
			Endpoint:   "https://bsky.social",
		},
		Signature: "9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA",
	}
}

func TestKnownOperation(t *testing.T) {
	t.Parallel()
	operation := knownOperation()
	if got, want := len(operation.encode()), 466; got != want {
		t.Errorf("size: got %d bytes, want %d", got, want)
	}
	if got, want := string(operation.did()), "did:plc:z72i7hdynmk6r22z27h6tvur"; got != want {
		t.Errorf("DID: got %s, want %s", got, want)
	}
	if got, want := string(operation.cid()), "bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm"; got != want {
		t.Errorf("CID: got %s, want %s", got, want)
	}
	wantSignedBy(t, operation, operation.RotationKeys[1])
}

// wantSignedBy checks the signature: 64 bytes with a low S.
func wantSignedBy(t *testing.T, operation signedOperation, key string) {
	t.Helper()
	signature, err := base64.RawURLEncoding.Strict().DecodeString(operation.Signature)
	if err != nil || len(signature) != 64 {
		t.Fatalf("signature %q: got %d bytes, %v, want 64", operation.Signature, len(signature), err)
	}
	var r, s secp256k1.ModNScalar
	if r.SetByteSlice(signature[:32]) || s.SetByteSlice(signature[32:]) {
		t.Fatal("signature is out of range")
	}
	if s.IsOverHalfOrder() {
		t.Error("signature has a high S")
	}
	digest := sha256.Sum256(operation.genesisOperation.encode())
	if !ecdsa.NewSignature(&r, &s).Verify(digest[:], parsePublicKey(t, key)) {
		t.Errorf("operation is not signed by %s", key)
	}
}

// parsePublicKey reads the did:key of a secp256k1 key.
func parsePublicKey(t *testing.T, key string) *secp256k1.PublicKey {
	t.Helper()
	b, err := base58.Decode(strings.TrimPrefix(key, "did:key:z"))
	if err != nil {
		t.Fatal(err)
	}
	public, err := secp256k1.ParsePubKey(b[2:])
	if err != nil {
		t.Fatal(err)
	}
	return public
}

// Signing is deterministic, and of a hundred signatures none has a high S.
func TestSign(t *testing.T) {
	t.Parallel()
	key := secp256k1.PrivKeyFromBytes([]byte("a private key of thirty-two byte"))
	public := formatDIDKey(key.PubKey())
	operation := knownOperation().genesisOperation
	for i := range 100 {
		operation.Endpoint = "https://example.com/" + strings.Repeat("x", i)
		signed := operation.sign(key)
		wantSignedBy(t, signed, public)
		if again := operation.sign(key); again.Signature != signed.Signature {
			t.Fatalf("signing twice: got %s and %s", signed.Signature, again.Signature)
		}
	}
}

func TestOperationJSON(t *testing.T) {
	t.Parallel()
	got, err := knownOperation().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"plc_operation",` +
		`"rotationKeys":["did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg","did:key:zQ3shpKnbdPx3g3CmPf5cRVTPe1HtSwVn5ish3wSnDPQCbLJK"],` +
		`"verificationMethods":{"atproto":"did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"},` +
		`"alsoKnownAs":["at://bluesky-team.bsky.social"],` +
		`"services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":"https://bsky.social"}},` +
		`"prev":null,` +
		`"sig":"9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The examples are those of https://www.rfc-editor.org/rfc/rfc8949#appendix-A.
func TestDAGCBOR(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value cborValue
		want  string
	}{
		{"null", cborNull{}, "f6"},
		{"empty text", cborText(""), "60"},
		{"text", cborText("IETF"), "6449455446"},
		{"text beyond ASCII", cborText("\u6c34"), "63e6b0b4"},
		{"empty array", cborArray{}, "80"},
		{"array", cborArray{cborText("a"), cborNull{}}, "826161f6"},
		{"empty map", cborMap{}, "a0"},
		{"map in order", cborMap{{"a", cborText("A")}, {"b", cborText("B")}}, "a26161614161626142"},
		{"map out of order", cborMap{{"b", cborText("B")}, {"a", cborText("A")}}, "a26161614161626142"},
		{"shorter keys first", cborMap{{"aa", cborNull{}}, {"b", cborNull{}}}, "a26162f6626161f6"},
		{"nested", cborArray{cborText("a"), cborMap{{"b", cborText("c")}}}, "826161a161626163"},
		{"23 bytes", cborText(strings.Repeat("x", 23)), "77" + strings.Repeat("78", 23)},
		{"24 bytes", cborText(strings.Repeat("x", 24)), "7818" + strings.Repeat("78", 24)},
		{"255 bytes", cborText(strings.Repeat("x", 255)), "78ff" + strings.Repeat("78", 255)},
		{"256 bytes", cborText(strings.Repeat("x", 256)), "790100" + strings.Repeat("78", 256)},
		{"65536 bytes", cborText(strings.Repeat("x", 65536)), "7a00010000" + strings.Repeat("78", 65536)},
	}
	for _, tt := range tests {
		if got := hex.EncodeToString(tt.value.appendTo(nil)); got != tt.want {
			t.Errorf("%s: got %.80s, want %.80s", tt.name, got, tt.want)
		}
	}
}
