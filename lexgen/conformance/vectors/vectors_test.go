// Package vectors_test runs the test vectors of the protocol, and the official lexicons, which are
// in the folders of the indigo module, through the runtime and through the front end of the
// compiler. See https://github.com/bluesky-social/atproto-interop-tests.
package vectors_test

import (
	"os"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
)

// indigoFolder returns a folder or file of the indigo module.
func indigoFolder(t *testing.T, elements ...string) string {
	t.Helper()
	folder, err := indigo.Folder(elements...)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// readFile returns the text of a file.
func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
