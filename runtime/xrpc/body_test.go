package xrpc_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// store returns a request with a body in some encoding, whose length is not announced.
func store(body io.Reader, encoding string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.store", body)
	r.Header.Set("Content-Type", mediaJSON)
	r.Header.Set("Content-Encoding", encoding)
	r.ContentLength = -1
	return r
}

// TestBodyOptions is about the limit that a host sets, here or around the handler, and about
// encodings of its own.
func TestBodyOptions(t *testing.T) {
	t.Parallel()
	reverse := xrpc.WithContentEncoding("reverse", func(r io.Reader) (io.ReadCloser, error) {
		data, err := io.ReadAll(r)
		slices.Reverse(data)
		return io.NopCloser(strings.NewReader(string(data))), err
	})
	const body = `{"name":"a"}`
	for _, test := range []struct {
		name, encoding string
		outer          int64 // the host's own limit
		option         xrpc.Option
		want           int
	}{
		{"at the limit", "", 100, xrpc.WithMaxBody(12), http.StatusOK},
		{"above the limit", "", 100, xrpc.WithMaxBody(11), http.StatusRequestEntityTooLarge},
		{"above the host's limit", "", 11, xrpc.WithMaxBody(100), http.StatusRequestEntityTooLarge},
		{"encoding", "Reverse", 100, reverse, http.StatusOK},
		{"encoding that meets the host's limit", "reverse", 11, reverse, http.StatusRequestEntityTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := []byte(body)
			if test.encoding != "" {
				slices.Reverse(text)
			}
			r := store(strings.NewReader(string(text)), test.encoding)
			r.Body = http.MaxBytesReader(nil, r.Body, test.outer)
			if got := serve(r, endpoints(), test.option); got.Code != test.want {
				t.Errorf("got %d %s, want %d", got.Code, got.Body, test.want)
			}
		})
	}
}

// A stage is a decompressor that changes nothing and writes down when it is closed.
type stage struct {
	io.Reader
	name   string
	closed *[]string
}

// Close implements [io.Closer].
func (s stage) Close() error {
	*s.closed = append(*s.closed, s.name)
	return errors.New("nobody wants to know")
}

// TestContentEncodingClosed checks that each decompressor that was set up is closed once, whatever
// becomes of the request: the last one, which reads from the others, first.
func TestContentEncodingClosed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, encoding string
		body           io.Reader
		want           int
		closed         []string
	}{
		{"read", "a", strings.NewReader("{}"), http.StatusOK, []string{"a"}},
		{"list", "c, b, a", strings.NewReader("{}"), http.StatusOK, []string{"c", "b", "a"}},
		{"same one twice", "a,a", strings.NewReader("{}"), http.StatusOK, []string{"a", "a"}},
		{"with a decompressor of the package", "a,gzip", strings.NewReader(gzipped("{}")), http.StatusOK, []string{"a"}},
		{"malformed JSON", "b,a", strings.NewReader("{"), http.StatusBadRequest, []string{"b", "a"}},
		{"too large", "b,a", strings.NewReader(strings.Repeat(" ", 100)), http.StatusRequestEntityTooLarge, []string{"b", "a"}},
		{"read error", "b,a", errorReader{io.ErrUnexpectedEOF}, http.StatusBadRequest, []string{"b", "a"}},
		{"unknown encoding behind it", "br,a", strings.NewReader("{}"), http.StatusUnsupportedMediaType, []string{"a"}},
		{"bad data behind it", "gzip,b,a", strings.NewReader("{}"), http.StatusBadRequest, []string{"b", "a"}},
		{"unknown encoding before it", "a,br", strings.NewReader("{}"), http.StatusUnsupportedMediaType, nil},
		{"bad data before it", "a,gzip", strings.NewReader("{}"), http.StatusBadRequest, nil},
		{"too many", "a,a,a,a,a", strings.NewReader("{}"), http.StatusUnsupportedMediaType, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var opened int
			var closed []string
			options := []xrpc.Option{xrpc.WithMaxBody(50)}
			for _, name := range []string{"a", "b", "c"} {
				options = append(options, xrpc.WithContentEncoding(name, func(r io.Reader) (io.ReadCloser, error) {
					opened++
					return stage{r, name, &closed}, nil
				}))
			}
			if got := serve(store(test.body, test.encoding), endpoints(), options...); got.Code != test.want {
				t.Errorf("got %d %s, want %d", got.Code, got.Body, test.want)
			}
			if !slices.Equal(closed, test.closed) || opened != len(closed) {
				t.Errorf("closed %q of %d, want %q", closed, opened, test.closed)
			}
		})
	}
}

// TestBodyError is about a host that has its own answer to a body that cannot be read.
func TestBodyError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"answer", xrpc.NewError(http.StatusForbidden), `403 {"error":"Forbidden","message":"Forbidden"}`},
		{"answer, wrapped", fmt.Errorf("read: %w", errTaken.New("secret").WithStatus(409)), `409 {"error":"HandleTaken","message":"secret"}`},
		{"any other", errors.New("secret"), `400 {"error":"InvalidRequest","message":"the request body could not be read"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := serve(store(errorReader{test.err}, ""), endpoints())
			if text := fmt.Sprintf("%d %s", got.Code, got.Body); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}
