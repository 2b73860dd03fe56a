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

// inputType returns the media type of the request's body, without parameters, if there is a body and
// the endpoint's encoding lets its type through. No byte is a body too if Content-Length says so and
// Content-Type says of what.
func inputType(r *http.Request, encoding string) (string, error) {
	isAnnounced := r.Header.Get("Content-Length") != "" && r.Header.Get("Content-Type") != ""
	if r.ContentLength == 0 && len(r.TransferEncoding) == 0 && !isAnnounced {
		return "", ErrInvalidRequest.New("A request body is expected but none was provided")
	}
	media, ok := incomingType(r.Header.Get("Content-Type"), encoding)
	if !ok {
		return "", ErrInvalidRequest.New("Request encoding (Content-Type) required but not provided")
	}
	if !matches(encoding, media) {
		return "", ErrInvalidRequest.New("Wrong request encoding (Content-Type): " + media)
	}
	return media, nil
}

// maxTrusted is how much memory a body gets because its length was announced, before any of it has come.
const maxTrusted = 16 << 10

// readBody reads the whole body, decompressed, if it keeps to the limit.
func (h *Handler) readBody(r *http.Request, endpoint *Endpoint) ([]byte, error) {
	body, err := h.openBody(r, endpoint)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var buffer bytes.Buffer
	buffer.Grow(int(min(r.ContentLength, maxTrusted)) + bytes.MinRead)
	if _, err := buffer.ReadFrom(body); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// inputBody is the body of a request, decompressed. Its errors are answers.
type inputBody struct {
	plain  io.Reader
	stages []io.Closer // of the decompression
}

// openBody returns the body of a request, if its announced length keeps to the limit. Reading more
// than the limit is an error.
func (h *Handler) openBody(r *http.Request, endpoint *Endpoint) (*inputBody, error) {
	limit := endpoint.MaxInput
	switch {
	case limit != 0:
	case endpoint.NewInput != nil:
		limit = h.maxBody
	default:
		limit = h.maxStream
	}
	if r.ContentLength > limit {
		return nil, tooLarge()
	}
	body := &inputBody{plain: limited(r.Body, limit)}
	if err := h.decompress(body, limit, strings.Join(r.Header.Values("Content-Encoding"), ",")); err != nil {
		body.Close()
		return nil, err
	}
	return body, nil
}

// Read implements [io.Reader].
func (b *inputBody) Read(p []byte) (int, error) {
	n, err := b.plain.Read(p)
	if err != nil && err != io.EOF {
		err = unreadable(err, "the request body could not be read")
	}
	return n, err
}

// Close closes the stages of the decompression. The body itself belongs to the HTTP server.
func (b *inputBody) Close() error {
	for _, stage := range slices.Backward(b.stages) { // a stage may read from the one before until it is closed
		stage.Close() // an error would have shown in what was read
	}
	b.stages = nil
	return nil
}

// unreadable returns the answer to an error of reading the body: what the host says about it, that
// it is too large if it ran into the limit of this package or of the host, or else the problem.
func unreadable(err error, problem string) error {
	if answer, ok := errors.AsType[*Error](err); ok {
		return answer
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	answer := ErrInvalidRequest.New(problem)
	answer.Cause = err
	return answer
}

// limited returns a reader of body that fails at the first byte above the limit.
func limited(body io.ReadCloser, limit int64) io.Reader {
	return http.MaxBytesReader(nil /* no response to close */, body, limit)
}

func tooLarge() error {
	return ErrPayloadTooLarge.New("request entity too large")
}

// decompress undoes a list of content encodings, of which the last was applied last. The limit
// holds at each stage: a few bytes that stand for billions cost no more than what it lets through.
func (h *Handler) decompress(body *inputBody, limit int64, encodings string) error {
	list := strings.SplitN(encodings, ",", maxContentEncodings+1)
	if len(list) > maxContentEncodings {
		return unsupportedEncoding()
	}
	for i := len(list) - 1; i >= 0; i-- {
		name := strings.ToLower(strings.TrimSpace(list[i]))
		if name == "" || name == "identity" {
			continue
		}
		newReader, ok := h.encodings[name]
		if !ok {
			return unsupportedEncoding()
		}
		plain, err := newReader(body.plain)
		if err != nil {
			return unreadable(err, "the request body is not valid "+name)
		}
		body.stages = append(body.stages, plain)
		body.plain = limited(plain, limit)
	}
	return nil
}

// maxContentEncodings bounds how many decompressors a stranger can have set up.
const maxContentEncodings = 4

func unsupportedEncoding() error {
	return ErrUnsupportedMediaType.New("unsupported content-encoding")
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
