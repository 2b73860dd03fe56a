package handwritten_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
)

// TestValidateAllocatesNothing demands that checking a valid value costs no memory.
func TestValidateAllocatesNothing(t *testing.T) {
	for name, document := range map[string]string{
		"every property": richPost, "images": plainPost, "optional blob": withEmbed(externalEmbed), "unknown variant": withEmbed(unknownEmbed),
	} {
		var post appbsky.FeedPost
		decodeStrict(t, document, &post)
		allocations := testing.AllocsPerRun(100, func() {
			if err := post.Validate(); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
}
