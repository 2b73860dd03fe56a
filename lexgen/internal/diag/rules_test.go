package diag_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
)

// TestRulesAreListed reads the source of the compiler: every rule is in the
// table once, and no diagnostic is made with an id that is not a constant.
func TestRulesAreListed(t *testing.T) {
	t.Parallel()
	listed := map[diag.Rule]bool{}
	for _, rule := range diag.Rules() {
		if listed[rule.ID] || rule.ID == "" || rule.Meaning == "" {
			t.Errorf("rule %q is listed twice or without a meaning", rule.ID)
		}
		listed[rule.ID] = true
	}
	for name, id := range constants(t) {
		if !listed[id] {
			t.Errorf("rule %s, %q, is not in the table", name, id)
		}
		delete(listed, id)
	}
	for id := range listed {
		t.Errorf("rule %q has no constant", id)
	}
	eachFile(t, "..", func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := literalRule(n); ok {
				t.Errorf("%s: the rule %s is not a constant of diag", name, id)
			}
			return true
		})
	})
}

// TestEveryDiagnosticHasHelp reads the source of the compiler: no diagnostic is
// made by a statement that does not also set a hint.
func TestEveryDiagnosticHasHelp(t *testing.T) {
	t.Parallel()
	made := 0
	eachFile(t, "..", func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if makesDiagnostic(n) {
					made++
				}
			case *ast.ExprStmt:
				if call, ok := n.X.(*ast.CallExpr); ok && makesDiagnostic(call) {
					t.Errorf("%s: a diagnostic has no hint", name)
				}
			}
			return true
		})
	})
	if made == 0 {
		t.Error("found no place that makes a diagnostic")
	}
}

// makesDiagnostic finds x.Errorf(span, rule, format, …) and its like, but not
// fmt.Errorf(format, …).
func makesDiagnostic(call *ast.CallExpr) bool {
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Errorf" && fun.Sel.Name != "Warningf" || len(call.Args) < 3 {
		return false
	}
	rule, ok := call.Args[1].(*ast.SelectorExpr)
	if !ok {
		return false
	}
	owner, ok := rule.X.(*ast.Ident)
	return ok && owner.Name == "diag"
}

// constants returns the rules declared in this package by the name of their
// constant.
func constants(t *testing.T) map[string]diag.Rule {
	t.Helper()
	rules := map[string]diag.Rule{}
	eachFile(t, ".", func(_ string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Rule" {
				return true
			}
			id, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			rules[spec.Names[0].Name] = diag.Rule(id)
			return true
		})
	})
	if len(rules) == 0 {
		t.Fatal("no constants found")
	}
	return rules
}

// literalRule finds x.Errorf(span, "id", …), diag.Rule("id") and Rule: "id".
func literalRule(n ast.Node) (string, bool) {
	var candidate ast.Expr
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
			candidate = n.Value
		}
	case *ast.CallExpr:
		fun, ok := n.Fun.(*ast.SelectorExpr)
		switch {
		case !ok:
		case fun.Sel.Name == "Rule" && len(n.Args) == 1:
			candidate = n.Args[0]
		case (fun.Sel.Name == "Errorf" || fun.Sel.Name == "Warningf") && len(n.Args) > 2:
			candidate = n.Args[1]
		}
	}
	if literal, ok := candidate.(*ast.BasicLit); ok && literal.Kind == token.STRING {
		return literal.Value, true
	}
	return "", false
}

func eachFile(t *testing.T, root string, visit func(name string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err == nil {
			visit(path, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
