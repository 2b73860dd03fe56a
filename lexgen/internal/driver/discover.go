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
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	d.root = filepath.Dir(path)
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
			return "", fmt.Errorf("%w: no %s in %s or a folder above it", ErrConfig, config.FileName, dir)
		}
	}
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

// discoverEntry reads a file, or the *.json files in a folder and the folders in it.
func (d *driver) discoverEntry(entry config.Path) ([]*source.File, error) {
	var files []*source.File
	root := d.path(entry)
	err := filepath.WalkDir(root, func(path string, found fs.DirEntry, err error) error {
		if err != nil || found.IsDir() {
			return err
		}
		listed := path == root
		isDocument := strings.HasSuffix(path, ".json") && found.Name() != config.FileName
		if !listed && !isDocument {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, source.NewFile(d.name(path), data))
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s does not exist", d.name(root)).
			Hint("paths are relative to the folder of %s", config.FileName)
	case err != nil:
		return nil, fmt.Errorf("read lexicons: %w", err)
	case len(files) == 0:
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s holds no document", d.name(root)).
			Hint("documents are files that end in .json")
	}
	return files, nil
}
