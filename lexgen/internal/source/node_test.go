package source_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func TestInt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		literal string
		want    int64
		err     error
	}{
		{"0", 0, nil},
		{"-0", 0, nil},
		{"0.00e5", 0, nil},
		{"0e99999999999999999999", 0, nil},
		{"123.0", 123, nil},
		{"1e3", 1000, nil},
		{"1.25E+2", 125, nil},
		{"1200e-2", 12, nil},
		{"9007199254740993", 9007199254740993, nil},
		{"9223372036854775807", math.MaxInt64, nil},
		{"-9223372036854775808", math.MinInt64, nil},
		{"9223372036854775808", 0, source.ErrRange},
		{"-9223372036854775809", 0, source.ErrRange},
		{"1e19", 0, source.ErrRange},
		{"1e999999999999999999999", 0, source.ErrRange},
		{"1.5", 0, source.ErrNotInteger},
		{"125e-1", 0, source.ErrNotInteger},
		{"1e-999999999999999999999", 0, source.ErrNotInteger},
		{`"1"`, 0, source.ErrNotInteger},
		{"true", 0, source.ErrNotInteger},
	}
	for _, test := range tests {
		t.Run(test.literal, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, test.literal).Int()
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %d, %v, want %d, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	root := parse(t, `{"a/b": {"~": [10, 20]}, "": {"0": "zero"}}`)
	tests := []struct{ pointer, want string }{
		{"/a~1b/~0/1", "20"},
		{"//0", `"zero"`},
		{"/a~1b/~0/01", ""},
		{"/a~1b/~0/2", ""},
		{"/a~1b/~0/-1", ""},
		{"/absent/x", ""},
		{"a", ""},
	}
	for _, test := range tests {
		got := ""
		if n := root.Lookup(test.pointer); n != nil {
			got = n.Span.Text()
		}
		if got != test.want {
			t.Errorf("Lookup(%q): got %q, want %q", test.pointer, got, test.want)
		}
	}
	if root.Lookup("") != root {
		t.Error(`Lookup("") is not the value itself`)
	}
}

func TestAbsentNode(t *testing.T) {
	t.Parallel()
	var n *source.Node
	if n.Get("a") != nil || n.Member("a") != nil || n.Lookup("/a") != nil || n.Bool() || n.Is(source.Null) {
		t.Error("an absent node has content")
	}
	if _, err := n.Int(); !errors.Is(err, source.ErrNotInteger) {
		t.Errorf("got %v, want ErrNotInteger", err)
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	f := source.NewFile("test.json", []byte("aé😀b\r\n\xffx\n"))
	tests := []struct {
		offset, line, column int
	}{
		{-1, 1, 1},
		{0, 1, 1},
		{1, 1, 2},
		{3, 1, 3},
		{7, 1, 4},
		{8, 1, 5},
		{9, 1, 6},
		{10, 2, 1},
		{11, 2, 2},
		{12, 2, 3},
		{13, 3, 1},
		{99, 3, 1},
	}
	for _, test := range tests {
		want := source.Position{Line: test.line, Column: test.column}
		if got := f.Position(test.offset); got != want {
			t.Errorf("offset %d: got %v, want %v", test.offset, got, want)
		}
	}
	for number, want := range map[int]string{0: "", 1: "aé😀b", 2: "\xffx", 3: "", 4: ""} {
		if got := f.Line(number); got != want {
			t.Errorf("line %d: got %q, want %q", number, got, want)
		}
	}
	span := f.Span(1, 7)
	if got, want := span.EndPosition(), (source.Position{Line: 1, Column: 4}); got != want {
		t.Errorf("end of %q: got %v, want %v", span.Text(), got, want)
	}
	if zero := (source.Span{}); !zero.IsZero() || zero.Text() != "" || zero.Position() != (source.Position{}) {
		t.Error("the zero span points somewhere")
	}
}

// FuzzInt checks integers against exact rational numbers.
func FuzzInt(f *testing.F) {
	for _, seed := range []string{"0", "-12.50e1", "9223372036854775808", "1e18", "100e-2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, literal string) {
		n, _ := source.Parse(source.NewFile("fuzz.json", []byte(literal)))
		if _, exponent, _ := strings.Cut(strings.ToLower(literal), "e"); !n.Is(source.Number) || len(exponent) > 4 {
			return // the exact number would fill the memory
		}
		got, err := n.Int()
		exact, ok := new(big.Rat).SetString(n.Text)
		if !ok {
			t.Fatalf("math/big refuses %s", literal)
		}
		switch {
		case !exact.IsInt():
			if !errors.Is(err, source.ErrNotInteger) {
				t.Fatalf("%s: got %v, want ErrNotInteger", literal, err)
			}
		case !exact.Num().IsInt64():
			if !errors.Is(err, source.ErrRange) {
				t.Fatalf("%s: got %v, want ErrRange", literal, err)
			}
		case err != nil || got != exact.Num().Int64():
			t.Fatalf("%s: got %d, %v, want %s", literal, got, err, exact)
		}
	})
}
