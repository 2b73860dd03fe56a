package lexjson_test

import (
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// A post is decoded and encoded as generated code does it. The tags are for
// encoding/json, with which it is compared.
type post struct {
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs"`
	Likes     int64    `json:"likes"`
	Pinned    bool     `json:"pinned"`
	Reply     *reply   `json:"reply"`
	Facets    []facet  `json:"facets"`
}

type reply struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type facet struct {
	ByteStart int64 `json:"byteStart"`
	ByteEnd   int64 `json:"byteEnd"`
	Link      ref   `json:"link"`
}

func (v *post) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("text", "createdAt")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		case "createdAt":
			v.CreatedAt = r.String()
		case "langs":
			v.Langs = []string{}
			array := r.Array()
			for array.Next() {
				v.Langs = append(v.Langs, r.String())
			}
		case "likes":
			v.Likes = r.Int()
		case "pinned":
			v.Pinned = r.Bool()
		case "reply":
			v.Reply = new(reply)
			v.Reply.DecodeJSON(r)
		case "facets":
			v.Facets = []facet{}
			array := r.Array()
			for array.Next() {
				var item facet
				item.DecodeJSON(r)
				v.Facets = append(v.Facets, item)
			}
		default:
			r.Skip()
		}
	}
}

func (v *reply) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("root", "parent")
	for object.Next() {
		switch object.Key() {
		case "root":
			v.Root.DecodeJSON(r)
		case "parent":
			v.Parent.DecodeJSON(r)
		default:
			r.Skip()
		}
	}
}

func (v *ref) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("uri", "cid")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = r.String()
		case "cid":
			v.CID = r.String()
		default:
			r.Skip()
		}
	}
}

func (v *facet) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("byteStart", "byteEnd")
	for object.Next() {
		switch object.Key() {
		case "byteStart":
			v.ByteStart = r.Int()
		case "byteEnd":
			v.ByteEnd = r.Int()
		case "link":
			v.Link.DecodeJSON(r)
		default:
			r.Skip()
		}
	}
}

func (v *post) EncodeJSON(w *lexjson.Writer) {
	w.Type("com.example.post")
	w.BeginObject()
	w.Key("text").String(v.Text)
	w.Key("createdAt").String(v.CreatedAt)
	w.Key("langs").BeginArray()
	for _, lang := range v.Langs {
		w.String(lang)
	}
	w.EndArray()
	w.Key("likes").Int(v.Likes)
	w.Key("pinned").Bool(v.Pinned)
	if v.Reply != nil {
		w.Key("reply").BeginObject()
		w.Key("root")
		v.Reply.Root.EncodeJSON(w)
		w.Key("parent")
		v.Reply.Parent.EncodeJSON(w)
		w.EndObject()
	}
	w.Key("facets").BeginArray()
	for _, item := range v.Facets {
		w.BeginObject()
		w.Key("byteStart").Int(item.ByteStart)
		w.Key("byteEnd").Int(item.ByteEnd)
		w.Key("link")
		item.Link.EncodeJSON(w)
		w.EndObject()
	}
	w.EndArray()
	w.EndObject()
}

func (v *ref) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(v.URI)
	w.Key("cid").String(v.CID)
	w.EndObject()
}

// postJSON is a typical record of about 1 kB.
const postJSON = `{"$type":"com.example.post","text":"A walk along the canal this morning: three herons, one kingfisher, and a fox that would not move 🦊. ` +
	`Photographs follow when the light is better, probably on Sunday evening.","createdAt":"2026-02-03T04:05:06.789Z",` +
	`"langs":["en","de"],"likes":1234,"pinned":true,` +
	`"reply":{"root":{"uri":"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.post/3jui7kd54zh2y","cid":"bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"},` +
	`"parent":{"uri":"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.post/3jui7kd54zh2z","cid":"bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"}},` +
	`"facets":[{"byteStart":12,"byteEnd":34,"link":{"uri":"https://example.com/herons","cid":""}},` +
	`{"byteStart":56,"byteEnd":78,"link":{"uri":"https://example.com/kingfishers","cid":""}}]}`

// violations collects what a Reader reports, one line each.
type violations []string

func (v *violations) Report(path, problem string) {
	*v = append(*v, strings.TrimSpace(path+" "+problem))
}

func ExampleReader() {
	input := `{"text": "hello", "langs": ["en", 5], "likes": "many"}`
	var problems violations
	r := lexjson.NewReader([]byte(input), &problems)
	var v post
	v.DecodeJSON(r)
	if err := r.End(); err != nil {
		fmt.Println(err)
	}
	fmt.Println(v.Text)
	fmt.Println(strings.Join(problems, "\n"))
	// Output:
	// hello
	// langs[1] must be a string
	// likes must be an integer
	// createdAt is required
}

func ExampleWriter() {
	var w lexjson.Writer
	w.BeginObject()
	w.Key("handle").String("alice.example.com")
	w.Key("followers").Int(42)
	w.Key("labels").BeginArray()
	w.EndArray()
	w.EndObject()
	fmt.Printf("%s %v\n", w.Bytes(), w.Err())
	// Output: {"handle":"alice.example.com","followers":42,"labels":[]} <nil>
}
