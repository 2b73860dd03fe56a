package validate_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/validate"
)

// tree is a value with items of its own type.
type tree struct {
	label string // at most 4 bytes
	items []tree
	only  *tree
}

// Check implements [validate.Checkable].
func (v *tree) Check(c *validate.Checker) {
	c.MaxLength("label", len(v.label), 4)
	for i := range v.items {
		c.EnterItem("items", i)
		v.items[i].Check(c)
		c.Leave()
	}
	if v.only != nil {
		c.Within("only", v.only)
	}
}

// tower returns a tree of the given height above a leaf.
func tower(height int, leaf tree) tree {
	for range height {
		leaf = tree{items: []tree{{}, leaf}}
	}
	return leaf
}

// problems returns what an error lists, line by line.
func problems(t *testing.T, err error) []string {
	t.Helper()
	var all *validate.Errors
	if !errors.As(err, &all) {
		t.Fatalf("error is %v, want *validate.Errors", err)
	}
	var list []string
	for _, e := range all.List {
		list = append(list, e.Error())
	}
	return list
}

func TestPath(t *testing.T) {
	t.Parallel()
	long := tree{label: "12345"}
	for _, test := range []struct {
		name  string
		value tree
		want  string
	}{
		{"top", long, "label"},
		{"property", tree{only: &long}, "only.label"},
		{"item", tree{items: []tree{{}, long}}, "items[1].label"},
		{"property of an item", tree{items: []tree{{only: &long}}}, "items[0].only.label"},
		{"item of a property", tree{only: &tree{items: []tree{long}}}, "only.items[0].label"},
		{"deep", tower(10, long), strings.Repeat("items[1].", 10) + "label"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var one *validate.Error
			if err := validate.Value(&test.value); !errors.As(err, &one) {
				t.Fatalf("error is %v, want a *validate.Error", err)
			}
			if one.Path != test.want || one.Problem != "must have a length of at most 4" {
				t.Errorf("got %q, %q, want path %q", one.Path, one.Problem, test.want)
			}
		})
	}
}

