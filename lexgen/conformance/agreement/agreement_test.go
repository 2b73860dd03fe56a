package agreement_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/agreement"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
)

// documents is how many random documents a type gets with each chance of mistakes.
const documents = 150

// handwritten are the types that were written by hand as the model of generated ones.
func handwritten() []agreement.Type {
	return []agreement.Type{
		{Key: "app.bsky.feed.post", New: func() agreement.Value { return new(appbsky.FeedPost) }},
		{Key: "app.bsky.feed.post#replyRef", New: func() agreement.Value { return new(appbsky.FeedPostReplyRef) }},
		{Key: "app.bsky.embed.images", New: func() agreement.Value { return new(appbsky.EmbedImages) }},
		{Key: "app.bsky.embed.recordWithMedia", New: func() agreement.Value { return new(appbsky.EmbedRecordWithMedia) }},
		{Key: "app.bsky.richtext.facet", New: func() agreement.Value { return new(appbsky.RichtextFacet) }},
		{Key: "com.atproto.repo.applyWrites#create", New: func() agreement.Value { return new(comatproto.RepoApplyWritesCreate) }},
		{Key: "com.atproto.repo.applyWrites#update", New: func() agreement.Value { return new(comatproto.RepoApplyWritesUpdate) }},
		{Key: "com.atproto.repo.strongRef", New: func() agreement.Value { return new(comatproto.RepoStrongRef) }},
	}
}

func TestHandwritten(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "generated code and the validator without it agree: handwritten types")
	compare(t, link(t, officialFolder(t)), handwritten())
}

// compare compares all types with their defs.
func compare(t *testing.T, c *catalog.Catalog, types []agreement.Type) {
	t.Helper()
	for _, generated := range types {
		pair, err := agreement.NewPair(c, generated)
		if err != nil {
			t.Error(err)
			continue
		}
		valid, err := pair.Compare(documents)
		if err != nil {
			t.Error(err)
		}
		impossible := strings.HasPrefix(generated.Key, "com.example.circle") && generated.Key != "com.example.circle#list"
		if valid < documents && !impossible {
			t.Errorf("%s: only %d documents are valid", generated.Key, valid)
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d types, %d documents each with %d chances of mistakes", len(types), documents, len(agreement.Mistakes())))
}

// officialFolder returns the folder of the official lexicons.
func officialFolder(t *testing.T) string {
	t.Helper()
	folder, err := indigo.Folder("lexicons")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// link makes the catalog of the documents in a folder.
func link(t testing.TB, folder string) *catalog.Catalog {
	t.Helper()
	c, err := agreement.Link(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
