package handwritten_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atdata"
	"github.com/bluesky-social/indigo/atproto/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// A barePost has the properties of plainPost for encoding/json alone, with no
// check of anything.
type barePost struct {
	Type      string      `json:"$type"`
	Text      string      `json:"text"`
	Facets    []bareFacet `json:"facets,omitempty"`
	Reply     *bareReply  `json:"reply,omitempty"`
	Embed     *bareEmbed  `json:"embed,omitempty"`
	Langs     []string    `json:"langs,omitempty"`
	Tags      []string    `json:"tags,omitempty"`
	CreatedAt string      `json:"createdAt"`
}

type bareFacet struct {
	Index struct {
		ByteStart int64 `json:"byteStart"`
		ByteEnd   int64 `json:"byteEnd"`
	} `json:"index"`
	Features []bareFeature `json:"features"`
}

type bareFeature struct {
	Type string `json:"$type"`
	DID  string `json:"did,omitempty"`
	URI  string `json:"uri,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

type bareReply struct {
	Root   bareRef `json:"root"`
	Parent bareRef `json:"parent"`
}

type bareRef struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type bareEmbed struct {
	Type   string      `json:"$type"`
	Images []bareImage `json:"images,omitempty"`
}

type bareImage struct {
	Image struct {
		Type string `json:"$type"`
		Ref  struct {
			Link string `json:"$link"`
		} `json:"ref"`
		MIMEType string `json:"mimeType"`
		Size     int64  `json:"size"`
	} `json:"image"`
	Alt         string           `json:"alt"`
	AspectRatio *bareAspectRatio `json:"aspectRatio,omitempty"`
}

type bareAspectRatio struct {
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
}

// TestBarePost makes sure that the benchmarks compare like with like.
func TestBarePost(t *testing.T) {
	t.Parallel()
	var post barePost
	if err := json.Unmarshal([]byte(plainPost), &post); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(post)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != plainPost {
		t.Errorf("got  %s\nwant %s", got, plainPost)
	}
}

// catalog returns indigo's catalog of the official lexicons.
func catalog(b *testing.B) *lexicon.BaseCatalog {
	b.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bluesky-social/indigo").Output()
	if err != nil {
		b.Fatal(err)
	}
	c := lexicon.NewBaseCatalog()
	if err := c.LoadDirectory(filepath.Join(strings.TrimSpace(string(dir)), "lexicons")); err != nil {
		b.Fatal(err)
	}
	return c
}

// stored returns a document with the keys in the order of DAG-CBOR, shorter
// ones first, in which servers send what they have stored.
func stored(b *testing.B, document string) []byte {
	b.Helper()
	var write func(w *lexjson.Writer, v any)
	write = func(w *lexjson.Writer, v any) {
		switch v := v.(type) {
		case map[string]any:
			w.BeginObject()
			for _, key := range storedKeys(v) {
				write(w.Key(key), v[key])
			}
			w.EndObject()
		case []any:
			w.BeginArray()
			for _, item := range v {
				write(w, item)
			}
			w.EndArray()
		default:
			text, err := json.Marshal(v)
			if err != nil {
				b.Fatal(err)
			}
			w.Raw(text)
		}
	}
	var tree any
	if err := json.Unmarshal([]byte(document), &tree); err != nil {
		b.Fatal(err)
	}
	var w lexjson.Writer
	write(&w, tree)
	return w.Bytes()
}

// storedKeys returns the keys of an object in the order of DAG-CBOR.
func storedKeys(object map[string]any) []string {
	return slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
}

// BenchmarkDecode decodes a post. The benchmarks called checked find each
// violation of the lexicon as well, as a server must.
func BenchmarkDecode(b *testing.B) {
	b.Run("as-written", func(b *testing.B) { benchmarkDecode(b, []byte(plainPost)) })
	b.Run("as-stored", func(b *testing.B) { benchmarkDecode(b, stored(b, plainPost)) })
}

func benchmarkDecode(b *testing.B, data []byte) {
	run := func(name string, decode func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("lexgen-checked", func() error {
		var post appbsky.FeedPost
		return lexdata.Decode(data, &post, lexdata.Options{})
	})
	run("lexgen-unmarshal-validate", func() error {
		var post appbsky.FeedPost
		if err := lexdata.Unmarshal(data, &post); err != nil {
			return err
		}
		return post.Validate()
	})
	run("encoding-json-unchecked", func() error {
		var post barePost
		return json.Unmarshal(data, &post)
	})
	c := catalog(b)
	run("indigo-checked", func() error {
		record, err := atdata.UnmarshalJSON(data)
		if err != nil {
			return err
		}
		return lexicon.ValidateRecord(c, record, appbsky.FeedPostNSID, 0)
	})
}

// BenchmarkEncode encodes a post.
func BenchmarkEncode(b *testing.B) {
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(plainPost), &post); err != nil {
		b.Fatal(err)
	}
	var bare barePost
	if err := json.Unmarshal([]byte(plainPost), &bare); err != nil {
		b.Fatal(err)
	}
	run := func(name string, encode func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(plainPost)))
			b.ReportAllocs()
			for b.Loop() {
				if err := encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("lexgen", func() error {
		_, err := lexjson.Marshal(&post)
		return err
	})
	run("encoding-json", func() error {
		_, err := json.Marshal(&bare)
		return err
	})
	run("encoding-json-of-lexgen", func() error {
		_, err := json.Marshal(&post)
		return err
	})
}

// BenchmarkUnknown turns a record into the value of an unknown field and back,
// as clients and servers of applyWrites do.
func BenchmarkUnknown(b *testing.B) {
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(plainPost), &post); err != nil {
		b.Fatal(err)
	}
	value, err := lexdata.NewUnknown(&post)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("NewUnknown", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := lexdata.NewUnknown(&post); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("As", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := lexdata.As[appbsky.FeedPost](value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
