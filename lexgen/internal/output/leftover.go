package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// leftovers returns the generated files of a folder that are not planned. It
// finds none in a folder that may belong to someone else.
func (p Plan) leftovers(folder string) ([]string, error) {
	own, err := p.owns(folder)
	if err != nil || !own {
		return nil, p.failure("read", folder, err)
	}
	entries, err := entriesOf(folder)
	if err != nil {
		return nil, p.failure("read", folder, err)
	}
	var list []string
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if !entry.Type().IsRegular() || !strings.HasSuffix(entry.Name(), Suffix) || p.has(path) {
			continue
		}
		generated, err := isGenerated(path)
		if errors.Is(err, fs.ErrNotExist) { // another run was faster
			continue
		}
		if err != nil {
			return nil, p.failure("read", path, err)
		}
		if generated {
			list = append(list, path)
		}
	}
	return list, nil
}

// entriesOf lists a folder. What is not a folder has no entries.
func entriesOf(folder string) ([]fs.DirEntry, error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, nil
	}
	return os.ReadDir(folder)
}

// Generated returns the folders directly in a folder that hold a generated
// file with the given name.
func Generated(folder, name string) ([]string, error) {
	entries, err := entriesOf(folder)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if !entry.IsDir() {
			continue
		}
		file := filepath.Join(path, name)
		if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if generated, err := isGenerated(file); err == nil && generated {
			found = append(found, path)
		}
	}
	return found, nil
}

// has reports whether a file is planned. On a disk that ignores case, a file
// is planned under any spelling.
func (p Plan) has(path string) bool {
	if _, planned := p.Files[path]; planned {
		return true
	}
	for other := range p.Files {
		if strings.EqualFold(other, path) && sameFile(other, path) {
			return true
		}
	}
	return false
}

func sameFile(a, b string) bool {
	infoA, errA := os.Lstat(a)
	infoB, errB := os.Lstat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func isGenerated(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	return hasHeader(f), nil
}

// owns reports whether a folder certainly belongs to the configuration in
// Root: the way between the two crosses no symbolic link, no other
// configuration, and no border of a module.
func (p Plan) owns(folder string) (bool, error) {
	if folder == p.Root {
		return true, nil
	}
	shared := sharedParent(p.Root, folder)
	for path := folder; path != shared; path = filepath.Dir(path) {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // absent, or below a file
			continue
		}
		if err != nil {
			return false, err
		}
		if info.Mode()&fs.ModeSymlink != 0 || exists(path, configFile) || exists(path, "go.mod") {
			return false, nil
		}
	}
	for path := p.Root; path != shared; path = filepath.Dir(path) {
		if exists(path, "go.mod") {
			return false, nil
		}
	}
	return true, nil
}

func exists(folder, name string) bool {
	_, err := os.Lstat(filepath.Join(folder, name))
	return err == nil
}

// sharedParent returns the deepest folder that holds, or is, both folders.
func sharedParent(a, b string) string {
	for !inside(a, b) && a != filepath.Dir(a) {
		a = filepath.Dir(a)
	}
	return a
}

func inside(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}
