//go:build !race

// The race detector makes a sync.Pool forget what it holds, so that numbers of
// allocations mean nothing under it.

package lexjson_test

import (
	"encoding/json"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

func TestReaderAllocations(t *testing.T) {
	var problems violations
	r := lexjson.NewReader(nil, &problems)
	data := []byte(postJSON)
	skip := func() {
		r.Reset(data, &problems)
		r.Skip()
	}
	if got := testing.AllocsPerRun(100, skip); got != 0 {
		t.Errorf("Skip allocates %v times, want 0", got)
	}
	// The reply, two languages (the slice grows from 1 to 2) and two facets.
	decode := func() {
		var v post
		r.Reset(data, &problems)
		v.DecodeJSON(r)
		if r.End() != nil || len(problems) > 0 {
			t.Error(r.Err(), problems)
		}
	}
	if got := testing.AllocsPerRun(100, decode); got != 5 {
		t.Errorf("DecodeJSON allocates %v times, want 5", got)
	}
	small := []byte(`{"a":[1,2,3],"b":{"c":true}}`)
	loops := func() {
		r.Reset(small, &problems)
		var sum int64
		object := r.Object("a", "b")
		for object.Next() {
			key := object.Key()
			if key == "a" {
				array := r.Array()
				for array.Next() {
					sum += r.Int()
				}
				continue
			}
			object := r.Object("c")
			for object.Next() {
				r.Bool()
			}
		}
		if sum != 6 || r.End() != nil {
			t.Error(sum, r.Err())
		}
	}
	if got := testing.AllocsPerRun(100, loops); got != 0 {
		t.Errorf("loops allocate %v times, want 0", got)
	}
}

func TestMarshalAllocations(t *testing.T) {
	var v post
	if err := json.Unmarshal([]byte(postJSON), &v); err != nil {
		t.Fatal(err)
	}
	marshal := func() {
		if _, err := lexjson.Marshal(&v); err != nil {
			t.Error(err)
		}
	}
	if got := testing.AllocsPerRun(200, marshal); got != 1 {
		t.Errorf("Marshal allocates %v times, want 1", got)
	}
	buf := make([]byte, 0, 4096)
	appending := func() {
		if _, err := lexjson.Append(buf, &v); err != nil {
			t.Error(err)
		}
	}
	if got := testing.AllocsPerRun(200, appending); got != 0 {
		t.Errorf("Append allocates %v times, want 0", got)
	}
}
