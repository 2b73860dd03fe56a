package xrpc_test

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// The types below are what lexgen would generate for the endpoints of the tests.

// search is a struct of query parameters with one of each kind.
type search struct {
	Text   string
	Limit  lexdata.Opt[int64] // 1 to 100, default 50
	Exact  lexdata.Opt[bool]
	Author lexdata.Opt[syntax.Handle]
	Tags   []string // at most 2
	Sizes  []int64
	Flags  []bool
}

// DecodeQuery implements [xrpc.Params].
func (v *search) DecodeQuery(q *xrpc.QueryReader) {
	q.Require("text")
	v.Text = xrpc.QueryString[string](q, "text").Or("")
	v.Limit = lexdata.Some(q.Int("limit").Or(50))
	v.Exact = q.Bool("exact")
	v.Author = xrpc.QueryString[syntax.Handle](q, "author")
	v.Tags = xrpc.QueryStrings[string](q, "tags")
	v.Sizes = q.Ints("sizes")
	v.Flags = q.Bools("flags")
}

// EncodeQuery implements [xrpc.Params].
func (v *search) EncodeQuery(q *xrpc.QueryWriter) {
	q.String("text", v.Text)
	q.Int("limit", v.Limit.Or(50))
	if exact, ok := v.Exact.Get(); ok {
		q.Bool("exact", exact)
	}
	if author, ok := v.Author.Get(); ok {
		q.String("author", string(author))
	}
	for _, tag := range v.Tags {
		q.String("tags", tag)
	}
	for _, size := range v.Sizes {
		q.Int("sizes", size)
	}
	for _, flag := range v.Flags {
		q.Bool("flags", flag)
	}
}

// Check implements [validate.Checkable].
func (v *search) Check(c *validate.Checker) {
	if limit, ok := v.Limit.Get(); ok {
		c.Minimum("limit", limit, 1)
		c.Maximum("limit", limit, 100)
	}
	if author, ok := v.Author.Get(); ok {
		c.Handle("author", author)
	}
	c.MaxLength("tags", len(v.Tags), 2)
	for i := range v.Tags {
		c.EnterItem("tags", i)
		c.MaxLength("", len(v.Tags[i]), 8)
		c.Leave()
	}
}

// note is a body.
type note struct {
	Text   string // at most 20 bytes
	Count  lexdata.Opt[int64]
	Tags   []string
	Parent *note
}

// DecodeJSON implements [lexjson.Decoder].
func (v *note) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("text")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		case "count":
			v.Count = lexdata.Some(r.Int())
		case "tags":
			v.Tags = []string{}
			array := r.Array()
			for array.Next() {
				v.Tags = append(v.Tags, r.String())
			}
		case "parent":
			v.Parent = new(note)
			v.Parent.DecodeJSON(r)
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *note) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("text").String(v.Text)
	if count, ok := v.Count.Get(); ok {
		w.Key("count").Int(count)
	}
	if v.Tags != nil {
		w.Key("tags").BeginArray()
		for _, tag := range v.Tags {
			w.String(tag)
		}
		w.EndArray()
	}
	if v.Parent != nil {
		w.Key("parent")
		v.Parent.EncodeJSON(w)
	}
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *note) Check(c *validate.Checker) {
	c.MaxLength("text", len(v.Text), 20)
	if count, ok := v.Count.Get(); ok {
		c.Integer("count", count)
		c.Minimum("count", count, 0)
	}
	for i := range v.Tags {
		c.EnterItem("tags", i)
		c.MinLength("", len(v.Tags[i]), 1)
		c.Leave()
	}
	if v.Parent != nil {
		c.Within("parent", v.Parent)
	}
}

// page is a body without constraints.
type page struct {
	Text string
}

// DecodeJSON implements [lexjson.Decoder].
func (v *page) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("text")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *page) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("text").String(v.Text)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *page) Check(*validate.Checker) {}

// settings is a body in which nothing is required.
type settings struct {
	Name lexdata.Opt[string]
}

// DecodeJSON implements [lexjson.Decoder].
func (v *settings) DecodeJSON(r *lexjson.Reader) {
	object := r.Object()
	for object.Next() {
		switch object.Key() {
		case "name":
			v.Name = lexdata.Some(r.String())
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *settings) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	if name, ok := v.Name.Get(); ok {
		w.Key("name").String(name)
	}
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *settings) Check(*validate.Checker) {}

var (
	_ xrpc.Params = (*search)(nil)
	_ xrpc.Body   = (*note)(nil)
	_ xrpc.Body   = (*page)(nil)
	_ xrpc.Body   = (*settings)(nil)
)
