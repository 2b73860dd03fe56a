// Package config reads lexgen.json, the file that says which lexicons are
// compiled and where the Go packages go. It is JSON with comments and trailing
// commas allowed.
//
// The package reads no other file: paths stay relative to lexgen.json.
package config

import (
	_ "embed"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// FileName is the name of the configuration file.
const FileName = "lexgen.json"

// Version is the only version of the file format.
const Version = 1

//go:embed lexgen.schema.json
var schemaText string

// Schema returns the JSON Schema of lexgen.json, for editors.
func Schema() string { return schemaText }

// Config is the content of lexgen.json with defaults filled in. All paths are
// slash-separated, clean, and relative to the folder of the file.
type Config struct {
	File *source.File
	// Lexicons are folders, which are read recursively without what is hidden
	// in them, and files. The default is the folder lexicons.
	Lexicons []Path
	// Out is the folder where an NSID prefix without an entry in Packages gets
	// its package. The default is the folder of the file.
	Out Path
	// OutIsSet says that Out is not the default: the packages in it are then this file's.
	OutIsSet bool
	// Packages assign NSID prefixes to Go packages; the longest prefix that
	// matches wins.
	Packages []Package
	// Emit says what is generated. The default is everything.
	Emit Emit
}

// Path is a path and the place where it is configured.
type Path struct {
	Path string
	Span source.Span // the start of the file for a default
}

// Package assigns an NSID prefix to a Go package.
type Package struct {
	// NSID is the prefix: two or more segments, in any case, without a final
	// dot.
	NSID string
	// Dir is the folder of the package.
	Dir Path
	// Name is the name of the package, "" for the default.
	Name string
	Span source.Span
}

// Emit says what is generated. Types always are.
type Emit struct {
	Server, Client bool
}
