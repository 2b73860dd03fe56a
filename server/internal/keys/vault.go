package keys

import (
	"bytes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// sealedSuffix ends the names of the files with encrypted secrets.
const sealedSuffix = ".sealed"

// sealedHeader begins everything that is sealed: the version of the format.
var sealedHeader = []byte("sealed1:")

// ErrCannotOpen is returned for sealed data that the master key does not open: it
// was sealed with another key or for another purpose, or it is damaged.
var ErrCannotOpen = errors.New("wrong master key or damaged data")

// A Vault encrypts secrets with the master key and keeps some of them as files in
// the data folder. It may be used concurrently.
type Vault struct {
	folder string
	aead   cipher.AEAD
	random io.Reader
}

// NewVault returns a vault on a folder that exists. Nonces are taken from random,
// which must be safe for concurrent use.
func NewVault(folder string, master MasterKey, random io.Reader) (*Vault, error) {
	aead, err := chacha20poly1305.NewX(master[:])
	if err != nil {
		return nil, fmt.Errorf("use master key: %w", err)
	}
	return &Vault{folder: folder, aead: aead, random: random}, nil
}

// Seal encrypts a secret for a purpose. The nonce is random and long enough that
// it does not repeat; the purpose is authenticated but not kept.
func (v *Vault) Seal(purpose string, secret []byte) ([]byte, error) {
	sealed := make([]byte, len(sealedHeader)+v.aead.NonceSize(), len(sealedHeader)+v.aead.NonceSize()+len(secret)+v.aead.Overhead())
	nonce := sealed[copy(sealed, sealedHeader):]
	if _, err := io.ReadFull(v.random, nonce); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return v.aead.Seal(sealed, nonce, secret, []byte(purpose)), nil
}

// Open decrypts what Seal returned for the same purpose, or returns
// [ErrCannotOpen].
func (v *Vault) Open(purpose string, sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, sealedHeader)
	if !ok || len(rest) < v.aead.NonceSize() {
		return nil, ErrCannotOpen
	}
	nonce, ciphertext := rest[:v.aead.NonceSize()], rest[v.aead.NonceSize():]
	secret, err := v.aead.Open(nil, nonce, ciphertext, []byte(purpose))
	if err != nil {
		return nil, ErrCannotOpen
	}
	return secret, nil
}

// Sealed returns the paths of the files in a data folder that vaults have written.
func Sealed(folder string) []string {
	names, _ := fs.Glob(os.DirFS(folder), "*"+sealedSuffix) // which fails for a bad pattern only
	for i, name := range names {
		names[i] = filepath.Join(folder, name)
	}
	return names
}

// Load returns the secret of a name, such as [TokenKeyring]. The error names the
// file; it is [fs.ErrNotExist] if there is none.
func (v *Vault) Load(name string) ([]byte, error) {
	path := v.path(name)
	sealed, err := os.ReadFile(path)
	return v.open(path, name, sealed, err)
}

// LoadOrCreate is Load, but the first call ever creates the secret and its file; of
// several processes that do so at once, one wins and all return its secret.
func (v *Vault) LoadOrCreate(name string, create func(random io.Reader) ([]byte, error)) ([]byte, error) {
	path := v.path(name)
	sealed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		sealed, err = v.create(path, name, create)
	}
	return v.open(path, name, sealed, err)
}

// Replace puts a secret in the place of the one that a name has. Processes that loaded
// that one keep it.
func (v *Vault) Replace(name string, secret []byte) error {
	sealed, err := v.Seal(name, secret)
	if err != nil {
		return err
	}
	if err := durable.Replace(v.path(name), bytes.NewReader(sealed)); err != nil {
		return fmt.Errorf("replace secret: %w", err)
	}
	return nil
}

func (v *Vault) path(name string) string {
	return filepath.Join(v.folder, name+sealedSuffix)
}

// open decrypts what was read from a file, unless that failed.
func (v *Vault) open(path, name string, sealed []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, fmt.Errorf("load secret: %w", err)
	}
	secret, err := v.Open(name, sealed)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return secret, nil
}

func (v *Vault) create(path, name string, create func(random io.Reader) ([]byte, error)) ([]byte, error) {
	secret, err := create(v.random)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	sealed, err := v.Seal(name, secret)
	if err != nil {
		return nil, err
	}
	return createOnce(path, sealed)
}

// createOnce creates the file path with data and returns what is in it: data, or
// what another process wrote there first.
func createOnce(path string, data []byte) ([]byte, error) {
	err := durable.Create(path, bytes.NewReader(data))
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	return data, err
}

// RandomSecret returns 32 random bytes, for secrets of no particular form.
func RandomSecret(random io.Reader) ([]byte, error) {
	secret := make([]byte, 32)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return secret, nil
}
