package validate_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// FuzzGraphemes checks the limits, which stop counting as soon as they can, against a full count.
func FuzzGraphemes(f *testing.F) {
	for _, seed := range []string{"", "abc", family, flag + flag, combining, hangul, "\r\n", "\xff\xfe", "a\x00"} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		count := 0
		var clusters strings.Builder
		for all := graphemes.FromString(text); all.Next(); count++ {
			clusters.WriteString(all.Value())
		}
		if clusters.String() != text {
			t.Errorf("clusters are %q of %q", clusters.String(), text)
		}
		for _, limit := range []int{limit, count - 1, count, count + 1} {
			if got := fewest(text, limit); got != (count >= limit) {
				t.Errorf("MinGraphemes %d of %d in %q: %t", limit, count, text, got)
			}
			if got := most(text, limit); got != (count <= limit) {
				t.Errorf("MaxGraphemes %d of %d in %q: %t", limit, count, text, got)
			}
		}
	})
}
