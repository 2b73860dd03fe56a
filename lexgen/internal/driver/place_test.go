package driver

import (
	"errors"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", maxPathName)
	tests := []struct{ name, data, path, want string }{
		{"top", `{"a": 1}`, "", `{"a": 1}`},
		{"member", `{"a": 1, "b": {"c": 2}}`, "b.c", `2`},
		{"element", `{"a": [1, [2, 3]]}`, "a[1][0]", `2`},
		{"element at the top", `[1, 2]`, "[1]", `2`},
		{"member of an element", `[{"a": 1}, {"a": 2}]`, "[1].a", `2`},
		{"quoted key", `{"a b": {"c": 1}}`, `["a b"].c`, `1`},
		{"quoted key below", `{"x": {"a.b[0]\"]": 1}}`, `x["a.b[0]\"]"]`, `1`},
		{"empty key", `{"": [1]}`, `[""][0]`, `1`},
		{"escaped key", `{"\u0000é": 1}`, `["\x00é"]`, `1`},
		{"missing member", `{"a": {"b": 1}}`, "a.c", `{"b": 1}`},
		{"missing member of nothing", `{"a": 1}`, "x.y[3].z", `{"a": 1}`},
		{"missing element", `[[1]]`, "[0][1]", `[1]`},
		{"cut key", `{"` + long + `ab": 1}`, `["` + long + `…"]`, `1`},
		{"two keys that look alike", `{"a": {"` + long + `ab": 1, "` + long + `cd": 2}}`, `a["` + long + `…"]`, `{"` + long + `ab": 1, "` + long + `cd": 2}`},
		{"member that is there twice", `{"a": 1, "a": 2}`, "a", `1`},
		{"too deep for a tree", strings.Repeat("[", source.MaxDepth+1) + strings.Repeat("]", source.MaxDepth+1), "[0]", ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlaces(source.NewFile("data.json", []byte(test.data)))
			got := p.of(&validate.Error{Path: test.path, Problem: "is wrong"})
			if got.Text() != test.want {
				t.Errorf("got %q, want %q", got.Text(), test.want)
			}
		})
	}
}

// TestPlacesOfDuplicates demands of what the runtime reports that each key that repeats another one
// has its own place.
func TestPlacesOfDuplicates(t *testing.T) {
	t.Parallel()
	const data = `{"a": 1, "b": {"a": 2}, "a": 3, "a": 4, "b": 5}`
	want := []int{strings.Index(data, `"a": 3`), strings.Index(data, `"a": 4`), strings.Index(data, `"b": 5`)}
	var errs *validate.Errors
	if err := lexdata.Unmarshal([]byte(data), new(lexdata.Unknown)); !errors.As(err, &errs) || len(errs.List) != len(want) {
		t.Fatalf("got %v, want %d violations", err, len(want))
	}
	p := newPlaces(source.NewFile("data.json", []byte(data)))
	for i, violation := range errs.List {
		if got := p.of(violation); got.Start != want[i] || got.Text() != data[want[i]:want[i]+3] {
			t.Errorf("violation %d: got %d, %s, want %d", i, got.Start, got.Text(), want[i])
		}
	}
}

// FuzzPlaces checks that the parser of positions takes what the runtime takes, and that whatever the
// runtime finds wrong has a place: the object that the violation is about, or a part of it.
func FuzzPlaces(f *testing.F) {
	f.Add([]byte(`{"a": [{"": 0.5, "x y": {"$bytes": 1}}], "a": 1, "$type": ""}`))
	f.Add([]byte(`{"` + strings.Repeat("é", 40) + `": [[1.5]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var errs *validate.Errors
		if err := lexdata.Unmarshal(data, new(lexdata.Unknown)); !errors.As(err, &errs) {
			return
		}
		file := source.NewFile("data.json", data)
		p := newPlaces(file)
		if _, problems := source.Parse(file); p.root == nil && problems[len(problems)-1].Kind != source.Depth {
			t.Fatalf("%q is no JSON: %s", data, problems[len(problems)-1].Message)
		}
		for _, violation := range errs.List {
			if at := p.of(violation); p.root != nil && (at.Start >= at.End || at.End > len(data)) {
				t.Errorf("%q: %v has the place %d to %d", data, violation, at.Start, at.End)
			}
		}
	})
}
