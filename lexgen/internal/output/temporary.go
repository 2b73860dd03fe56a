package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// temporaryPrefix begins the names of the files that a run makes beside the
// generated ones. The go command ignores names that start with a dot.
const temporaryPrefix = ".lexgen-"

// temporaryAge is how old a temporary file must be to belong to no run at work.
const temporaryAge = time.Minute

// temporary writes a file with a name of its own beside a path.
func (a *applier) temporary(path string, content []byte, mode os.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporaryPrefix+"*")
	if err != nil {
		return "", err
	}
	name := f.Name()
	a.undo = append(a.undo, func() error { return removeIfExists(name) })
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	return name, err
}

// removeTemporaries removes the temporary files that killed runs left in the
// output folders.
func (p Plan) removeTemporaries() error {
	var problems []error
	for _, folder := range p.Folders {
		own, err := p.owns(folder)
		if err == nil && own {
			err = removeTemporariesIn(folder)
		}
		problems = append(problems, p.failure("clean up", folder, err))
	}
	return errors.Join(problems...)
}

func removeTemporariesIn(folder string) error {
	entries, err := entriesOf(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !isTemporary(entry) {
			continue
		}
		if err := removeIfExists(filepath.Join(folder, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// isTemporary reports whether a file is a temporary one that no run needs any
// more.
func isTemporary(entry fs.DirEntry) bool {
	number, prefixed := strings.CutPrefix(entry.Name(), temporaryPrefix)
	if !prefixed || number == "" || strings.Trim(number, "0123456789") != "" || !entry.Type().IsRegular() {
		return false
	}
	info, err := entry.Info()
	return err == nil && time.Since(info.ModTime()) > temporaryAge
}

func removeIfExists(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
