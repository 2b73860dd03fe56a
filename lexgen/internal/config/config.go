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
	// Include selects the documents that are wanted. The default, and an empty
	// list, is all of them.
	Include []Pattern
	// Exclude selects documents that are not wanted after all.
	Exclude []Pattern
	// Emit says what is generated. The default is everything.
	Emit Emit
	// Names choose Go names, in declared order.
	Names []Name
	// Docs are the pages of documentation, in declared order.
	Docs []Page
}

// Path is a path and the place where it is configured.
type Path struct {
	Path string
	Span source.Span // the start of the file for a default
}

// Package assigns an NSID prefix to a Go package.
type Package struct {
	// NSID is the prefix: two or more segments, in any case, without a final
	// dot. It is "" for the prefixes of which the package at Import says that it
	// is for them.
	NSID string
	// Dir is the folder of the package. It is zero for one that is generated
	// elsewhere.
	Dir Path
	// Name is the name of the package, "" for the default.
	Name string
	// NamePrefix is what the Go names begin with: an exported identifier, or "".
	NamePrefix string
	// Import is the import path of a package that is generated elsewhere, or "".
	Import     string
	ImportSpan source.Span
	Span       source.Span
}

// Pattern selects documents by NSID.
type Pattern struct {
	// Text is an NSID, or "com.example.*" for every NSID that begins with these
	// segments, or "*" for every NSID. All but the name of an NSID is in lower
	// case.
	Text string
	Span source.Span
}

// Name chooses the Go name of something.
type Name struct {
	// Path leads to what is named: an NSID, an NSID#def, the JSON path below a
	// def such as com.example.thing#main/properties/fooBar, or a group such as
	// com.example.feed.*. The authority is in lower case, and #main is left out
	// where nothing follows it.
	Path string
	// Ident is an exported Go identifier.
	Ident string
	// Span is the place of the path, IdentSpan that of the identifier.
	Span, IdentSpan source.Span
}

// Page is a page of documentation.
type Page struct {
	// Group is the group of NSIDs that the page is about.
	Group string
	// Path is the file.
	Path Path
	// Span is the place of the group.
	Span source.Span
}

// Emit says what is generated. Types always are.
type Emit struct {
	Server, Client bool
}
