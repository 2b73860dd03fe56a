package xrpcecho_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
)

// page is a body, as lexgen would generate it.
type page struct {
	Text string
}

// DecodeJSON implements [lexjson.Decoder].
func (v *page) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("text")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *page) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("text").String(v.Text)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *page) Check(*validate.Checker) {}

// service returns a handler of one query, com.example.note.read, and one procedure, com.example.note.save.
func service(read func(context.Context) (*page, error)) *xrpc.Handler {
	const mediaJSON = "application/json"
	return xrpc.NewHandler([]xrpc.Endpoint{
		{
			NSID:           "com.example.note.read",
			Kind:           xrpc.Query,
			OutputEncoding: mediaJSON,
			Invoke:         func(ctx context.Context, _ *xrpc.Call) (any, error) { return read(ctx) },
		},
		{
			NSID:           "com.example.note.save",
			Kind:           xrpc.Procedure,
			InputEncoding:  mediaJSON,
			OutputEncoding: mediaJSON,
			NewInput:       func() xrpc.Body { return new(page) },
			Invoke:         func(_ context.Context, call *xrpc.Call) (any, error) { return call.Input, nil },
		},
	})
}

func hello(context.Context) (*page, error) { return &page{"hello"}, nil }

// answer sends a request, in the form "GET /path", and returns the status and the body.
func answer(e *echo.Echo, request string) string {
	method, target, _ := strings.Cut(request, " ")
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(method, target, nil))
	return strings.TrimSpace(fmt.Sprintf("%d %s", recorder.Code, recorder.Body))
}

const (
	helloText     = `200 {"text":"hello"}`
	unimplemented = `501 {"error":"MethodNotImplemented","message":"Method Not Implemented"}`
	unsupported   = `404 {"error":"XRPCNotSupported","message":"XRPC Not Supported"}`
)

// text returns a handler of echo that answers with a text.
func text(s string) echo.HandlerFunc {
	return func(c echo.Context) error { return c.String(http.StatusOK, s) }
}

// TestMount checks that XRPC and the other routes of an application do not get into each other's way.
func TestMount(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.GET("/", text("home"))
	e.GET("/about", text("about"))
	e.GET("/xrpc/com.example.note.own", text("own"))
	e.GET("/*", text("rest"))
	xrpcecho.Mount(e, service(hello))
	for _, test := range []struct{ request, want string }{
		{"GET /xrpc/com.example.note.read", helloText},
		{"HEAD /xrpc/com.example.note.read", "200"},
		{"POST /xrpc/com.example.note.read", `400 {"error":"InvalidRequest","message":"Incorrect HTTP method (POST) expected GET"}`},
		{"FOO /xrpc/com.example.note.other", unimplemented},
		{"OPTIONS /xrpc/com.example.note.other", "204"},
		{"GET /xrpc/", `400 {"error":"InvalidRequest","message":"invalid xrpc path"}`},
		{"GET /xrpc/com.example.note.own", "200 own"},
		{"POST /xrpc/com.example.note.own", unimplemented},
		{"OPTIONS /xrpc/com.example.note.own", "204"},
		{"GET /", "200 home"},
		{"GET /about", "200 about"},
		{"GET /xrpc", "200 rest"},
		{"GET /a/b", "200 rest"},
		{"POST /about", `405 {"error":"InvalidRequest","message":"Method Not Allowed"}`},
		{"PROPFIND /a/b", `405 {"error":"InvalidRequest","message":"Method Not Allowed"}`},
	} {
		if got := answer(e, test.request); got != test.want {
			t.Errorf("%s: got %s, want %s", test.request, got, test.want)
		}
	}
}

// mark returns middleware that counts a call under a name.
func mark(calls map[string]int, name string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			calls[name]++
			return next(c)
		}
	}
}

