package keys_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/keys"
)

func newVault(t *testing.T, folder string, master keys.MasterKey) *keys.Vault {
	t.Helper()
	vault, err := keys.NewVault(folder, master, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return vault
}

func loadMaster(t *testing.T, folder string) keys.MasterKey {
	t.Helper()
	master, err := keys.LoadOrCreateMasterKey(folder, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return master
}

func load(t *testing.T, vault *keys.Vault, name string) []byte {
	t.Helper()
	secret, err := vault.LoadOrCreate(name, keys.RandomSecret)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// unexpected is a create function that must not be called.
func unexpected(io.Reader) ([]byte, error) {
	return nil, errors.New("a secret was created again")
}

func TestFirstAndSecondStart(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "data")
	if err := keys.PrepareFolder(folder); err != nil {
		t.Fatal(err)
	}
	master := loadMaster(t, folder)
	vault := newVault(t, folder, master)
	first := load(t, vault, keys.TokenKeyring)
	other := load(t, vault, keys.PLCRotation)
	if len(first) != 32 || bytes.Equal(first, other) {
		t.Errorf("got secrets %x and %x, want two of 32 bytes", first, other)
	}

	if err := keys.PrepareFolder(folder); err != nil {
		t.Fatal(err)
	}
	if again := loadMaster(t, folder); again != master {
		t.Error("the master key changed")
	}
	again, err := newVault(t, folder, master).LoadOrCreate(keys.TokenKeyring, unexpected)
	if err != nil || !bytes.Equal(again, first) {
		t.Errorf("second start: got %x, %v, want %x", again, err, first)
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("data folder: got %v, %v, want mode 700", info, err)
	}
	wantFiles(t, folder, map[string]fs.FileMode{
		"master.key":           0o600,
		"token-keyring.sealed": 0o600,
		"plc-rotation.sealed":  0o600,
	})
}

// wantFiles checks which files a folder has, no drafts among them, and their modes.
func wantFiles(t *testing.T, folder string, want map[string]fs.FileMode) {
	t.Helper()
	got := map[string]fs.FileMode{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			got[path] = info.Mode().Perm()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("files: got %v, want %v", got, want)
	}
}

// The secret does not stand in its file.
func TestSealedFileHidesSecret(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	secret := load(t, newVault(t, folder, loadMaster(t, folder)), keys.TokenKeyring)
	data, err := os.ReadFile(filepath.Join(folder, "token-keyring.sealed"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, secret) {
		t.Error("the file shows the secret")
	}
}

func TestParallelFirstStarts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	results := make([]string, 10)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() {
			master, err := keys.LoadOrCreateMasterKey(folder, rand.Reader)
			if err != nil {
				t.Error(err)
				return
			}
			vault, err := keys.NewVault(folder, master, rand.Reader)
			if err != nil {
				t.Error(err)
				return
			}
			secret, err := vault.LoadOrCreate(keys.TokenKeyring, keys.RandomSecret)
			if err != nil {
				t.Error(err)
				return
			}
			results[i] = string(secret)
		})
	}
	group.Wait()
	for _, result := range results {
		if result != results[0] {
			t.Errorf("got secrets %x and %x, want one", result, results[0])
		}
	}
	wantFiles(t, folder, map[string]fs.FileMode{"master.key": 0o600, "token-keyring.sealed": 0o600})
}

