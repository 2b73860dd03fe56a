//go:build !unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// lockFolder opens the file of the lock. These systems have no lock that ends with the process and that
// every file system knows: that one process uses a data folder is left to the operator.
func lockFolder(folder string, l lock) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(folder, l.name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	return file, nil
}
