// Package experiments_test repeats, with code that lexgen generated from the official lexicons, what
// other generators' code was seen to get wrong.
package experiments_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"corpus.test/official/appbsky"
	"corpus.test/official/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// E4: app.bsky.actor.getPreferences refers to a def that is an array of a union. Two generators for
// Go made one struct of it, so that no response could be decoded.
func TestPreferences(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E4: an array that is a def of its own, of a union, is a slice")
	const document = `{"preferences":[` +
		`{"$type":"app.bsky.actor.defs#adultContentPref","enabled":true},` +
		`{"$type":"app.bsky.actor.defs#savedFeedsPref","pinned":[],"saved":["at://did:web:example.com/app.bsky.feed.generator/news"]},` +
		`{"$type":"com.example.pref","theme":{"dark":true}}]}`
	var output appbsky.ActorGetPreferencesOutput
	if err := json.Unmarshal([]byte(document), &output); err != nil {
		t.Fatal(err)
	}
	if len(output.Preferences) != 3 {
		t.Fatalf("got %d preferences, want 3", len(output.Preferences))
	}
	if pref, ok := output.Preferences[0].Value.(*appbsky.ActorAdultContentPref); !ok || !pref.Enabled {
		t.Errorf("got %+v, want an adultContentPref that is enabled", output.Preferences[0].Value)
	}
	checkJSON(t, output, document)
}

// E5: a struct with a required union, marshaled by value and not through a pointer, came out as the
// Go struct that holds the union, with a member for each variant and without $type.
func TestByValue(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E5: a struct with a union is written alike by value and by pointer")
	const document = `{"record":{"record":{"uri":"at://did:web:example.com/app.bsky.feed.post/3mdxq7kd54k2y",` +
		`"cid":"bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta"}},` +
		`"media":{"$type":"app.bsky.embed.external","external":{"uri":"https://example.com","title":"Example","description":""}}}`
	var embed appbsky.EmbedRecordWithMedia
	if err := json.Unmarshal([]byte(document), &embed); err != nil {
		t.Fatal(err)
	}
	checkJSON(t, embed, document)
	checkJSON(t, &embed, document)
	checkJSON(t, map[string]any{"embed": embed}, `{"embed":`+document+`}`)
	checkJSON(t, []any{struct {
		Media appbsky.EmbedRecordWithMediaMediaUnion `json:"media"`
	}{embed.Media}}, `[{"media":`+document[strings.Index(document, `"media":`)+len(`"media":`):]+`]`)
}

// E6 and E7: a post with an embed of a type that the code does not know could be decoded, and not
// be encoded again; another generator kept the embed in JSON alone, where it could not become CBOR.
// Both lost members that the lexicon does not know.
func TestUnknownContent(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E6, E7: unknown variants and unknown fields survive, as values of the data model")
	const embed = `{"$type":"com.example.embed.poll","options":[{"text":"yes"},{"text":"no"}],"image":{"$type":"blob",` +
		`"ref":{"$link":"bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity"},"mimeType":"image/png","size":7}}`
	const facet = `{"index":{"byteStart":0,"byteEnd":4,"com.example.line":1},"features":[{"$type":"com.example.facet#bold"}],"weight":700}`
	const document = `{"$type":"app.bsky.feed.post","text":"poll","facets":[` + facet + `],"embed":` + embed + `,` +
		`"createdAt":"2026-02-03T04:05:06.789Z","com.example.mood":{"list":[null,true,9007199254740993],"sig":{"$bytes":"AQID"}}}`
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(document), &post); err != nil {
		t.Fatal(err)
	}
	checkJSON(t, post, document)

	poll, ok := post.Embed.Value.(*lexdata.UnknownVariant)
	if !ok {
		t.Fatalf("got the embed %T", post.Embed.Value)
	}
	if image, _ := poll.Fields.Get("image"); !isA[lexdata.Blob](image) {
		t.Errorf("got the image as %T", image)
	}
	mood, _ := lexdata.Object(post.Extra).Get("com.example.mood")
	if object, ok := mood.(lexdata.Object); !ok {
		t.Errorf("got the mood as %T", mood)
	} else if sig, _ := object.Get("sig"); !isA[lexdata.Bytes](sig) {
		t.Errorf("got the signature as %T", sig)
	}
}

// E10: a like was accepted as a post, and a post with a text of 100 kB and a date that is none was
// written without a word.
func TestWrongContent(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E10: a wrong $type is an error, and every broken constraint is found")
	const like = `{"$type":"app.bsky.feed.like","text":"","createdAt":"2026-02-03T04:05:06Z"}`
	var post appbsky.FeedPost
	if diff := cmp.Diff(violations(t, json.Unmarshal([]byte(like), &post)), []string{"$type must be app.bsky.feed.post"}); diff != "" {
		t.Errorf("a like as a post (-got +want):\n%s", diff)
	}
	post = appbsky.FeedPost{Text: strings.Repeat("a", 100_000), CreatedAt: "nonsense"}
	want := []string{
		"text must have a length of at most 3000",
		"text must have at most 300 graphemes",
		"createdAt must be a valid datetime",
	}
	if diff := cmp.Diff(violations(t, post.Validate()), want); diff != "" {
		t.Errorf("a long text and no date (-got +want):\n%s", diff)
	}
}

// E11: the response of getRecord could not be decoded if the record was of a type that the program
// had not registered, even where nobody looked into the record.
func TestForeignRecord(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E11: getRecord gives records of types that the program does not know")
	const record = `{"$type":"com.example.blog.entry","title":"Hello","tags":["a","b"],"cover":{"$link":"bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity"}}`
	const document = `{"uri":"at://did:web:example.com/com.example.blog.entry/3mdxq7kd54k2y",` +
		`"cid":"bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta","value":` + record + `}`
	var output comatproto.RepoGetRecordOutput
	if err := json.Unmarshal([]byte(document), &output); err != nil {
		t.Fatal(err)
	}
	checkJSON(t, output, document)
	if got := output.Value.Type(); got != "com.example.blog.entry" {
		t.Errorf("got the type %q", got)
	}
	var wrong *lexdata.TypeError
	if _, err := lexdata.As[appbsky.FeedPost](output.Value); !errors.As(err, &wrong) {
		t.Errorf("got the entry as a post, with error %v", err)
	}
}

// checkJSON demands that encoding/json writes a value as the document that is wanted.
func checkJSON(t *testing.T, value any, want string) {
	t.Helper()
	var got strings.Builder
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(strings.TrimSuffix(got.String(), "\n"), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	if encoder, ok := value.(lexjson.Encoder); ok {
		if text, err := lexjson.Marshal(encoder); err != nil || string(text) != want {
			t.Errorf("lexjson writes %s, error %v, want %s", text, err, want)
		}
	}
}

// violations returns the violations that an error consists of.
func violations(t *testing.T, err error) []string {
	t.Helper()
	var all *validate.Errors
	if !errors.As(err, &all) {
		t.Errorf("got error %v, want violations", err)
		return nil
	}
	var list []string
	for _, violation := range all.List {
		list = append(list, violation.Error())
	}
	return list
}

func isA[T any](value any) bool {
	_, ok := value.(T)
	return ok
}
