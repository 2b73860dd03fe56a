package identity_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/identity"
)

func TestNewErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(c *identity.Config)
	}{
		{"no key", func(c *identity.Config) { c.RotationKey = nil }},
		{"short key", func(c *identity.Config) { c.RotationKey = c.RotationKey[:31] }},
		{"recovery key that is none", func(c *identity.Config) { c.RecoveryKey = "did:key:z" }},
		{"recovery key that is the server's", func(c *identity.Config) {
			key, err := didkey.ParsePrivate(c.RotationKey)
			if err != nil {
				t.Fatal(err)
			}
			c.RecoveryKey = key.Public().String()
		}},
		{"no URL", func(c *identity.Config) { c.PublicURL = "" }},
		{"URL without scheme", func(c *identity.Config) { c.PublicURL = "example.com" }},
		{"URL of another scheme", func(c *identity.Config) { c.PublicURL = "ftp://example.com" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := identity.New(newConfig(t, tt.change)); err == nil {
				t.Error("New succeeded")
			}
		})
	}
}

func TestSigningKey(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	key, err := s.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	private, err := didkey.ParsePrivate(key.Private)
	if err != nil {
		t.Fatal(err)
	}
	if got := private.Public().String(); got != key.Public {
		t.Errorf("got the key of %s, want %s", got, key.Public)
	}
	other, err := s.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(other.Private, key.Private) {
		t.Error("two keys are the same")
	}
}

