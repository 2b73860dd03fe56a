// Package identity creates did:plc identities: it makes a signing key, writes and
// signs the genesis operation, and derives the DID from it. It publishes nothing.
// It imports account, runtime/syntax, and modules for secp256k1 and base58.
//
// See https://web.plc.directory/spec/v0.1/did-plc and https://atproto.com/specs/did.
package identity

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A Sealer encrypts a secret for a purpose.
type Sealer interface {
	Seal(purpose string, secret []byte) ([]byte, error)
}

// Config configures a [PLC].
type Config struct {
	// RotationKey is the server's private key, as [GenerateRotationKey] returns
	// it. It can change every identity created with it.
	RotationKey []byte
	// PublicURL is where clients reach the server, such as https://example.com.
	PublicURL string
	// Sealer encrypts the signing keys. The purpose is the DID.
	Sealer Sealer
	// Rand is where keys come from; it must be safe for concurrent use.
	Rand io.Reader
}

// PLC creates did:plc identities. It may be used concurrently.
type PLC struct {
	rotationKey *secp256k1.PrivateKey
	rotationDID string
	endpoint    string
	sealer      Sealer
	rand        io.Reader
}

var _ account.Identity = (*PLC)(nil)

// NewPLC returns a PLC.
func NewPLC(config Config) (*PLC, error) {
	rotationKey, err := parsePrivateKey(config.RotationKey)
	if err != nil {
		return nil, fmt.Errorf("rotation key: %w", err)
	}
	endpoint, err := url.Parse(config.PublicURL)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http" {
		return nil, fmt.Errorf("public URL %q is not an http or https URL", config.PublicURL)
	}
	return &PLC{
		rotationKey: rotationKey,
		rotationDID: formatDIDKey(rotationKey.PubKey()),
		endpoint:    strings.TrimSuffix(config.PublicURL, "/"),
		sealer:      config.Sealer,
		rand:        config.Rand,
	}, nil
}

// NewGenesis implements [account.Identity].
func (p *PLC) NewGenesis(handle syntax.Handle, recoveryKey string) (account.Genesis, error) {
	signingKey, err := secp256k1.GeneratePrivateKeyFromRand(p.rand)
	if err != nil {
		return account.Genesis{}, fmt.Errorf("create signing key: %w", err)
	}
	signingDID := formatDIDKey(signingKey.PubKey())
	rotationKeys, err := p.rotationKeys(recoveryKey, signingDID)
	if err != nil {
		return account.Genesis{}, err
	}
	operation := genesisOperation{
		RotationKeys: rotationKeys,
		SigningKey:   signingDID,
		Handle:       handle,
		Endpoint:     p.endpoint,
	}
	return p.seal(operation.sign(p.rotationKey), signingKey)
}

// rotationKeys returns the keys that may change an identity, the mightiest first:
// the user's, if there is one, outranks the server's.
func (p *PLC) rotationKeys(recoveryKey, signingKey string) ([]string, error) {
	if recoveryKey == "" {
		return []string{p.rotationDID}, nil
	}
	if err := checkDIDKey(recoveryKey); err != nil {
		return nil, account.ErrInvalidRecoveryKey
	}
	if recoveryKey == p.rotationDID || recoveryKey == signingKey {
		return nil, account.ErrInvalidRecoveryKey
	}
	return []string{recoveryKey, p.rotationDID}, nil
}

// seal returns the genesis of a signed operation, with the signing key encrypted.
func (p *PLC) seal(operation signedOperation, signingKey *secp256k1.PrivateKey) (account.Genesis, error) {
	did := operation.did()
	sealed, err := p.sealer.Seal(string(did), signingKey.Serialize())
	if err != nil {
		return account.Genesis{}, fmt.Errorf("seal signing key: %w", err)
	}
	text, err := operation.MarshalJSON()
	if err != nil {
		return account.Genesis{}, fmt.Errorf("encode operation: %w", err)
	}
	return account.Genesis{
		DID:              did,
		CID:              operation.cid(),
		Operation:        text,
		SigningPublicKey: operation.SigningKey,
		SealedSigningKey: sealed,
	}, nil
}

// GenerateRotationKey returns a new private key for secp256k1 in 32 bytes.
func GenerateRotationKey(random io.Reader) ([]byte, error) {
	key, err := secp256k1.GeneratePrivateKeyFromRand(random)
	if err != nil {
		return nil, fmt.Errorf("create rotation key: %w", err)
	}
	return key.Serialize(), nil
}

// parsePrivateKey reads 32 bytes. Its errors do not show them.
func parsePrivateKey(b []byte) (*secp256k1.PrivateKey, error) {
	var scalar secp256k1.ModNScalar
	if len(b) != secp256k1.PrivKeyBytesLen || scalar.SetByteSlice(b) || scalar.IsZero() {
		return nil, errors.New("not a private key for secp256k1")
	}
	return secp256k1.NewPrivateKey(&scalar), nil
}
