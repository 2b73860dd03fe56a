package plc

import (
	"maps"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

const didKeyPrefix = "did:key:z"

// Vocabularies of a DID document.
const (
	contextDID      = "https://www.w3.org/ns/did/v1"
	contextMultikey = "https://w3id.org/security/multikey/v1"
	contextK256     = "https://w3id.org/security/suites/secp256k1-2019/v1"
	contextP256     = "https://w3id.org/security/suites/ecdsa-2019/v1"
)

// A Document is a DID document, to be written as JSON.
//
// See https://web.plc.directory/spec/v0.1/did-plc#did-resolution.
type Document struct {
	Context             []string             `json:"@context"`
	ID                  syntax.DID           `json:"id"`
	AlsoKnownAs         []string             `json:"alsoKnownAs"`
	VerificationMethods []verificationMethod `json:"verificationMethod"`
	Services            []documentService    `json:"service"`
}

type verificationMethod struct {
	ID                 string     `json:"id"`
	Type               string     `json:"type"`
	Controller         syntax.DID `json:"controller"`
	PublicKeyMultibase string     `json:"publicKeyMultibase"`
}

type documentService struct {
	ID              string `json:"id"`
	Type            string `json:"type"`
	ServiceEndpoint string `json:"serviceEndpoint"`
}

// Document returns the DID document of an identity in that state, with its entries
// sorted by name.
func (s State) Document(did syntax.DID) Document {
	document := Document{
		Context:             []string{contextDID, contextMultikey},
		ID:                  did,
		AlsoKnownAs:         s.json().AlsoKnownAs,
		VerificationMethods: make([]verificationMethod, 0, len(s.VerificationMethods)),
		Services:            make([]documentService, 0, len(s.Services)),
	}
	for _, name := range slices.Sorted(maps.Keys(s.VerificationMethods)) {
		key := s.VerificationMethods[name]
		document.VerificationMethods = append(document.VerificationMethods, verificationMethod{
			ID:                 string(did) + "#" + name,
			Type:               "Multikey",
			Controller:         did,
			PublicKeyMultibase: strings.TrimPrefix(key, "did:key:"),
		})
		if context := contextOf(key); context != "" && !slices.Contains(document.Context, context) {
			document.Context = append(document.Context, context)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		document.Services = append(document.Services, documentService{
			ID:              "#" + name,
			Type:            s.Services[name].Type,
			ServiceEndpoint: s.Services[name].Endpoint,
		})
	}
	return document
}

// contextOf returns the vocabulary of a key's curve, or nothing if it is another one.
func contextOf(text string) string {
	key, err := didkey.Parse(text)
	switch {
	case err != nil:
		return ""
	case key.Algorithm() == "ES256K":
		return contextK256
	default:
		return contextP256
	}
}

// Data is an identity without the ornaments of a DID document, to be written as JSON.
type Data struct {
	DID syntax.DID `json:"did"`
	stateJSON
}

// Data returns an identity in that state.
func (s State) Data(did syntax.DID) Data {
	return Data{DID: did, stateJSON: s.json()}
}
