package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// modulePath is the import path of the folder above this one.
const modulePath = "github.com/lexgen-go/lexgen"

// layer says what the packages that a pattern matches may import. A pattern is a package's folder
// below the module's root; "folder/..." stands for the folder and all below it, as for the go
// command. The standard library is free for all but what a layer shuns.
type layer struct {
	packages string
	module   []string // patterns of this module's packages
	others   []string // paths of other modules
	shuns    []string // packages of the standard library, each with all below it
}

// layers is the import matrix. What it does not list is forbidden; the first layer whose pattern
// matches a package is the one that counts; a package that no layer matches is a mistake.
var layers = []layer{
	{packages: "runtime"},
	{packages: "runtime/syntax"},
	{packages: "runtime/lexjson"},
	{packages: "runtime/lexdata", module: []string{"runtime/syntax", "runtime/lexjson", "runtime/validate"}},
	{
		packages: "runtime/validate",
		module:   []string{"runtime/syntax"},
		others:   []string{"github.com/clipperhouse/uax29/v2"},
	},
	{
		packages: "runtime/xrpc",
		module:   []string{"runtime/syntax", "runtime/lexdata", "runtime/lexjson", "runtime/validate"},
	},
	{
		packages: "runtime/xrpcecho",
		module:   []string{"runtime/xrpc"},
		others:   []string{"github.com/labstack/echo/v4"},
	},

	{packages: "lexicons"},
	{
		packages: "generated/...",
		module: []string{
			"runtime", "runtime/syntax", "runtime/lexdata", "runtime/lexjson", "runtime/validate", "runtime/xrpc",
			"generated/...",
		},
	},

	{packages: "lexgen/internal/source", shuns: outside},
	{packages: "lexgen/internal/diag", module: []string{"lexgen/internal/source"}, shuns: outside},
	{
		packages: "lexgen/internal/metaschema",
		module:   []string{"lexgen/internal/source", "lexgen/internal/diag"},
		others:   []string{"github.com/santhosh-tekuri/jsonschema/v5"},
		shuns:    outside,
	},
	{
		packages: "lexgen/internal/lexicon",
		module:   []string{"lexgen/internal/source", "lexgen/internal/diag", "runtime/syntax"},
		shuns:    outside,
	},
	{
		packages: "lexgen/internal/catalog",
		module: []string{
			"lexgen/internal/lexicon", "lexgen/internal/source", "lexgen/internal/diag", "runtime/syntax",
		},
		shuns: outside,
	},
	{
		packages: "lexgen/internal/validator",
		module: []string{
			"lexgen/internal/catalog", "lexgen/internal/lexicon",
			"runtime/lexdata", "runtime/lexjson", "runtime/validate", "runtime/syntax",
		},
		shuns: outside,
	},
	{ // random data for tests
		packages: "lexgen/internal/validator/sample",
		module:   []string{"lexgen/internal/catalog", "lexgen/internal/lexicon"},
	},
	{
		packages: "lexgen/internal/reach",
		module: []string{
			"lexgen/internal/catalog", "lexgen/internal/lexicon", "lexgen/internal/source", "lexgen/internal/diag",
			"runtime/syntax",
		},
		shuns: outside,
	},
	{packages: "lexgen/internal/naming", module: []string{"runtime/syntax"}, shuns: outside},
	{packages: "lexgen/internal/ir", module: []string{"lexgen/internal/source"}, shuns: outside},
	{
		packages: "lexgen/internal/lower",
		module: []string{
			"lexgen/internal/catalog", "lexgen/internal/lexicon", "lexgen/internal/ir", "lexgen/internal/naming",
			"lexgen/internal/source", "lexgen/internal/diag", "runtime/syntax",
		},
		shuns: outside,
	},
	{
		packages: "lexgen/internal/emit",
		module:   []string{"lexgen/internal/ir"},
		others:   []string{"github.com/dave/jennifer"},
		shuns:    outside,
	},
	{
		packages: "lexgen/internal/config",
		module:   []string{"lexgen/internal/diag", "lexgen/internal/source"},
		shuns:    outside,
	},
	{packages: "lexgen/internal/output", module: []string{"lexgen/internal/diag", "lexgen/internal/source"}},
	{
		packages: "lexgen/internal/driver",
		module:   []string{"lexgen/internal/...", "lexicons", "runtime/syntax", "runtime/lexjson", "runtime/validate"},
		others:   []string{"golang.org/x/mod"},
	},
	{packages: "lexgen/internal/lint", module: catalogReaders},
	{packages: "lexgen/internal/breaking", module: catalogReaders},
	{packages: "lexgen/internal/docs", module: catalogReaders},
	{packages: "lexgen/internal/install", module: catalogReaders},
	{
		packages: "lexgen",
		module:   []string{"lexgen/internal/driver", "lexgen/internal/diag"},
		others:   []string{"github.com/spf13/pflag"},
	},

	{
		packages: "server/internal/account",
		module:   []string{"runtime/syntax"},
		others:   []string{"golang.org/x/crypto", "golang.org/x/text"},
		shuns:    []string{"net/http", "database/sql", "os"},
	},
	{
		packages: "server/internal/account/storetest",
		module:   []string{"server/internal/account", "runtime/syntax"},
		others:   []string{"github.com/google/go-cmp"},
	},
	{packages: "server/internal/durable"},
	{
		packages: "server/internal/keys",
		module:   []string{"server/internal/durable"},
		others:   []string{"golang.org/x/crypto"},
	},
	{
		packages: "server/internal/token",
		module:   []string{"server/internal/account", "server/internal/didkey", "server/internal/keys", "runtime/syntax"},
		others:   []string{"github.com/golang-jwt/jwt/v5"},
	},
	{
		packages: "server/internal/didkey",
		others:   []string{"github.com/decred/dcrd/dcrec/secp256k1/v4", "github.com/mr-tron/base58"},
		shuns:    []string{"net/http", "os"},
	},
	{
		packages: "server/internal/plc",
		module:   []string{"server/internal/didkey", "runtime/lexjson", "runtime/syntax"},
		shuns:    []string{"net/http", "os"},
	},
	{
		packages: "server/internal/plc/directory",
		module:   []string{"server/internal/account", "server/internal/plc", "runtime/syntax"},
	},
	{ // a directory for tests
		packages: "server/internal/plc/directory/directorytest",
		module:   []string{"server/internal/account", "server/internal/plc/...", "server/internal/didkey", "runtime/syntax"},
	},
	{
		packages: "server/internal/identity",
		module: []string{
			"server/internal/account", "server/internal/didkey", "server/internal/plc",
			"runtime/lexjson", "runtime/syntax",
		},
	},
	{
		packages: "server/internal/mail",
		module:   []string{"server/internal/account", "server/internal/durable"},
		others:   []string{"github.com/wneessen/go-mail"},
	},
	{packages: "server/internal/breached", module: []string{"server/internal/account"}},
	{packages: "server/internal/ratelimit"},
	{packages: "server/internal/clientaddr"},
	{
		packages: "server/internal/sqlite",
		module:   []string{"server/internal/account", "server/internal/durable", "runtime/syntax"},
		others:   []string{"modernc.org/sqlite"},
	},
	{
		packages: "server/internal/postgres",
		module:   []string{"server/internal/account", "runtime/syntax"},
		others:   []string{"github.com/jackc/pgx/v5"},
	},
	{ // a client for tests
		packages: "server/internal/client2023",
		module: []string{
			"runtime", "runtime/syntax", "runtime/lexdata", "runtime/lexjson", "runtime/validate", "runtime/xrpc",
		},
	},
	{
		packages: "server/internal/api",
		module: []string{
			"server/internal/account", "server/internal/ratelimit", "generated/...", "runtime/xrpc", "runtime/syntax", "runtime/lexdata",
		},
	},
	{
		packages: "server",
		module:   []string{"server/internal/...", "generated/...", "runtime/..."},
		others: []string{
			"github.com/labstack/echo/v4", "github.com/spf13/pflag", "github.com/andybalholm/brotli",
			"github.com/prometheus/client_golang",
		},
	},

	{ // measures the server
		packages: "server/bench",
		module: []string{
			"server/internal/account", "server/internal/keys", "server/internal/sqlite",
			"generated/...", "runtime/xrpc", "runtime/syntax",
		},
		others: []string{"github.com/golang-jwt/jwt/v5", "golang.org/x/crypto", "modernc.org/sqlite"},
	},

	{
		packages: "examples/...",
		module:   []string{"generated/...", "runtime/...", "lexicons"},
		others:   []string{"github.com/labstack/echo/v4"},
	},
}

