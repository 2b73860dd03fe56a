package emit

import "bytes"

// groupImports sets the imports of the standard library apart from the others, as people do.
// Jennifer writes all of them as one sorted list, in which the standard library comes first.
//
//	import (
//		"context"
//
//		"github.com/lexgen-go/lexgen/runtime/xrpc"
//	)
func groupImports(text []byte) []byte {
	const opening, closing = "\nimport (\n", "\n)\n"
	start := bytes.Index(text, []byte(opening))
	if start < 0 {
		return text
	}
	start += len(opening)
	end := start + bytes.Index(text[start:], []byte(closing))
	standard := start
	for standard < end {
		line, _, _ := bytes.Cut(text[standard:end], []byte("\n"))
		if root, _, _ := bytes.Cut(line, []byte("/")); bytes.Contains(root, []byte(".")) {
			break
		}
		standard = min(standard+len(line)+1, end)
	}
	if standard == start || standard == end {
		return text
	}
	grouped := bytes.Clone(text[:standard])
	grouped = append(grouped, '\n')
	return append(grouped, text[standard:]...)
}
