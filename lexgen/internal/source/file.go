// Package source holds the text of input files, positions in it, and a JSON
// tree that remembers where every key and value stands.
//
// The tree keeps the declared order of object members, duplicate keys, and the
// exact digits of numbers, all of which encoding/json loses. The package
// imports nothing but the standard library, so that every stage of the
// compiler can speak about positions.
package source

import (
	"path"
	"sort"
	"strings"
	"unicode/utf8"
)

// File is an input file held in memory. Once its fields are set it is
// immutable and may be used by several goroutines.
type File struct {
	// Name is the path shown to the user, relative to the working directory.
	Name string
	// Folder is the lexicon folder that holds the file, relative to the
	// configuration, and Path leads from there to the file. Both have slashes
	// and do not depend on the working directory. Put together, they end with
	// the NSID of a document, spelled as a path.
	Folder, Path string
	// Data is the content of the file.
	Data []byte

	lines []int // offset of the first byte of each line
}

// NewFile returns a file with the given name and content. Its Path is the name,
// its Folder is empty. It keeps data, which must not be changed afterwards.
func NewFile(name string, data []byte) *File {
	lines := []int{0}
	for i, b := range data {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &File{Name: name, Path: name, Data: data, lines: lines}
}

// FullPath returns Path behind Folder.
func (f *File) FullPath() string { return path.Join(f.Folder, f.Path) }

// Position is a place in a file as people and editors count it.
type Position struct {
	// Line is the line number, from 1.
	Line int
	// Column is the number of the character in its line, from 1. A character
	// is a Unicode code point; a byte that is not UTF-8 counts as one.
	Column int
}

// Position returns the place of a byte offset. Offsets outside of the file are
// moved to its nearest end.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Data))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	if line == 0 {
		return Position{Line: 1, Column: 1}
	}
	start := f.lines[line-1]
	return Position{Line: line, Column: utf8.RuneCount(f.Data[start:offset]) + 1}
}

// Line returns the text of the line with the given number, from 1, without its
// line break. It returns "" for a line that does not exist.
func (f *File) Line(number int) string {
	if number < 1 || number > len(f.lines) {
		return ""
	}
	end := len(f.Data)
	if number < len(f.lines) {
		end = f.lines[number] - 1
	}
	return strings.TrimSuffix(string(f.Data[f.lines[number-1]:end]), "\r")
}

// Span returns the range of bytes from start up to, but not including, end.
func (f *File) Span(start, end int) Span {
	return Span{File: f, Start: start, End: end}
}

// Span is a range of bytes in a file. The zero Span points nowhere.
type Span struct {
	// File is the file the range lies in, nil for the zero Span.
	File *File
	// Start is the offset of the first byte.
	Start int
	// End is the offset after the last byte.
	End int
}

// IsZero reports whether the span points nowhere.
func (s Span) IsZero() bool { return s.File == nil }

// Position returns the place of the first character.
func (s Span) Position() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// EndPosition returns the place after the last character.
func (s Span) EndPosition() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.End)
}

// Text returns the bytes of the range as they stand in the file.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return string(s.File.Data[s.Start:s.End])
}
