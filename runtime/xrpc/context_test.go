package xrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// sentHeader returns the header that a client sends with a call of a procedure in ctx.
func sentHeader(t *testing.T, ctx context.Context) http.Header {
	t.Helper()
	var sent http.Header
	c := xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		sent = r.Header
		return &http.Response{StatusCode: 200, Header: typed(mediaJSON), Body: io.NopCloser(strings.NewReader(`{"text":""}`))}, nil
	})}}
	err := c.Do(ctx, &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Procedure, Input: new(page), Output: new(page)})
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestRequestHeader(t *testing.T) {
	t.Parallel()
	with := func(header http.Header, more ...http.Header) context.Context {
		ctx := xrpc.WithRequestHeader(t.Context(), header)
		for _, header := range more {
			ctx = xrpc.WithRequestHeader(ctx, header)
		}
		return ctx
	}
	for _, test := range []struct {
		name string
		ctx  context.Context
		want http.Header // beside those that every call has
	}{
		{"none", t.Context(), nil},
		{"nil", with(nil), nil},
		{"one", with(http.Header{"A": {"1"}}), http.Header{"A": {"1"}}},
		{"several values", with(http.Header{"A": {"1", "2"}}), http.Header{"A": {"1", "2"}}},
		{"nested", with(http.Header{"A": {"1"}}, http.Header{"B": {"2"}}), http.Header{"A": {"1"}, "B": {"2"}}},
		{"nested, same name", with(http.Header{"A": {"1"}}, http.Header{"A": {"2"}}, nil), http.Header{"A": {"1", "2"}}},
		{"those of the body stay", with(http.Header{"Content-Type": {"text/html"}, "Accept": {"*/*"}}), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := http.Header{"Content-Type": {mediaJSON}, "Accept": {mediaJSON}}
			for name, values := range test.want {
				want[name] = values
			}
			if diff := cmp.Diff(sentHeader(t, test.ctx), want); diff != "" {
				t.Errorf("header (-got +want):\n%s", diff)
			}
		})
	}
}

// TestRequestHeaderIsCopied checks that neither the caller's header nor that of an outer context
// changes, and that the contexts do not change with the caller's header.
func TestRequestHeaderIsCopied(t *testing.T) {
	t.Parallel()
	values := append(make([]string, 0, 8), "1") // has room for more
	header := http.Header{"A": values}
	outer := xrpc.WithRequestHeader(t.Context(), header)
	inner := xrpc.WithRequestHeader(outer, http.Header{"A": {"2"}, "B": {"3"}})
	sibling := xrpc.WithRequestHeader(outer, http.Header{"A": {"4"}})
	header.Add("A", "5")
	header.Set("C", "6")
	values[0] = "7"
	sentHeader(t, inner).Set("A", "8")
	for _, test := range []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"outer", outer, "[1] [] []"},
		{"inner", inner, "[1 2] [3] []"},
		{"sibling", sibling, "[1 4] [] []"},
	} {
		sent := sentHeader(t, test.ctx)
		if got := fmt.Sprint(sent["A"], sent["B"], sent["C"]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	if got := fmt.Sprint(header); got != "map[A:[7 5] C:[6]]" {
		t.Errorf("the caller's header is %s", got)
	}
}

func TestResponseHeader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		status int
		header http.Header
		body   string
	}{
		{"output", 200, http.Header{"Content-Type": {mediaJSON}, "Atproto-Repo-Rev": {"3k"}}, `{"text":"a"}`},
		{"invalid response", 200, http.Header{"Content-Type": {"text/html"}, "Atproto-Repo-Rev": {"3k"}}, ""},
		{"error", 429, http.Header{"Atproto-Repo-Rev": {"3k"}}, `{"error":"RateLimitExceeded"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var outer, header http.Header
			ctx := xrpc.WithResponseHeader(xrpc.WithResponseHeader(t.Context(), &outer), &header)
			err := client(test.status, test.header, test.body).Do(ctx, &xrpc.Request{Kind: xrpc.Query, Output: new(page)})
			if (err == nil) != (test.name == "output") || header.Get("Atproto-Repo-Rev") != "3k" {
				t.Errorf("header is %v, error %v", header, err)
			}
			if outer != nil {
				t.Errorf("header of the outer context is %v, want none", outer)
			}
		})
	}
}

// TestResponseHeaderAgain is about several calls in one context: the last one counts, if it has an answer.
func TestResponseHeaderAgain(t *testing.T) {
	t.Parallel()
	var header http.Header
	ctx := xrpc.WithResponseHeader(t.Context(), &header)
	for i, want := range []string{"map[A:[1]]", "map[B:[2]]"} {
		c := client(200, []http.Header{{"A": {"1"}}, {"B": {"2"}}}[i], "")
		if err := c.Do(ctx, &xrpc.Request{Kind: xrpc.Query}); err != nil || fmt.Sprint(header) != want {
			t.Errorf("header is %v, error %v, want %s", header, err, want)
		}
	}
	broken := &xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("broken")
	})}}
	if err := broken.Do(ctx, &xrpc.Request{Kind: xrpc.Query}); err == nil || fmt.Sprint(header) != "map[B:[2]]" {
		t.Errorf("header is %v, error %v, want that of the last response", header, err)
	}
}
