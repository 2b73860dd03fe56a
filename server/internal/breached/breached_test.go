package breached_test

import (
	"crypto/sha1"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/breached"
)

// writeList writes the list of some passwords.
func writeList(t *testing.T, passwords ...string) string {
	t.Helper()
	var lines []string
	for i, password := range passwords {
		lines = append(lines, fmt.Sprintf("%X:%d\r\n", sha1.Sum([]byte(password)), i))
	}
	slices.Sort(lines)
	return writeFile(t, strings.Join(lines, ""))
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *breached.List {
	t.Helper()
	list, err := breached.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := list.Close(); err != nil {
			t.Error(err)
		}
	})
	return list
}

func TestList(t *testing.T) {
	t.Parallel()
	list := open(t, writeList(t, "password", "123456", "pässwörd", "correct horse"))
	for password, want := range map[string]bool{
		"password": true, "123456": true, "pässwörd": true, "correct horse": true,
		"Password": false, "password ": false, "passwor": false, "battery staple": false,
	} {
		if got, err := list.Contains(password); err != nil || got != want {
			t.Errorf("%q: got %t, %v, want %t", password, got, err, want)
		}
	}
}

// The hash of a well-known password is the one that published lists have for it.
func TestListOfOthers(t *testing.T) {
	t.Parallel()
	list := open(t, writeFile(t, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:52256179\n"))
	if got, err := list.Contains("password"); err != nil || !got {
		t.Errorf("got %t, %v, want true", got, err)
	}
}

func TestListAtOnce(t *testing.T) {
	t.Parallel()
	var passwords []string
	for i := range 1000 {
		passwords = append(passwords, fmt.Sprint("password ", i))
	}
	list := open(t, writeList(t, passwords...))
	var searches sync.WaitGroup
	for i := range 8 {
		searches.Go(func() {
			for j, password := range passwords {
				if j%2 == i%2 {
					password += "?"
				}
				if got, err := list.Contains(password); err != nil || got != (j%2 != i%2) {
					t.Errorf("%q: got %t, %v", password, got, err)
				}
			}
		})
	}
	searches.Wait()
}

// An error says which file is wrong and how.
func TestOpenFails(t *testing.T) {
	t.Parallel()
	folder, file := t.TempDir(), writeFile(t, "these are notes\n")
	tests := map[string]string{
		folder:                           folder + " is not a file",
		filepath.Join(folder, "missing"): "stat " + filepath.Join(folder, "missing") + ": no such file or directory",
		file:                             file + ": line 1 is not a SHA-1 hash in hexadecimal, with a count or without",
	}
	for path, want := range tests {
		if list, err := breached.Open(path); list != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, %v, want %s", list, err, want)
		}
	}
}

// A list that has changed under the program's feet is no answer, and the error does not tell the
// password.
func TestListCutOff(t *testing.T) {
	t.Parallel()
	path := writeList(t, "password", "123456", "qwerty")
	list := open(t, path)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	found, err := list.Contains("password")
	if want := "search " + path + ": unexpected EOF"; found || err == nil || err.Error() != want {
		t.Errorf("got %t, %v, want %s", found, err, want)
	}
}
