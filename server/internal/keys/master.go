package keys

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// masterFile is the name of the master key's file in the data folder.
const masterFile = "master.key"

// A MasterKey encrypts all other secrets. It prints as a placeholder.
type MasterKey [chacha20poly1305.KeySize]byte

// String returns a placeholder, so that a key does not get into a log.
func (MasterKey) String() string {
	return "[master key]"
}

// GoString returns a placeholder too.
func (MasterKey) GoString() string {
	return "[master key]"
}

// ParseMasterKey reads a key of 32 bytes in hexadecimal or base64, as an operator
// gives it. Its error does not show the text.
func ParseMasterKey(text string) (MasterKey, error) {
	text = strings.TrimSpace(text)
	decoders := []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.DecodeString,
		base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString,
		base64.RawURLEncoding.DecodeString,
	}
	for _, decode := range decoders {
		if key, err := decode(text); err == nil && len(key) == len(MasterKey{}) {
			return MasterKey(key), nil
		}
	}
	return MasterKey{}, fmt.Errorf("master key is not %d bytes in hexadecimal or base64", len(MasterKey{}))
}

// LoadMasterKey returns the key in the file master.key of the data folder. The error
// names the file; it is [fs.ErrNotExist] if there is none.
func LoadMasterKey(folder string) (MasterKey, error) {
	path := filepath.Join(folder, masterFile)
	text, err := os.ReadFile(path)
	return parseMasterFile(path, text, err)
}

// SharedMasterKey returns the path of the file master.key of the data folder, and whether
// its mode gives access to others than its owner. Where there is no such file, or modes mean
// nothing, it does not.
func SharedMasterKey(folder string) (path string, shared bool) {
	path = filepath.Join(folder, masterFile)
	info, err := os.Stat(path)
	return path, err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// ErrMasterKeyLost is returned where a new master key could not read what is there.
var ErrMasterKeyLost = errors.New("restore it from a backup")

// LoadOrCreateMasterKey returns the key in the file master.key of the data folder.
// It creates the file if there is none, unless the folder has secrets already: then it
// returns [ErrMasterKeyLost].
func LoadOrCreateMasterKey(folder string, random io.Reader) (MasterKey, error) {
	path := filepath.Join(folder, masterFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = createMasterKey(folder, random)
	}
	return parseMasterFile(path, text, err)
}

// parseMasterFile reads what was in the file, unless that failed.
func parseMasterFile(path string, text []byte, err error) (MasterKey, error) {
	if err != nil {
		return MasterKey{}, fmt.Errorf("load master key: %w", err)
	}
	key, err := ParseMasterKey(string(text))
	if err != nil {
		return MasterKey{}, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// createMasterKey returns the text of the new file, or that of another process
// which was faster.
func createMasterKey(folder string, random io.Reader) ([]byte, error) {
	path := filepath.Join(folder, masterFile)
	if sealed := Sealed(folder); len(sealed) > 0 {
		return nil, fmt.Errorf("%s is missing, but %s was encrypted with it: %w", path, sealed[0], ErrMasterKeyLost)
	}
	var key MasterKey
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return createOnce(path, []byte(hex.EncodeToString(key[:])+"\n"))
}
