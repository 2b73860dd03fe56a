// Package endtoend runs the code that the golden archives want.
package endtoend

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	consts "golden.test/const/comexample"
	defaults "golden.test/defaults/comexample"
	formats "golden.test/formats/comexample"
	inline "golden.test/inline_objects/comexample"
	lists "golden.test/lists/comexample"
	scalars "golden.test/named_scalars/comexample"
	nested "golden.test/nested_arrays/comexample"
	bodies "golden.test/no_bodies/comexample"
	shared "golden.test/packages/pkg/shared"
	names "golden.test/property_names/comexample"
	recursion "golden.test/recursion/comexample"
	references "golden.test/references/comexample"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// value is what every generated type that stands for JSON can do.
type value interface {
	json.Marshaler
	json.Unmarshaler
	Validate() error
}

// TestRoundTrip demands that what is decoded is encoded as it was, unknown properties included,
// through encoding/json as well.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		value      value
	}{
		{"required only", `{"did":"did:web:example.com","cid":"bafkreia"}`, new(formats.TextAll)},
		{"false, zero and empty are present", `{"on":false,"size":0}`, new(defaults.PrefsView)},
		{"absent stays absent", `{"on":true}`, new(defaults.PrefsView)},
		{"empty arrays are not absent", `{"author":{"did":"did:web:a.example"},"likes":[],"replies":[]}`, new(references.FeedPost)},
		{
			"objects", `{"author":{"did":"did:web:a.example"},"likes":[{"by":"did:web:b.example"}],"replies":` +
				`[{"author":{"did":"x"},"likes":[]}],"parent":{"author":{"did":"y"},"likes":[]}}`, new(references.FeedPost),
		},
		{"unknown properties", `{"did":"did:web:a.example","$type":"com.example.actor.defs#profile","n":{"a":[1,null,"x"]}}`, new(references.ActorProfile)},
		{"empty object", `{}`, new(references.FeedEmpty)},
		{"anything", `{"x":[true,{"y":null}]}`, new(references.FeedEmpty)},
		{"odd names", `{"type":"a","func":"b","png_128":"c","cid-link":"d","3d":"e","ünïcode":"f","日本":"g","-":"h","a,b":"i","with \"quotes\"":"j","back` + "`" + `tick":"k","back\\slash":"l"}`, new(names.OddNames)},
		{"reserved names", `{"validate":true,"extra":"a","check":0,"isZero":"b","decodeJson":["c"]}`, new(names.OddReserved)},
		{"another package", `{"name":"a"}`, new(shared.BaseThing)},
		{"objects inside of objects", `{"address":{"street":{"number":1,"side":"left"}},"visits":[{"at":"x","n":null}]}`, new(inline.MapFindPlace)},
		{"arrays of arrays", `{"cells":[[],[1,2]],"moves":[[[{"from":1}],[]]]}`, new(nested.GameBoard)},
		{"empty lists are not absent", `{"names":[],"former":[],"groups":[[]],"settings":[{"$type":"com.example.app.defs#dark"}]}`, new(lists.AppProfile)},
		{"lists of lists of themselves", `{"trees":[{"trees":[],"nested":[]}],"nested":[[],[[]]]}`, new(recursion.AppTreeLeaf)},
		{"scalars of other documents", `{"title":"a","subtitle":null,"size":0,"flag":false,"titles":["b"]}`, new(scalars.AppPage)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := json.Unmarshal([]byte(test.text), test.value); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(test.value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), test.text); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestNil demands that a required array is written even if it is nil, and an optional one is not.
func TestNil(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(references.FeedPost{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"author":{"did":""},"likes":[]}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestExtra demands that bodies drop what they do not know.
func TestExtra(t *testing.T) {
	t.Parallel()
	var input bodies.PingCInput
	if err := json.Unmarshal([]byte(`{"unknown":1}`), &input); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(input); err != nil || string(got) != `{}` {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestStructure demands that wrong types and missing properties are found with their paths, all of them.
func TestStructure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		value      value
		want       []string
	}{
		{"missing", `{}`, new(references.FeedPost), []string{"author is required", "likes is required"}},
		{
			"wrong types", `{"author":{"did":5},"likes":[{"by":"x"},7,{}],"replies":null}`, new(references.FeedPost),
			[]string{"author.did must be a string", "likes[1] must be an object", "likes[2].by is required", "replies must be an array"},
		},
		{"a required property with a default is missing for a client", `{}`, new(defaults.PrefsSetOutput), []string{"total is required"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := json.Unmarshal([]byte(test.text), test.value)
			if err == nil {
				t.Fatal("got no error")
			}
			for _, want := range test.want {
				if !strings.Contains(explain(err), want) {
					t.Errorf("got %q, want %q in it", explain(err), want)
				}
			}
		})
	}
}

// explain prints all violations of an error.
func explain(err error) string {
	var all *validate.Errors
	if !errors.As(err, &all) {
		return err.Error()
	}
	var lines []string
	for _, violation := range all.Unwrap() {
		lines = append(lines, violation.Error())
	}
	return strings.Join(lines, "\n")
}

// TestConstraints demands that Validate finds every broken constraint, in order, and nothing else.
func TestConstraints(t *testing.T) {
	t.Parallel()
	bounds := formats.TextBounds{
		Count: 6, Free: lexdata.Some[int64](1 << 53), Low: lexdata.Some[int64](-1), Note: lexdata.Some("12345678901"),
		Keys: []syntax.RecordKey{"a", "b c", "c", "d"}, Names: []string{""}, Some: []int64{0, 10},
	}
	for _, test := range []struct {
		name  string
		value value
		want  []string
	}{
		{"valid", &formats.TextBounds{Text: "a", Count: 5}, nil},
		{"bounds", &bounds, []string{"text", "text", "count", "free", "low", "note", "keys", "keys[1]", "some[1]"}},
		{"empty array", &formats.TextBounds{Text: "a", Keys: []syntax.RecordKey{}}, []string{"keys"}},
		{"formats", &formats.TextAll{DID: "x", Handle: lexdata.Some[syntax.Handle]("x")}, []string{"did", "handle", "cid"}},
		{
			"nested", &references.FeedPost{Likes: []references.FeedLike{{By: "did:web:a.example"}, {By: "me"}}, Editor: &references.ActorProfile{}},
			[]string{"author.did", "editor.did", "likes[1].by"},
		},
		{
			"arrays of arrays", &nested.GameBoard{Cells: []nested.GameBoardCellsItem{{0, 0, 0, 0, 0, 0, 0, -1}, {}}},
			[]string{"cells[0][7]", "cells[1]"},
		},
		{"lists", &lists.AppProfile{Names: lists.AppNames{"a"}, Groups: []lists.AppNames{{}}}, []string{"names[0]", "groups[0]"}},
		{
			"objects inside of objects", &inline.MapFindPlace{Visits: []inline.MapFindPlaceVisitsItem{{At: "now"}}},
			[]string{"visits[0].at"},
		},
		{"constants", &consts.AppThing{Stars: lexdata.Some[int64](2), Marks: []string{"x", "y"}}, []string{"version", "kind", "stars", "marks[1]"}},
		{"scalars of other documents", &scalars.AppPage{Titles: []scalars.AppTitle{"a", ""}, Size: lexdata.Some[scalars.AppSize](11)}, []string{"title", "size", "titles[1]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			if err := test.value.Validate(); err != nil {
				for line := range strings.Lines(explain(err)) {
					path, _, _ := strings.Cut(line, " ")
					got = append(got, path)
				}
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("paths of violations (-got +want):\n%s", diff)
			}
		})
	}
}
