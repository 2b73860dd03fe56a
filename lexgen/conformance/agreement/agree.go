package agreement

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator/sample"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Type is a generated type.
type Type struct {
	// Key is the canonical name of its def.
	Key string
	// New returns a new value.
	New func() Value
}

// Value is a value of a generated type.
type Value interface {
	lexjson.Decoder
	validate.Checkable
}

// Pair is a generated type and the def that it must agree with.
type Pair struct {
	catalog   *catalog.Catalog
	dynamic   *validator.Validator
	def       *lexicon.Def
	generated Type
}

// NewPair finds the def of a type.
func NewPair(c *catalog.Catalog, generated Type) (*Pair, error) {
	def := find(c, generated.Key)
	if def == nil {
		return nil, fmt.Errorf("there is no def %s", generated.Key)
	}
	return &Pair{catalog: c, dynamic: validator.New(c), def: def, generated: generated}, nil
}

// Mistakes returns the chances of a mistake at each value of a document with which [Pair.Compare]
// makes them. With the last one, not all of what is wrong is listed.
func Mistakes() []float64 { return []float64{0, 0.02, 0.1, 0.5} }

// Compare demands the same findings in random documents, n with each chance of mistakes. It returns
// the first difference, and how many of the documents were valid.
func (p *Pair) Compare(n int) (valid int, err error) {
	for seed := range uint64(n) {
		for _, chance := range Mistakes() {
			data := sample.New(p.catalog, seed).Broken(p.def, chance)
			isValid, err := p.CompareDocument(data)
			if err != nil {
				return valid, fmt.Errorf("seed %d, chance %v: %w", seed, chance, err)
			}
			if isValid {
				valid++
			}
		}
	}
	return valid, nil
}

// Sample returns a valid document.
func (p *Pair) Sample(seed uint64) []byte { return sample.New(p.catalog, seed).Valid(p.def) }

// CompareDocument demands the same findings in a document that is read strictly, and again
// leniently. It returns whether the document is valid, strictly, or the difference.
func (p *Pair) CompareDocument(data []byte) (valid bool, err error) {
	for _, lenient := range []bool{true, false} {
		want := lexdata.Decode(data, p.generated.New(), lexdata.Options{Lenient: lenient})
		got := p.dynamic.Validate(p.def, data, validator.Options{Lenient: lenient})
		if difference := differ(got, want); difference != "" {
			return false, fmt.Errorf("%s, lenient %t: %s\n%s", p.generated.Key, lenient, difference, data)
		}
		valid = got == nil
	}
	return valid, nil
}

// differ says how what the validator found differs from what generated code found, or nothing.
func differ(got, want error) string {
	var gotSyntax, wantSyntax *lexjson.SyntaxError
	errors.As(got, &gotSyntax)
	errors.As(want, &wantSyntax)
	if (got == nil) != (want == nil) || (gotSyntax == nil) != (wantSyntax == nil) ||
		gotSyntax != nil && *gotSyntax != *wantSyntax {
		return fmt.Sprintf("validator: %v, generated code: %v", got, want)
	}
	gotLines, gotTotal := lines(got)
	wantLines, wantTotal := lines(want)
	if gotTotal != wantTotal || !slices.Equal(gotLines, wantLines) {
		return fmt.Sprintf("validator: %d %q\ngenerated code: %d %q", gotTotal, gotLines, wantTotal, wantLines)
	}
	return ""
}

// lines returns the findings and how many there are in all.
func lines(err error) ([]string, int) {
	var errs *validate.Errors
	if !errors.As(err, &errs) {
		return nil, 0
	}
	var list []string
	for _, e := range errs.List {
		list = append(list, e.Path+": "+e.Problem)
	}
	return list, errs.Total
}