// TestMiddleware checks that the application's middleware runs before each call, and that of a
// group before those of the group only.
func TestMiddleware(t *testing.T) {
	t.Parallel()
	calls := map[string]int{}
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Pre(mark(calls, "pre"))
	e.Use(mark(calls, "use"))
	xrpcecho.Mount(e.Group("", mark(calls, "group")), service(hello))
	xrpcecho.Mount(e.Group("/other", mark(calls, "other")), http.StripPrefix("/other", service(hello)))
	for _, test := range []struct{ request, want string }{
		{"GET /xrpc/com.example.note.read", helloText},
		{"FOO /xrpc/com.example.note.unknown", unimplemented},
		{"GET /other/xrpc/com.example.note.read", helloText},
		{"GET /elsewhere", unsupported},
		{"GET /other/elsewhere", unsupported},
	} {
		if got := answer(e, test.request); got != test.want {
			t.Errorf("%s: got %s, want %s", test.request, got, test.want)
		}
	}
	// The middleware of a group also runs for paths below it that have no route.
	if want := map[string]int{"pre": 5, "use": 5, "group": 3, "other": 2}; fmt.Sprint(calls) != fmt.Sprint(want) {
		t.Errorf("calls are %v, want %v", calls, want)
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	var inside echo.Context
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set("user", "alice")
			return next(c)
		}
	})
	xrpcecho.Mount(e, service(func(ctx context.Context) (*page, error) {
		inside = xrpcecho.Context(ctx)
		return &page{fmt.Sprint(inside.Get("user"))}, nil
	}))
	if got, want := answer(e, "GET /xrpc/com.example.note.read"), `200 {"text":"alice"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := xrpcecho.Context(t.Context()); got != nil {
		t.Errorf("context elsewhere is %v, want nil", got)
	}
}

func TestHandleError(t *testing.T) {
	t.Parallel()
	const internal = `500 {"error":"InternalServerError","message":"Internal Server Error"}`
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"echo's", echo.ErrUnauthorized, `401 {"error":"AuthenticationRequired","message":"Authentication Required"}`},
		{"echo's with a text", echo.NewHTTPError(http.StatusForbidden, "members only"), `403 {"error":"Forbidden","message":"members only"}`},
		{"echo's with another value", echo.NewHTTPError(http.StatusForbidden, 7), `403 {"error":"Forbidden","message":"Forbidden"}`},
		{"echo's 413", echo.ErrStatusRequestEntityTooLarge, `413 {"error":"PayloadTooLarge","message":"Payload Too Large"}`},
		{"echo's without a name", echo.NewHTTPError(http.StatusConflict), `409 {"error":"InvalidRequest","message":"Conflict"}`},
		{"echo's 500", echo.NewHTTPError(http.StatusInternalServerError, "secret"), internal},
		{"echo's 503", echo.ErrServiceUnavailable, `503 {"error":"NotEnoughResources","message":"Not Enough Resources"}`},
		{"echo's redirect", echo.NewHTTPError(http.StatusFound, "secret"), internal},
		{"echo's, wrapped", fmt.Errorf("secret: %w", echo.ErrNotFound), unsupported},
		{"XRPC's", xrpc.ErrRateLimitExceeded.New("slow down"), `429 {"error":"RateLimitExceeded","message":"slow down"}`},
		{"XRPC's name", xrpc.ErrorName("Closed"), `400 {"error":"Closed"}`},
		{"XRPC's within echo's", echo.NewHTTPError(http.StatusTeapot, "secret").SetInternal(xrpc.ErrForbidden.New("no")), `403 {"error":"Forbidden","message":"no"}`},
		{"any other", errors.New("secret"), internal},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := echo.New()
			e.HTTPErrorHandler = xrpcecho.HandleError
			e.GET("/", func(echo.Context) error { return test.err })
			e.HEAD("/", func(echo.Context) error { return test.err })
			if got := answer(e, "GET /"); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if got := answer(e, "HEAD /"); got != test.want[:3] {
				t.Errorf("HEAD: got %s, want %s", got, test.want[:3])
			}
		})
	}
}

// TestHandleErrorChallenge checks that the challenge of a middleware stays the only one.
func TestHandleErrorChallenge(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Use(middleware.BasicAuth(func(string, string, echo.Context) (bool, error) { return false, nil }))
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := recorder.Header().Values("WWW-Authenticate"); recorder.Code != 401 || len(got) != 1 || !strings.HasPrefix(got[0], "basic") {
		t.Errorf("got %d with the challenges %q, want 401 with one that is basic", recorder.Code, got)
	}
}

// TestHandleErrorCommitted checks that nothing is added to a response that has begun.
func TestHandleErrorCommitted(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.GET("/", func(c echo.Context) error {
		c.String(http.StatusOK, "half")
		return errors.New("broken")
	})
	if got := answer(e, "GET /"); got != "200 half" {
		t.Errorf("got %s, want 200 half", got)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Logger.SetOutput(io.Discard)
	e.Use(middleware.Recover())
	xrpcecho.Mount(e, service(func(context.Context) (*page, error) { panic("secret") }))
	want := `500 {"error":"InternalServerError","message":"Internal Server Error"}`
	if got := answer(e, "GET /xrpc/com.example.note.read"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestCompression checks that echo's middleware and the handler do not both compress.
func TestCompression(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 5000)
	for _, test := range []struct {
		name string
		use  []echo.MiddlewareFunc
	}{
		{"by the handler", nil},
		{"by the middleware", []echo.MiddlewareFunc{middleware.Gzip()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := echo.New()
			e.Use(test.use...)
			xrpcecho.Mount(e, service(func(context.Context) (*page, error) { return &page{long}, nil }))
			r := httptest.NewRequest(http.MethodGet, "/xrpc/com.example.note.read", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			recorder := httptest.NewRecorder()
			e.ServeHTTP(recorder, r)
			if got := recorder.Header().Values("Vary"); len(got) != 1 {
				t.Errorf("Vary is %q, want one value", got)
			}
			z, err := gzip.NewReader(recorder.Body)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(z)
			if want := `{"text":"` + long + `"}`; err != nil || string(body) != want {
				t.Errorf("body is %.20q, error %v, want %.20q", body, err, want)
			}
		})
	}
}

// TestStream checks that streams that come slowly are sent as they come if the application's
// response writer can do that, and in one piece otherwise.
func TestStream(t *testing.T) {
	t.Parallel()
	handler := xrpc.NewHandler([]xrpc.Endpoint{{
		NSID:           "com.example.note.read",
		Kind:           xrpc.Query,
		OutputEncoding: "text/*",
		Invoke: func(context.Context, *xrpc.Call) (any, error) {
			return &xrpc.Stream{ContentType: "text/plain", Body: io.MultiReader(strings.NewReader("hello"))}, nil
		},
	}})
	e := echo.New()
	xrpcecho.Mount(e, handler)
	for _, flushes := range []bool{true, false} {
		recorder := httptest.NewRecorder()
		var w http.ResponseWriter = recorder
		if !flushes {
			w = struct{ http.ResponseWriter }{recorder}
		}
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/xrpc/com.example.note.read", nil))
		if recorder.Body.String() != "hello" || recorder.Flushed != flushes {
			t.Errorf("got %q, flushed: %t, want hello, flushed: %t", recorder.Body, recorder.Flushed, flushes)
		}
	}
}

// TestStreamBreaksOff checks that the application's middleware does not make a whole of a response
// that breaks off.
func TestStreamBreaksOff(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Use(middleware.Recover())
	xrpcecho.Mount(e, xrpc.NewHandler([]xrpc.Endpoint{{
		NSID:           "com.example.note.read",
		Kind:           xrpc.Query,
		OutputEncoding: "*/*",
		Invoke: func(context.Context, *xrpc.Call) (any, error) {
			return &xrpc.Stream{Body: io.MultiReader(strings.NewReader("half"), iotest.ErrReader(xrpc.ErrForbidden))}, nil
		},
	}}))
	server := httptest.NewServer(e)
	defer server.Close()
	res, err := http.Get(server.URL + "/xrpc/com.example.note.read")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); string(body) != "half" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, error %v, want half of it and io.ErrUnexpectedEOF", body, err)
	}
}

// TestBodyLimit checks that a body above the limit of echo's middleware has the same answer
// whether its length is announced or not.
func TestBodyLimit(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = xrpcecho.HandleError
	e.Use(middleware.BodyLimit("10B"))
	xrpcecho.Mount(e, service(hello))
	for _, length := range []int64{14, -1} {
		r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.save", bytes.NewReader([]byte(`{"text":"abc"}`)))
		r.ContentLength = length
		r.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, r)
		got := fmt.Sprintf("%d %s", recorder.Code, recorder.Body)
		if want := `413 {"error":"PayloadTooLarge","message":"Payload Too Large"}`; got != want {
			t.Errorf("length %d: got %s, want %s", length, got, want)
		}
	}
}
