package xrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// opening returns the only endpoint, a query whose output is a stream.
func opening(method func(context.Context) (*xrpc.Stream, error)) []xrpc.Endpoint {
	return []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, OutputEncoding: "*/*", Invoke: bare(method)}}
}

// uploading returns the only endpoint, a procedure whose input is a stream.
func uploading(method func(context.Context, *xrpc.Stream) error) []xrpc.Endpoint {
	return []xrpc.Endpoint{{
		NSID: "com.example.test", Kind: xrpc.Procedure, InputEncoding: "*/*",
		Invoke: func(ctx context.Context, call *xrpc.Call) (any, error) { return nil, method(ctx, call.Stream) },
	}}
}

// A source is a body that tells when it is closed.
type source struct {
	io.Reader
	closed chan struct{}
}

func newSource(r io.Reader) source { return source{r, make(chan struct{})} }

// Close implements [io.Closer].
func (s source) Close() error {
	close(s.closed) // panics if it is closed twice
	return nil
}

// readFunc is a function that reads.
type readFunc func([]byte) (int, error)

// Read implements [io.Reader].
func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// patient is a client that does not wait forever.
func patient(t *testing.T) *http.Client {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// TestStreamBreaksOff is about responses that cannot be sent to their end: clients see that, and it
// is logged once if the server is to blame.
func TestStreamBreaksOff(t *testing.T) {
	t.Parallel()
	abc := strings.NewReader
	broken := iotest.ErrReader(errors.New("secret text"))
	for _, test := range []struct {
		name string
		size int64
		body func(ctx context.Context) io.Reader
		log  string
	}{
		{"error", 0, func(context.Context) io.Reader { return io.MultiReader(abc("abc"), broken) }, "secret text"},
		{"error, size known", 5, func(context.Context) io.Reader { return io.MultiReader(abc("abc"), broken) }, "secret text"},
		{"too short", 5, func(context.Context) io.Reader { return abc("abc") }, "stream of 3 bytes is not of size 5"},
		{"too long", 2, func(context.Context) io.Reader { return abc("abc") }, "stream of 3 bytes is not of size 2"},
		{"too long in the end", 2, func(context.Context) io.Reader { return iotest.OneByteReader(abc("abc")) }, "stream of 3 bytes is not of size 2"},
		{"nothing of something", 5, func(context.Context) io.Reader { return abc("") }, "stream of 0 bytes is not of size 5"},
		{"no progress", 0, func(context.Context) io.Reader {
			return io.MultiReader(abc("abc"), readFunc(func([]byte) (int, error) { return 0, nil }))
		}, io.ErrNoProgress.Error()},
		{"fault of the client", 0, func(context.Context) io.Reader {
			return io.MultiReader(abc("abc"), iotest.ErrReader(xrpc.NewError(http.StatusRequestEntityTooLarge)))
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opened := make(chan source, 1)
			for _, host := range hosts(t, opening(func(ctx context.Context) (*xrpc.Stream, error) {
				body := newSource(test.body(ctx))
				opened <- body
				return &xrpc.Stream{Size: test.size, Body: body}, nil
			})) {
				res, err := patient(t).Get("http://" + host.addr + "/xrpc/com.example.test")
				if err == nil { // as the header may be lost as well
					_, err = io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
				if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
					t.Errorf("%s: error is %v, want the end of the connection", host.name, err)
				}
				<-(<-opened).closed
				lines := host.log.take()
				if n := strings.Count(lines, "\n"); n > 1 || (test.log != "") != (n == 1) || !strings.Contains(lines, test.log) {
					t.Errorf("%s: log is %q, want %q", host.name, lines, test.log)
				}
			}
		})
	}
}

// TestStreamClosed checks that the stream of an output is closed once, whatever becomes of it.
func TestStreamClosed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, contentType string
		body                      io.Reader
		err                       error
		want                      int
	}{
		{"sent", "GET", "", strings.NewReader("abc"), nil, http.StatusOK},
		{"HEAD", "HEAD", "", strings.NewReader("abc"), nil, http.StatusOK},
		{"HEAD, broken", "HEAD", "", iotest.ErrReader(errors.New("secret")), nil, http.StatusInternalServerError},
		{"error beside it", "GET", "", strings.NewReader("abc"), errTaken, http.StatusBadRequest},
		{"broken", "GET", "", iotest.ErrReader(errors.New("secret")), nil, http.StatusInternalServerError},
		{"wrong type", "GET", "json", strings.NewReader("abc"), nil, http.StatusInternalServerError},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := newSource(test.body)
			r := httptest.NewRequest(test.method, "/xrpc/com.example.test", nil)
			got := serve(r, opening(func(context.Context) (*xrpc.Stream, error) {
				return &xrpc.Stream{ContentType: test.contentType, Body: body}, test.err
			}), xrpc.WithLogger(new(journal).logger()))
			if got.Code != test.want {
				t.Errorf("got %d %s, want %d", got.Code, got.Body, test.want)
			}
			select {
			case <-body.closed:
			default:
				t.Error("the stream is not closed")
			}
		})
	}
}