// catalogReaders is what the commands that read a catalog may import.
var catalogReaders = []string{
	"lexgen/internal/catalog", "lexgen/internal/lexicon", "lexgen/internal/diag", "lexgen/internal/source",
	"lexgen/internal/naming", "runtime/syntax",
}

// outside is what the generator's stages do without: they turn values into values, the same ones at
// any time and on any machine. Files belong to driver and output.
var outside = []string{"os", "net/http", "time", "math/rand"}

// sealed names the packages, and all below them, that generated code may not even reach through
// what it imports: a client must not link a web framework, a database or the generator.
var sealed = []string{
	"github.com/labstack", "database/sql", "modernc.org", "github.com/jackc", "github.com/dave/jennifer",
	modulePath + "/lexgen", modulePath + "/server",
}

func TestLayering(t *testing.T) {
	packages := goList(t, "./...")
	if len(packages) == 0 {
		t.Fatal("go list found no package")
	}
	for _, p := range packages {
		for _, problem := range breaches(layers, p) {
			t.Error(problem)
		}
	}
}

func TestLayeringOfGeneratedCode(t *testing.T) {
	for _, p := range goList(t, "-deps", "./generated/...") {
		for _, path := range sealed {
			if within(p.ImportPath, path) {
				t.Errorf("generated code depends on %s", p.ImportPath)
			}
		}
	}
}

