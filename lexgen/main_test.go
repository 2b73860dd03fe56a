package main

import (
	"errors"
	"strings"
	"testing"
)

// fullDevice is a writer on which nothing can be written.
type fullDevice struct{}

func (fullDevice) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestFullDevice demands that text which cannot be printed is not taken for printed.
func TestFullDevice(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"help", "--help", "version", "check -h"} {
		var stderr strings.Builder
		status := run(t.Context(), t.TempDir(), strings.Fields(args), streams{stdout: fullDevice{}, stderr: &stderr})
		if status != exitFault || stderr.String() != "lexgen: no space left on device\n" {
			t.Errorf("%s: got exit status %d and %q", args, status, &stderr)
		}
	}
}
