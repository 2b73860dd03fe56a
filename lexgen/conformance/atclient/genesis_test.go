package atclient_test

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atcrypto"
	"github.com/bluesky-social/indigo/atproto/atdata"
	"github.com/google/go-cmp/cmp"
	"github.com/ipfs/go-cid"
	"github.com/multiformats/go-multihash"
)

// operation is a genesis operation, see
// https://web.plc.directory/spec/v0.1/did-plc#operation-serialization-signing-and-validation.
type operation struct {
	Type                string             `json:"type"`
	RotationKeys        []string           `json:"rotationKeys"`
	VerificationMethods map[string]string  `json:"verificationMethods"`
	AlsoKnownAs         []string           `json:"alsoKnownAs"`
	Services            map[string]service `json:"services"`
	Prev                *string            `json:"prev"`
	Sig                 string             `json:"sig"`
}

type service struct {
	Type     string `json:"type"`
	Endpoint string `json:"endpoint"`
}

// stored is an entry of the log of an identity, see https://web.plc.directory/api/redoc.
type stored struct {
	DID       string          `json:"did"`
	CID       string          `json:"cid"`
	Operation json.RawMessage `json:"operation"`
	Nullified bool            `json:"nullified"`
	CreatedAt string          `json:"createdAt"`
}

// TestGenesis derives the DIDs again from the operations in the server's directory, with encoders and
// cryptography that are not the server's.
func TestGenesis(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	k256, p256 := newRecoveryKeys(t)
	people := map[string]struct {
		person
		recoveryKey string
	}{
		"no recovery key":        {signUp(t, s, "alice", ""), ""},
		"secp256k1 recovery key": {signUp(t, s, "bob", k256), k256},
		"P-256 recovery key":     {signUp(t, s, "carol", p256), p256},
	}
	endpoint, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range people {
		t.Run(name, func(t *testing.T) {
			row := readOperation(t, s, p.session.AccountDID.String())
			op := decodeOperation(t, row.Operation)
			checkAddresses(t, row)
			checkSignature(t, row, op)
			checkKeys(t, op, p.recoveryKey)
			want := operation{
				Type:                "plc_operation",
				RotationKeys:        op.RotationKeys,
				VerificationMethods: op.VerificationMethods,
				AlsoKnownAs:         []string{"at://" + p.handle},
				Services: map[string]service{
					"atproto_pds": {"AtprotoPersonalDataServer", "http://localhost:" + endpoint.Port()},
				},
				Sig: op.Sig,
			}
			if diff := cmp.Diff(op, want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// newRecoveryKeys returns the did:key of a key on each of the curves.
func newRecoveryKeys(t *testing.T) (k256, p256 string) {
	t.Helper()
	first, err := atcrypto.GeneratePrivateKeyK256()
	if err != nil {
		t.Fatal(err)
	}
	second, err := atcrypto.GeneratePrivateKeyP256()
	if err != nil {
		t.Fatal(err)
	}
	return didKey(t, first), didKey(t, second)
}

func didKey(t *testing.T, private atcrypto.PrivateKey) string {
	t.Helper()
	public, err := private.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return public.DIDKey()
}

// readOperation returns the one operation of an identity from the server's directory.
func readOperation(t *testing.T, s server, did string) stored {
	t.Helper()
	response, err := http.Get(s.url + "/plc/" + did + "/log/audit")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var log []stored
	if err := json.NewDecoder(response.Body).Decode(&log); err != nil {
		t.Fatalf("log of %s: status %d, %v", did, response.StatusCode, err)
	}
	if len(log) != 1 || log[0].DID != did || log[0].Nullified {
		t.Fatalf("log of %s: got %+v, want one operation", did, log)
	}
	return log[0]
}

// decodeOperation reads an operation that has no other properties than those of the type.
func decodeOperation(t *testing.T, text []byte) operation {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var op operation
	if err := decoder.Decode(&op); err != nil {
		t.Fatalf("decode %s: %v", text, err)
	}
	return op
}

// encode returns the DAG-CBOR of an operation without the given properties.
func encode(t *testing.T, text []byte, without ...string) []byte {
	t.Helper()
	data, err := atdata.UnmarshalJSON(text)
	if err != nil {
		t.Fatalf("decode %s: %v", text, err)
	}
	for _, key := range without {
		delete(data, key)
	}
	encoded, err := atdata.MarshalCBOR(data)
	if err != nil {
		t.Fatalf("encode %s: %v", text, err)
	}
	return encoded
}

// checkAddresses derives the DID and the CID from the signed operation.
func checkAddresses(t *testing.T, row stored) {
	t.Helper()
	encoded := encode(t, row.Operation)
	digest := sha256.Sum256(encoded)
	want := "did:plc:" + strings.ToLower(base32.StdEncoding.EncodeToString(digest[:]))[:24]
	if row.DID != want {
		t.Errorf("the DID is %s, want %s", row.DID, want)
	}
	parseDID(t, row.DID)
	sum, err := cid.NewPrefixV1(cid.DagCBOR, multihash.SHA2_256).Sum(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if row.CID != sum.String() {
		t.Errorf("the CID is %s, want %s", row.CID, sum)
	}
}

// checkSignature fails the test unless the last of the rotation keys, the server's, signed the
// operation, and signed nothing else.
func checkSignature(t *testing.T, row stored, op operation) {
	t.Helper()
	key, err := atcrypto.ParsePublicDIDKey(op.RotationKeys[len(op.RotationKeys)-1])
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(op.Sig)
	if err != nil {
		t.Fatalf("signature: %v", err)
	}
	if err := key.HashAndVerify(encode(t, row.Operation, "sig"), signature); err != nil {
		t.Errorf("signature: %v", err)
	}
	if err := key.HashAndVerify(encode(t, row.Operation, "sig", "alsoKnownAs"), signature); err == nil {
		t.Error("the signature holds for another operation too")
	}
}

// checkKeys fails the test unless the keys are well-formed and differ, and the recovery key is the
// mightiest.
func checkKeys(t *testing.T, op operation, recoveryKey string) {
	t.Helper()
	if len(op.VerificationMethods) != 1 {
		t.Errorf("%d verification methods, want 1", len(op.VerificationMethods))
	}
	wantRotationKeys := 1
	if recoveryKey != "" {
		wantRotationKeys = 2
		if op.RotationKeys[0] != recoveryKey {
			t.Errorf("the first rotation key is %s, want the recovery key %s", op.RotationKeys[0], recoveryKey)
		}
	}
	if len(op.RotationKeys) != wantRotationKeys {
		t.Errorf("%d rotation keys, want %d", len(op.RotationKeys), wantRotationKeys)
	}
	keys := append(slices.Clone(op.RotationKeys), op.VerificationMethods["atproto"])
	for i, key := range keys {
		if _, err := atcrypto.ParsePublicDIDKey(key); err != nil {
			t.Errorf("key %q: %v", key, err)
		}
		if slices.Contains(keys[:i], key) {
			t.Errorf("key %s has two purposes", key)
		}
	}
}