func TestLayeringFindsBreaches(t *testing.T) {
	matrix := []layer{
		{packages: "low", shuns: []string{"os"}},
		{packages: "high", module: []string{"low"}, others: []string{"example.org/log"}},
		{packages: "tools/...", module: []string{"shared/..."}},
	}
	tests := []struct {
		name    string
		folder  string
		imports []string
		want    []string
	}{
		{"standard library", "low", []string{"net/http", "C"}, nil},
		{"listed", "high", []string{modulePath + "/low", "example.org/log", "example.org/log/level"}, nil},
		{"below a pattern", "tools/a/b", []string{modulePath + "/shared", modulePath + "/shared/c"}, nil},
		{"package of this module", "low", []string{modulePath + "/high"}, []string{"low imports high"}},
		{"other module", "low", []string{"example.org/log"}, []string{"low imports example.org/log"}},
		{"shunned", "low", []string{"os", "os/exec", "oslo"}, []string{"low imports os", "low imports os/exec"}},
		{"common prefix", "high", []string{"example.org/logger"}, []string{"high imports example.org/logger"}},
		{"root package", "low", []string{modulePath}, []string{"low imports ."}},
		{"no layer", "lower", nil, []string{"lower has no layer: add it to the import matrix"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := breaches(matrix, goPackage{ImportPath: modulePath + "/" + test.folder, Imports: test.imports})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// goPackage is what this test reads of a package that go list describes.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// goList describes the packages that match args, seen from the module's root.
func goList(t *testing.T, args ...string) []goPackage {
	t.Helper()
	var stderr bytes.Buffer
	list := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, args...)...)
	list.Dir = ".."
	list.Stderr = &stderr
	stdout, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(stdout)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read the output of go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// breaches returns one sentence for each import of p that matrix does not allow.
func breaches(matrix []layer, p goPackage) []string {
	folder := folderOf(p.ImportPath)
	i := slices.IndexFunc(matrix, func(l layer) bool { return matches(l.packages, folder) })
	if i < 0 {
		return []string{folder + " has no layer: add it to the import matrix"}
	}
	var found []string
	for _, path := range p.Imports {
		if !allows(matrix[i], path) {
			found = append(found, fmt.Sprintf("%s imports %s", folder, folderOf(path)))
		}
	}
	return found
}

// allows tells whether the layer's packages may import path.
func allows(l layer, path string) bool {
	if within(path, modulePath) {
		return slices.ContainsFunc(l.module, func(pattern string) bool { return matches(pattern, folderOf(path)) })
	}
	contains := func(parent string) bool { return within(path, parent) }
	if host, _, _ := strings.Cut(path, "/"); strings.Contains(host, ".") {
		return slices.ContainsFunc(l.others, contains)
	}
	return !slices.ContainsFunc(l.shuns, contains)
}

// folderOf returns the folder below the module's root of one of its packages, and the import path
// of any other package.
func folderOf(path string) string {
	if path == modulePath {
		return "."
	}
	return strings.TrimPrefix(path, modulePath+"/")
}

// matches tells whether a package's folder is one that pattern stands for.
func matches(pattern, folder string) bool {
	parent, deep := strings.CutSuffix(pattern, "/...")
	return folder == parent || deep && within(folder, parent)
}

// within tells whether a slash-separated path is parent or below it.
func within(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}
