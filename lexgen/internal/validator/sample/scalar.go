package sample

import (
	"encoding/base64"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

func (g *Generator) boolean(node *lexicon.Boolean) {
	value := g.chance(0.5)
	if node.Const != nil && !g.errs() {
		value = *node.Const
	}
	if value {
		g.raw("true")
	} else {
		g.raw("false")
	}
}

func (g *Generator) integer(node *lexicon.Integer) {
	low, high := int64(-lexicon.MaxSafeInteger), int64(lexicon.MaxSafeInteger)
	if node.Minimum != nil {
		low = max(low, *node.Minimum)
	}
	if node.Maximum != nil {
		high = min(high, *node.Maximum)
	}
	switch {
	case g.errs():
		g.number(pick(g, []int64{low - 1, high + 1, -1 << 63, 1<<63 - 1, 0}))
	case node.Const != nil:
		g.number(*node.Const)
	case node.Enum != nil:
		g.number(pick(g, node.Enum))
	default:
		g.number(g.between(low, high))
	}
}

func (g *Generator) text(node *lexicon.String) {
	switch {
	case g.errs():
		g.brokenText(node)
	case node.Const != nil:
		g.string(*node.Const)
	case node.Enum != nil:
		g.string(pick(g, node.Enum))
	case len(node.KnownValues) > 0 && g.chance(0.5):
		g.string(pick(g, node.KnownValues))
	case node.Format != "":
		g.string(pick(g, formatted(node.Format)))
	default:
		g.string(g.ofLength(node))
	}
}

// The units that texts are made of: one grapheme each, of 1, 2 and 8 bytes.
const (
	plainUnit = "a"
	wideUnit  = "é"
	hugeUnit  = "👍🏽"
)

// maxText is about how long a text is at most, however much its schema allows.
const maxText = 5000

// ofLength returns a text of a length that the schema allows.
func (g *Generator) ofLength(node *lexicon.String) string {
	for _, unit := range []string{pick(g, []string{wideUnit, hugeUnit, plainUnit}), plainUnit, hugeUnit} {
		size := int64(len(unit))
		low := (length(node.MinLength, 0) + size - 1) / size
		low = max(low, length(node.MinGraphemes, 0))
		high := min(length(node.MaxLength, (low+8)*size)/size, length(node.MaxGraphemes, low+8), low+maxText)
		if low <= min(high, maxText) {
			return strings.Repeat(unit, int(g.between(low, high)))
		}
	}
	return ""
}

// length returns a bound, or another number if there is none.
func length(bound *int64, none int64) int64 {
	if bound == nil {
		return none
	}
	return *bound
}

// brokenText writes a string that most likely breaks a constraint.
func (g *Generator) brokenText(node *lexicon.String) {
	most := min(max(length(node.MaxLength, 8), length(node.MaxGraphemes, 8)), maxText)
	least := min(length(node.MinLength, 0), length(node.MinGraphemes, 0))
	text := pick(g, []string{
		"", " ", "none",
		strings.Repeat(plainUnit, int(most+1)),
		strings.Repeat(hugeUnit, int(min(most, 100))),
		strings.Repeat(plainUnit, int(max(least-1, 0))),
	})
	if node.Format != "" && g.chance(0.5) {
		text = pick(g, formatted(node.Format))
		at := g.rand.IntN(len(text))
		text = text[:at] + pick(g, []string{"", " ", "-", "#", "/"}) + text[min(at+g.rand.IntN(3), len(text)):]
	}
	g.string(text)
}

func (g *Generator) bytes(node *lexicon.Bytes) {
	low := min(length(node.MinLength, 0), maxText)
	high := min(length(node.MaxLength, low+8), low+maxText)
	size := g.between(low, high)
	if g.errs() {
		size = pick(g, []int64{max(low-1, 0), high + 1})
	}
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(g.rand.IntN(256))
	}
	text := base64.RawStdEncoding.EncodeToString(data)
	if g.chance(0.3) {
		text = base64.StdEncoding.EncodeToString(data)
	}
	g.wrapped("$bytes", text)
}

func (g *Generator) link() { g.wrapped("$link", pick(g, links())) }

// wrapped writes an object with a single key, unless there is a mistake.
func (g *Generator) wrapped(key, text string) {
	if g.errs() {
		text = pick(g, []string{"", ".", text + "\n", text + "?"})
	}
	g.members([]member{{key, func() { g.string(text) }}})
}

func (g *Generator) blob(node *lexicon.Blob) {
	mediaType := "application/octet-stream"
	if len(node.Accept) > 0 {
		mediaType = strings.ReplaceAll(pick(g, node.Accept), "*", "x")
	}
	size := g.between(0, length(node.MaxSize, 1<<20))
	if g.errs() {
		mediaType, size = pick(g, []string{"", "text", "text/x", mediaType}), pick(g, []int64{-1, length(node.MaxSize, 0) + 1})
	}
	if g.errs() {
		g.members([]member{{"cid", func() { g.string(pick(g, links())) }}, {"mimeType", func() { g.string(mediaType) }}})
		return
	}
	g.members([]member{
		{"$type", func() { g.string("blob") }},
		{"ref", g.link},
		{"mimeType", func() { g.string(mediaType) }},
		{"size", func() { g.number(size) }},
	})
}

func links() []string {
	return []string{
		"bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta",
		"bafkreibkt2e5o2tjubt26msdesczsnryxub4zcp4go3npjvltl7wm42axy",
	}
}

// formatted returns strings of a format.
func formatted(format string) []string {
	switch format {
	case "at-identifier":
		return []string{"did:web:alice.test", "alice.test"}
	case "at-uri":
		return []string{"at://alice.test", "at://did:plc:abc/com.example.note/self"}
	case "cid":
		return links()
	case "datetime":
		return []string{"2026-01-02T03:04:05Z", "1999-12-31T23:59:59.1234+01:00"}
	case "did":
		return []string{"did:web:alice.test", "did:plc:abc%20"}
	case "handle":
		return []string{"alice.test", "a--b.c1"}
	case "language":
		return []string{"de", "pt-BR", "i-navajo"}
	case "nsid":
		return []string{"com.example.note", "a-0.b-1.c"}
	case "record-key":
		return []string{"self", "~a:b"}
	case "tid":
		return []string{"3mdxq7kd54k2y", "2222222222222"}
	case "uri":
		return []string{"https://example.com/?q", "dns:example.com"}
	}
	return []string{format}
}
