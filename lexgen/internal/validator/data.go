package validator

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

type bytesSchema struct{ *lexicon.Bytes }

func (s bytesSchema) read(r *lexjson.Reader) any { return lexdata.ReadBytes(r) }

func (s bytesSchema) check(c *validate.Checker, value any) {
	b, _ := value.(lexdata.Bytes)
	checkLength(c, len(b), s.MinLength, s.MaxLength)
}

type linkSchema struct{}

func (s linkSchema) read(r *lexjson.Reader) any { return lexdata.ReadCIDLink(r) }

func (s linkSchema) check(c *validate.Checker, value any) {
	link, _ := value.(lexdata.CIDLink)
	link.Check(c)
}

type blobSchema struct {
	*lexicon.Blob
	accept []string
}

func (s blobSchema) read(r *lexjson.Reader) any { return lexdata.ReadBlob(r) }

func (s blobSchema) check(c *validate.Checker, value any) {
	blob, _ := value.(lexdata.Blob)
	blob.Check(c)
	if len(s.accept) > 0 {
		c.Accept("", blob.MIMEType, s.accept...)
	}
	if s.MaxSize != nil {
		c.MaxSize("", blob.Size, *s.MaxSize)
	}
}

type unknownSchema struct{}

func (s unknownSchema) read(r *lexjson.Reader) any { return lexdata.ReadUnknown(r) }

func (s unknownSchema) check(c *validate.Checker, value any) {
	u, _ := value.(lexdata.Unknown)
	u.Check(c)
}