func TestNoRandomBytes(t *testing.T) {
	t.Parallel()
	s := newService(t, func(c *identity.Config) { c.Rand = strings.NewReader("few") })
	if _, err := s.NewSigningKey(); err == nil {
		t.Error("NewSigningKey succeeded")
	}
	if _, err := identity.GenerateRotationKey(strings.NewReader("few")); err == nil {
		t.Error("GenerateRotationKey succeeded")
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	if got, want := newService(t, nil).Endpoint(), "https://pds.test"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The keys are those of the user, the operator and the server, in this order.
func TestNewGenesis(t *testing.T) {
	t.Parallel()
	operator, user := newKey(t), exampleP256
	tests := []struct {
		name           string
		operator, user string
	}{
		{"server", "", ""},
		{"operator", operator, ""},
		{"user", "", user},
		{"operator and user", operator, user},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, func(c *identity.Config) { c.RecoveryKey = tt.operator })
			signingKey := newKey(t)
			genesis, err := s.NewGenesis("alice.test", signingKey, tt.user)
			if err != nil {
				t.Fatal(err)
			}
			fields, err := s.ReadOperation(genesis.JSON)
			if err != nil {
				t.Fatal(err)
			}
			keys := s.RotationKeys()
			server := keys[len(keys)-1]
			given := func(key string) bool { return key == "" }
			if want := slices.DeleteFunc([]string{tt.operator, server}, given); !slices.Equal(keys, want) {
				t.Errorf("rotation keys of the server: got %v, want %v", keys, want)
			}
			want := account.PLCFields{
				RotationKeys:        slices.DeleteFunc([]string{tt.user, tt.operator, server}, given),
				VerificationMethods: map[string]string{"atproto": signingKey},
				AlsoKnownAs:         []string{"at://alice.test"},
				Services:            map[string]account.PLCService{"atproto_pds": {Type: "AtprotoPersonalDataServer", Endpoint: "https://pds.test"}},
			}
			if diff := cmp.Diff(want, fields); diff != "" {
				t.Errorf("operation (-want +got):\n%s", diff)
			}
			if err := s.Publish(t.Context(), genesis.DID, genesis.JSON); err != nil {
				t.Errorf("the directory refuses it: %v", err)
			}
			last, err := s.LastOperation(t.Context(), genesis.DID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(account.PublishedOperation{CID: genesis.CID, Fields: want}, last); diff != "" {
				t.Errorf("last operation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewGenesisErrors(t *testing.T) {
	t.Parallel()
	s := newService(t, func(c *identity.Config) { c.RecoveryKey = exampleP256 })
	signingKey := newKey(t)
	for _, key := range []string{
		signingKey, exampleP256, s.RotationKeys()[1], "did:key:", "nonsense", " " + newKey(t), "did:plc:z72i7hdynmk6r22z27h6tvur",
	} {
		if _, err := s.NewGenesis("alice.test", signingKey, key); !errors.Is(err, account.ErrInvalidRecoveryKey) {
			t.Errorf("recovery key %q: got %v, want %v", key, err, account.ErrInvalidRecoveryKey)
		}
	}
	if _, err := s.NewGenesis("alice.test", "nonsense", ""); err == nil {
		t.Error("a signing key that is none is accepted")
	}
}

func TestNewChange(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	before := func(t *testing.T) (account.Operation, account.PLCFields) {
		t.Helper()
		genesis := publish(t, s)
		fields, err := s.ReadOperation(genesis.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return genesis, fields
	}
	other := map[string]account.PLCService{"other": {Type: "T", Endpoint: "https://other.test"}}
	tests := []struct {
		name   string
		change account.PLCChange
		want   func(f *account.PLCFields)
	}{
		{"nothing", account.PLCChange{}, func(*account.PLCFields) {}},
		{
			"handle",
			account.PLCChange{Handle: "bob.test"},
			func(f *account.PLCFields) { f.AlsoKnownAs = []string{"at://bob.test"} },
		},
		{
			"aliases",
			account.PLCChange{AlsoKnownAs: []string{"https://alice.test", "at://bob.test"}},
			func(f *account.PLCFields) { f.AlsoKnownAs = []string{"https://alice.test", "at://bob.test"} },
		},
		{
			"handle among aliases",
			account.PLCChange{AlsoKnownAs: []string{"https://x.test", "at://b.test", "at://c.test"}, Handle: "c.test"},
			func(f *account.PLCFields) { f.AlsoKnownAs = []string{"at://c.test", "https://x.test"} },
		},
		{
			"no aliases",
			account.PLCChange{AlsoKnownAs: []string{}},
			func(f *account.PLCFields) { f.AlsoKnownAs = []string{} },
		},
		{
			"keys",
			account.PLCChange{RotationKeys: []string{exampleP256}, VerificationMethods: map[string]string{"atproto": exampleP256}},
			func(f *account.PLCFields) {
				f.RotationKeys = []string{exampleP256}
				f.VerificationMethods = map[string]string{"atproto": exampleP256}
			},
		},
		{
			"services",
			account.PLCChange{Services: other},
			func(f *account.PLCFields) { f.Services = other },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			genesis, want := before(t)
			tt.want(&want)
			change, err := s.NewChange(t.Context(), genesis.DID, tt.change)
			if err != nil {
				t.Fatal(err)
			}
			if change.DID != genesis.DID {
				t.Errorf("DID: got %s, want %s", change.DID, genesis.DID)
			}
			for range 2 {
				if err := s.Publish(t.Context(), change.DID, change.JSON); err != nil {
					t.Fatal(err)
				}
			}
			last, err := s.LastOperation(t.Context(), genesis.DID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(account.PublishedOperation{CID: change.CID, Fields: want}, last); diff != "" {
				t.Errorf("last operation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewChangeErrors(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	genesis := publish(t, s)
	_, err := s.NewChange(t.Context(), genesis.DID, account.PLCChange{RotationKeys: []string{"nonsense"}})
	if !errors.Is(err, account.ErrInvalidOperation) {
		t.Errorf("got %v, want %v", err, account.ErrInvalidOperation)
	}
	if want := "Invalid operation: rotationKeys[0]"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q, want %q", err, want)
	}
	for _, did := range []syntax.DID{"did:plc:z72i7hdynmk6r22z27h6tvur", "did:web:alice.test"} {
		if _, err := s.NewChange(t.Context(), did, account.PLCChange{}); !errors.Is(err, account.ErrIdentityNotFound) {
			t.Errorf("%s: got %v, want %v", did, err, account.ErrIdentityNotFound)
		}
	}
}

func TestReadOperationErrors(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	genesis, err := s.NewGenesis("alice.test", newKey(t), "")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text string }{
		{"nothing", ""},
		{"nonsense", "{}"},
		{"beyond a limit", strings.Replace(string(genesis.JSON), "at://alice.test", strings.Repeat("x", 259), 1)},
		{"tombstone", `{"type":"plc_tombstone","prev":"` + string(genesis.CID) + `","sig":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := s.ReadOperation([]byte(tt.text))
			if !errors.Is(err, account.ErrInvalidOperation) || err.Error() != "Invalid operation" {
				t.Errorf("got %v, want %v", err, account.ErrInvalidOperation)
			}
		})
	}
}
