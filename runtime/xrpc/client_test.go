package xrpc_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// transport is a function that answers requests.
type transport func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// client returns a client of a server that always gives the same answer.
func client(status int, header http.Header, body string) *xrpc.Client {
	return &xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	})}}
}

func typed(contentType string) http.Header {
	return http.Header{"Content-Type": {contentType}}
}

func TestClientRequest(t *testing.T) {
	t.Parallel()
	params := &search{
		Text: "a b&c", Limit: lexdata.Some[int64](50), Exact: lexdata.Some(false), Author: lexdata.Some(syntax.Handle("alice.test")),
		Tags: []string{"y", "x"}, Sizes: []int64{-1}, Flags: []bool{true},
	}
	const query = "/xrpc/com.example.test?author=alice.test&exact=false&flags=true&limit=50&sizes=-1&tags=y&tags=x&text=a+b%26c"
	for _, test := range []struct {
		name, host string
		request    xrpc.Request
		want       string
	}{
		{"bare query", "https://example.com", xrpc.Request{Kind: xrpc.Query}, "GET https://example.com/xrpc/com.example.test [] [] "},
		{
			"sorted parameters, defaults", "https://example.com/",
			xrpc.Request{Kind: xrpc.Query, Params: params, Output: new(page)},
			"GET https://example.com" + query + " [] [application/json] ",
		},
		{"bare procedure", "https://example.com", xrpc.Request{Kind: xrpc.Procedure}, "POST https://example.com/xrpc/com.example.test [] [] "},
		{
			"nil parameters", "https://example.com",
			xrpc.Request{Kind: xrpc.Query, Params: (*search)(nil)},
			"GET https://example.com/xrpc/com.example.test?limit=50&text= [] [] ",
		},
		{
			"nil parameters that leave nothing", "https://example.com",
			xrpc.Request{Kind: xrpc.Query, Params: (*cursor)(nil)},
			"GET https://example.com/xrpc/com.example.test [] [] ",
		},
		{
			"input", "https://example.com",
			xrpc.Request{Kind: xrpc.Procedure, Input: &note{Text: "<é>"}},
			`POST https://example.com/xrpc/com.example.test [application/json] [] {"text":"<é>"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got string
			c := xrpc.Client{Host: test.host, HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				got = fmt.Sprintf("%s %s %v %v ", r.Method, r.URL, r.Header["Content-Type"], r.Header["Accept"])
				if r.Body != nil {
					body, _ := io.ReadAll(r.Body)
					got += string(body)
				}
				return &http.Response{StatusCode: 200, Header: typed(mediaJSON), Body: io.NopCloser(strings.NewReader(`{"text":""}`))}, nil
			})}}
			test.request.NSID = "com.example.test"
			if err := c.Do(t.Context(), &test.request); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("request is\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// cursor is a struct of query parameters that may all be absent.
type cursor struct{ page }

// DecodeQuery implements [xrpc.Params].
func (v *cursor) DecodeQuery(q *xrpc.QueryReader) {
	v.Text = xrpc.QueryString[string](q, "cursor").Or("")
}

// EncodeQuery implements [xrpc.Params].
func (v *cursor) EncodeQuery(q *xrpc.QueryWriter) {
	if v.Text != "" {
		q.String("cursor", v.Text)
	}
}

func TestClientResponse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		status      int
		contentType string
		body        string
		want        string // the text that was read, or the error
	}{
		{"output", 200, mediaJSON, `{"text":"a"}`, "a"},
		{"parameters of the type", 200, "Application/JSON; charset=utf-8", `{"text":"a"}`, "a"},
		{"another 2xx", 201, mediaJSON, `{"text":"a"}`, "a"},
		{"unknown members", 200, mediaJSON, `{"text":"a","more":[]}`, "a"},
		{"constraints are not checked", 200, mediaJSON, `{"text":"` + strings.Repeat("a", 21) + `"}`, strings.Repeat("a", 21)},
		{"no type", 200, "", `{"text":"a"}`, `com.example.test: invalid response: content type ""`},
		{"wrong type", 200, "text/html", `<html>`, `com.example.test: invalid response: content type "text/html"`},
		{"no content", 204, "", "", `com.example.test: invalid response: content type ""`},
		{"empty", 200, mediaJSON, "", "com.example.test: invalid response: invalid JSON at offset 0: unexpected end instead of a value"},
		{"truncated", 200, mediaJSON, `{"text":`, "com.example.test: invalid response: invalid JSON at offset 8: unexpected end instead of a value"},
		{"missing", 200, mediaJSON, `{}`, "com.example.test: invalid response: text is required"},
		{"mistyped", 200, mediaJSON, `{"text":"a","tags":[1]}`, "com.example.test: invalid response: tags[0] must be a string"},
		{"redirect without a target", 304, mediaJSON, `{"text":"a"}`, "com.example.test: invalid response: status 304"},
		{"informational", 199, mediaJSON, `{"text":"a"}`, "com.example.test: invalid response: status 199"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var output note
			err := client(test.status, typed(test.contentType), test.body).
				Do(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query, Output: &output})
			got := output.Text
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if err != nil && !errors.Is(err, xrpc.ErrInvalidResponse) {
				t.Errorf("error %v is no ErrInvalidResponse", err)
			}
		})
	}
}

// TestClientNoOutput is about endpoints without output, whose response may hold anything.
func TestClientNoOutput(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "<html>"} {
		if err := client(200, typed("text/html"), body).Do(t.Context(), &xrpc.Request{Kind: xrpc.Procedure}); err != nil {
			t.Errorf("body %q: %v", body, err)
		}
	}
}

func TestClientStrict(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 21)
	for _, test := range []struct {
		name, body string
		request    xrpc.Request
		want       string
	}{
		{"nil params", `{"text":"a"}`, xrpc.Request{Params: (*search)(nil)}, ""},
		{"params", "", xrpc.Request{Params: &search{Limit: lexdata.Some[int64](101)}}, "limit must be at most 100"},
		{"input", "", xrpc.Request{Input: &note{Text: long}}, "text must have a length of at most 20"},
		{"output", `{"text":"` + long + `"}`, xrpc.Request{Output: new(note)}, "invalid response: text must have a length of at most 20"},
		{"all is well", `{"text":"a"}`, xrpc.Request{Params: new(search), Input: &note{}, Output: new(note)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := client(200, typed(mediaJSON), test.body)
			test.request.Kind = xrpc.Procedure
			c.Strict = true
			err := c.Do(t.Context(), &test.request)
			if test.want == "" {
				if err != nil {
					t.Errorf("error is %v, want none", err)
				}
				return
			}
			var violations *validate.Errors
			if !errors.As(err, &violations) || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestClientLimit(t *testing.T) {
	t.Parallel()
	const body = `{"text":"a"}`
	for limit, fits := range map[int64]bool{1: false, 11: false, 12: true, 13: true, 0: true, math.MaxInt64: true} {
		c := client(200, typed(mediaJSON), body)
		c.MaxResponse = limit
		err := c.Do(t.Context(), &xrpc.Request{Kind: xrpc.Query, Output: new(page)})
		if (err == nil) != fits || err != nil && !errors.Is(err, xrpc.ErrInvalidResponse) {
			t.Errorf("limit %d: error is %v", limit, err)
		}
	}
	if err := client(200, typed(mediaJSON), strings.Repeat(" ", xrpc.DefaultMaxResponse)+body).
		Do(t.Context(), &xrpc.Request{Kind: xrpc.Query, Output: new(page)}); !errors.Is(err, xrpc.ErrInvalidResponse) {
		t.Errorf("default limit: error is %v", err)
	}
}

// picture is a body whose structure has changed over time.
type picture struct {
	page
	Image lexdata.Blob
}

// DecodeJSON implements [lexjson.Decoder].
func (v *picture) DecodeJSON(r *lexjson.Reader) {
	object := r.Object()
	for object.Next() {
		v.Image.DecodeJSON(r)
	}
}

// TestClientLenient is about data in a form that is no longer valid.
func TestClientLenient(t *testing.T) {
	t.Parallel()
	const old = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"
	for _, strict := range []bool{false, true} {
		c := client(200, typed(mediaJSON), `{"image":{"cid":"`+old+`","mimeType":"image/png"}}`)
		c.Strict = strict
		output := new(picture)
		err := c.Do(t.Context(), &xrpc.Request{Kind: xrpc.Query, Output: output})
		var violations *validate.Errors
		if !strict && (err != nil || output.Image.Ref != old) || strict && !errors.As(err, &violations) {
			t.Errorf("strict %t: got %v, error %v", strict, output.Image, err)
		}
	}
}

func TestClientAuthorize(t *testing.T) {
	t.Parallel()
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
	}))
	defer server.Close()
	c := xrpc.Client{Host: server.URL, Authorize: xrpc.Bearer("token")}
	if err := c.Do(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query}); err != nil || got != "Bearer token" {
		t.Errorf("Authorization is %q, error %v", got, err)
	}
	got = ""
	locked := errors.New("keychain is locked")
	c.Authorize = func(*http.Request) error { return locked }
	if err := c.Do(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query}); !errors.Is(err, locked) || got != "" {
		t.Errorf("error is %v, want %v; sent %q", err, locked, got)
	}
}

// TestAuthorizer is about what an authorizer sees, and that it has the last word.
func TestAuthorizer(t *testing.T) {
	t.Parallel()
	var sent http.Header
	c := &xrpc.Client{
		Host: "https://example.com",
		HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		})},
		Authorize: func(r *http.Request) error {
			r.Header.Set("Authorization", fmt.Sprintf("%s %s %s", r.Method, r.URL, r.Header.Get("X-Tried")))
			return r.Context().Err()
		},
	}
	ctx := xrpc.WithRequestHeader(t.Context(), http.Header{"Authorization": {"other"}, "X-Tried": {"1"}})
	err := c.Do(ctx, &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Procedure, Params: &cursor{page{"a"}}})
	want := "POST https://example.com/xrpc/com.example.test?cursor=a 1"
	if got := sent.Values("Authorization"); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("Authorization is %q, error %v, want %s", got, err, want)
	}
}
