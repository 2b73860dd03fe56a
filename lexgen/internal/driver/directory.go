package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// The constants by which a generated package tells other modules what it holds.
const (
	prefixesConst  = "lexgenPrefixes"
	symbolsConst   = "lexgenSymbols"
	documentsConst = "lexgenDocuments"
)

// errNoDirectory says that a package does not tell what it holds.
var errNoDirectory = errors.New("no directory")

// directory is what a generated package says of itself.
type directory struct {
	// prefixes are those of the NSIDs that it was generated for. They are nil if a lexgen generated it
	// that did not list them.
	prefixes []string
	// symbols are the Go names of its defs, by canonical name.
	symbols   map[string]string
	documents []listedDocument
}

// listedDocument is a document in a directory.
type listedDocument struct {
	id   syntax.NSID
	text string
}

// readDirectory reads the Go file in which a package describes itself. The file is one of another
// module: nothing in it is taken on trust. The documents are checked no further than for their ids.
func readDirectory(text []byte) (*directory, error) {
	file, err := parser.ParseFile(token.NewFileSet(), naming.PackageFile, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %w", err)
	}
	symbols, hasSymbols := constant(file, symbolsConst)
	documents, hasDocuments := constant(file, documentsConst)
	if !hasSymbols || !hasDocuments {
		return nil, errNoDirectory
	}
	var listed directory
	if prefixes, hasPrefixes := constant(file, prefixesConst); hasPrefixes {
		if listed.prefixes, err = readPrefixes(prefixes); err != nil {
			return nil, fmt.Errorf("%s: %w", prefixesConst, err)
		}
	}
	if listed.symbols, err = readSymbols(symbols); err != nil {
		return nil, fmt.Errorf("%s: %w", symbolsConst, err)
	}
	if listed.documents, err = readDocuments(documents); err != nil {
		return nil, fmt.Errorf("%s: %w", documentsConst, err)
	}
	return &listed, nil
}

// constant returns the value of a constant, and whether the file declares it.
func constant(file *ast.File, name string) (ast.Expr, bool) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			if len(value.Names) == 1 && value.Names[0].Name == name && len(value.Values) == 1 {
				return value.Values[0], true
			}
		}
	}
	return nil, false
}

// readPrefixes reads prefixes such as
//
//	com.example net.example
func readPrefixes(value ast.Expr) ([]string, error) {
	var text strings.Builder
	if err := appendString(&text, value); err != nil {
		return nil, err
	}
	prefixes := strings.Split(text.String(), " ")
	for i, prefix := range prefixes {
		same := func(other string) bool { return strings.EqualFold(prefix, other) }
		switch {
		case !isPrefix(prefix):
			return nil, fmt.Errorf("%q is no NSID prefix", prefix)
		case slices.ContainsFunc(prefixes[:i], same):
			return nil, fmt.Errorf("%s is listed twice", prefix)
		}
	}
	return prefixes, nil
}

// isPrefix reports whether NSIDs can begin with a text of two or more segments.
func isPrefix(text string) bool { return syntax.NSID(text + ".x").Valid() }

// readSymbols reads lines such as
//
//	com.example.defs#view View
func readSymbols(value ast.Expr) (map[string]string, error) {
	lines, err := linesOf(value)
	if err != nil {
		return nil, err
	}
	symbols := map[string]string{}
	for i, line := range lines {
		key, ident, _ := strings.Cut(line, " ")
		id, _, _ := strings.Cut(key, "#")
		switch {
		case !syntax.NSID(id).Valid():
			return nil, fmt.Errorf("line %d: %q is no NSID", i+1, id)
		case !token.IsIdentifier(ident) || !token.IsExported(ident):
			return nil, fmt.Errorf("line %d: %q is no Go name that can be imported", i+1, ident)
		case symbols[key] != "":
			return nil, fmt.Errorf("line %d: %s is listed twice", i+1, key)
		}
		symbols[key] = ident
	}
	return symbols, nil
}

// readDocuments reads lines that are documents.
func readDocuments(value ast.Expr) ([]listedDocument, error) {
	lines, err := linesOf(value)
	if err != nil {
		return nil, err
	}
	var documents []listedDocument
	seen := map[syntax.NSID]bool{}
	for i, line := range lines {
		var document struct{ ID string }
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			return nil, fmt.Errorf("line %d is no document: %w", i+1, err)
		}
		id, err := syntax.ParseNSID(document.ID)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if seen[id] {
			return nil, fmt.Errorf("line %d: %s is listed twice", i+1, id)
		}
		seen[id] = true
		documents = append(documents, listedDocument{id, line})
	}
	return documents, nil
}

// linesOf returns the lines of a string constant.
func linesOf(value ast.Expr) ([]string, error) {
	var text strings.Builder
	if err := appendString(&text, value); err != nil {
		return nil, err
	}
	if text.Len() == 0 {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n"), nil
}

// appendString appends the value of an expression of string literals and additions.
func appendString(text *strings.Builder, value ast.Expr) error {
	switch value := value.(type) {
	case *ast.BasicLit:
		if value.Kind != token.STRING {
			break
		}
		part, err := strconv.Unquote(value.Value)
		if err != nil {
			return fmt.Errorf("a string literal: %w", err)
		}
		text.WriteString(part)
		return nil
	case *ast.BinaryExpr:
		if value.Op != token.ADD {
			break
		}
		if err := appendString(text, value.X); err != nil {
			return err
		}
		return appendString(text, value.Y)
	}
	return errors.New("not made of string literals alone")
}