// TestStreamPanic checks that the stream of an output is closed once even if reading it panics.
func TestStreamPanic(t *testing.T) {
	t.Parallel()
	broken := readFunc(func([]byte) (int, error) { panic("broken reader") })
	for _, test := range []struct {
		name, method string
		body         io.Reader
	}{
		{"at once", "GET", broken},
		{"at once, HEAD", "HEAD", broken},
		{"later", "GET", io.MultiReader(strings.NewReader("abc"), broken)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := newSource(test.body)
			defer func() {
				if got := recover(); got != "broken reader" {
					t.Errorf("panic with %v, want that of the reader", got)
				}
				select {
				case <-body.closed:
				default:
					t.Error("the stream is not closed")
				}
			}()
			serve(httptest.NewRequest(test.method, "/xrpc/com.example.test", nil), opening(func(context.Context) (*xrpc.Stream, error) {
				return &xrpc.Stream{Body: body}, nil
			}))
		})
	}
}

// TestStreamClientGone is about clients that do not wait for the end: the stream is closed, and it
// is nobody's fault.
func TestStreamClientGone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		body func(ctx context.Context) io.Reader
	}{
		{"stream that waits", func(ctx context.Context) io.Reader {
			return io.MultiReader(strings.NewReader("a"), readFunc(func([]byte) (int, error) {
				<-ctx.Done()
				return 0, ctx.Err()
			}))
		}},
		{"stream that goes on after that", func(ctx context.Context) io.Reader {
			return io.MultiReader(strings.NewReader("a"), readFunc(func(p []byte) (int, error) {
				<-ctx.Done()
				return copy(p, "b"), nil
			}))
		}},
		{"endless stream", func(context.Context) io.Reader { return endless('a') }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opened := make(chan source, 1)
			for _, host := range hosts(t, opening(func(ctx context.Context) (*xrpc.Stream, error) {
				body := newSource(test.body(ctx))
				opened <- body
				return &xrpc.Stream{Body: body}, nil
			})) {
				res, err := patient(t).Get("http://" + host.addr + "/xrpc/com.example.test")
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.ReadFull(res.Body, make([]byte, 1)); err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				<-(<-opened).closed
				if got := host.log.take(); got != "" {
					t.Errorf("%s: log is %q, want none", host.name, got)
				}
			}
		})
	}
}

// TestStreamDeadline is about a host that gives up while a stream is sent: that is the server's fault.
func TestStreamDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	logged := new(journal)
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("panic with %v, want http.ErrAbortHandler", got)
		}
		if lines := logged.take(); !strings.Contains(lines, "deadline exceeded") {
			t.Errorf("log is %q, want the reason", lines)
		}
	}()
	serve(get("/xrpc/com.example.test").WithContext(ctx), opening(func(context.Context) (*xrpc.Stream, error) {
		return &xrpc.Stream{Body: endless('a')}, nil
	}), xrpc.WithLogger(logged.logger()))
}

// TestStreamFlushed is about streams that come slowly: what has come is sent before there is more.
func TestStreamFlushed(t *testing.T) {
	t.Parallel()
	var more chan string
	for _, host := range hosts(t, opening(func(context.Context) (*xrpc.Stream, error) {
		return &xrpc.Stream{Body: readFunc(func(p []byte) (int, error) {
			text, ok := <-more
			if !ok {
				return 0, io.EOF
			}
			return copy(p, text), nil
		})}, nil
	})) {
		more = make(chan string, 1)
		more <- "first"
		res, err := patient(t).Get("http://" + host.addr + "/xrpc/com.example.test")
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len("first"))
		if _, err := io.ReadFull(res.Body, got); err != nil {
			t.Errorf("%s: nothing has come before there is more: %v", host.name, err)
		}
		more <- "second"
		close(more)
		rest, err := io.ReadAll(res.Body)
		res.Body.Close()
		if text := string(got) + string(rest); err != nil || text != "firstsecond" {
			t.Errorf("%s: got %q, error %v", host.name, text, err)
		}
	}
}