func TestUnreadableSecrets(t *testing.T) {
	t.Parallel()
	const name = keys.TokenKeyring + ".sealed"
	rewrite := func(change func(data []byte) []byte) func(t *testing.T, folder string) {
		return func(t *testing.T, folder string) {
			t.Helper()
			path := filepath.Join(folder, name)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, change(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name   string
		damage func(t *testing.T, folder string)
	}{
		{"empty file", rewrite(func([]byte) []byte { return nil })},
		{"other file", rewrite(func([]byte) []byte { return []byte("sealed1:") })},
		{"one bit", rewrite(func(data []byte) []byte { data[len(data)-1] ^= 1; return data })},
		{"one bit of the nonce", rewrite(func(data []byte) []byte { data[len("sealed1:")] ^= 1; return data })},
		{"one byte less", rewrite(func(data []byte) []byte { return data[:len(data)-1] })},
		{"one byte more", rewrite(func(data []byte) []byte { return append(data, 0) })},
		{"wrong master key", func(t *testing.T, folder string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(folder, "master.key"), []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"another secret in its place", func(t *testing.T, folder string) {
			t.Helper()
			if err := os.Rename(filepath.Join(folder, keys.PLCRotation+".sealed"), filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			vault := newVault(t, folder, loadMaster(t, folder))
			load(t, vault, keys.TokenKeyring)
			load(t, vault, keys.PLCRotation)
			tt.damage(t, folder)
			_, err := newVault(t, folder, loadMaster(t, folder)).LoadOrCreate(keys.TokenKeyring, unexpected)
			if !errors.Is(err, keys.ErrCannotOpen) || !strings.Contains(err.Error(), filepath.Join(folder, name)) {
				t.Errorf("got %v, want %v with the name of the file", err, keys.ErrCannotOpen)
			}
		})
	}
}

// To load creates nothing, and says what is missing.
func TestLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, err := keys.LoadMasterKey(folder); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), filepath.Join(folder, "master.key")) {
		t.Errorf("LoadMasterKey: got %v, want %v with the name of the file", err, fs.ErrNotExist)
	}
	wantFiles(t, folder, map[string]fs.FileMode{})
	master := loadMaster(t, folder)
	vault := newVault(t, folder, master)
	if _, err := vault.Load(keys.TokenKeyring); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), filepath.Join(folder, "token-keyring.sealed")) {
		t.Errorf("Load: got %v, want %v with the name of the file", err, fs.ErrNotExist)
	}
	want := load(t, vault, keys.TokenKeyring)
	if got, err := vault.Load(keys.TokenKeyring); err != nil || !bytes.Equal(got, want) {
		t.Errorf("Load: got %x, %v, want %x", got, err, want)
	}
	if got, err := keys.LoadMasterKey(folder); err != nil || got != master {
		t.Errorf("LoadMasterKey: got %x, %v, want %x", got[:], err, master[:])
	}
}

func TestSharedMasterKey(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if path, shared := keys.SharedMasterKey(folder); shared || path != filepath.Join(folder, "master.key") {
		t.Errorf("no file: got %s, %t", path, shared)
	}
	loadMaster(t, folder)
	for mode, want := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o620: true} {
		if err := os.Chmod(filepath.Join(folder, "master.key"), mode); err != nil {
			t.Fatal(err)
		}
		if _, got := keys.SharedMasterKey(folder); got != want {
			t.Errorf("mode %o: got %t, want %t", mode, got, want)
		}
	}
}

// A master key that is lost is not replaced as long as there is something that only
// it can read.
func TestLostMasterKey(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	load(t, newVault(t, folder, loadMaster(t, folder)), keys.TokenKeyring)
	path := filepath.Join(folder, "master.key")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err := keys.LoadOrCreateMasterKey(folder, rand.Reader)
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names %s", err, path)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new master key was written: %v", err)
	}
}

func TestMasterKeyFileErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "short", strings.Repeat("g", 64)} {
		folder := t.TempDir()
		path := filepath.Join(folder, "master.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := keys.LoadOrCreateMasterKey(folder, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("file with %q: got %v, want an error that names it", text, err)
		}
		if text != "" && err != nil && strings.Contains(err.Error(), text) {
			t.Errorf("the error %q shows what is in the file", err)
		}
	}
}

