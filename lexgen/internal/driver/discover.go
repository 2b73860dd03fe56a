package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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

// discover reads the documents that the configuration names, sorted by path within each entry.
func (d *driver) discover(cfg *config.Config) ([]*source.File, error) {
	var files []*source.File
	for _, entry := range cfg.Lexicons {
		found, err := d.discoverEntry(entry)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// discoverEntry reads a file, or the *.json files in a folder and the folders in it. The entry may be
// a symbolic link; links to folders below it are not followed.
func (d *driver) discoverEntry(entry config.Path) ([]*source.File, error) {
	root := d.path(entry)
	walked, err := filepath.EvalSymlinks(root)
	if errors.Is(err, fs.ErrNotExist) {
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s does not exist", d.name(root)).
			Hint("paths are relative to the folder of %s", config.FileName)
		return nil, nil
	}
	var files []*source.File
	read := func(path string, found fs.DirEntry, err error) error {
		if err != nil || found.IsDir() || path != walked && !d.isDocument(found) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, source.NewFile(d.name(root+strings.TrimPrefix(path, walked)), data))
		return nil
	}
	if err == nil {
		err = filepath.WalkDir(walked, read)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("read lexicons: %w", err)
	case len(files) == 0:
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s holds no document", d.name(root)).
			Hint("documents are files that end in .json")
	}
	return files, nil
}

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
