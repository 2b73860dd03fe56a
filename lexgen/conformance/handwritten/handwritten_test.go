package handwritten_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// valid holds documents that are posts, as the encoder writes them.
func valid() map[string]string {
	return map[string]string{
		"plain":          plainPost,
		"rich":           richPost,
		"external":       withEmbed(externalEmbed),
		"gallery":        withEmbed(galleryEmbed),
		"unknown embed":  withEmbed(unknownEmbed),
		"unknown media":  withEmbed(`{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{` + quoted + `}},"media":` + unknownEmbed + `}`),
		"record":         withEmbed(`{"$type":"app.bsky.embed.record","record":{` + quoted + `}}`),
		"empty arrays":   `{"$type":"app.bsky.feed.post","text":"","entities":[],"facets":[],"langs":[],"tags":[],"createdAt":"2026-02-03T04:05:06Z"}`,
		"unknown labels": `{"$type":"app.bsky.feed.post","text":"","labels":{"$type":"com.example.labels"},"createdAt":"2026-02-03T04:05:06Z"}`,
	}
}

// decodeStrict decodes and checks in one pass, as a server does with input. It
// returns the violations.
func decodeStrict(t *testing.T, document string, v interface {
	lexjson.Decoder
	validate.Checkable
},
) []string {
	t.Helper()
	return violations(t, lexdata.Decode([]byte(document), v, lexdata.Options{}))
}

// violations returns the violations that err consists of.
func violations(t *testing.T, err error) []string {
	t.Helper()
	var errs *validate.Errors
	if err == nil {
		return nil
	}
	if !errors.As(err, &errs) {
		t.Fatalf("error %v is not a *validate.Errors", err)
	}
	var list []string
	for _, e := range errs.List {
		list = append(list, e.Error())
	}
	return list
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, document := range valid() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var post appbsky.FeedPost
			if got := decodeStrict(t, document, &post); got != nil {
				t.Fatalf("violations %q", got)
			}
			got, err := lexjson.Marshal(&post)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), document); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

func TestEncodingJSON(t *testing.T) {
	t.Parallel()
	for name, document := range valid() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []appbsky.FeedPost
			if err := json.Unmarshal([]byte("["+document+"]"), &list); err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			if err := e.Encode(list); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got.String(), "["+document+"]\n"); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestFieldsWithoutCodec embeds generated types in a struct that encoding/json
// takes apart by itself, which is what the tags and IsZero are for.
func TestFieldsWithoutCodec(t *testing.T) {
	t.Parallel()
	type row struct {
		Embed  appbsky.FeedPostEmbedUnion  `json:"embed,omitzero"`
		Labels appbsky.FeedPostLabelsUnion `json:"labels,omitzero"`
	}
	want := `{"embed":` + unknownEmbed + `}`
	var r row
	if err := json.Unmarshal([]byte(want), &r); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(r)
	if err != nil || string(got) != want {
		t.Errorf("got %s and error %v, want %s", got, err, want)
	}
	if err := json.Unmarshal([]byte(`{"embed":{"text":"no type"}}`), &r); err == nil {
		t.Error("a union without $type is taken")
	}
}

