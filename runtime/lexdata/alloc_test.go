//go:build !race

// The race detector makes a sync.Pool forget what it holds, so that numbers of
// allocations mean nothing under it.

package lexdata_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

func TestCIDLinkValidDoesNotAllocate(t *testing.T) {
	if got := testing.AllocsPerRun(100, func() { lexdata.CIDLink(dataCID).Valid() }); got != 0 {
		t.Errorf("Valid allocates %v times, want 0", got)
	}
}

func TestUnmarshalAllocations(t *testing.T) {
	data := []byte(`{"$type":"com.example.note","text":"t","hash":{"$bytes":"AQI"},"pinned":{"$link":"` + dataCID + `"},"avatar":` + blobJSON + `}`)
	unmarshal := func() {
		var v note
		if err := lexdata.Unmarshal(data, &v); err != nil {
			t.Error(err)
		}
	}
	// The copy of the data, the note, which escapes, and its bytes.
	if got := testing.AllocsPerRun(200, unmarshal); got != 3 {
		t.Errorf("Unmarshal allocates %v times, want 3", got)
	}
	decode := func() {
		var v note
		if err := lexdata.Decode(data, &v, lexdata.Options{StructureOnly: true}); err != nil {
			t.Error(err)
		}
	}
	if got := testing.AllocsPerRun(200, decode); got != 2 {
		t.Errorf("Decode allocates %v times, want 2", got)
	}
}

func TestAsAllocations(t *testing.T) {
	unknown := lexdata.Unknown{Object: lexdata.Object{{"alt", "a"}}}
	as := func() {
		if _, err := lexdata.As[noteImage](unknown); err != nil {
			t.Error(err)
		}
	}
	// The image, the unknown value as an Encoder, and the JSON, which is not copied.
	if got := testing.AllocsPerRun(200, as); got != 3 {
		t.Errorf("As allocates %v times, want 3", got)
	}
}
