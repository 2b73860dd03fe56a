package driver

import (
	"context"
	"errors"
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
func (d *driver) loadConfig(ctx context.Context, typed string) (*config.Config, error) {
	path, name, err := d.locateConfig(typed)
	if err != nil {
		return nil, err
	}
	data, err := readFile(ctx, path)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, new(unfit)):
		d.reportUnreadable(name, err)
		return &config.Config{File: source.NewFile(name, nil)}, nil
	case err != nil:
		return nil, misuse("read %s: %w", name, reason(err))
	}
	d.root, d.config = filepath.Dir(path), path
	cfg, list := config.Load(source.NewFile(name, data))
	d.report(list)
	return cfg, nil
}

// locateConfig returns where lexgen.json is, and what messages call it.
func (d *driver) locateConfig(typed string) (path, name string, err error) {
	if typed != "" {
		path, name = d.locateTyped(typed)
		return path, name, nil
	}
	path, err = findConfig(d.dir)
	return path, d.name(path), err
}

// findConfig looks for lexgen.json in dir and in the folders above it.
func findConfig(dir string) (string, error) {
	for folder := dir; ; folder = filepath.Dir(folder) {
		path := filepath.Join(folder, config.FileName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
		if folder == filepath.Dir(folder) {
			return "", misuse("there is no %s in this folder or one above it; lexgen help shows one", config.FileName)
		}
	}
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
func (d *driver) discover(ctx context.Context, cfg *config.Config) ([]input, error) {
	var inputs []input
	for _, entry := range cfg.Lexicons {
		found, err := d.discoverEntry(ctx, entry)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, found...)
	}
	return inputs, nil
}

// discoverEntry reads a file, or the *.json files in a folder and the folders in it. The entry may be
// a symbolic link; links to folders below it are not followed.
func (d *driver) discoverEntry(ctx context.Context, entry config.Path) ([]input, error) {
	root := d.path(entry)
	walked := d.resolve(entry, root)
	if walked == "" {
		return nil, nil
	}
	var inputs []input
	err := filepath.WalkDir(walked, func(path string, found fs.DirEntry, err error) error {
		if path != walked && isHidden(found.Name()) {
			if found.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		below := strings.TrimPrefix(path, walked)
		name := d.name(root + below)
		if err == nil && (found.IsDir() || path != walked && !d.isDocument(path, name, found)) {
			return nil
		}
		file, err := d.readDocument(ctx, path, name, err)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		locate(file, entry.Path, filepath.ToSlash(below))
		inputs = append(inputs, input{file: file, readable: err == nil})
		return nil
	})
	if err == nil && len(inputs) == 0 {
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s holds no document", d.name(root)).
			Hint("documents are files that end in .json")
	}
	return inputs, err
}

// resolve returns the file or folder that an entry leads to. If there is none, that is reported, and
// the path is empty.
func (d *driver) resolve(entry config.Path, root string) string {
	resolved, err := filepath.EvalSymlinks(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s does not exist", d.name(root)).
			Hint("paths are relative to the folder of %s", config.FileName)
	case err != nil:
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "lexicons: %s cannot be read: %v", d.name(root), reason(err)).
			Hint("links must lead to a file or folder")
	}
	return resolved
}

// readDocument reads a file that the walk has found, unless the walk found out that it cannot be read.
// What keeps it from that is reported, and does not end the walk.
func (d *driver) readDocument(ctx context.Context, path, name string, err error) (*source.File, error) {
	var data []byte
	if err == nil {
		data, err = readFile(ctx, path)
	}
	if err != nil {
		d.reportUnreadable(name, err)
	}
	return source.NewFile(name, data), err
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
// configuration of the run is none, and neither is a link to a folder, which gets a warning.
func (d *driver) isDocument(path, name string, found fs.DirEntry) bool {
	if isLinkToFolder(path, found) {
		d.result.Diags.Warningf(whole(name), diag.UnreadableFile, "is a link to a folder, and such links are not followed").
			Hint("list the folder that it leads to under lexicons in %s, or remove the link", config.FileName)
		return false
	}
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

func isLinkToFolder(path string, found fs.DirEntry) bool {
	if found.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
