package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
)

// compilation measures how long the go command takes for the code generated from the official
// lexicons, and for the packages that indigo generated from them and publishes, with everything that
// either imports compiled before.
func (b *bench) compilation() ([]row, error) {
	source, err := indigo.Folder()
	if err != nil {
		return nil, err
	}
	ours := &build{
		dir: b.module.Dir, env: b.module.Env(), patterns: "./official/...", own: "figures.test/",
		cache: filepath.Join(b.temporary, "ours"),
	}
	theirs := &build{
		dir: source, env: append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off"), patterns: "./api/...",
		own: "github.com/bluesky-social/indigo/api/", cache: filepath.Join(b.temporary, "theirs"),
	}
	for _, build := range []*build{ours, theirs} {
		if err := build.compileImports(); err != nil {
			return nil, err
		}
	}
	times, err := b.contest(contestant{ours.reset, ours.compile}, contestant{theirs.reset, theirs.compile})
	if err != nil {
		return nil, err
	}
	lines, err := lines(filepath.Join(source, "api"))
	if err != nil {
		return nil, err
	}
	return []row{{
		what:    "compile the code of the official lexicons: types, codecs, checks, servers, clients",
		lexgen:  times[0].String(),
		against: fmt.Sprintf("indigo's `api/`, types, codecs, clients: %s, %d lines", times[1], lines),
		cost:    times[0], other: times[1],
	}}, nil
}

// build is a set of packages to be compiled.
type build struct {
	dir      string
	env      []string
	patterns string
	// own is what the import paths of the packages begin with.
	own string
	// cache is a folder for two caches of the go command: base has everything that the packages
	// import, and work is the copy of it that a run uses up.
	cache string
}

// compileImports compiles everything that the packages import.
func (b *build) compileImports() error {
	list, err := command(b.dir, b.environment("base"), "go", "list", "-deps", b.patterns)
	if err != nil {
		return err
	}
	args := []string{"build"}
	for path := range strings.Lines(list) {
		if path = strings.TrimSpace(path); !strings.HasPrefix(path, b.own) {
			args = append(args, path)
		}
	}
	_, err = command(b.dir, b.environment("base"), "go", args...)
	return err
}

// reset makes the cache as it was after compileImports.
func (b *build) reset() error {
	work := filepath.Join(b.cache, "work")
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	return os.CopyFS(work, os.DirFS(filepath.Join(b.cache, "base")))
}

// compile compiles the packages.
func (b *build) compile() error {
	_, err := command(b.dir, b.environment("work"), "go", "build", b.patterns)
	return err
}

// environment is that of the go command with one of the caches.
func (b *build) environment(cache string) []string {
	return append(b.env[:len(b.env):len(b.env)], "GOCACHE="+filepath.Join(b.cache, cache))
}
