package xrpc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// TestClientStreamRequest is about requests whose body is a stream.
func TestClientStreamRequest(t *testing.T) {
	t.Parallel()
	abc := func() io.Reader { return iotest.OneByteReader(strings.NewReader("abc")) }
	for _, test := range []struct {
		name, encoding string
		stream         *xrpc.Stream
		want           string
	}{
		{"string", "*/*", &xrpc.Stream{ContentType: "image/png", Body: strings.NewReader("abc")}, "[image/png] 3 true abc"},
		{"bytes", "*/*", &xrpc.Stream{Size: -1, Body: bytes.NewReader([]byte("abc"))}, "[application/octet-stream] 3 true abc"},
		{"buffer", "*/*", &xrpc.Stream{Body: bytes.NewBufferString("abc")}, "[application/octet-stream] 3 true abc"},
		{"unknown size", "*/*", &xrpc.Stream{Body: abc()}, "[application/octet-stream] -1 false abc"},
		{"known size", "*/*", &xrpc.Stream{Size: 3, Body: abc()}, "[application/octet-stream] 3 false abc"},
		{"empty string", "*/*", &xrpc.Stream{Body: strings.NewReader("")}, "[application/octet-stream] 0 true "},
		{"no body", "*/*", &xrpc.Stream{Body: http.NoBody}, "[application/octet-stream] 0 false "},
		{"nil body", "*/*", &xrpc.Stream{}, "[application/octet-stream] 0 false "},
		{"type of the lexicon", mediaCAR, &xrpc.Stream{Body: abc()}, "[application/vnd.ipld.car] -1 false abc"},
		{"type with parameters", "text/*", &xrpc.Stream{ContentType: "text/plain; charset=utf-8"}, "[text/plain; charset=utf-8] 0 false "},
		{"any type", "", &xrpc.Stream{ContentType: "a/b"}, "[a/b] 0 false "},
		{"no stream", "*/*", nil, "com.example.test: the stream is nil"},
		{"no type at all", "", &xrpc.Stream{}, "[application/octet-stream] 0 false "},
		{"wrong type", "image/*", &xrpc.Stream{ContentType: "text/plain"}, `com.example.test: stream of type "text/plain" is not image/*`},
		{"no type for a pattern", "image/*", &xrpc.Stream{}, `com.example.test: stream of type "application/octet-stream" is not image/*`},
		{"type that is none", "*/*", &xrpc.Stream{ContentType: "text"}, `com.example.test: stream type "text" is not a media type`},
		{"pattern", "image/*", &xrpc.Stream{ContentType: "image/*"}, `com.example.test: stream type "image/*" is not a media type`},
		{"pattern of anything", "*/*", &xrpc.Stream{ContentType: "*/*"}, `com.example.test: stream type "*/*" is not a media type`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got string
			c := xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				got = fmt.Sprintf("%v %d %t ", r.Header["Content-Type"], r.ContentLength, r.GetBody != nil)
				if r.Body != nil {
					body, _ := io.ReadAll(r.Body)
					got += string(body)
				}
				return &http.Response{StatusCode: 200, Header: typed(mediaJSON), Body: io.NopCloser(strings.NewReader(`{"text":"ok"}`))}, nil
			})}}
			output := new(page)
			err := c.Do(t.Context(), &xrpc.Request{
				NSID: "com.example.test", Kind: xrpc.Procedure, Stream: test.stream, InputEncoding: test.encoding, Output: output,
			})
			switch {
			case err != nil:
				got = err.Error()
			case output.Text != "ok":
				t.Errorf("output is %q", output.Text)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestClientStreamClosed checks that a request's stream is closed, whether it is sent or not.
func TestClientStreamClosed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(xrpc.NewHandler(streaming()))
	defer server.Close()
	locked := func(*http.Request) error { return errors.New("keychain is locked") }
	for _, test := range []struct {
		name        string
		client      *xrpc.Client
		contentType string
		fails       bool
	}{
		{"sent", &xrpc.Client{Host: server.URL}, "image/png", false},
		{"refused by the server", &xrpc.Client{Host: server.URL}, "text/plain", true},
		{"wrong type", &xrpc.Client{Host: server.URL}, "text", true},
		{"no host", nil, "image/png", true},
		{"no authorization", &xrpc.Client{Host: server.URL, Authorize: locked}, "image/png", true},
		{"no transport", &xrpc.Client{Host: "foo://example.com"}, "image/png", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := newSource(strings.NewReader("abc"))
			err := test.client.Do(t.Context(), &xrpc.Request{
				NSID: "com.example.blob.image", Kind: xrpc.Procedure, Stream: &xrpc.Stream{ContentType: test.contentType, Body: body},
			})
			if (err != nil) != test.fails {
				t.Errorf("error is %v, want one: %t", err, test.fails)
			}
			<-body.closed
		})
	}
}

