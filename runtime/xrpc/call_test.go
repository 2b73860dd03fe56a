package xrpc_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// tagging returns the only endpoint, a procedure with parameters, input and output.
func tagging(method func(context.Context, *search, *note) (*note, error)) []xrpc.Endpoint {
	return []xrpc.Endpoint{{
		NSID: "com.example.test", Kind: xrpc.Procedure, InputEncoding: mediaJSON, OutputEncoding: mediaJSON,
		NewParams: newSearch, NewInput: newNote, Invoke: withBoth(method),
	}}
}

// tag returns a request for that endpoint.
func tag() *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test?text=query", strings.NewReader(`{"text":"body"}`))
	r.Header.Set("Content-Type", mediaJSON)
	r.Header.Set("Authorization", "Bearer good")
	return r
}

// TestOrder is about the steps of a call: each sees what those before it have found out.
func TestOrder(t *testing.T) {
	t.Parallel()
	var steps []string
	step := func(name string, call *xrpc.Call) {
		steps = append(steps, fmt.Sprintf("%s %v %v %v", name, call.Params.(*search).Text, call.Caller, call.Input.(*note).Text))
	}
	intercept := func(name string) xrpc.Option {
		return xrpc.WithInterceptor(func(next xrpc.InvokeFunc) xrpc.InvokeFunc {
			steps = append(steps, "set up "+name)
			return func(ctx context.Context, call *xrpc.Call) (any, error) {
				step(name+" in", call)
				output, err := next(ctx, call)
				step(name+" out", call)
				return output, err
			}
		})
	}
	list := tagging(func(ctx context.Context, _ *search, input *note) (*note, error) {
		step("service", xrpc.CallFrom(ctx))
		return input, nil
	})
	serve(tag(), list, intercept("outer"), intercept("inner"),
		xrpc.WithAdmission(func(ctx context.Context, call *xrpc.Call) error {
			if xrpc.CallFrom(ctx) != call {
				t.Error("the context of the admission has another call")
			}
			step("admit", call)
			return nil
		}),
		xrpc.WithAuthenticator(func(r *http.Request, endpoint *xrpc.Endpoint) (any, error) {
			steps = append(steps, fmt.Sprintf("authenticate %s %s for %s", r.Method, r.Header.Get("Authorization"), endpoint.NSID))
			return "alice", nil
		}))
	want := []string{
		"set up inner", "set up outer",
		"authenticate POST Bearer good for com.example.test", "admit query alice body",
		"outer in query alice body", "inner in query alice body", "service query alice body",
		"inner out query alice body", "outer out query alice body",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps are %q, want %q", steps, want)
	}
}

// TestInterceptorReplaces is about interceptors that change the call: the service takes what they leave.
func TestInterceptorReplaces(t *testing.T) {
	t.Parallel()
	type key struct{}
	list := tagging(func(ctx context.Context, params *search, input *note) (*note, error) {
		return &note{Text: fmt.Sprintf("%s %s %v", params.Text, input.Text, ctx.Value(key{}))}, nil
	})
	got := serve(tag(), list, xrpc.WithInterceptor(func(next xrpc.InvokeFunc) xrpc.InvokeFunc {
		return func(ctx context.Context, call *xrpc.Call) (any, error) {
			call.Params, call.Input = &search{Text: "other"}, &note{Text: "words"}
			output, err := next(context.WithValue(ctx, key{}, 7), call)
			output.(*note).Count = lexdata.Some[int64](1)
			return output, err
		}
	}))
	if want := `{"text":"other words 7","count":1}`; got.Body.String() != want {
		t.Errorf("got %d %s, want %s", got.Code, got.Body, want)
	}
}

