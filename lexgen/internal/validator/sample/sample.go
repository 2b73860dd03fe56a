// Package sample makes random JSON data for the defs of a catalog, for tests: valid data, and data
// with mistakes of every kind that a schema can be broken by. The same seed gives the same data.
//
// It imports catalog and lexicon.
package sample

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// The depths of a document from which on optional properties and items are left out, and at which
// a value that never ends is cut off.
const (
	sparseDepth = 6
	lastDepth   = 40
)

// Generator makes data. It must not be used by several goroutines at once.
type Generator struct {
	catalog  *catalog.Catalog
	rand     *rand.Rand
	mistakes float64 // the chance of a mistake at each value
	depth    int
	out      []byte
}

// New returns a Generator for the defs of a catalog without errors.
func New(c *catalog.Catalog, seed uint64) *Generator {
	return &Generator{catalog: c, rand: rand.New(rand.NewPCG(seed, 0))}
}

// Valid returns a document that is valid for a def with a form in data, if there is one: a value
// that requires itself is cut off somewhere, and a string whose format contradicts its length has
// the format.
func (g *Generator) Valid(def *lexicon.Def) []byte {
	return g.Broken(def, 0)
}

// Broken is like [Generator.Valid], but makes a mistake at each value with the given chance.
func (g *Generator) Broken(def *lexicon.Def, mistakes float64) []byte {
	g.mistakes, g.depth, g.out = mistakes, 0, nil
	g.def(def)
	if g.errs() && g.chance(0.1) {
		g.garble()
	}
	return g.out
}

// garble makes something else than JSON of the document, most likely.
func (g *Generator) garble() {
	at := g.rand.IntN(len(g.out))
	switch g.rand.IntN(3) {
	case 0:
		g.out = g.out[:at]
	case 1:
		g.out[at] = byte(g.rand.IntN(256))
	default:
		g.out = append(g.out, g.out[at:]...)
	}
}

// def writes a value of a def.
func (g *Generator) def(def *lexicon.Def) {
	switch node := def.Schema.(type) {
	case *lexicon.Record:
		g.object(node.Object, def.Key(), true /* needs its type */)
	case *lexicon.Object:
		g.object(node, def.Key(), false /* needs no type */)
	case *lexicon.Token:
		g.string(def.Key())
	default:
		g.value(node)
	}
}

// value writes a value of a schema, or a mistake.
func (g *Generator) value(node lexicon.Node) {
	if g.errs() && g.chance(0.6) {
		g.junk(2)
		return
	}
	switch node := node.(type) {
	case *lexicon.Boolean:
		g.boolean(node)
	case *lexicon.Integer:
		g.integer(node)
	case *lexicon.String:
		g.text(node)
	case *lexicon.Bytes:
		g.bytes(node)
	case *lexicon.CIDLink:
		g.link()
	case *lexicon.Blob:
		g.blob(node)
	case *lexicon.Unknown:
		g.anyObject(3)
	case *lexicon.Array:
		g.array(node)
	case *lexicon.Object:
		g.object(node, "", false /* needs no type */)
	case *lexicon.Ref:
		g.def(g.catalog.Target(node.To))
	case *lexicon.Union:
		g.union(node)
	default:
		panic(fmt.Sprintf("sample: a schema of type %T describes no data", node))
	}
}

// errs decides whether to make a mistake.
func (g *Generator) errs() bool { return g.chance(g.mistakes) }

// chance is true with probability p.
func (g *Generator) chance(p float64) bool { return g.rand.Float64() < p }

// between returns a number from low to high, more often one of the two than another.
func (g *Generator) between(low, high int64) int64 {
	switch {
	case low >= high || g.chance(0.2):
		return low
	case g.chance(0.2):
		return high
	}
	return low + int64(g.rand.Uint64N(uint64(high-low)+1))
}

// pick returns one of a list.
func pick[T any](g *Generator, list []T) T { return list[g.rand.IntN(len(list))] }

// raw writes JSON.
func (g *Generator) raw(text string) { g.out = append(g.out, text...) }

// string writes a string.
func (g *Generator) string(text string) {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	g.out = append(g.out, quoted...)
}

// number writes an integer in one of the ways to write it.
func (g *Generator) number(n int64) {
	digits := strconv.FormatInt(n, 10)
	switch {
	case g.chance(0.05):
		digits += ".0"
	case n != 0 && g.chance(0.05):
		digits += "0e-1"
	}
	g.raw(digits)
}
