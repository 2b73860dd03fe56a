package emit

import "bytes"

// groupImports sets the one import of the standard library that generated code has apart from the
// others, as people do. Jennifer writes all of them as one sorted list.
//
//	import (
//		"context"
//
//		"github.com/lexgen-go/lexgen/runtime/xrpc"
//	)
func groupImports(text []byte) []byte {
	const opening, closing, standard = "\nimport (\n", "\n)\n", "\t\"context\"\n"
	before, rest, found := bytes.Cut(text, []byte(opening))
	if !found {
		return text
	}
	imports, after, _ := bytes.Cut(rest, []byte(closing))
	others := bytes.Replace(append(bytes.Clone(imports), '\n'), []byte(standard), nil, 1)
	if len(others) > len(imports) {
		return text
	}
	return bytes.Join([][]byte{before, []byte(opening), []byte(standard), []byte("\n"), others, []byte(closing[1:]), after}, nil)
}
