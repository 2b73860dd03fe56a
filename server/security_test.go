package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/server/internal/keys"
)

// securityRows is how many controls SECURITY.md goes through.
const securityRows = 38

// What SECURITY.md refers to.
var (
	securityRow    = regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$`)
	securityTest   = regexp.MustCompile("\\[`(\\w+)`\\]\\(([^)]+\\.go)\\)")
	securityLink   = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	securityFlag   = regexp.MustCompile("`--([a-z-]+)")
	securityEnv    = regexp.MustCompile(`LEXGEN_[A-Z_]+`)
	securitySealed = regexp.MustCompile("`([a-z-]+)\\.sealed`")
)

func readSecurity(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("SECURITY.md")
	must(t, err)
	return string(text)
}

// Each control is there, in order, and names functions that its files declare.
func TestSecurityRows(t *testing.T) {
	t.Parallel()
	rows := securityRow.FindAllStringSubmatch(readSecurity(t), -1)
	if len(rows) != securityRows {
		t.Fatalf("got %d rows, want %d", len(rows), securityRows)
	}
	for i, row := range rows {
		if row[1] != strconv.Itoa(i+1) {
			t.Errorf("row %d has the number %s", i+1, row[1])
		}
		tests := securityTest.FindAllStringSubmatch(row[2], -1)
		if len(tests) == 0 || len(tests) != strings.Count(row[2], "](") {
			t.Errorf("row %d: got %s, want links to tests and nothing else", i+1, row[2])
		}
		for _, test := range tests {
			if name, path := test[1], test[2]; !declares(t, path, name) {
				t.Errorf("row %d: %s does not declare %s", i+1, path, name)
			}
		}
	}
}

// declares reports whether a file declares a function or a method.
func declares(t *testing.T, path, name string) bool {
	t.Helper()
	source, err := os.ReadFile(filepath.FromSlash(path))
	must(t, err)
	return regexp.MustCompile(`(?m)^func (\(\w+ \*?\w+\) )?` + name + `\(`).Match(source)
}

// Files, flags, environment variables and keys that the text speaks of are there.
func TestSecurityText(t *testing.T) {
	t.Parallel()
	text := readSecurity(t)
	for _, link := range securityLink.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.FromSlash(link[1])); err != nil {
			t.Error(err)
		}
	}
	var c config
	flags := newFlags(&c)
	variables := map[string]bool{
		envName("master-key"): true, envName("admin-password"): true, envName("smtp-url"): true, envName("rate-limit-bypass"): true,
	}
	flags.VisitAll(func(f *pflag.Flag) { variables[envName(f.Name)] = true })
	for _, flag := range securityFlag.FindAllStringSubmatch(text, -1) {
		if flags.Lookup(flag[1]) == nil {
			t.Errorf("there is no flag --%s", flag[1])
		}
	}
	for _, variable := range securityEnv.FindAllString(text, -1) {
		if !variables[variable] {
			t.Errorf("there is no environment variable %s", variable)
		}
	}
	named := map[string]bool{}
	for _, sealed := range securitySealed.FindAllStringSubmatch(text, -1) {
		named[sealed[1]] = true
	}
	for _, key := range []string{keys.TokenKeyring, keys.RefreshDerivation, keys.PLCRotation, keys.Pepper} {
		if !named[key] {
			t.Errorf("%s.sealed is not named", key)
		}
	}
}
