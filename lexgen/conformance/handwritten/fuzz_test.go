package handwritten_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// FuzzPost checks that every document that is read without a violation can be
// written, that this is read without a violation again, and that writing is
// stable from then on.
func FuzzPost(f *testing.F) {
	for _, document := range valid() {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		first, ok := rewrite(t, document)
		if !ok {
			return
		}
		second, ok := rewrite(t, first)
		if !ok {
			t.Fatalf("%s\nwas written as\n%s\nwhich is refused", document, first)
		}
		if string(second) != string(first) {
			t.Errorf("%s\nwas written as\n%s\nand then as\n%s", document, first, second)
		}
	})
}

// rewrite decodes, checks and encodes a post; false if it is not valid.
func rewrite(t *testing.T, document []byte) ([]byte, bool) {
	t.Helper()
	var post appbsky.FeedPost
	if err := lexdata.Decode(document, &post, lexdata.Options{}); err != nil {
		return nil, false
	}
	data, err := lexjson.Marshal(&post)
	if err != nil {
		t.Fatalf("%s\nis read without a violation, but: %v", document, err)
	}
	return data, true
}