func TestParseMasterKey(t *testing.T) {
	t.Parallel()
	var want keys.MasterKey
	for i := range want {
		want[i] = byte(255 - i)
	}
	texts := []string{
		hex.EncodeToString(want[:]),
		strings.ToUpper(hex.EncodeToString(want[:])),
		base64.StdEncoding.EncodeToString(want[:]),
		base64.RawStdEncoding.EncodeToString(want[:]),
		base64.URLEncoding.EncodeToString(want[:]),
		base64.RawURLEncoding.EncodeToString(want[:]),
		" " + hex.EncodeToString(want[:]) + "\n",
	}
	for _, text := range texts {
		if got, err := keys.ParseMasterKey(text); err != nil || got != want {
			t.Errorf("ParseMasterKey(%q): got %x, %v, want %x", text, got[:], err, want[:])
		}
	}
	for _, text := range []string{"", "password", hex.EncodeToString(want[:31]), base64.StdEncoding.EncodeToString(append(want[:], 0))} {
		_, err := keys.ParseMasterKey(text)
		if err == nil {
			t.Errorf("ParseMasterKey(%q) succeeded", text)
		} else if text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("the error %q shows the key", err)
		}
	}
	if got := fmt.Sprintf("%v %s %+v %#v", want, want, want, want); strings.Contains(got, "255") || strings.Contains(got, "ff") {
		t.Errorf("a master key prints as %s", got)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	vault := newVault(t, t.TempDir(), keys.MasterKey{1})
	first, err := vault.Seal("did:plc:alice", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := vault.Seal("did:plc:alice", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, second) {
		t.Error("sealing twice gives the same bytes")
	}
	got, err := vault.Open("did:plc:alice", first)
	if err != nil || string(got) != "secret" {
		t.Errorf("Open: got %q, %v, want %q", got, err, "secret")
	}
	if _, err := vault.Open("did:plc:bob", first); !errors.Is(err, keys.ErrCannotOpen) {
		t.Errorf("Open for another purpose: got %v, want %v", err, keys.ErrCannotOpen)
	}
	stranger := newVault(t, t.TempDir(), keys.MasterKey{2})
	if _, err := stranger.Open("did:plc:alice", first); !errors.Is(err, keys.ErrCannotOpen) {
		t.Errorf("Open with another key: got %v, want %v", err, keys.ErrCannotOpen)
	}
}

func TestUnwritableFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "data")} {
		if err := keys.PrepareFolder(folder); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("PrepareFolder(%s): got %v, want an error that names it", folder, err)
		}
		if _, err := keys.LoadOrCreateMasterKey(folder, rand.Reader); err == nil {
			t.Errorf("LoadOrCreateMasterKey(%s) succeeded", folder)
		}
	}
}

func TestNoRandomBytes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	few := strings.NewReader("few")
	if _, err := keys.LoadOrCreateMasterKey(folder, few); err == nil {
		t.Error("LoadOrCreateMasterKey succeeded")
	}
	vault, err := keys.NewVault(folder, keys.MasterKey{}, few)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.LoadOrCreate(keys.TokenKeyring, keys.RandomSecret); err == nil {
		t.Error("LoadOrCreate succeeded")
	}
	wantFiles(t, folder, map[string]fs.FileMode{})
}

// Open takes nothing that Seal did not return.
func FuzzOpen(f *testing.F) {
	// The same in every process of the fuzzer.
	nonce := bytes.NewReader(make([]byte, 24))
	vault, err := keys.NewVault(f.TempDir(), keys.MasterKey{1}, nonce)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := vault.Seal("purpose", []byte("secret"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("purpose", sealed)
	f.Add("", []byte("sealed1:"))
	f.Fuzz(func(t *testing.T, purpose string, data []byte) {
		secret, err := vault.Open(purpose, data)
		if err == nil && (purpose != "purpose" || !bytes.Equal(data, sealed) || string(secret) != "secret") {
			t.Errorf("Open(%q, %x) gives %q", purpose, data, secret)
		}
	})
}