// TestStreamInputBreaksOff is about bodies that end before their announced end: that is an error for
// the service, which the client is told of.
func TestStreamInputBreaksOff(t *testing.T) {
	t.Parallel()
	const head = "POST /xrpc/com.example.test"
	for name, sent := range map[string]string{
		"length":    request(head, "Content-Type: a/b", "Content-Length: 5") + "abc",
		"chunk":     request(head, "Content-Type: a/b", "Transfer-Encoding: chunked") + "5\r\nabc",
		"no chunk":  request(head, "Content-Type: a/b", "Transfer-Encoding: chunked") + "3\r\nabc\r\n",
		"bad chunk": request(head, "Content-Type: a/b", "Transfer-Encoding: chunked") + "3\r\nabc\r\nzz\r\n",
		"gzip":      request(head, "Content-Type: a/b", "Content-Encoding: gzip", "Content-Length: 500") + gzipped("abc")[:20],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed := make(chan error, 1)
			for _, host := range hosts(t, uploading(func(_ context.Context, input *xrpc.Stream) error {
				_, err := io.ReadAll(input)
				failed <- err
				return err
			})) {
				got := exchangeHalf(t, host.addr, sent)
				compare(t, host.name, got, invalid("the request body could not be read"))
				var answer *xrpc.Error
				if err := <-failed; !errors.As(err, &answer) || answer.Status != http.StatusBadRequest || answer.Cause == nil {
					t.Errorf("%s: error is %v, want an *xrpc.Error of status 400 with its cause", host.name, err)
				}
				if got := host.log.take(); got != "" {
					t.Errorf("%s: log is %q, want none", host.name, got)
				}
			}
		})
	}
}

// TestStreamHostError is about a host that has its own answer to a stream that cannot be read.
func TestStreamHostError(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test", errorReader{fmt.Errorf("read: %w", xrpc.NewError(http.StatusForbidden))})
	r.Header.Set("Content-Type", "a/b")
	r.ContentLength = 3
	got := serve(r, uploading(func(_ context.Context, input *xrpc.Stream) error {
		_, err := io.ReadAll(input)
		return err
	}))
	if text, want := fmt.Sprintf("%d %s", got.Code, got.Body), `403 {"error":"Forbidden","message":"Forbidden"}`; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// TestStreamDecompressorClosed checks that the decompressors of a stream are closed once, after the
// response, whether the service closes the stream or not.
func TestStreamDecompressorClosed(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(*xrpc.Stream) error{
		"not read":         func(*xrpc.Stream) error { return nil },
		"closed":           func(s *xrpc.Stream) error { return s.Close() },
		"closed by defer":  func(s *xrpc.Stream) error { defer s.Close(); _, err := io.ReadAll(s); return err },
		"service's error":  func(*xrpc.Stream) error { return errTaken },
		"taken by another": func(s *xrpc.Stream) error { s.Body = nil; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var closed []string
			r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test", strings.NewReader("abc"))
			r.Header.Set("Content-Type", "a/b")
			r.Header.Set("Content-Encoding", "stage")
			serve(r, uploading(func(_ context.Context, s *xrpc.Stream) error { return use(s) }),
				xrpc.WithContentEncoding("stage", func(r io.Reader) (io.ReadCloser, error) { return stage{r, "stage", &closed}, nil }))
			if len(closed) != 1 {
				t.Errorf("closed %d times, want once", len(closed))
			}
		})
	}
}

// TestStreamAfterChecks checks that nothing is read of a body before its caller is known and admitted.
func TestStreamAfterChecks(t *testing.T) {
	t.Parallel()
	forbid := func() error { return xrpc.NewError(http.StatusForbidden) }
	unread := readFunc(func([]byte) (int, error) { panic("the body is read") })
	for name, option := range map[string]xrpc.Option{
		"authentication": xrpc.WithAuthenticator(func(*http.Request, *xrpc.Endpoint) (any, error) { return nil, forbid() }),
		"admission": xrpc.WithAdmission(func(_ context.Context, call *xrpc.Call) error {
			if call.Stream == nil || call.Stream.ContentType != "a/b" {
				t.Errorf("the admission sees the stream %v", call.Stream)
			}
			return forbid()
		}),
	} {
		r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test", unread)
		r.Header.Set("Content-Type", "a/b")
		r.ContentLength = 3
		if got := serve(r, uploading(nil), option); got.Code != http.StatusForbidden {
			t.Errorf("%s: got %d %s, want 403", name, got.Code, got.Body)
		}
	}
}
