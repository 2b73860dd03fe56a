package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// createOnce creates the file path with data and returns what is in it: data, or
// what another process wrote there first. The file appears whole and only when it
// is on disk, because a secret that is half written is lost.
func createOnce(path string, data []byte) ([]byte, error) {
	draft, err := writeDraft(path, data)
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft)
	// A link, unlike a rename, does not replace a file that is there.
	err = os.Link(draft, path)
	switch {
	case errors.Is(err, fs.ErrExist):
		return os.ReadFile(path)
	case err != nil:
		return nil, err
	}
	return data, syncFolder(filepath.Dir(path))
}

// writeDraft writes data to a new file beside path and returns its name.
func writeDraft(path string, data []byte) (draft string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.draft")
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if err := file.Chmod(fileMode); err != nil {
		return "", err
	}
	if _, err := file.Write(data); err != nil {
		return "", err
	}
	return file.Name(), file.Sync()
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync data folder: %w", err)
	}
	return nil
}

// replace puts data in the place of the file path, all at once.
func replace(path string, data []byte) error {
	draft, err := writeDraft(path, data)
	if err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	return syncFolder(filepath.Dir(path))
}
