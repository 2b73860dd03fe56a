package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// generation measures how long the official lexicons take: into an empty folder, and again into one
// that is up to date.
func (b *bench) generation() ([]row, error) {
	documents, err := official()
	if err != nil {
		return nil, err
	}
	if err := b.module.Copy("official/lexicons", documents); err != nil {
		return nil, err
	}
	if err := b.module.Write("official/lexgen.json", []byte(`{"version": 1, "out": "out"}`)); err != nil {
		return nil, err
	}
	generate := func() error {
		_, err := b.module.Lexgen("official")
		return err
	}
	clean := func() error { return os.RemoveAll(b.module.Path("official", "out")) }
	times, err := b.contest(contestant{clean, generate}, contestant{b.peer.clean, b.peer.generate})
	if err != nil {
		return nil, err
	}
	again, err := b.contest(contestant{func() error { return nil }, b.generateNothing})
	if err != nil {
		return nil, err
	}
	ours, err := lines(b.module.Path("official", "out"))
	if err != nil {
		return nil, err
	}
	theirs, err := lines(filepath.Join(b.peer.dir, "out"))
	if err != nil {
		return nil, err
	}
	return []row{
		{
			what:    "generate the official lexicons",
			lexgen:  fmt.Sprintf("%s, %d lines", times[0], ours),
			against: fmt.Sprintf("indigo `cmd/lexgen`: %s, %d lines", times[1], theirs),
			cost:    times[0], other: times[1],
		},
		{
			what:    "generate them again: no file is written",
			lexgen:  again[0].String(),
			against: "the first time",
			cost:    again[0], other: times[0],
		},
	}, nil
}

// generateNothing generates what is up to date.
func (b *bench) generateNothing() error {
	output, err := b.module.Lexgen("official")
	if err == nil && !strings.Contains(output, " 0 written, 0 removed") {
		err = errors.New("a second run wrote something: " + output)
	}
	return err
}

// lines counts the lines of the Go files below a folder.
func lines(folder string) (count int, err error) {
	err = fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		count += bytes.Count(text, []byte("\n"))
		return err
	})
	return count, err
}