// TestInterceptorAnswers is about interceptors that do not call the service.
func TestInterceptorAnswers(t *testing.T) {
	t.Parallel()
	unreachable := func(context.Context) (*page, error) { panic("the service is called") }
	list := []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, OutputEncoding: mediaJSON, Invoke: bare(unreachable)}}
	for _, test := range []struct {
		name   string
		output any
		err    error
		want   string
	}{
		{"output", &page{"cached"}, nil, `200 {"text":"cached"}`},
		{"error", nil, errTaken, `400 {"error":"HandleTaken"}`},
		{"error beside output", &page{"cached"}, errTaken, `400 {"error":"HandleTaken"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := serve(get("/xrpc/com.example.test"), list, xrpc.WithInterceptor(func(xrpc.InvokeFunc) xrpc.InvokeFunc {
				return func(context.Context, *xrpc.Call) (any, error) { return test.output, test.err }
			}))
			if text := fmt.Sprintf("%d %s", got.Code, got.Body); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}

// TestOutputFault is about services that do not return what the lexicon has: that is logged, and
// the client sees no more than that the server is at fault.
func TestOutputFault(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		encoding string
		output   any
		want     string // the text that is logged
	}{
		{"none", mediaJSON, nil, "neither output nor error"},
		{"nil pointer", mediaJSON, (*page)(nil), "neither output nor error"},
		{"nil pointer to no body", mediaJSON, (*int)(nil), "neither output nor error"},
		{"no body", mediaJSON, "text", "output string is not what"},
		{"body by value", mediaJSON, page{"a"}, "output xrpc_test.page is not what"},
		{"one where none is declared", "", &page{"stray"}, "output *xrpc_test.page is not what"},
		{"nil pointer where none is declared", "", (*page)(nil), "output *xrpc_test.page is not what"},
		{"no body where none is declared", "", 7, "output int is not what"},
		{"stream where none is declared", "", new(xrpc.Stream), "output *xrpc.Stream is not what"},
		{"nil stream where none is declared", "", (*xrpc.Stream)(nil), "output *xrpc.Stream is not what"},
		{"nil stream", "*/*", (*xrpc.Stream)(nil), "neither output nor error"},
		{"stream by value", "*/*", xrpc.Stream{}, "output xrpc.Stream is not what"},
		{"body where a stream is declared", "*/*", &page{"a"}, "output *xrpc_test.page is not what"},
		{"stream of another type", "image/*", &xrpc.Stream{ContentType: "text/plain"}, `stream of type \"text/plain\" is not image/*`},
		{"stream of no type", "*/*", &xrpc.Stream{ContentType: "text"}, `stream type \"text\" is not a media type`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			list := []xrpc.Endpoint{{
				NSID: "com.example.test", Kind: xrpc.Query, OutputEncoding: test.encoding,
				Invoke: func(context.Context, *xrpc.Call) (any, error) { return test.output, nil },
			}}
			logged := new(journal)
			got := serve(get("/xrpc/com.example.test"), list, xrpc.WithLogger(logged.logger()))
			text := fmt.Sprintf("%d %s", got.Code, got.Body)
			if want := `500 {"error":"InternalServerError","message":"Internal Server Error"}`; text != want {
				t.Errorf("got %s, want %s", text, want)
			}
			lines := logged.take()
			if strings.Count(lines, "\n") != 1 || !strings.Contains(lines, "com.example.test") || !strings.Contains(lines, test.want) {
				t.Errorf("log is %q, want one line with %q", lines, test.want)
			}
		})
	}
}

// TestCallerFrom is about services that ask who calls.
func TestCallerFrom(t *testing.T) {
	t.Parallel()
	type account struct{ name string }
	alice := &account{"alice"}
	for _, test := range []struct {
		name string
		ctx  context.Context
		want *account
	}{
		{"known", xrpc.NewContext(t.Context(), &xrpc.Call{Caller: alice}), alice},
		{"anonymous", xrpc.NewContext(t.Context(), new(xrpc.Call)), nil},
		{"of another type", xrpc.NewContext(t.Context(), &xrpc.Call{Caller: account{"alice"}}), nil},
		{"no call", t.Context(), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, ok := xrpc.CallerFrom[*account](test.ctx)
			if got != test.want || ok != (test.want != nil) {
				t.Errorf("got %v, %t, want %v", got, ok, test.want)
			}
		})
	}
	var served string
	serve(get("/xrpc/com.example.test"), one(func(ctx context.Context) error {
		served, _ = xrpc.CallerFrom[string](ctx)
		return nil
	}), xrpc.WithAuthenticator(func(*http.Request, *xrpc.Endpoint) (any, error) { return "bob", nil }))
	if served != "bob" {
		t.Errorf("the service's caller is %q, want bob", served)
	}
}

func TestNewContext(t *testing.T) {
	t.Parallel()
	call := &xrpc.Call{Caller: "alice"}
	if got := xrpc.CallFrom(xrpc.NewContext(t.Context(), call)); got != call {
		t.Errorf("got %v, want %v", got, call)
	}
	if call.Header == nil || call.ResponseHeader == nil {
		t.Errorf("headers are %v and %v, want empty ones", call.Header, call.ResponseHeader)
	}
	call.Header.Set("A", "1")
	call.ResponseHeader.Set("B", "2")
	xrpc.NewContext(t.Context(), call)
	if call.Header.Get("A") != "1" || call.ResponseHeader.Get("B") != "2" {
		t.Errorf("headers are %v and %v, want those that the call had", call.Header, call.ResponseHeader)
	}
}

func TestPanics(t *testing.T) {
	t.Parallel()
	twice := []xrpc.Endpoint{{NSID: "com.example.test"}, {NSID: "com.example.test"}}
	otherCase := []xrpc.Endpoint{{NSID: "com.example.test"}, {NSID: "COM.example.test"}}
	for name, f := range map[string]func(){
		"duplicate endpoint":               func() { xrpc.NewHandler(twice) },
		"duplicate endpoint in other case": func() { xrpc.NewHandler(otherCase) },
		"context of no call":               func() { xrpc.CallFrom(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
