//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// lockFolder makes sure that one process at a time does in a data folder what the lock is for. The lock
// ends when the file is closed, or with the process.
func lockFolder(folder string, l lock) (*os.File, error) {
	file, err := durable.OpenOrCreate(filepath.Join(folder, l.name))
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%s the data folder %s", l.other, folder)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
