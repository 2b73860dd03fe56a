package emit

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// lineWidth is how many characters of text a comment line has at most, unless one word is longer.
const lineWidth = 77

// doc writes paragraphs as a comment: each is wrapped, and separated from the next by an empty
// line. Whatever the text holds, the result is // lines and nothing else.
func doc(paragraphs ...string) *Statement {
	return comment(docLines(paragraphs...))
}

// comment writes lines of a comment. They must be clean.
func comment(lines []string) *Statement {
	comment := Null()
	for i, line := range lines {
		if i > 0 {
			comment.Line()
		}
		comment.Comment(strings.TrimRight("// "+line, " "))
	}
	return comment
}

// docLines returns the lines of a comment, without the slashes.
func docLines(paragraphs ...string) []string {
	var lines []string
	for _, paragraph := range paragraphs {
		for part := range strings.SplitSeq(clean(paragraph), "\n\n") {
			for _, part := range splitDeprecation(strings.TrimSpace(part)) {
				wrapped := wrap(sentence(part))
				if len(wrapped) > 0 && len(lines) > 0 {
					lines = append(lines, "")
				}
				lines = append(lines, wrapped...)
			}
		}
	}
	return lines
}

// clean takes out of a text what could change how a reader or a compiler sees the lines around
// it: control characters, direction marks, and what is not text at all. Lines lose their indent.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == utf8.RuneError || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200d': // formats, but for the joiner of emoji
			return -1
		}
		return r
	}, text)
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line))
		b.WriteByte('\n')
	}
	return b.String()
}

// deprecation matches what a deprecation begins with: the word at the start of a paragraph, or at
// that of a sentence if a colon or the like follows it or if it shouts.
var deprecation = regexp.MustCompile(
	`^((?i:deprecated)(?:[\s:;,.\x{2013}\x{2014}-]+|$))|[.!?]\s+((?i:deprecated)(?:[:;,.\x{2013}\x{2014}-]+\s*|\s*$)|DEPRECATED\s+)`)

// splitDeprecation makes a paragraph of its own of a deprecation, in the form that tools look for.
func splitDeprecation(paragraph string) []string {
	if !strings.Contains(strings.ToLower(paragraph), "deprecated") { // which is quick
		return []string{paragraph}
	}
	found := deprecation.FindStringSubmatchIndex(paragraph)
	if found == nil {
		return []string{paragraph}
	}
	start := max(found[2], found[4])
	reason := paragraph[found[1]:]
	if reason == "" {
		reason = "the lexicon does not say what to use instead."
	}
	return []string{paragraph[:start], "Deprecated: " + reason}
}

// sentence sees to it that a paragraph is no heading, which the go command takes a line without a
// full stop for.
func sentence(paragraph string) string {
	paragraph = strings.TrimSpace(paragraph)
	if title := strings.TrimLeft(paragraph, "#"); strings.HasPrefix(title, " ") {
		paragraph = strings.TrimSpace(title)
	}
	first, _ := utf8.DecodeRuneInString(paragraph)
	last, _ := utf8.DecodeLastRuneInString(paragraph)
	if unicode.IsUpper(first) && (unicode.IsLetter(last) || unicode.IsDigit(last)) {
		paragraph += "."
	}
	return paragraph
}

// wrap breaks a paragraph into lines.
func wrap(paragraph string) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(paragraph) {
		if word == "+build" { // which begins a build constraint if it begins a line
			word = strconv.Quote(word)
		}
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineWidth {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// jsonTag writes
//
//	`json:"email,omitzero"`
//
// It writes nothing for a name that a tag cannot hold; the codec of the type does not need the tag.
func jsonTag(field *ir.Field) *Statement {
	if !fitsTag(field.JSON) {
		return Null()
	}
	tag := field.JSON
	if field.Presence != ir.Required {
		tag += ",omitzero"
	}
	return Tag(map[string]string{"json": tag})
}

// fitsTag reports whether [encoding/json] reads a name from a tag as it is.
func fitsTag(name string) bool {
	return name != "" && name != "-" && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r)
	})
}