// TestClientStreamAgain is about a server that sends the client elsewhere: what is in memory is sent again.
func TestClientStreamAgain(t *testing.T) {
	t.Parallel()
	handler := xrpc.NewHandler(streaming())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, r.URL.Path+"?again", http.StatusTemporaryRedirect)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	for _, test := range []struct {
		name string
		body io.Reader
		want string
	}{
		{"string", strings.NewReader("abc"), `image/png size=3 got=3 "abc"`},
		{"bytes", bytes.NewReader([]byte("abc")), `image/png size=3 got=3 "abc"`},
		{"anything else", iotest.OneByteReader(strings.NewReader("abc")), "com.example.blob.upload: invalid response: status 307"},
	} {
		output := new(page)
		err := (&xrpc.Client{Host: server.URL}).Do(t.Context(), &xrpc.Request{
			NSID: "com.example.blob.upload", Kind: xrpc.Procedure, Stream: &xrpc.Stream{ContentType: "image/png", Body: test.body}, Output: output,
		})
		if err != nil {
			output.Text = err.Error()
		}
		if output.Text != test.want {
			t.Errorf("%s: got %s, want %s", test.name, output.Text, test.want)
		}
	}
}

// TestClientOpen is about responses that are streams.
func TestClientOpen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, encoding string
		status         int
		header         http.Header
		want           string // the type and the bytes, or the error
	}{
		{"stream", "*/*", 200, typed("image/png"), "image/png abc"},
		{"parameters of the type", "text/plain", 200, typed("Text/Plain; charset=utf-8"), "text/plain abc"},
		{"another 2xx", "image/*", 206, typed("image/png"), "image/png abc"},
		{"no type", "*/*", 200, nil, "application/octet-stream abc"},
		{"no type, any encoding", "", 200, nil, "application/octet-stream abc"},
		{"any encoding", "", 200, typed("a/b"), "a/b abc"},
		{"no type where one is wanted", "image/*", 200, nil, `invalid response: content type "application/octet-stream"`},
		{"wrong type", mediaCAR, 200, typed("text/html"), `invalid response: content type "text/html"`},
		{"type that is none", "*/*", 200, typed("html"), `invalid response: content type "html"`},
		{"type that is none, any encoding", "", 200, typed(";"), `invalid response: content type ""`},
		{"pattern", "image/*", 200, typed("image/*"), `invalid response: content type "image/*"`},
		{"pattern of anything", "*/*", 200, typed("*/*"), "application/octet-stream abc"},
		{"pattern of anything, any encoding", "", 200, typed("*/*"), "application/octet-stream abc"},
		{"pattern of anything where a type is wanted", mediaCAR, 200, typed("*/*"), `invalid response: content type "*/*"`},
		{"redirect without a target", "*/*", 304, typed("a/b"), "invalid response: status 304"},
		{"error", "*/*", 404, typed("text/html"), "xrpc: 404 XRPCNotSupported"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := newSource(strings.NewReader("abc"))
			c := client(0, nil, "")
			c.MaxResponse = 1 // which is about errors only
			var accept []string
			c.HTTP.Transport = transport(func(r *http.Request) (*http.Response, error) {
				accept = r.Header["Accept"]
				return &http.Response{StatusCode: test.status, Header: test.header, ContentLength: 3, Body: body}, nil
			})
			stream, err := c.Open(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query, OutputEncoding: test.encoding})
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "com.example.test: ")
				if stream != nil || test.status < 400 && !errors.Is(err, xrpc.ErrInvalidResponse) {
					t.Errorf("stream is %v, error %v", stream, err)
				}
			} else {
				data, _ := io.ReadAll(stream)
				got = stream.ContentType + " " + string(data)
				if stream.Size != 3 {
					t.Errorf("size is %d, want 3", stream.Size)
				}
				stream.Close()
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if strings.Join(accept, " ") != test.encoding {
				t.Errorf("Accept is %q, want %s", accept, test.encoding)
			}
			<-body.closed
		})
	}
}

