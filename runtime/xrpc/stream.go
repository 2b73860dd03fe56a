package xrpc

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Stream is a body that is read as it comes: bytes of some media type. It stands for the bodies
// that have no schema, or are not JSON (https://atproto.com/specs/xrpc#blob-upload-and-download). A
// stream is read once, by one goroutine at a time.
type Stream struct {
	// ContentType is the media type, which is never a pattern. On its way out it may have parameters,
	// and if it is empty, it is the encoding of the lexicon if that is no pattern, and
	// application/octet-stream otherwise. On its way in it is in lower case and without parameters.
	ContentType string
	// Size is the number of bytes. On its way in it is negative if the number is not known, which
	// compressed bodies and those without a Content-Length have in common. On its way out, zero and
	// below stand for not known as well, unless Body is nil, [http.NoBody] or a reader of the
	// packages bytes and strings, which know their length. It is a fault to give another number of
	// bytes than Size says.
	Size int64
	// Body holds the bytes. Nil holds none.
	Body io.Reader
}

// Read implements [io.Reader]. On a server, the errors of a request's stream are an [*Error], which
// a service may return as it is or wrapped: status 413 for more bytes than are allowed, and status
// 400 for a body that breaks off. Neither looks like the end of the stream.
func (s *Stream) Read(p []byte) (int, error) {
	if s.Body == nil {
		return 0, io.EOF
	}
	return s.Body.Read(p)
}

// Close closes Body if it can be closed. Closing a nil stream does nothing.
func (s *Stream) Close() error {
	if s == nil {
		return nil
	}
	if body, ok := s.Body.(io.Closer); ok {
		return body.Close()
	}
	return nil
}

// size returns the number of bytes that a stream is about to send, or -1 if it is not known.
func (s *Stream) size() int64 {
	if s.Size > 0 {
		return s.Size
	}
	switch body := s.Body.(type) {
	case nil:
		return 0
	case *bytes.Buffer:
		return int64(body.Len())
	case *bytes.Reader:
		return int64(body.Len())
	case *strings.Reader:
		return int64(body.Len())
	}
	if s.Body == http.NoBody {
		return 0
	}
	return -1
}

// contentType returns the Content-Type with which a stream is sent where the lexicon has the given
// encoding.
func (s *Stream) contentType(encoding string) (string, error) {
	contentType := s.ContentType
	if contentType == "" {
		contentType = encoding
		if strings.Contains(encoding, "*") {
			contentType = mediaBytes
		}
	}
	media, ok := essence(contentType)
	switch {
	case !ok:
		return "", fmt.Errorf("stream type %q is not a media type", contentType)
	case !matches(encoding, media):
		return "", fmt.Errorf("stream of type %q is not %s", contentType, encoding)
	}
	return contentType, nil
}
