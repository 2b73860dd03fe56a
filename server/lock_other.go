//go:build !unix

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// lockFolder opens the file of the lock. These systems have no lock that ends with the process and that
// every file system knows: that one process uses a data folder is left to the operator.
func lockFolder(folder string, l lock) (*os.File, error) {
	file, err := durable.OpenOrCreate(filepath.Join(folder, l.name))
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	return file, nil
}