// TestPathOfValue is about checks of what has no name: the value at which the check stands.
func TestPathOfValue(t *testing.T) {
	t.Parallel()
	long := &tree{label: "12345"}
	for _, test := range []struct {
		name  string
		check func(c *validate.Checker)
		want  string
	}{
		{"top", func(c *validate.Checker) { c.Fail("", "is wrong") }, "the value is wrong"},
		{"value within the top", func(c *validate.Checker) { c.Within("", long) }, "label must have a length of at most 4"},
		{"item", func(c *validate.Checker) {
			c.EnterItem("a", 0)
			c.Fail("", "is wrong")
			c.Leave()
		}, "a[0] is wrong"},
		{"value within an item", func(c *validate.Checker) {
			c.EnterItem("a", 0)
			c.Within("", long)
			c.Leave()
		}, "a[0].label must have a length of at most 4"},
		{"item of an item", func(c *validate.Checker) {
			c.EnterItem("a", 0)
			c.EnterItem("", 1)
			c.Fail("", "is wrong")
			c.Leave()
			c.Leave()
		}, "a[0][1] is wrong"},
		{"item at the top", func(c *validate.Checker) {
			c.EnterItem("", 7)
			c.Fail("b", "is wrong")
			c.Leave()
		}, "[7].b is wrong"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			test.check(&c)
			if got := c.Err(); got == nil || got.Error() != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

// TestSuppression is about constraints of values that are not there: they are no news.
func TestSuppression(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		broken string
		failed []string
		want   []string
	}{
		{"same place", "a", []string{"a"}, []string{"a is broken"}},
		{"below", "a", []string{"a.b", "a.b[0].c"}, []string{"a is broken"}},
		{"items", "a", []string{"a[0]", "a[0].b"}, []string{"a is broken"}},
		{"above", "a.b", []string{"a"}, []string{"a.b is broken", "a fails"}},
		{"beside", "a[1]", []string{"a[0]", "a[10]", "a[1].b"}, []string{"a[1] is broken", "a[0] fails", "a[10] fails"}},
		{"name that begins alike", "a", []string{"ab", "a-b"}, []string{"a is broken", "ab fails", "a-b fails"}},
		{"everything", "", []string{"a", "b[0]"}, []string{"the value is broken"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			c.Report(test.broken, "is broken")
			for _, path := range test.failed {
				failAt(&c, path)
			}
			if got := problems(t, c.Err()); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestReports is about structure: each report is news, even below another.
func TestReports(t *testing.T) {
	t.Parallel()
	var c validate.Checker
	c.Report("a", "is broken")
	c.Report("a.b", "is broken")
	c.Report("a", "is broken")
	if got := len(problems(t, c.Err())); got != 3 {
		t.Errorf("%d problems, want 3", got)
	}
}

func TestMaxErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		limit int
		want  int
		fail  func(c *validate.Checker, path string)
	}{
		{"fail", 0, validate.DefaultMaxErrors, func(c *validate.Checker, path string) { c.Fail(path, "is wrong") }},
		{"report", 0, validate.DefaultMaxErrors, func(c *validate.Checker, path string) { c.Report(path, "is wrong") }},
		{"fail often", 1000, 1000, func(c *validate.Checker, path string) { c.Fail(path, "is wrong") }},
		{"report often", 1000, 1000, func(c *validate.Checker, path string) { c.Report(path, "is wrong") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			c.MaxErrors = test.limit
			for i := range test.want + 7 {
				test.fail(&c, fmt.Sprintf("p%d", i))
			}
			var all *validate.Errors
			if !errors.As(c.Err(), &all) {
				t.Fatalf("error is %v", c.Err())
			}
			if len(all.List) != test.want || all.Total != test.want+7 {
				t.Errorf("%d errors of %d, want %d of %d", len(all.List), all.Total, test.want, test.want+7)
			}
			if want := fmt.Sprintf("p0 is wrong (and more than %d more)", test.want-1); all.Error() != want {
				t.Errorf("got %q, want %q", all.Error(), want)
			}
		})
	}
}

// TestReset checks that a checker forgets, and that what it returned before stays as it was.
func TestReset(t *testing.T) {
	t.Parallel()
	var c validate.Checker
	c.Report("a", "is broken")
	c.Enter("b")
	before := c.Err()
	c.Reset()
	if err := c.Err(); err != nil {
		t.Errorf("error is %v, want none", err)
	}
	c.Fail("a", "is wrong")
	if got := c.Err().Error(); got != "a is wrong" {
		t.Errorf("got %q, want a is wrong", got)
	}
	if got := before.Error(); got != "a is broken" {
		t.Errorf("got %q, want a is broken", got)
	}
}

// TestErrAgain checks that an error does not change when the checker goes on.
func TestErrAgain(t *testing.T) {
	t.Parallel()
	var c validate.Checker
	c.Fail("a", "is wrong")
	before := c.Err()
	c.Fail("b", "is wrong")
	if got := before.Error(); got != "a is wrong" {
		t.Errorf("got %q, want a is wrong", got)
	}
}

// TestAllocations checks that what is right costs no memory, at any depth.
func TestAllocations(t *testing.T) {
	value := tower(20, tree{label: family[:4], items: make([]tree, 10), only: &tree{label: "ok"}})
	var c validate.Checker
	allocations := testing.AllocsPerRun(100, func() {
		c.Reset()
		value.Check(&c)
		c.Handle("handle", "alice.test")
		c.DID("did", "did:plc:abc")
		c.Datetime("at", "2024-05-06T07:08:09.123Z")
		c.MinGraphemes("text", family+flag+combining, 3)
		c.MaxGraphemes("text", family+flag+combining, 3)
		c.Enum("kind", "b", "a", "b")
		c.IntegerEnum("size", 2, 1, 2)
		c.Accept("blob", "image/png", "image/*")
		validate.Const(&c, "version", 1, 1)
		if c.Err() != nil {
			t.Error(c.Err())
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations, want none", allocations)
	}
}

// failAt lets the value at a path fail.
func failAt(c *validate.Checker, path string) {
	entered := steps(path)
	for _, step := range entered {
		if inner, ok := strings.CutPrefix(step, "["); ok {
			index, _ := strconv.Atoi(strings.TrimSuffix(inner, "]")) // the tests' own text
			c.EnterItem("", index)
		} else {
			c.Enter(strings.TrimPrefix(step, "."))
		}
	}
	c.Fail("", "fails")
	for range entered {
		c.Leave()
	}
}

// steps cuts a path before each dot and bracket.
func steps(path string) []string {
	path = strings.NewReplacer(".", "\x00.", "[", "\x00[").Replace(path)
	return strings.Split(path, "\x00")
}

// FuzzReport checks against a naive comparison of steps which failures a report suppresses. Each
// byte is a step: a property below 0x80, an index above.
func FuzzReport(f *testing.F) {
	f.Add([]byte("a"), []byte("ab"))
	f.Add([]byte("a\x81"), []byte("a\x8a"))
	f.Add([]byte(""), []byte("a"))
	f.Add([]byte("ab"), []byte("a"))
	f.Add([]byte(".["), []byte(".[\x80"))
	f.Fuzz(func(t *testing.T, broken, failed []byte) {
		var where validate.Checker
		enter(&where, broken)
		where.Fail("", "is broken")
		var first *validate.Error
		errors.As(where.Err(), &first)

		var c validate.Checker
		c.Report(first.Path, first.Problem)
		enter(&c, failed)
		c.Fail("", "fails")
		suppressed := len(problems(t, c.Err())) == 1
		if want := bytes.HasPrefix(failed, broken); suppressed != want {
			t.Errorf("%q below %q is suppressed: %t, want %t", failed, broken, suppressed, want)
		}
	})
}

// enter enters each of the steps.
func enter(c *validate.Checker, path []byte) {
	for _, step := range path {
		if step < 0x80 {
			c.Enter(string(rune(step)))
		} else {
			c.EnterItem("", int(step-0x80))
		}
	}
}

// TestRequired checks that a value which is absent because it was wrong is not called absent too.
func TestRequired(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		broken  string
		present bool
		want    []string
	}{
		{"there", "b", true, []string{"b is broken"}},
		{"absent", "b", false, []string{"b is broken", "a is required"}},
		{"broken", "a", false, []string{"a is broken"}},
		{"broken inside", "a.$type", false, []string{"a.$type is broken"}},
		{"all broken", "", false, []string{"the value is broken"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c validate.Checker
			c.Report(test.broken, "is broken")
			c.Required("a", test.present)
			if got := problems(t, c.Err()); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestOddNames checks how names that are no plain words stand in a path.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"png_128":               `png_128 is wrong`,
		"cid-link":              `cid-link is wrong`,
		"a.b":                   `["a.b"] is wrong`,
		"a b\n":                 `["a b\n"] is wrong`,
		strings.Repeat("x", 70): `["` + strings.Repeat("x", 64) + `…"] is wrong`,
		strings.Repeat("é", 40): `["` + strings.Repeat("é", 32) + `…"] is wrong`,
	} {
		var c validate.Checker
		c.Fail(name, "is wrong")
		if got := c.Err().Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
