// Package bench_test measures the runtime beside indigo's.
package bench_test

import (
	"testing"
	"time"

	indigo "github.com/bluesky-social/indigo/atproto/syntax"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// A format is a string format with texts that are valid in it.
type format struct {
	name  string
	texts []string
	parse func(string) error // of lexgen
	peer  func(string) error // of indigo
}

func formats() []format {
	const (
		did    = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
		web    = "did:web:alice.example.com"
		handle = "alice.example.com"
	)
	return []format{
		{
			name:  syntax.ATIdentifierFormat,
			texts: []string{handle, web},
			parse: discard(syntax.ParseATIdentifier), peer: discard(indigo.ParseAtIdentifier),
		},
		{
			name:  syntax.ATURIFormat,
			texts: []string{"at://" + did + "/app.bsky.feed.post/3jzfcijpj2z2a", "at://" + handle + "/app.bsky.actor.profile/self"},
			parse: discard(syntax.ParseATURI), peer: discard(indigo.ParseATURI),
		},
		{
			name:  syntax.CIDFormat,
			texts: []string{"bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"},
			parse: discard(syntax.ParseCID), peer: discard(indigo.ParseCID),
		},
		{
			name:  syntax.DatetimeFormat,
			texts: []string{"2026-01-31T23:59:59.123Z", "2026-01-31T23:59:59.123456+05:30", "2026-01-31T23:59:59Z"},
			parse: discard(syntax.ParseDatetime), peer: discard(indigo.ParseDatetime),
		},
		{
			name:  syntax.DIDFormat,
			texts: []string{web, "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"},
			parse: discard(syntax.ParseDID), peer: discard(indigo.ParseDID),
		},
		{
			name:  syntax.DIDFormat + "-plc", // for which indigo has no regular expression
			texts: []string{did},
			parse: discard(syntax.ParseDID), peer: discard(indigo.ParseDID),
		},
		{
			name:  syntax.HandleFormat,
			texts: []string{handle, "bob.test", "a-rather-long-label.and-another.example.co.uk"},
			parse: discard(syntax.ParseHandle), peer: discard(indigo.ParseHandle),
		},
		{
			name:  syntax.LanguageFormat,
			texts: []string{"en", "pt-BR", "zh-Hant-TW"},
			parse: discard(syntax.ParseLanguage), peer: discard(indigo.ParseLanguage),
		},
		{
			name:  syntax.NSIDFormat,
			texts: []string{"com.atproto.server.createSession", "app.bsky.feed.post"},
			parse: discard(syntax.ParseNSID), peer: discard(indigo.ParseNSID),
		},
		{
			name:  syntax.RecordKeyFormat,
			texts: []string{"3jzfcijpj2z2a", "self", "example.com:8080~a_b"},
			parse: discard(syntax.ParseRecordKey), peer: discard(indigo.ParseRecordKey),
		},
		{
			name:  syntax.TIDFormat,
			texts: []string{"3jzfcijpj2z2a"},
			parse: discard(syntax.ParseTID), peer: discard(indigo.ParseTID),
		},
		{
			name:  syntax.URIFormat,
			texts: []string{"https://example.com/path?query=yes#fragment", "at://" + did + "/app.bsky.feed.post/3jzfcijpj2z2a"},
			parse: discard(syntax.ParseURI), peer: discard(indigo.ParseURI),
		},
	}
}

// discard returns a parser without its result.
func discard[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}

// TestFormats makes sure that the benchmark compares what both accept, and that
// no check of lexgen's allocates, which cannot be measured in parallel.
func TestFormats(t *testing.T) {
	for _, f := range formats() {
		for _, text := range f.texts {
			if err := f.parse(text); err != nil {
				t.Errorf("lexgen: %q: %v", text, err)
			}
			if err := f.peer(text); err != nil {
				t.Errorf("indigo: %q: %v", text, err)
			}
		}
		parse := func() {
			for _, text := range f.texts {
				if err := f.parse(text); err != nil {
					t.Error(err)
				}
			}
		}
		if got := testing.AllocsPerRun(10, parse); got != 0 {
			t.Errorf("%s: %v allocations, want none", f.name, got)
		}
	}
}

// BenchmarkFormats parses the texts of each format, and then as often with
// indigo's parser. The metric "indigo/lexgen" says how many times as long that
// takes.
func BenchmarkFormats(b *testing.B) {
	for _, f := range formats() {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parseAll(b, f.parse, f.texts)
			}
			own := b.Elapsed()
			start := time.Now()
			for range b.N {
				parseAll(b, f.peer, f.texts)
			}
			b.ReportMetric(float64(time.Since(start))/float64(own), "indigo/lexgen")
		})
	}
}

func parseAll(b *testing.B, parse func(string) error, texts []string) {
	for _, text := range texts {
		if err := parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
