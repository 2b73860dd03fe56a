package syntax_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// BenchmarkValid compares the check of each format with the same grammar as a
// compiled regular expression.
func BenchmarkValid(b *testing.B) {
	for _, format := range syntax.Formats() {
		sample := samples[format]
		b.Run(format+"/check", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, _ := syntax.Valid(format, sample); !ok {
					b.Fatalf("%q is not valid", sample)
				}
			}
		})
		pattern := patterns[format]
		b.Run(format+"/regexp", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !pattern.MatchString(sample) {
					b.Fatalf("%q does not match", sample)
				}
			}
		})
	}
}
