package driver

import (
	"errors"
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/lexgen-go/lexgen/lexgen/internal/output"
)

// importPathOf returns the import path of a folder, by the nearest go.mod, in two parts: the path
// of the module, and that of the folder in it.
func importPathOf(folder string) (modulePath, inside string, err error) {
	for root := folder; ; root = filepath.Dir(root) {
		data, err := readRegular(filepath.Join(root, "go.mod"))
		if err == nil {
			moduleName := modfile.ModulePath(data)
			if moduleName == "" {
				return "", "", errors.New("the go.mod above it names no module")
			}
			relative, err := filepath.Rel(root, folder)
			return moduleName, filepath.ToSlash(relative), err
		}
		if root == filepath.Dir(root) {
			return "", "", errors.New("no go.mod in the folder or above it; run go mod init")
		}
	}
}

// checkImport returns why Go cannot import a folder, or nil.
func checkImport(moduleName, inside string) error {
	if inside == "." {
		return nil
	}
	for element := range strings.SplitSeq(inside, "/") {
		if element == "vendor" {
			return errors.New("the go command gives vendor a meaning of its own")
		}
	}
	err := module.CheckImportPath(path.Join(moduleName, inside))
	var invalid *module.InvalidPathError
	if errors.As(err, &invalid) {
		return invalid.Err
	}
	return err
}

// packagesIn returns the names of the packages whose hand-written files are in a folder: none if it
// is not there or something else is in its place, and more than one only by mistake.
func packagesIn(folder string) []string {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil
	}
	context := build.Default
	context.ReadDir = handwritten
	found, err := context.ImportDir(folder, 0)
	var several *build.MultiplePackageError
	switch {
	case errors.As(err, &several):
		return several.Packages
	case found.Name == "":
		return nil
	}
	return []string{found.Name} // what else is wrong with the files is for the go command to say
}

// handwritten lists the files of a folder that may say which package it holds.
func handwritten(folder string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasSuffix(e.Name(), output.Suffix) || strings.HasSuffix(e.Name(), "_test.go")
	})
	var infos []fs.FileInfo
	for _, entry := range entries {
		// Of a link, what it leads to counts; opening a pipe might never end.
		if info, err := os.Stat(filepath.Join(folder, entry.Name())); err == nil && info.Mode().IsRegular() {
			infos = append(infos, info)
		}
	}
	return infos, nil
}