// TestClientOpenFailure is about requests that have no response, and errors that the lexicon declares.
func TestClientOpenFailure(t *testing.T) {
	t.Parallel()
	if _, err := new(xrpc.Client).Open(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query}); err == nil {
		t.Error("no host: no error")
	}
	server := httptest.NewServer(xrpc.NewHandler(streaming()))
	defer server.Close()
	var header http.Header
	_, err := (&xrpc.Client{Host: server.URL}).Open(xrpc.WithResponseHeader(t.Context(), &header), &xrpc.Request{
		NSID: "com.example.blob.get", Kind: xrpc.Query, Params: &search{Text: "both"}, OutputEncoding: "*/*",
	})
	if !errors.Is(err, errTaken) || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("error is %v, want %v; header %v", err, errTaken, header)
	}
}

// TestClientOpenBreaksOff checks that a response that breaks off does not look like a short one.
func TestClientOpenBreaksOff(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 500_000} {
		server := httptest.NewServer(xrpc.NewHandler(opening(func(context.Context) (*xrpc.Stream, error) {
			body := io.MultiReader(io.LimitReader(endless('a'), 100_000), errorReader{xrpc.ErrForbidden})
			return &xrpc.Stream{Size: size, Body: body}, nil
		})))

		stream, err := (&xrpc.Client{Host: server.URL}).Open(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query, OutputEncoding: "*/*"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, stream); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("size %d: error is %v, want io.ErrUnexpectedEOF", size, err)
		}
		stream.Close()
		server.Close()
	}
}

// TestClientStreamBack is about a service that answers while it reads, over a connection that is to
// be used again: the server must leave the request's body to the service.
func TestClientStreamBack(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("0123456789", 100_000)
	for _, host := range hosts(t, streaming()) {
		c := &xrpc.Client{Host: "http://" + host.addr, HTTP: patient(t)}
		for _, body := range []io.Reader{strings.NewReader(want), io.MultiReader(strings.NewReader(want))} {
			stream, err := c.Open(t.Context(), &xrpc.Request{
				NSID: "com.example.blob.echo", Kind: xrpc.Procedure, Stream: &xrpc.Stream{Body: body}, OutputEncoding: "*/*",
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(stream)
			stream.Close()
			if err != nil || string(got) != want {
				t.Errorf("%s: got %d bytes, error %v, want the %d that were sent", host.name, len(got), err, len(want))
			}
		}
	}
}

// TestStreamPassedOn is about a service that hands on the stream of another server.
func TestStreamPassedOn(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(xrpc.NewHandler(streaming()))
	defer upstream.Close()
	c := &xrpc.Client{Host: upstream.URL}
	for text, want := range map[string]response{
		"sized abc":      expect(http.StatusOK, "abc", "Content-Type: application/octet-stream"),
		"nobody":         expect(http.StatusOK, "", "Content-Type: application/octet-stream"),
		"unsized abc":    expect(http.StatusOK, "abc", "Content-Type: application/octet-stream", "Content-Length"),
		"as image/png":   expect(http.StatusOK, "bytes", "Content-Type: image/png"),
		"both of a kind": failure(http.StatusBadGateway, "UpstreamFailure", "Upstream Failure"),
	} {
		t.Run(text, func(t *testing.T) {
			run(t, hosts(t, opening(func(ctx context.Context) (*xrpc.Stream, error) {
				return c.Open(ctx, &xrpc.Request{
					NSID: "com.example.blob.get", Kind: xrpc.Query, Params: &search{Text: text}, OutputEncoding: "*/*",
				})
			})), []row{{"GET", request("GET /xrpc/com.example.test"), want}})
		})
	}
}
