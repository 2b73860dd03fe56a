// Package indigo finds the module github.com/bluesky-social/indigo, whose folder holds the official
// lexicons and the test vectors of the protocol
// (https://github.com/bluesky-social/atproto-interop-tests), and the generator that this one is
// compared with.
package indigo

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	_ "github.com/bluesky-social/indigo/atproto/syntax" // so that go.mod has the module
)

// Folder returns a folder or file of the module, by the elements of its path below the root. The go
// command downloads the module if it must.
func Folder(elements ...string) (string, error) {
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bluesky-social/indigo").Output()
	root := strings.TrimSpace(string(output))
	if err == nil && root == "" {
		err = errors.New("it is not in the module cache")
	}
	if err != nil {
		return "", fmt.Errorf("find the indigo module: %w", err)
	}
	return filepath.Join(append([]string{root}, elements...)...), nil
}
