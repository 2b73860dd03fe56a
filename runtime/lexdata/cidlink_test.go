package lexdata_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// TestCIDLinkChanged changes each character of a link into each other, and cuts
// the link at each place.
func TestCIDLinkChanged(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, text string) {
		t.Helper()
		if got, want := lexdata.CIDLink(text).Valid(), validCID(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
	for name, link := range map[string]string{
		"to a file":        "bafkreib7p5anamwlmywrmomvqanl7gfxvcspapyjjxsmsmrbquw657aqa4",
		"to data":          "bafyreigngw46mol3hs5rjshkpsqy6272ysxmyrii76kshsavkvedw6towa",
		"of another codec": "bagaaierasords4njcts6vs7qvdjfcvgnume4hqohf65zsfguprqphs3icwea",
	} {
		t.Run(name, func(t *testing.T) {
			if !lexdata.CIDLink(link).Valid() {
				t.Errorf("%s is not valid", link)
			}
			for at := range len(link) {
				check(t, link[:at])
				for c := range 256 {
					check(t, link[:at]+string([]byte{byte(c)})+link[at+1:])
				}
			}
		})
	}
}
