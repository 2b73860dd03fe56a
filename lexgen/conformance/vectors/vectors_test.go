// Package vectors_test runs the test vectors of the protocol, and the official lexicons, which are
// in the folders of the indigo module, through the runtime and through the front end of the
// compiler. See https://github.com/bluesky-social/atproto-interop-tests.
package vectors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// indigoFolder returns the folder below the root of the indigo module.
func indigoFolder(t *testing.T, elements ...string) string {
	t.Helper()
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bluesky-social/indigo").Output()
	root := strings.TrimSpace(string(output))
	if err != nil || root == "" {
		t.Fatalf("find the indigo module: %q, %v", root, err)
	}
	return filepath.Join(append([]string{root}, elements...)...)
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
