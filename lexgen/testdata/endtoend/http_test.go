package endtoend

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	defaults "golden.test/defaults/comexample"
	bodies "golden.test/no_bodies/comexample"
	params "golden.test/params/comexample"
	procedure "golden.test/procedure/comexample"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// recorder keeps what the last request was.
type recorder struct {
	http.Handler
	uri, body, contentType string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(err)
	}
	r.uri, r.body, r.contentType = req.URL.RequestURI(), string(body), req.Header.Get("Content-Type")
	req.Body = io.NopCloser(bytes.NewReader(body))
	r.Handler.ServeHTTP(w, req)
}

// serve starts a server for endpoints and returns a client for it, and what it sends.
func serve(t *testing.T, endpoints []xrpc.Endpoint) (*xrpc.Client, *recorder) {
	t.Helper()
	sent := &recorder{Handler: xrpc.NewHandler(endpoints, xrpc.WithLogger(slog.New(slog.DiscardHandler)))}
	server := httptest.NewServer(sent)
	t.Cleanup(server.Close)
	return &xrpc.Client{Host: server.URL, HTTP: server.Client()}, sent
}

// post sends a request that no generated client would send, and returns the answer.
func post(t *testing.T, client *xrpc.Client, nsid, body string) string {
	t.Helper()
	res, err := client.HTTP.Post(client.Host+"/xrpc/"+nsid, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.Status[:3] + " " + string(answer)
}

// prefs answers com.example.prefs.set and keeps what it was sent.
type prefs struct {
	defaults.UnimplementedPrefsHandler
	got *defaults.PrefsSetInput
}

func (p *prefs) Set(_ context.Context, input *defaults.PrefsSetInput) (*defaults.PrefsSetOutput, error) {
	p.got = input
	return &defaults.PrefsSetOutput{Total: 7}, nil
}

// TestInputDefaults demands that a server fills in defaults and that a client sends them.
func TestInputDefaults(t *testing.T) {
	t.Parallel()
	service := &prefs{}
	client, sent := serve(t, defaults.PrefsEndpoints(service))
	want := &defaults.PrefsSetInput{
		Count: 1, Limit: lexdata.Some[int64](-3), Loud: lexdata.Some(true), Quiet: lexdata.Some(false),
		Name: lexdata.Some("a \"b\" `c`"), Actor: lexdata.Some[syntax.DID]("did:web:example.com"),
	}
	if got, answer := post(t, client, defaults.PrefsSetNSID, `{}`), `200 {"total":7}`; got != answer {
		t.Errorf("got %s, want %s", got, answer)
	}
	if diff := cmp.Diff(service.got, want, cmp.AllowUnexported(lexdata.Opt[int64]{}, lexdata.Opt[bool]{}, lexdata.Opt[string]{}, lexdata.Opt[syntax.DID]{})); diff != "" {
		t.Errorf("defaults (-got +want):\n%s", diff)
	}
	got := post(t, client, defaults.PrefsSetNSID, `{"count":0,"limit":0,"loud":false,"name":""}`)
	if service.got.Count != 0 || service.got.Limit.Or(9) != 0 || service.got.Loud.Or(true) || service.got.Name.Or("x") != "" {
		t.Errorf("what is sent must win over defaults: got %+v (%s)", service.got, got)
	}
	output, err := defaults.PrefsClient{Client: client}.Set(t.Context(), &defaults.PrefsSetInput{Count: 2})
	if err != nil || output.Total != 7 || output.Label.Or("unset") != "unset" {
		t.Errorf("got %+v, %v", output, err)
	}
	const body = `{"count":2,"limit":-3,"loud":true,"quiet":false,"name":"a \"b\" ` + "`c`" + `","actor":"did:web:example.com"}`
	if sent.body != body {
		t.Errorf("sent %s, want %s", sent.body, body)
	}
}

// search answers com.example.search.find and keeps what it was asked.
type search struct{ got *params.SearchFindParams }

func (s *search) Find(_ context.Context, p *params.SearchFindParams) (*params.SearchFindOutput, error) {
	s.got = p
	return &params.SearchFindOutput{Hits: 1}, nil
}

// TestParams demands that parameters of all types arrive as they were sent.
func TestParams(t *testing.T) {
	t.Parallel()
	service := &search{}
	client, sent := serve(t, params.SearchEndpoints(service))
	caller := params.SearchClient{Client: client}
	asked := &params.SearchFindParams{
		Text: "a&b=c +ü", Who: "example.com", Tags: []string{"x", "y z"}, Page: lexdata.Some[int64](0), Exact: lexdata.Some(false),
		Langs: []syntax.Language{"de", "pt-BR"}, Years: []int64{1999, 2000}, Flags: []bool{true, false},
	}
	if output, err := caller.Find(t.Context(), asked); err != nil || output.Hits != 1 {
		t.Fatalf("got %+v, %v", output, err)
	}
	for _, want := range []string{"sort=newest", "limit=50", "deep=true", "exact=false", "page=0", "tags=x&tags=y", "flags=true&flags=false"} {
		if !strings.Contains(sent.uri, want) {
			t.Errorf("got %s, want %s in it", sent.uri, want)
		}
	}
	want := *asked
	want.Sort, want.Limit, want.Deep = lexdata.Some("newest"), lexdata.Some[int64](50), lexdata.Some(true)
	want.Actor = lexdata.Some[syntax.DID]("did:web:example.com")
	options := cmp.AllowUnexported(
		lexdata.Opt[int64]{}, lexdata.Opt[bool]{}, lexdata.Opt[string]{}, lexdata.Opt[syntax.DID]{}, lexdata.Opt[syntax.Datetime]{},
	)
	if diff := cmp.Diff(service.got, &want, options); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	asked.Limit = lexdata.Some[int64](101)
	_, err := caller.Find(t.Context(), asked)
	var refused *xrpc.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest || !strings.Contains(refused.Message, "limit") {
		t.Errorf("got %v, want a refusal of limit", err)
	}
}

// session answers com.example.session.create with an error.
type session struct{ err error }

func (s session) Create(context.Context, *procedure.SessionCreateInput) (*procedure.SessionCreateOutput, error) {
	return nil, s.err
}

// TestErrors demands that a declared error is the same on both sides, and a fault tells nothing.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		err    error
		want   error
		status int
	}{
		{"declared", procedure.SessionCreateErrAccountTakedown, procedure.SessionCreateErrAccountTakedown, 400},
		{"with a message", procedure.SessionCreateErrInvalidToken.New("no"), procedure.SessionCreateErrInvalidToken, 400},
		{"fault", errors.New("secret"), xrpc.ErrInternalServerError, 500},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, _ := serve(t, procedure.SessionEndpoints(session{test.err}))
			_, err := procedure.SessionClient{Client: client}.Create(t.Context(), &procedure.SessionCreateInput{})
			var got *xrpc.Error
			if !errors.Is(err, test.want) || !errors.As(err, &got) || got.Status != test.status {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, which tells too much", err)
			}
		})
	}
}

