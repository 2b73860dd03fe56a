package account

import (
	"encoding/base64"
	"errors"
	"math"
	"testing"
)

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, want := range []place{{0, "a"}, {-1, "example-com-abcde-fghij"}, {math.MaxInt64, "did:plc:abc"}, {math.MinInt64, "é"}} {
		if got, err := parseCursor("list", want.cursor("list")); err != nil || got != want {
			t.Errorf("place %v comes back as %v, %v", want, got, err)
		}
	}
}

func TestParseCursorMalformed(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	tests := []struct{ name, cursor string }{
		{"no base64", "!"},
		{"padding", base64.URLEncoding.EncodeToString([]byte("list 1 abc"))},
		{"nothing", encode(nil)},
		{"of another list", place{1, "a"}.cursor("other")},
		{"no number", encode([]byte("list a"))},
		{"no name", encode([]byte("list 1 "))},
		{"no decimal number", encode([]byte("list 0x1 a"))},
		{"a number too large", encode([]byte("list 9223372036854775808 a"))},
		{"one part more", encode([]byte("list 1 a b"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseCursor("list", tt.cursor)
			if !errors.Is(err, ErrInvalidRequest) || err.Error() != "Malformed cursor" {
				t.Errorf("got %v, %v, want Malformed cursor", got, err)
			}
		})
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add(place{1, "a"}.cursor("list"))
	f.Add("bGlzdCAxIA")
	f.Fuzz(func(t *testing.T, cursor string) {
		got, err := parseCursor("list", cursor)
		if err != nil {
			return
		}
		if again, err := parseCursor("list", got.cursor("list")); err != nil || again != got {
			t.Errorf("place %v comes back as %v, %v", got, again, err)
		}
	})
}
