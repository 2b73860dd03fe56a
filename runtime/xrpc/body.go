package xrpc

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"slices"
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
	return media, ok && isToken(kind) && isToken(subtype) && len(media) <= maxMediaType
}

// maxMediaType is how long a media type may be (https://www.rfc-editor.org/rfc/rfc6838#section-4.2).
const maxMediaType = 127 + len("/") + 127

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

// maxTrusted is how much memory a body gets because its length was announced, before any of it has come.
const maxTrusted = 16 << 10

// readBody reads the whole body, decompressed, if it keeps to the limit.
func (h *Handler) readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > h.maxBody {
		return nil, tooLarge()
	}
	body, stages, err := h.decompress(r.Body, strings.Join(r.Header.Values("Content-Encoding"), ","))
	defer func() {
		for _, stage := range slices.Backward(stages) { // a stage may read from the one before until it is closed
			stage.Close() // an error would have shown in what was read
		}
	}()
	if err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	buffer.Grow(int(min(r.ContentLength, maxTrusted)) + bytes.MinRead)
	if _, err := buffer.ReadFrom(body); err != nil {
		return nil, unreadable(err, "the request body could not be read")
	}
	return buffer.Bytes(), nil
}

// unreadable returns the answer to an error of reading the body: what the host says about it, that
// it is too large if it ran into the limit of this package or of the host, or else the problem.
func unreadable(err error, problem string) error {
	var answer *Error
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &answer):
		return answer
	case errors.As(err, &limit):
		return tooLarge()
	}
	return ErrInvalidRequest.New(problem)
}

func tooLarge() error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Name: ErrPayloadTooLarge, Message: "request entity too large"}
}

// decompress undoes a list of content encodings, of which the last was applied last. The limit
// holds at each stage: a few bytes that stand for billions cost no more than what it lets through.
// The stages are to be closed in any case.
func (h *Handler) decompress(raw io.ReadCloser, encodings string) (body io.ReadCloser, stages []io.Closer, err error) {
	body = http.MaxBytesReader(nil /* no response to close */, raw, h.maxBody)
	list := strings.SplitN(encodings, ",", maxContentEncodings+1)
	if len(list) > maxContentEncodings {
		return nil, nil, unsupportedEncoding()
	}
	for i := len(list) - 1; i >= 0; i-- {
		name := strings.ToLower(strings.TrimSpace(list[i]))
		if name == "" || name == "identity" {
			continue
		}
		newReader, ok := h.encodings[name]
		if !ok {
			return nil, stages, unsupportedEncoding()
		}
		plain, err := newReader(body)
		if err != nil {
			return nil, stages, unreadable(err, "the request body is not valid "+name)
		}
		stages = append(stages, plain)
		body = http.MaxBytesReader(nil /* no response to close */, plain, h.maxBody)
	}
	return body, stages, nil
}

// maxContentEncodings bounds how many decompressors a stranger can have set up.
const maxContentEncodings = 4

func unsupportedEncoding() error {
	return &Error{Status: http.StatusUnsupportedMediaType, Name: ErrUnsupportedMediaType, Message: "unsupported content-encoding"}
}

// contentEncodings returns the content encodings that the standard library can undo.
func contentEncodings() map[string]func(io.Reader) (io.ReadCloser, error) {
	gunzip := func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }
	return map[string]func(io.Reader) (io.ReadCloser, error){
		"gzip":    gunzip,
		"x-gzip":  gunzip,
		"deflate": zlib.NewReader,
	}
}
