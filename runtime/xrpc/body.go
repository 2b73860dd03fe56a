package xrpc

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
)

// expectNoBody checks that a request for an endpoint without input has none. What announces a body
// but holds no byte is fine: clients send Content-Length: 0 and empty chunked bodies.
func expectNoBody(r *http.Request) error {
	if r.ContentLength == 0 || r.Body == nil {
		return nil
	}
	n, err := io.ReadFull(r.Body, make([]byte, 1))
	if n == 0 && err == io.EOF {
		return nil
	}
	return ErrInvalidRequest.New("A request body was provided when none was expected")
}

// checkContentType checks that the request has a body of the media type that the endpoint takes.
// Parameters of the media type are ignored.
func checkContentType(r *http.Request, want string) error {
	if r.ContentLength == 0 && r.Header.Get("Content-Length") == "" && len(r.TransferEncoding) == 0 {
		return ErrInvalidRequest.New("A request body is expected but none was provided")
	}
	got, ok := essence(r.Header.Get("Content-Type"))
	if !ok {
		return ErrInvalidRequest.New("Request encoding (Content-Type) required but not provided")
	}
	if got != want {
		return ErrInvalidRequest.New("Wrong request encoding (Content-Type): " + got)
	}
	return nil
}

// essence returns a media type in lower case and without parameters, and whether it is one at all.
func essence(contentType string) (string, bool) {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.Trim(media, " \t"))
	kind, subtype, ok := strings.Cut(media, "/")
	return media, ok && isToken(kind) && isToken(subtype)
}

// isToken reports whether s is a token (https://www.rfc-editor.org/rfc/rfc9110#name-tokens).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// readBody reads the whole body, decompressed, if it keeps to the limit.
func (h *Handler) readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > h.maxBody {
		return nil, tooLarge()
	}
	encodings := r.Header.Values("Content-Encoding")
	body, err := h.decompress(r.Body, strings.Join(encodings, ","))
	if err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	if r.ContentLength > 0 && len(encodings) == 0 {
		buffer.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err = buffer.ReadFrom(io.LimitReader(body, h.maxBody+1))
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit) || int64(buffer.Len()) > h.maxBody:
		return nil, tooLarge()
	case err != nil:
		return nil, ErrInvalidRequest.New("the request body could not be read")
	}
	return buffer.Bytes(), nil
}

func tooLarge() error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Name: ErrPayloadTooLarge, Message: "request entity too large"}
}

// decompress undoes a list of content encodings, of which the last was applied last.
func (h *Handler) decompress(body io.Reader, encodings string) (io.Reader, error) {
	list := strings.Split(encodings, ",")
	if len(list) > maxContentEncodings {
		return nil, unsupportedEncoding()
	}
	for i := len(list) - 1; i >= 0; i-- {
		name := strings.ToLower(strings.TrimSpace(list[i]))
		if name == "" || name == "identity" {
			continue
		}
		newReader, ok := h.encodings[name]
		if !ok {
			return nil, unsupportedEncoding()
		}
		var err error
		if body, err = newReader(body); err != nil {
			return nil, ErrInvalidRequest.New("the request body is not valid " + name)
		}
	}
	return body, nil
}

// maxContentEncodings bounds how many decompressors a stranger can have set up.
const maxContentEncodings = 4

func unsupportedEncoding() error {
	return &Error{Status: http.StatusUnsupportedMediaType, Name: ErrUnsupportedMediaType, Message: "unsupported content-encoding"}
}

// contentEncodings returns the content encodings that the standard library can undo.
func contentEncodings() map[string]func(io.Reader) (io.Reader, error) {
	gunzip := func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	return map[string]func(io.Reader) (io.Reader, error){
		"gzip":    gunzip,
		"x-gzip":  gunzip,
		"deflate": func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
	}
}
