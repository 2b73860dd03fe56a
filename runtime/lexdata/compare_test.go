package lexdata_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

func TestStates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		value fmt.Stringer
		want  string
	}{
		{"absent", lexdata.Opt[int]{}, "absent"},
		{"zero", lexdata.Some(0), "0"},
		{"text", lexdata.Some("a b"), "a b"},
		{"null", lexdata.Null[int]{}, "null"},
		{"not null", lexdata.NonNull(true), "true"},
		{"neither", lexdata.OptNull[int]{}, "absent"},
		{"null of three", lexdata.SomeNull[int](), "null"},
		{"value of three", lexdata.SomeNonNull(7), "7"},
	} {
		if got := test.value.String(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	type all struct {
		Opt     lexdata.Opt[[]int]
		Null    lexdata.Null[string]
		OptNull lexdata.OptNull[int]
	}
	values := []all{
		{},
		{Opt: lexdata.Some([]int(nil))},
		{Opt: lexdata.Some([]int{1})},
		{Null: lexdata.NonNull("")},
		{Null: lexdata.NonNull("a")},
		{OptNull: lexdata.SomeNull[int]()},
		{OptNull: lexdata.SomeNonNull(0)},
	}
	for i, a := range values {
		for j, b := range values {
			if got := cmp.Equal(a, b); got != (i == j) {
				t.Errorf("%v and %v are equal: %t", a, b, got)
			}
		}
	}
}

func TestPtr(t *testing.T) {
	t.Parallel()
	if lexdata.FromPtr[int](nil).Ptr() != nil {
		t.Error("nil does not stay nil")
	}
	n := 3
	o := lexdata.FromPtr(&n)
	n = 4
	p := o.Ptr()
	*p = 5
	if got, ok := o.Get(); got != 3 || !ok {
		t.Errorf("got %d, %t, want 3: what a pointer leads to must not be shared", got, ok)
	}
}
