package naming

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// parts returns the words of a text and, between them, the names of the characters that are neither
// letters nor digits: what people call them, or their numbers in Unicode.
func parts(text string) []string {
	if text == "" {
		return []string{"Empty"}
	}
	var list []string
	names := asciiSymbols()
	start := 0
	flush := func(end int) {
		for _, word := range split(text[start:end]) {
			list = append(list, capitalized(word))
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush(i)
			name, known := names[r]
			if !known {
				name = fmt.Sprintf("U%04X", r)
			}
			list = append(list, name)
			start = i + size
		}
		i += size
	}
	flush(len(text))
	return list
}

// asciiSymbols names the visible characters of ASCII that are neither letters nor digits.
func asciiSymbols() map[rune]string {
	return map[rune]string{
		' ': "Space", '!': "Exclamation", '"': "Quote", '#': "Hash", '$': "Dollar", '%': "Percent",
		'&': "Ampersand", '\'': "Apostrophe", '(': "LeftParen", ')': "RightParen", '*': "Asterisk",
		'+': "Plus", ',': "Comma", '-': "Minus", '.': "Dot", '/': "Slash", ':': "Colon", ';': "Semicolon",
		'<': "Less", '=': "Equal", '>': "Greater", '?': "Question", '@': "At", '[': "LeftBracket",
		'\\': "Backslash", ']': "RightBracket", '^': "Caret", '_': "Underscore", '`': "Backquote",
		'{': "LeftBrace", '|': "Pipe", '}': "RightBrace", '~': "Tilde",
	}
}
