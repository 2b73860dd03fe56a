package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

const (
	maxLineWidth = 120 // columns of source text shown
	contextWidth = 40  // columns kept before the span in a line that is cut
	tabWidth     = 4
	ellipsis     = "…"
	joiner       = '\u200d'
)

// cell is a character as it is printed.
type cell struct {
	text  string
	width int // columns
}

// excerpt returns the first line of a span as it is printed, and the columns
// from start up to, but not including, end that the span covers there.
func excerpt(span source.Span) (line string, start, end int) {
	at := span.Position()
	text := span.File.Line(at.Line)
	first := skipRunes(text, at.Column-1)
	last := min(first+max(span.End-span.Start, 0), len(text))

	before, inside, after := cells(text[:first]), cells(text[first:last]), cells(text[last:])
	if width(before)+width(inside)+width(after) > maxLineWidth {
		before = cutStart(before, contextWidth)
		inside = cutEnd(inside, maxLineWidth-width(before))
		after = cutEnd(after, maxLineWidth-width(before)-width(inside))
	}
	start = width(before)
	end = start + max(width(inside), 1)
	return join(before) + join(inside) + join(after), start, end
}

// skipRunes returns the offset of the n-th character, from 0, of a text.
func skipRunes(text string, n int) int {
	offset := 0
	for ; n > 0 && offset < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return offset
}

func cells(text string) []cell {
	var list []cell
	before := rune(0)
	for _, r := range text {
		list = append(list, cellOf(before, r))
		before = r
	}
	return list
}

// cellOf decides how a character is printed behind another one. The joiners and
// selectors of emoji are left out: terminals do not agree on their width. Any
// other character that cannot be seen is printed as its number, so that the
// user learns of it; some reorder the text.
func cellOf(before, r rune) cell {
	switch {
	case before > unicode.MaxASCII && (r == joiner || unicode.Is(unicode.Variation_Selector, r)):
		return cell{}
	case r == '\t':
		return cell{strings.Repeat(" ", tabWidth), tabWidth}
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		number := fmt.Sprintf("<U+%04X>", r)
		return cell{number, len(number)}
	case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
		return cell{string(utf8.RuneError), 1}
	case unicode.In(r, unicode.Mn, unicode.Me):
		return cell{string(r), 0}
	case unicode.Is(wide, r):
		return cell{string(r), 2}
	}
	return cell{string(r), 1}
}

func width(list []cell) int {
	n := 0
	for _, c := range list {
		n += c.width
	}
	return n
}

func join(list []cell) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.text)
	}
	return b.String()
}

// cutStart keeps the end of a text, at most limit columns wide.
func cutStart(list []cell, limit int) []cell {
	if width(list) <= limit {
		return list
	}
	kept, n := len(list), 1
	for kept > 0 && n+list[kept-1].width <= limit {
		kept--
		n += list[kept].width
	}
	return append([]cell{{ellipsis, 1}}, list[kept:]...)
}

// cutEnd keeps the start of a text, at most limit columns wide.
func cutEnd(list []cell, limit int) []cell {
	if width(list) <= limit {
		return list
	}
	kept, n := 0, 1
	for kept < len(list) && n+list[kept].width <= limit {
		n += list[kept].width
		kept++
	}
	if limit < 1 {
		return nil
	}
	return append(list[:kept:kept], cell{ellipsis, 1})
}

// wide are the characters that take two columns in a terminal: those of East
// Asian width W or F. See https://www.unicode.org/reports/tr11/.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1},
		{0x231A, 0x231B, 1},
		{0x2329, 0x232A, 1},
		{0x23E9, 0x23EC, 1},
		{0x23F0, 0x23F3, 3},
		{0x25FD, 0x25FE, 1},
		{0x2614, 0x2615, 1},
		{0x2648, 0x2653, 1},
		{0x267F, 0x2693, 20},
		{0x26A1, 0x26A1, 1},
		{0x26AA, 0x26AB, 1},
		{0x26BD, 0x26BE, 1},
		{0x26C4, 0x26C5, 1},
		{0x26CE, 0x26D4, 6},
		{0x26EA, 0x26EA, 1},
		{0x26F2, 0x26F3, 1},
		{0x26F5, 0x26FA, 5},
		{0x26FD, 0x2705, 8},
		{0x270A, 0x270B, 1},
		{0x2728, 0x2728, 1},
		{0x274C, 0x274E, 2},
		{0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1},
		{0x2795, 0x2797, 1},
		{0x27B0, 0x27BF, 15},
		{0x2B1B, 0x2B1C, 1},
		{0x2B50, 0x2B55, 5},
		{0x2E80, 0x303E, 1},
		{0x3041, 0x33FF, 1},
		{0x3400, 0x4DBF, 1},
		{0x4E00, 0xA4CF, 1},
		{0xA960, 0xA97C, 1},
		{0xAC00, 0xD7A3, 1},
		{0xF900, 0xFAFF, 1},
		{0xFE10, 0xFE19, 1},
		{0xFE30, 0xFE6B, 1},
		{0xFF01, 0xFF60, 1},
		{0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{
		{0x16FE0, 0x18D08, 1},
		{0x1AFF0, 0x1B2FB, 1},
		{0x1F004, 0x1F0CF, 203},
		{0x1F18E, 0x1F18E, 1},
		{0x1F191, 0x1F19A, 1},
		{0x1F200, 0x1F320, 1},
		{0x1F32D, 0x1F335, 1},
		{0x1F337, 0x1F37C, 1},
		{0x1F37E, 0x1F393, 1},
		{0x1F3A0, 0x1F3CA, 1},
		{0x1F3CF, 0x1F3D3, 1},
		{0x1F3E0, 0x1F3F0, 1},
		{0x1F3F4, 0x1F3F4, 1},
		{0x1F3F8, 0x1F43E, 1},
		{0x1F440, 0x1F440, 1},
		{0x1F442, 0x1F4FC, 1},
		{0x1F4FF, 0x1F53D, 1},
		{0x1F54B, 0x1F54E, 1},
		{0x1F550, 0x1F567, 1},
		{0x1F57A, 0x1F57A, 1},
		{0x1F595, 0x1F596, 1},
		{0x1F5A4, 0x1F5A4, 1},
		{0x1F5FB, 0x1F64F, 1},
		{0x1F680, 0x1F6C5, 1},
		{0x1F6CC, 0x1F6CC, 1},
		{0x1F6D0, 0x1F6D2, 1},
		{0x1F6D5, 0x1F6DF, 1},
		{0x1F6EB, 0x1F6EC, 1},
		{0x1F6F4, 0x1F6FC, 1},
		{0x1F7E0, 0x1F7F0, 1},
		{0x1F90C, 0x1F93A, 1},
		{0x1F93C, 0x1F945, 1},
		{0x1F947, 0x1F9FF, 1},
		{0x1FA70, 0x1FAF8, 1},
		{0x20000, 0x3FFFD, 1},
	},
}
