// Source: app.bsky.feed.post

package appbsky

import (
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// FeedPostNSID names the record app.bsky.feed.post.
//
// Record containing a Bluesky post.
const FeedPostNSID = "app.bsky.feed.post"

// FeedPost is the record app.bsky.feed.post.
//
// Record containing a Bluesky post.
type FeedPost struct {
	// The primary post content. May be an empty string, if there are embeds.
	Text string `json:"text"`
	// Deprecated: replaced by app.bsky.richtext.facet.
	Entities []FeedPostEntity `json:"entities,omitzero"`
	// Annotations of text (mentions, URLs, hashtags, etc)
	Facets []RichtextFacet    `json:"facets,omitzero"`
	Reply  *FeedPostReplyRef  `json:"reply,omitzero"`
	Embed  FeedPostEmbedUnion `json:"embed,omitzero"`
	// Indicates human language of post primary text content.
	Langs []syntax.Language `json:"langs,omitzero"`
	// Self-label values for this post. Effectively content warnings.
	Labels FeedPostLabelsUnion `json:"labels,omitzero"`
	// Additional hashtags, in addition to any included in post text and facets.
	Tags []string `json:"tags,omitzero"`
	// Client-declared timestamp when this post was originally created.
	CreatedAt syntax.Datetime `json:"createdAt"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// FeedPostEmbedUnion is one of
//
//   - [*EmbedImages]
//   - [*EmbedVideo]
//   - [*EmbedGallery]
//   - [*EmbedExternal]
//   - [*EmbedRecord]
//   - [*EmbedRecordWithMedia]
//   - [*lexdata.UnknownVariant]
type FeedPostEmbedUnion struct {
	Value lexdata.Typed
}

// FeedPostLabelsUnion is one of
//
//   - [*comatproto.LabelSelfLabels]
//   - [*lexdata.UnknownVariant]
type FeedPostLabelsUnion struct {
	Value lexdata.Typed
}

// FeedPostReplyRef is app.bsky.feed.post#replyRef.
type FeedPostReplyRef struct {
	Root   comatproto.RepoStrongRef `json:"root"`
	Parent comatproto.RepoStrongRef `json:"parent"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// FeedPostEntity is app.bsky.feed.post#entity.
//
// Deprecated: use facets instead.
type FeedPostEntity struct {
	Index FeedPostTextSlice `json:"index"`
	// Expected values are 'mention' and 'link'.
	Type  string `json:"type"`
	Value string `json:"value"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// FeedPostTextSlice is app.bsky.feed.post#textSlice.
//
// Deprecated: Use app.bsky.richtext instead -- A text segment. Start is
// inclusive, end is exclusive. Indices are for utf16-encoded strings.
type FeedPostTextSlice struct {
	Start int64 `json:"start"`
	End   int64 `json:"end"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *FeedPost) LexiconType() string {
	return FeedPostNSID
}

// DecodeJSON implements [lexjson.Decoder].
func (v *FeedPost) DecodeJSON(r *lexjson.Reader) {
	*v = FeedPost{}
	r.Record(FeedPostNSID)
	object := r.Object("text", "createdAt")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		case "entities":
			v.Entities = []FeedPostEntity{}
			array := r.Array()
			for array.Next() {
				var item FeedPostEntity
				item.DecodeJSON(r)
				v.Entities = append(v.Entities, item)
			}
		case "facets":
			v.Facets = []RichtextFacet{}
			array := r.Array()
			for array.Next() {
				var item RichtextFacet
				item.DecodeJSON(r)
				v.Facets = append(v.Facets, item)
			}
		case "reply":
			v.Reply = new(FeedPostReplyRef)
			v.Reply.DecodeJSON(r)
		case "embed":
			v.Embed.DecodeJSON(r)
		case "langs":
			v.Langs = []syntax.Language{}
			array := r.Array()
			for array.Next() {
				v.Langs = append(v.Langs, syntax.Language(r.String()))
			}
		case "labels":
			v.Labels.DecodeJSON(r)
		case "tags":
			v.Tags = []string{}
			array := r.Array()
			for array.Next() {
				v.Tags = append(v.Tags, r.String())
			}
		case "createdAt":
			v.CreatedAt = syntax.Datetime(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *FeedPost) EncodeJSON(w *lexjson.Writer) {
	w.Type(FeedPostNSID)
	w.BeginObject()
	w.Key("text").String(v.Text)
	if v.Entities != nil {
		w.Key("entities").BeginArray()
		for i := range v.Entities {
			v.Entities[i].EncodeJSON(w)
		}
		w.EndArray()
	}
	if v.Facets != nil {
		w.Key("facets").BeginArray()
		for i := range v.Facets {
			v.Facets[i].EncodeJSON(w)
		}
		w.EndArray()
	}
	if v.Reply != nil {
		v.Reply.EncodeJSON(w.Key("reply"))
	}
	if v.Embed.Value != nil {
		v.Embed.EncodeJSON(w.Key("embed"))
	}
	if v.Langs != nil {
		w.Key("langs").BeginArray()
		for _, item := range v.Langs {
			w.String(string(item))
		}
		w.EndArray()
	}
	if v.Labels.Value != nil {
		v.Labels.EncodeJSON(w.Key("labels"))
	}
	if v.Tags != nil {
		w.Key("tags").BeginArray()
		for _, item := range v.Tags {
			w.String(item)
		}
		w.EndArray()
	}
	w.Key("createdAt").String(string(v.CreatedAt))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *FeedPost) Check(c *validate.Checker) {
	v.Extra.Check(c, FeedPostNSID)
	c.MaxLength("text", len(v.Text), 3000)
	c.MaxGraphemes("text", v.Text, 300)
	for i := range v.Entities {
		c.EnterItem("entities", i)
		v.Entities[i].Check(c)
		c.Leave()
	}
	for i := range v.Facets {
		c.EnterItem("facets", i)
		v.Facets[i].Check(c)
		c.Leave()
	}
	if v.Reply != nil {
		c.Within("reply", v.Reply)
	}
	if v.Embed.Value != nil {
		c.Within("embed", &v.Embed)
	}
	if v.Langs != nil {
		c.MaxLength("langs", len(v.Langs), 3)
	}
	for i := range v.Langs {
		c.EnterItem("langs", i)
		c.Language("", v.Langs[i])
		c.Leave()
	}
	if v.Labels.Value != nil {
		c.Within("labels", &v.Labels)
	}
	if v.Tags != nil {
		c.MaxLength("tags", len(v.Tags), 8)
	}
	for i := range v.Tags {
		c.EnterItem("tags", i)
		c.MaxLength("", len(v.Tags[i]), 640)
		c.MaxGraphemes("", v.Tags[i], 64)
		c.Leave()
	}
	c.Datetime("createdAt", v.CreatedAt)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *FeedPost) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v FeedPost) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *FeedPost) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewFeedPostEmbedUnion returns a union of the variant v.
func NewFeedPostEmbedUnion[T interface {
	*EmbedImages | *EmbedVideo | *EmbedGallery | *EmbedExternal | *EmbedRecord | *EmbedRecordWithMedia
	lexdata.Typed
}](v T) FeedPostEmbedUnion {
	return FeedPostEmbedUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u FeedPostEmbedUnion) IsZero() bool {
	return u.Value == nil
}

// DecodeJSON implements [lexjson.Decoder].
func (u *FeedPostEmbedUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "app.bsky.embed.images":
		u.Value = new(EmbedImages)
	case "app.bsky.embed.video":
		u.Value = new(EmbedVideo)
	case "app.bsky.embed.gallery":
		u.Value = new(EmbedGallery)
	case "app.bsky.embed.external":
		u.Value = new(EmbedExternal)
	case "app.bsky.embed.record":
		u.Value = new(EmbedRecord)
	case "app.bsky.embed.recordWithMedia":
		u.Value = new(EmbedRecordWithMedia)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *FeedPostEmbedUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *FeedPostEmbedUnion) Check(c *validate.Checker) {
	lexdata.CheckVariant(c, u.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *FeedPostEmbedUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u FeedPostEmbedUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *FeedPostEmbedUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// NewFeedPostLabelsUnion returns a union of the variant v.
func NewFeedPostLabelsUnion[T interface {
	*comatproto.LabelSelfLabels
	lexdata.Typed
}](v T) FeedPostLabelsUnion {
	return FeedPostLabelsUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u FeedPostLabelsUnion) IsZero() bool {
	return u.Value == nil
}

// DecodeJSON implements [lexjson.Decoder].
func (u *FeedPostLabelsUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "com.atproto.label.defs#selfLabels":
		u.Value = new(comatproto.LabelSelfLabels)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *FeedPostLabelsUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *FeedPostLabelsUnion) Check(c *validate.Checker) {
	lexdata.CheckVariant(c, u.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *FeedPostLabelsUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u FeedPostLabelsUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *FeedPostLabelsUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// LexiconType implements [lexdata.Typed].
func (v *FeedPostReplyRef) LexiconType() string {
	return "app.bsky.feed.post#replyRef"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *FeedPostReplyRef) DecodeJSON(r *lexjson.Reader) {
	*v = FeedPostReplyRef{}
	object := r.Object("root", "parent")
	for object.Next() {
		switch object.Key() {
		case "root":
			v.Root.DecodeJSON(r)
		case "parent":
			v.Parent.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *FeedPostReplyRef) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Root.EncodeJSON(w.Key("root"))
	v.Parent.EncodeJSON(w.Key("parent"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *FeedPostReplyRef) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.feed.post#replyRef")
	c.Within("root", &v.Root)
	c.Within("parent", &v.Parent)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *FeedPostReplyRef) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v FeedPostReplyRef) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *FeedPostReplyRef) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *FeedPostEntity) LexiconType() string {
	return "app.bsky.feed.post#entity"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *FeedPostEntity) DecodeJSON(r *lexjson.Reader) {
	*v = FeedPostEntity{}
	object := r.Object("index", "type", "value")
	for object.Next() {
		switch object.Key() {
		case "index":
			v.Index.DecodeJSON(r)
		case "type":
			v.Type = r.String()
		case "value":
			v.Value = r.String()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *FeedPostEntity) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Index.EncodeJSON(w.Key("index"))
	w.Key("type").String(v.Type)
	w.Key("value").String(v.Value)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *FeedPostEntity) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.feed.post#entity")
	c.Within("index", &v.Index)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *FeedPostEntity) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v FeedPostEntity) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *FeedPostEntity) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *FeedPostTextSlice) LexiconType() string {
	return "app.bsky.feed.post#textSlice"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *FeedPostTextSlice) DecodeJSON(r *lexjson.Reader) {
	*v = FeedPostTextSlice{}
	object := r.Object("start", "end")
	for object.Next() {
		switch object.Key() {
		case "start":
			v.Start = r.Int()
		case "end":
			v.End = r.Int()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *FeedPostTextSlice) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("start").Int(v.Start)
	w.Key("end").Int(v.End)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *FeedPostTextSlice) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.feed.post#textSlice")
	c.Integer("start", v.Start)
	c.Minimum("start", v.Start, 0)
	c.Integer("end", v.End)
	c.Minimum("end", v.End, 0)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *FeedPostTextSlice) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v FeedPostTextSlice) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *FeedPostTextSlice) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
