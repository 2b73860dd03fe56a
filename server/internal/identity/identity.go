// Package identity creates, changes and resolves identities. It signs did:plc
// operations and hands them to a [Directory], finds the documents of did:plc and
// did:web, and asks the domains of handles whom they name.
//
// What it fetches from hosts that strangers name, it fetches from public addresses
// only, and little of it. It imports account, didkey, plc, runtime/lexjson and
// runtime/syntax.
//
// See https://atproto.com/specs/did and https://atproto.com/specs/handle.
package identity

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// Config configures a [Service].
type Config struct {
	// RotationKey is the server's private key, as [GenerateRotationKey] returns it. It
	// can change every identity created with it.
	RotationKey []byte
	// RecoveryKey is the did:key of the operator that outranks RotationKey, or empty.
	RecoveryKey string
	// PublicURL is where clients reach the server, such as https://example.com.
	PublicURL string
	// Directory keeps the did:plc identities.
	Directory Directory
	// DNSServer is the host and port of the server that is asked for names, or empty
	// for those of the system.
	DNSServer string
	// AllowLoopback makes hosts on this machine reachable, at any port, and did:web of
	// localhost over plain HTTP: for development and tests.
	AllowLoopback bool
	// Transport reaches the hosts that strangers name. Nil is one that reaches public
	// addresses only, at port 443.
	Transport http.RoundTripper
	// Rand is where keys come from; it must be safe for concurrent use.
	Rand io.Reader
	// Now tells the time.
	Now account.Clock
}

// Service creates, changes and resolves identities. It may be used concurrently.
type Service struct {
	rotationKey   didkey.PrivateKey
	rotationKeys  []string // the operator's if there is one, then the server's
	endpoint      string
	directory     Directory
	resolver      *net.Resolver
	hosts         fetcher
	allowLoopback bool
	rand          io.Reader

	documents   *cache[account.Document]
	handles     *cache[syntax.DID]
	toHosts     gate
	toDirectory gate
}

var _ account.Identity = (*Service)(nil)

// How long answers are kept and waited for, and how many there are.
const (
	documentTTL     = 5 * time.Minute
	documentTimeout = 10 * time.Second
	handleTTL       = 10 * time.Second
	handleTimeout   = 3 * time.Second
	missingTTL      = 10 * time.Second
	maxDocuments    = 1024
	maxHandles      = 4096
)

// New returns a Service.
func New(config Config) (*Service, error) {
	rotationKey, err := didkey.ParsePrivate(config.RotationKey)
	if err != nil {
		return nil, fmt.Errorf("rotation key: %w", err)
	}
	rotationKeys, err := withRecoveryKey(rotationKey.Public().String(), config.RecoveryKey)
	if err != nil {
		return nil, fmt.Errorf("recovery key: %w", err)
	}
	if !isHTTP(config.PublicURL) {
		return nil, fmt.Errorf("public URL %q is not an http or https URL", config.PublicURL)
	}
	s := &Service{
		rotationKey:   rotationKey,
		rotationKeys:  rotationKeys,
		endpoint:      strings.TrimSuffix(config.PublicURL, "/"),
		directory:     config.Directory,
		resolver:      newResolver(config.DNSServer),
		allowLoopback: config.AllowLoopback,
		rand:          config.Rand,
		documents:     newCache[account.Document](config.Now, documentTTL, documentTimeout, maxDocuments),
		handles:       newCache[syntax.DID](config.Now, handleTTL, handleTimeout, maxHandles),
		toHosts:       make(gate, maxLookups),
		toDirectory:   make(gate, maxLookups),
	}
	transport := config.Transport
	if transport == nil {
		transport = newTransport(s.resolver, config.AllowLoopback)
	}
	s.hosts = newFetcher(transport, config.AllowLoopback)
	return s, nil
}

// withRecoveryKey returns the keys that are put into every identity, the mightiest
// first.
func withRecoveryKey(rotationKey, recoveryKey string) ([]string, error) {
	if recoveryKey == "" {
		return []string{rotationKey}, nil
	}
	if _, err := didkey.Parse(recoveryKey); err != nil {
		return nil, err
	}
	if recoveryKey == rotationKey {
		return nil, errors.New("it is the rotation key")
	}
	return []string{recoveryKey, rotationKey}, nil
}

// isHTTP tells whether text is the URL of a host that is reached over HTTP.
func isHTTP(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Host != "" && (parsed.Scheme == "https" || parsed.Scheme == "http")
}

// RotationKeys implements [account.Identity].
func (s *Service) RotationKeys() []string {
	return slices.Clone(s.rotationKeys)
}

// Endpoint implements [account.Identity].
func (s *Service) Endpoint() string {
	return s.endpoint
}

// NewSigningKey implements [account.Identity].
func (s *Service) NewSigningKey() (account.SigningKey, error) {
	key, err := didkey.Generate(s.rand)
	if err != nil {
		return account.SigningKey{}, fmt.Errorf("create signing key: %w", err)
	}
	return account.SigningKey{Public: key.Public().String(), Private: key.Bytes()}, nil
}

// GenerateRotationKey returns a new private key for [Config].
func GenerateRotationKey(random io.Reader) ([]byte, error) {
	key, err := didkey.Generate(random)
	if err != nil {
		return nil, fmt.Errorf("create rotation key: %w", err)
	}
	return key.Bytes(), nil
}
