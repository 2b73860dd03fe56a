package plc_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// Keys of the protocol's own examples on P-256, and of did:key's on a third curve.
//
// See https://atproto.com/specs/cryptography and https://w3c-ccg.github.io/did-key-spec/.
const (
	exampleP256 = "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"
	ed25519     = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	const did = "did:plc:z72i7hdynmk6r22z27h6tvur"
	known := parse(t, knownOperation).State
	other := plc.State{
		VerificationMethods: map[string]string{"b": exampleP256, "a": exampleP256, "c": ed25519},
		Services:            map[string]plc.Service{"y": {Type: "Y", Endpoint: "https://y.test"}, "x": {Type: "X", Endpoint: "https://x.test"}},
	}
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{
			"document", known.Document(did),
			`{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1","https://w3id.org/security/suites/secp256k1-2019/v1"],` +
				`"id":"did:plc:z72i7hdynmk6r22z27h6tvur","alsoKnownAs":["at://bluesky-team.bsky.social"],` +
				`"verificationMethod":[{"id":"did:plc:z72i7hdynmk6r22z27h6tvur#atproto","type":"Multikey",` +
				`"controller":"did:plc:z72i7hdynmk6r22z27h6tvur","publicKeyMultibase":"zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"}],` +
				`"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://bsky.social"}]}`,
		},
		{
			"entries by name", other.Document("did:plc:x"),
			`{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1","https://w3id.org/security/suites/ecdsa-2019/v1"],` +
				`"id":"did:plc:x","alsoKnownAs":[],"verificationMethod":[` +
				`{"id":"did:plc:x#a","type":"Multikey","controller":"did:plc:x","publicKeyMultibase":"zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"},` +
				`{"id":"did:plc:x#b","type":"Multikey","controller":"did:plc:x","publicKeyMultibase":"zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"},` +
				`{"id":"did:plc:x#c","type":"Multikey","controller":"did:plc:x","publicKeyMultibase":"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}],` +
				`"service":[{"id":"#x","type":"X","serviceEndpoint":"https://x.test"},{"id":"#y","type":"Y","serviceEndpoint":"https://y.test"}]}`,
		},
		{
			"empty document", plc.State{}.Document("did:plc:x"),
			`{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1"],"id":"did:plc:x","alsoKnownAs":[],"verificationMethod":[],"service":[]}`,
		},
		{
			"data", known.Data(did),
			`{"did":"did:plc:z72i7hdynmk6r22z27h6tvur",` +
				`"rotationKeys":["did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg","did:key:zQ3shpKnbdPx3g3CmPf5cRVTPe1HtSwVn5ish3wSnDPQCbLJK"],` +
				`"verificationMethods":{"atproto":"did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"},` +
				`"alsoKnownAs":["at://bluesky-team.bsky.social"],` +
				`"services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":"https://bsky.social"}}}`,
		},
		{
			"empty data", plc.State{}.Data("did:plc:x"),
			`{"did":"did:plc:x","rotationKeys":[],"verificationMethods":{},"alsoKnownAs":[],"services":{}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := toJSON(t, tt.value); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
