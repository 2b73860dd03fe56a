package source

import "fmt"

// The functions of this file say how to cure what stands at the current
// position of a parser.

// keyHelp is about something that is not a key.
func (p *parser) keyHelp() string {
	switch {
	case p.pos >= len(p.data):
		return "the file ends too early; close all braces and brackets"
	case p.peek() == '\'':
		return "use double quotes, not single ones"
	case p.peek() == ',':
		return "remove the comma, or write a member before it"
	case p.peek() == 0:
		return "remove the NUL character"
	}
	return `an object has members of the form "key": value`
}

// valueHelp is about something that is not a value.
func (p *parser) valueHelp() string {
	switch c := p.peek(); {
	case p.pos >= len(p.data) && p.depth == 0:
		return "the file is empty; write an object in braces"
	case p.pos >= len(p.data):
		return "the file ends too early; write the value and close all braces and brackets"
	case c == '\'':
		return "use double quotes, not single ones"
	case c == ',':
		return "remove the comma, or write a value before it"
	case c == 0:
		return "remove the NUL character"
	}
	return "a value is an object, array, string, number, true, false or null"
}

// separatorHelp is about something behind an element or a member.
func (p *parser) separatorHelp(closing byte) string {
	if p.pos >= len(p.data) {
		return fmt.Sprintf("add the closing '%c'", closing)
	}
	return "a comma is missing before it, or a brace or bracket is in the wrong place"
}

// slashHelp is about a slash outside of a string.
func (p *parser) slashHelp(isComment bool) string {
	switch {
	case isComment:
		return "JSON has no comments"
	case p.relaxed:
		return "a comment begins with // or /*"
	}
	return "remove it, or write a string in double quotes"
}
