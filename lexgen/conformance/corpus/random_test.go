package corpus_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/invent"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// How many sets of random documents there are, and how many documents each has.
const (
	randomSets      = 12
	randomDocuments = 8
)

// cure matches the entry of lexgen.json that the diagnostic of a name collision shows.
var cure = regexp.MustCompile(`help: add "names": \{("[^"]*"): ("[^"]*")\}`)

// generateRandom generates random documents, in which names collide. The entries that the diagnostics
// show must cure the collisions, one after the other; the other tests then show that the code
// compiles.
func generateRandom(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "random documents: generated after the entries that the diagnostics show")
	cures := 0
	for seed := range uint64(randomSets) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			folder := fmt.Sprintf("random/set%d", seed)
			writeDocuments(t, m, folder, invent.Documents(seed, randomDocuments))
			cures += generateCured(t, m, folder)
		})
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents, %d entries", randomSets*randomDocuments, cures))
}

// generateCured generates the documents of a folder, adds the entries that the diagnostics show, and
// generates again until there are no more. It returns the number of entries.
func generateCured(t *testing.T, m *scratch.Module, folder string) int {
	t.Helper()
	for c := (config{Names: map[string]string{}}); ; {
		configure(t, m, folder, c)
		output, err := m.Lexgen(folder)
		if err == nil {
			return len(c.Names)
		}
		before := len(c.Names)
		for _, entry := range cure.FindAllStringSubmatch(output, -1) {
			var path, ident string
			if err := errors.Join(json.Unmarshal([]byte(entry[1]), &path), json.Unmarshal([]byte(entry[2]), &ident)); err != nil {
				t.Fatal(err)
			}
			c.Names[path] = ident
		}
		if len(c.Names) == before {
			t.Fatalf("after the entries %v: %v", c.Names, err)
		}
	}
}

// TestBrokenDocuments breaks random documents at random. Whatever comes of it, lexgen has findings or
// none; it never has a fault, and what is wrong with a document never keeps it from reading on.
func TestBrokenDocuments(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "random documents, broken at random: findings, never a fault")
	const rounds = 60
	m := newModule(t, "broken.test")
	for seed := range uint64(rounds) {
		random := rand.New(rand.NewPCG(seed, 1))
		documents := invent.Documents(seed, 4)
		for _, path := range slices.Sorted(maps.Keys(documents)) {
			documents[path] = breakDocument(random, documents[path])
		}
		folder := fmt.Sprintf("set%d", seed)
		writeDocuments(t, m, folder, documents)
		configure(t, m, folder, config{})
		var exit *exec.ExitError
		if output, err := m.Lexgen(folder); errors.As(err, &exit) && exit.ExitCode() != 1 {
			t.Errorf("seed %d: exit status %d\n%s", seed, exit.ExitCode(), output)
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d sets of documents", rounds))
}

// word matches a JSON string without escapes, a number or a literal.
var word = regexp.MustCompile(`"[^"\\\n]*"|\b\d+\b|\btrue\b|\bfalse\b`)

// breakDocument replaces some of the words of a document, keys among them, by others of its words.
func breakDocument(random *rand.Rand, text []byte) []byte {
	words := word.FindAll(text, -1)
	return word.ReplaceAllFunc(text, func(found []byte) []byte {
		if random.IntN(len(words)) < 2 {
			return words[random.IntN(len(words))]
		}
		return found
	})
}

// writeDocuments writes documents into the folder lexicons of a folder of the module.
func writeDocuments(t *testing.T, m *scratch.Module, folder string, documents map[string][]byte) {
	t.Helper()
	for path, text := range documents {
		writeFile(t, m, folder+"/lexicons/"+path, text)
	}
}