// TestDecodeTwice decodes a second document into the same value: nothing of the
// first may stay.
func TestDecodeTwice(t *testing.T) {
	t.Parallel()
	var post appbsky.FeedPost
	for _, document := range []string{richPost, richPost, plainPost} {
		if err := json.Unmarshal([]byte(document), &post); err != nil {
			t.Fatal(err)
		}
		got, err := lexjson.Marshal(&post)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got), document); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(richPost), &post); err != nil {
		t.Fatal(err)
	}
	embed, ok := post.Embed.Value.(*appbsky.EmbedRecordWithMedia)
	if !ok {
		t.Fatalf("embed is a %T", post.Embed.Value)
	}
	video, ok := embed.Media.Value.(*appbsky.EmbedVideo)
	if !ok {
		t.Fatalf("media is a %T", embed.Media.Value)
	}
	if got, ok := video.Presentation.Get(); got != "loop" || !ok {
		t.Errorf("presentation %q, %t", got, ok)
	}
	if got := video.Captions[0].File.Size; got != 20000 {
		t.Errorf("size %d", got)
	}
	feature, ok := post.Facets[1].Features[1].Value.(*lexdata.UnknownVariant)
	if !ok || feature.Type != "com.example.facet#underline" {
		t.Errorf("feature %#v", post.Facets[1].Features[1].Value)
	}
	if got, _ := lexdata.Object(post.Extra).Get("via"); got != "example client" {
		t.Errorf("via %v", got)
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	post := appbsky.FeedPost{
		Text: "hello",
		Embed: appbsky.NewFeedPostEmbedUnion(&appbsky.EmbedExternal{External: appbsky.EmbedExternalExternal{
			URI: "https://example.com",
		}}),
		Labels:    appbsky.NewFeedPostLabelsUnion(&comatproto.LabelSelfLabels{}),
		Langs:     []syntax.Language{"en"},
		CreatedAt: "2026-02-03T04:05:06.789Z",
	}
	if err := post.Validate(); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(post)
	want := `{"$type":"app.bsky.feed.post","text":"hello",` +
		`"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://example.com","title":"","description":""}},` +
		`"langs":["en"],"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[]},"createdAt":"2026-02-03T04:05:06.789Z"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s and error %v, want %s", got, err, want)
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	const end = `,"createdAt":"2026-02-03T04:05:06Z"}`
	tests := map[string]struct {
		document string
		want     []string
	}{
		"no $type":      {`{"text":""` + end, []string{"$type must be app.bsky.feed.post"}},
		"wrong $type":   {`{"$type":"app.bsky.feed.like","text":""` + end, []string{"$type must be app.bsky.feed.post"}},
		"$type of main": {`{"text":"","$type":"app.bsky.feed.post#main"` + end, []string{"$type must be app.bsky.feed.post"}},
		"not an object": {`[]`, []string{"the value must be an object"}},
		"null":          {`null`, []string{"the value must be an object"}},
		"empty":         {`{"$type":"app.bsky.feed.post"}`, []string{"text is required", "createdAt is required"}},
		"union": {withEmbed(`{"images":[]}`), []string{
			"embed.$type is required",
		}},
		"union null": {withEmbed(`null`), []string{"embed must be an object"}},
		"union blob": {withEmbed(photo), []string{"embed.$type must not be blob"}},
		"required union": {withEmbed(`{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{` + quoted + `}},"media":{}}`), []string{
			"embed.media.$type is required",
		}},
		"missing union": {withEmbed(`{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{` + quoted + `}}}`), []string{
			"embed.media is required",
		}},
		"variant": {withEmbed(`{"$type":"app.bsky.embed.record","record":{"uri":"at://","cid":5}}`), []string{
			"embed.record.cid must be a string", "embed.record.uri must be a valid at-uri",
		}},
		"blob": {withEmbed(strings.ReplaceAll(strings.ReplaceAll(externalEmbed, "image/jpeg", "text/plain"), "412345", "1000001")), []string{
			"embed.external.thumb must have a media type of image/*", "embed.external.thumb must have a size of at most 1000000 bytes",
		}},
		"blob without ref": {withEmbed(strings.ReplaceAll(externalEmbed, `"ref"`, `"reference"`)), []string{
			"embed.external.thumb.reference is not allowed in a blob", "embed.external.thumb.ref is required",
		}},
		"$type of plain references": {
			`{"$type":"app.bsky.feed.post","text":"",` +
				`"facets":[{"index":{"byteStart":1,"byteEnd":2,"$type":"app.bsky.richtext.facet#byteSlice"},"features":[],"$type":"app.bsky.richtext.facet#main"}],` +
				`"reply":{"root":{` + quoted + `,"$type":"app.bsky.feed.post"},"parent":{` + quoted + `,"$type":7}}` + end,
			[]string{
				"reply.parent.$type must be a non-empty string",
				"facets[0].$type must be app.bsky.richtext.facet",
				"reply.root.$type must be com.atproto.repo.strongRef",
			},
		},
		"everywhere": {
			`{"$type":"app.bsky.feed.post","text":null,"text":"twice",` +
				`"facets":[{"index":{"byteStart":-1,"byteEnd":"2"},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"alice"},{},7]},5,{"features":null}],` +
				`"langs":["en","english!",null,"de"],` +
				`"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"` + strings.Repeat("x", 129) + `"}]},` +
				`"reply":{"root":{` + quoted + `}},"tags":["` + strings.Repeat("é", 65) + `"],"createdAt":"yesterday","via":{"score":1.5}}`,
			[]string{
				"text must be a string",
				"text occurs more than once",
				"facets[0].index.byteEnd must be an integer",
				"facets[0].features[1].$type is required",
				"facets[0].features[2] must be an object",
				"facets[1] must be an object",
				"facets[2].features must be an array",
				"facets[2].index is required",
				"langs[2] must be a string",
				"reply.parent is required",
				"via.score must be an integer",
				"facets[0].index.byteStart must be at least 0",
				"facets[0].features[0].did must be a valid DID",
				"langs must have a length of at most 3",
				"langs[1] must be a valid language tag",
				"labels.values[0].val must have a length of at most 128",
				"tags[0] must have at most 64 graphemes",
				"createdAt must be a valid datetime",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var post appbsky.FeedPost
			got := decodeStrict(t, test.document, &post)
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestSetByHand checks and writes values that no decoder would have made.
func TestSetByHand(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		embed appbsky.FeedPostEmbedUnion
		want  []string
		err   string
	}{
		"nil pointer": {
			embed: appbsky.NewFeedPostEmbedUnion((*appbsky.EmbedImages)(nil)),
			want:  []string{"embed is required"},
			err:   `write JSON: member "embed": a union must have a value`,
		},
		"blob": {
			embed: appbsky.NewFeedPostEmbedUnion(&appbsky.EmbedImages{Images: []appbsky.EmbedImagesImage{{
				Image: lexdata.Blob{Ref: "x", MIMEType: "image/png", Size: -1},
			}}}),
			want: []string{
				"embed.images[0].image.ref.$link must be a CID of version 1 in base32",
				"embed.images[0].image.size must not be negative",
			},
			err: `write JSON: member "$link": must be a CID of version 1 in base32`,
		},
		"optional blob": {
			embed: appbsky.NewFeedPostEmbedUnion(&appbsky.EmbedExternal{External: appbsky.EmbedExternalExternal{
				URI: "https://example.com", Thumb: lexdata.Some(lexdata.Blob{Ref: "x", MIMEType: "image/png"}),
			}}),
			want: []string{"embed.external.thumb.ref.$link must be a CID of version 1 in base32"},
			err:  `write JSON: member "$link": must be a CID of version 1 in base32`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			post := appbsky.FeedPost{Embed: test.embed, CreatedAt: "2026-02-03T04:05:06Z"}
			if diff := cmp.Diff(violations(t, post.Validate()), test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
			if data, err := lexjson.Marshal(&post); err == nil || err.Error() != test.err {
				t.Errorf("written as %s with error %v, want %s", data, err, test.err)
			}
		})
	}
}

func TestUnmarshalChecksStructureOnly(t *testing.T) {
	t.Parallel()
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(`{"$type":"app.bsky.feed.post","text":"","langs":["!"],"createdAt":"yesterday"}`), &post); err != nil {
		t.Fatal(err)
	}
	want := []string{"langs[0] must be a valid language tag", "createdAt must be a valid datetime"}
	if diff := cmp.Diff(violations(t, post.Validate()), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	err := json.Unmarshal([]byte(`{"$type":"app.bsky.feed.like","text":5}`), &post)
	want = []string{"$type must be app.bsky.feed.post", "text must be a string", "createdAt is required"}
	if diff := cmp.Diff(violations(t, err), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestConstructors puts a variant into each union, which no other type can get into: that would
// not compile.
func TestConstructors(t *testing.T) {
	t.Parallel()
	for want, union := range map[string]lexjson.Encoder{
		`{"$type":"app.bsky.richtext.facet#tag","tag":"go"}`: new(appbsky.NewRichtextFacetFeaturesItemUnion(&appbsky.RichtextFacetTag{Tag: "go"})),
		`{"$type":"app.bsky.embed.images","images":[]}`:      new(appbsky.NewEmbedRecordWithMediaMediaUnion(&appbsky.EmbedImages{})),
		`{"$type":"app.bsky.embed.external","external":{"uri":"","title":"","description":""}}`: new(
			appbsky.NewFeedPostEmbedUnion(&appbsky.EmbedExternal{}),
		),
	} {
		got, err := lexjson.Marshal(union)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	item := appbsky.NewEmbedGalleryItemsItemUnion(&appbsky.EmbedGalleryImage{Alt: "a"})
	if got := item.Value.LexiconType(); got != "app.bsky.embed.gallery#image" {
		t.Errorf("got the type %s", got)
	}
}
