package metaschema

import "github.com/lexgen-go/lexgen/lexgen/internal/source"

// PlainlyValid reports whether Check accepts a document without asking the library.
func (c *Checker) PlainlyValid(document *source.Node) bool { return c.shape.accepts(document) }

// LibraryAccepts reports whether the library finds a document valid.
func (c *Checker) LibraryAccepts(document *source.Node) bool {
	return c.compiled().Validate(plain(document)) == nil
}
