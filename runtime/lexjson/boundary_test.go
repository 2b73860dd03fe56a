package lexjson_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// Texts are taken eight bytes at a time, and the rest in another way. What can
// go wrong with that goes wrong near the ends of words, so the tests below have
// something special at every offset of texts of every length up to four words.

const longest = 33

// specials are what a loop over plain text must stop at, and what it must not.
var specials = []string{
	`"`, `\`, `\\`, `\n`, `\u00e9`, `\ud83e\udd8a`, `\ud83e`, "\n", "\x00", "\x1f", "\x7f", "!", "#", "[", "]", "é", "🦊", "\xff", "\xc3", "\xe2\x82",
}

// boundaryTexts yields texts around the lengths of one and of two words for the
// seeds of fuzz targets.
func boundaryTexts(yield func(string) bool) {
	for _, n := range []int{0, 7, 8, 9, 15, 16, 17} {
		if !textsOf(n, specials[:12], yield) {
			return
		}
	}
}

// allTexts yields every text that the tests are about.
func allTexts(yield func(string) bool) {
	for n := range longest + 1 {
		if !textsOf(n, specials, yield) {
			return
		}
	}
}

// textsOf yields a plain text of n bytes, and that with each of the specials at
// each offset, instead of as many bytes.
func textsOf(n int, specials []string, yield func(string) bool) bool {
	plain := strings.Repeat("abcdefgh", n/8+1)[:n]
	if !yield(plain) {
		return false
	}
	for _, special := range specials {
		for at := 0; at+len(special) <= n; at++ {
			if !yield(plain[:at] + special + plain[at+len(special):]) {
				return false
			}
		}
	}
	return true
}

// TestReaderBoundaries reads each text as a key and as a value, far from the end
// of the document and right before it.
func TestReaderBoundaries(t *testing.T) {
	t.Parallel()
	for text := range allTexts {
		checkDocument(t, []byte(`"`+text+`"`))
		checkDocument(t, []byte(`"`+text))
		checkDocument(t, []byte(`{"`+text+`":"`+text+`","":"a longer text behind it"}`))
	}
}

// TestWriterBoundaries writes each text as a key and as a value.
func TestWriterBoundaries(t *testing.T) {
	t.Parallel()
	for text := range allTexts {
		checkWritten(t, text)
	}
}

// A twin is an object with one member, whose key and value are the same.
type twin string

func (v twin) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key(string(v)).String(string(v))
	w.EndObject()
}

// TestWriterRoom writes into buffers of every capacity around what is needed.
func TestWriterRoom(t *testing.T) {
	t.Parallel()
	for n := range longest + 1 {
		text := strings.Repeat("x", n)
		for _, v := range []string{text, text + "é", "\n" + text} {
			want, err := lexjson.Marshal(twin(v))
			if err != nil {
				t.Fatal(err)
			}
			for room := range len(want) + 32 {
				got, err := lexjson.Append(make([]byte, 0, room), twin(v))
				if err != nil || string(got) != string(want) {
					t.Fatalf("room for %d bytes: got %s and error %v, want %s", room, got, err, want)
				}
			}
		}
	}
}
