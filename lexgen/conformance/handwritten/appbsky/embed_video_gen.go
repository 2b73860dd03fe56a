// Source: app.bsky.embed.video

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedVideo is app.bsky.embed.video.
//
// A video embedded in a Bluesky record (eg, a post).
type EmbedVideo struct {
	// The mp4 video file. May be up to 100mb, formerly limited to 50mb.
	Video    lexdata.Blob        `json:"video"`
	Captions []EmbedVideoCaption `json:"captions,omitzero"`
	// Alt text description of the video, for accessibility.
	Alt         lexdata.Opt[string] `json:"alt,omitzero"`
	AspectRatio *EmbedAspectRatio   `json:"aspectRatio,omitzero"`
	// A hint to the client about how to present the video.
	Presentation lexdata.Opt[EmbedVideoPresentation] `json:"presentation,omitzero"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// EmbedVideoPresentation is the type of the property presentation of
// app.bsky.embed.video. Other values than the known ones are valid.
type EmbedVideoPresentation string

// The known values of EmbedVideoPresentation.
const (
	EmbedVideoPresentationDefault EmbedVideoPresentation = "default"
	EmbedVideoPresentationGif     EmbedVideoPresentation = "gif"
)

// EmbedVideoCaption is app.bsky.embed.video#caption.
type EmbedVideoCaption struct {
	Lang syntax.Language `json:"lang"`
	File lexdata.Blob    `json:"file"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedVideo) LexiconType() string {
	return "app.bsky.embed.video"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedVideo) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedVideo{}
	object := r.Object("video")
	for object.Next() {
		switch object.Key() {
		case "video":
			v.Video.DecodeJSON(r)
		case "captions":
			v.Captions = []EmbedVideoCaption{}
			array := r.Array()
			for array.Next() {
				var item EmbedVideoCaption
				item.DecodeJSON(r)
				v.Captions = append(v.Captions, item)
			}
		case "alt":
			v.Alt = lexdata.Some(r.String())
		case "aspectRatio":
			v.AspectRatio = new(EmbedAspectRatio)
			v.AspectRatio.DecodeJSON(r)
		case "presentation":
			v.Presentation = lexdata.Some(EmbedVideoPresentation(r.String()))
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedVideo) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Video.EncodeJSON(w.Key("video"))
	if v.Captions != nil {
		w.Key("captions").BeginArray()
		for i := range v.Captions {
			v.Captions[i].EncodeJSON(w)
		}
		w.EndArray()
	}
	if value, ok := v.Alt.Get(); ok {
		w.Key("alt").String(value)
	}
	if v.AspectRatio != nil {
		v.AspectRatio.EncodeJSON(w.Key("aspectRatio"))
	}
	if value, ok := v.Presentation.Get(); ok {
		w.Key("presentation").String(string(value))
	}
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedVideo) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.video")
	c.Within("video", &v.Video)
	c.Accept("video", v.Video.MIMEType, "video/mp4")
	c.MaxSize("video", v.Video.Size, 100000000)
	if v.Captions != nil {
		c.MaxLength("captions", len(v.Captions), 20)
	}
	for i := range v.Captions {
		c.EnterItem("captions", i)
		v.Captions[i].Check(c)
		c.Leave()
	}
	if value, ok := v.Alt.Get(); ok {
		c.MaxLength("alt", len(value), 10000)
		c.MaxGraphemes("alt", value, 1000)
	}
	if v.AspectRatio != nil {
		c.Within("aspectRatio", v.AspectRatio)
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedVideo) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedVideo) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedVideo) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedVideoCaption) LexiconType() string {
	return "app.bsky.embed.video#caption"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedVideoCaption) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedVideoCaption{}
	object := r.Object("lang", "file")
	for object.Next() {
		switch object.Key() {
		case "lang":
			v.Lang = syntax.Language(r.String())
		case "file":
			v.File.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedVideoCaption) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("lang").String(string(v.Lang))
	v.File.EncodeJSON(w.Key("file"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedVideoCaption) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.video#caption")
	c.Language("lang", v.Lang)
	c.Within("file", &v.File)
	c.Accept("file", v.File.MIMEType, "text/vtt")
	c.MaxSize("file", v.File.Size, 20000)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedVideoCaption) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedVideoCaption) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedVideoCaption) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
