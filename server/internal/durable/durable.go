// Package durable writes files that are there as a whole or not at all, also after a crash of the
// machine. It imports nothing of this module.
//
// What root writes belongs to the owner of the file that it replaces or else of the folder, on systems
// that have owners: a command that the administrator of the machine runs leaves nothing behind that the
// server's user cannot read.
package durable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Create writes a new file that only its owner can read. It returns an error that is
// [io/fs.ErrExist] if there is a file at path, and leaves that as it is. Of several that create
// one at once, one wins.
func Create(path string, content io.WriterTo) error {
	draft, err := writeDraft(path, content)
	if err != nil {
		return err
	}
	// A link, unlike a rename, does not replace a file that is there.
	if err := errors.Join(os.Link(draft, path), os.Remove(draft)); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// Replace writes a file that only its owner can read, in the place of the one at path if there
// is one.
func Replace(path string, content io.WriterTo) error {
	draft, err := writeDraft(path, content)
	if err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	return SyncFolder(filepath.Dir(path))
}

// OpenOrCreate opens a file for reading and writing. If there is none it creates an empty one that
// only its owner can read.
func OpenOrCreate(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	if err := Create(path, new(bytes.Buffer)); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR, 0)
}

// writeDraft writes to a new file beside path, which has mode 0600, and returns its name.
func writeDraft(path string, content io.WriterTo) (draft string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.draft")
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := giveTo(file, path, filepath.Dir(path)); err != nil {
		return "", err
	}
	if _, err := content.WriteTo(file); err != nil {
		return "", err
	}
	return file.Name(), file.Sync()
}

// giveTo gives a new file to the owner of the first path at which there is something.
func giveTo(file *os.File, paths ...string) error {
	for _, path := range paths {
		info, err := os.Lstat(path)
		switch {
		case err == nil:
			return giveLike(file, info)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// SyncFolder makes sure that the names in a folder are there after a crash.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