// TestUnimplemented demands that an embedded Unimplemented answers 501, whatever the endpoint has.
func TestUnimplemented(t *testing.T) {
	t.Parallel()
	client, sent := serve(t, bodies.PingEndpoints(bodies.UnimplementedPingHandler{}))
	ping := bodies.PingClient{Client: client}
	calls := map[string]func() error{
		"a": func() error { return ping.A(t.Context()) },
		"b": func() error { return ping.B(t.Context()) },
		"c": func() error { return ping.C(t.Context(), &bodies.PingCParams{}, &bodies.PingCInput{}) },
		"d": func() error {
			_, err := ping.D(t.Context(), &bodies.PingDParams{}, &bodies.PingDInput{})
			return err
		},
		"e": func() error { return ping.E(t.Context(), &bodies.PingEInput{}) },
		"f": func() error { return ping.F(t.Context(), &bodies.PingFParams{}) },
		"g": func() error {
			_, err := ping.G(t.Context(), &bodies.PingGParams{})
			return err
		},
	}
	for name, call := range calls {
		var got *xrpc.Error
		if err := call(); !errors.As(err, &got) || got.Status != http.StatusNotImplemented {
			t.Errorf("%s: got %v, want status 501", name, err)
		}
		hasBody := strings.ContainsAny(name, "cde")
		if gotBody := sent.body == "{}" && sent.contentType == "application/json"; gotBody != hasBody {
			t.Errorf("%s: sent %q of type %q", name, sent.body, sent.contentType)
		}
	}
}
