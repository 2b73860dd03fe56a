package runtime_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestDocumentation requires a doc comment of every package in this folder and below it, and of
// every identifier that such a package exports.
func TestDocumentation(t *testing.T) {
	folders := map[string][]*ast.File{}
	files := token.NewFileSet()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		folders[path.Dir(name)] = append(folders[path.Dir(name)], file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) < 2 {
		t.Fatalf("found %d folders with Go files, want this one and those below it", len(folders))
	}
	for folder, sources := range folders {
		t.Run(folder, func(t *testing.T) {
			for _, problem := range undocumented(files, sources) {
				t.Error(problem)
			}
		})
	}
}

func TestUndocumented(t *testing.T) {
	tests := []struct {
		name   string
		source string
		want   []string
	}{
		{
			name: "everything has its comment",
			source: `// Package good is good.
package good

// A Number is a type.
type Number int

// Double doubles.
func (n Number) Double() Number { return 2 * n }

// The small ones.
const (
	One Number = 1 + iota
	Two
)

// Adder adds.
type Adder interface{ Add(Number) }

type hidden struct{}

func (hidden) Shown() {}`,
		},
		{
			name:   "no package comment",
			source: "package bad",
			want:   []string{`bad.go:1:9: package bad has no comment that begins with "Package bad"`},
		},
		{
			name: "no comment",
			source: `// Package bad is bad.
package bad

type Type struct{}

func (*Type) Method() {}

func Func() {}

const Const = 1

var (
	Var   int
	inner int
)

type Face interface {
	Smile()
	// Frown frowns.
	Frown()
}`,
			want: []string{
				`bad.go:4:6: Type has no comment that begins with "Type"`,
				`bad.go:6:14: Type.Method has no comment that begins with "Method"`,
				`bad.go:8:6: Func has no comment that begins with "Func"`,
				`bad.go:10:7: Const has no comment that begins with "Const"`,
				`bad.go:13:2: Var has no comment that begins with "Var"`,
				`bad.go:17:6: Face has no comment that begins with "Face"`,
				`bad.go:18:2: Face.Smile has no comment that begins with "Smile"`,
			},
		},
		{
			name: "a comment about something else",
			source: `// Package bad is bad.
package bad

// Types are good.
type Type[T any] struct{}

// This method is good.
func (Type[T]) Method() {}`,
			want: []string{
				`bad.go:5:6: Type has no comment that begins with "Type"`,
				`bad.go:8:16: Type.Method has no comment that begins with "Method"`,
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, "bad.go", test.source, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if got := undocumented(files, []*ast.File{file}); !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// undocumented returns a sentence for the package that sources make up and for each identifier
// that it exports, if no doc comment begins with its name.
func undocumented(files *token.FileSet, sources []*ast.File) []string {
	a := &audit{files: files}
	a.packageComment(sources)
	for _, source := range sources {
		for _, decl := range source.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				a.function(decl)
			case *ast.GenDecl:
				a.group(decl)
			}
		}
	}
	return a.problems
}

// audit collects what has no doc comment.
type audit struct {
	files    *token.FileSet
	problems []string
}

// require records a problem unless one of the comments on ident begins with one of the openings,
// as a word of its own.
func (a *audit) require(ident *ast.Ident, name string, openings []string, comments ...*ast.CommentGroup) {
	for _, comment := range comments {
		for _, opening := range openings {
			rest, ok := strings.CutPrefix(comment.Text(), opening)
			if next, _ := utf8.DecodeRuneInString(rest); ok && !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				return
			}
		}
	}
	a.problems = append(a.problems,
		fmt.Sprintf("%s: %s has no comment that begins with %q", a.files.Position(ident.Pos()), name, openings[0]))
}

func (a *audit) packageComment(sources []*ast.File) {
	var comments []*ast.CommentGroup
	for _, source := range sources {
		comments = append(comments, source.Doc)
	}
	name := sources[0].Name
	a.require(name, "package "+name.Name, []string{"Package " + name.Name}, comments...)
}

func (a *audit) function(decl *ast.FuncDecl) {
	name := decl.Name.Name
	if decl.Recv != nil {
		receiver := typeName(decl.Recv.List[0].Type)
		if !ast.IsExported(receiver) {
			return
		}
		name = receiver + "." + name
	}
	if decl.Name.IsExported() {
		a.require(decl.Name, name, []string{decl.Name.Name}, decl.Doc)
	}
}

// typeName returns the name of a receiver's type.
func typeName(receiver ast.Expr) string {
	switch receiver := receiver.(type) {
	case *ast.StarExpr:
		return typeName(receiver.X)
	case *ast.IndexExpr:
		return typeName(receiver.X)
	case *ast.IndexListExpr:
		return typeName(receiver.X)
	case *ast.Ident:
		return receiver.Name
	}
	panic(fmt.Sprintf("receiver of type %T", receiver))
}

func (a *audit) group(decl *ast.GenDecl) {
	grouped := decl.Lparen.IsValid()
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if !grouped {
				doc = decl.Doc
			}
			a.typeSpec(spec, doc)
		case *ast.ValueSpec:
			a.valueSpec(spec, decl.Doc, grouped)
		}
	}
}

// typeSpec lets the comment on a type begin with an article, and that on an interface with a
// single method speak for the method.
func (a *audit) typeSpec(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	name := spec.Name.Name
	if !ast.IsExported(name) {
		return
	}
	a.require(spec.Name, name, []string{name, "A " + name, "An " + name, "The " + name}, doc)
	face, ok := spec.Type.(*ast.InterfaceType)
	if !ok || face.Methods.NumFields() < 2 {
		return
	}
	for _, method := range face.Methods.List {
		for _, ident := range method.Names {
			if ident.IsExported() {
				a.require(ident, name+"."+ident.Name, []string{ident.Name}, method.Doc)
			}
		}
	}
}

// valueSpec lets the comment above a group speak for all its constants or variables.
func (a *audit) valueSpec(spec *ast.ValueSpec, above *ast.CommentGroup, grouped bool) {
	if grouped && above != nil && spec.Doc == nil {
		return
	}
	for _, name := range spec.Names {
		if name.IsExported() {
			a.require(name, name.Name, []string{name.Name}, spec.Doc, above)
		}
	}
}
