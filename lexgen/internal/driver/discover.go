package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// loadConfig finds and reads lexgen.json.
func (d *driver) loadConfig(path string) (*config.Config, error) {
	if path == "" {
		found, err := findConfig(d.dir)
		if err != nil {
			return nil, err
		}
		path = found
	} else if !filepath.IsAbs(path) {
		path = filepath.Join(d.dir, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: read %s: %w", ErrConfig, d.name(path), reason(err))
	}
	d.root, d.config = filepath.Dir(path), path
	cfg, list := config.Load(source.NewFile(d.name(path), data))
	d.report(list)
	return cfg, nil
}

// findConfig looks for lexgen.json in dir and in the folders above it.
func findConfig(dir string) (string, error) {
	for folder := dir; ; folder = filepath.Dir(folder) {
		path := filepath.Join(folder, config.FileName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("%w: there is no %s in this folder or one above it; lexgen help shows one", ErrConfig, config.FileName)
		}
	}
}

// reason returns an error of the file system without the path, which may not be the one that the
// user wrote.
func reason(err error) error {
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
}

// path returns the absolute path of a configured one.
func (d *driver) path(p config.Path) string {
	return filepath.Join(d.root, filepath.FromSlash(p.Path))
}

// input is a file that should be a document.
type input struct {
	file *source.File
	// readable is false if the file could not be read; it is then empty.
	readable bool
}

// discover reads the documents that the configuration names, sorted by path within each entry.
func (d *driver) discover(cfg *config.Config) []input {
	var inputs []input
	for _, entry := range cfg.Lexicons {
		inputs = append(inputs, d.discoverEntry(entry)...)
	}
	return inputs
}

// discoverEntry reads a file, or the *.json files in a folder and the folders in it. The entry may be
// a symbolic link; links to folders below it are not followed.
func (d *driver) discoverEntry(entry config.Path) []input {
	root := d.path(entry)
	walked, err := filepath.EvalSymlinks(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s does not exist", d.name(root)).
			Hint("paths are relative to the folder of %s", config.FileName)
		return nil
	case err != nil:
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s cannot be read: %v", d.name(root), reason(err)).
			Hint("links must lead to a file or folder")
		return nil
	}
	var inputs []input
	// What cannot be read is reported, and does not end the walk.
	_ = filepath.WalkDir(walked, func(path string, found fs.DirEntry, err error) error {
		if path != walked && isHidden(found.Name()) {
			if found.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if err == nil && (found.IsDir() || path != walked && !d.isDocument(found)) {
			return nil
		}
		var data []byte
		if err == nil {
			data, err = os.ReadFile(path)
		}
		below := strings.TrimPrefix(path, walked)
		file := source.NewFile(d.name(root+below), data)
		locate(file, entry.Path, filepath.ToSlash(below))
		if err != nil {
			d.result.Diags.Errorf(whole(file.Name), diag.UnreadableFile, "cannot be read: %v", reason(err)).
				Hint("make it a file that can be read, or remove it")
		}
		inputs = append(inputs, input{file: file, readable: err == nil})
		return nil
	})
	if len(inputs) == 0 {
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s holds no document", d.name(root)).
			Hint("documents are files that end in .json")
	}
	return inputs
}

// locate tells a file where it is: below an entry of the configuration, or, if below is empty, at it.
func locate(file *source.File, entry, below string) {
	file.Folder, file.Path = entry, strings.TrimPrefix(below, "/")
	if below == "" {
		file.Folder, file.Path = path.Split(entry)
		file.Folder = path.Clean(file.Folder)
	}
}

// isHidden reports whether the name of a file or folder says that it is not for the compiler: those of
// version control, editors and package managers.
func isHidden(name string) bool { return strings.HasPrefix(name, ".") || name == "node_modules" }

// isDocument reports whether a file in a folder is a lexicon document, by its name. The
// configuration of the run is none.
func (d *driver) isDocument(found fs.DirEntry) bool {
	if !strings.HasSuffix(found.Name(), ".json") {
		return false
	}
	if found.Name() != filepath.Base(d.config) {
		return true
	}
	info, err := found.Info()
	config, configErr := os.Stat(d.config)
	return err != nil || configErr != nil || !os.SameFile(info, config)
}
