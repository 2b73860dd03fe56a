package api_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A call is a request to be made. Its verb is that of the endpoint unless it says otherwise.
type call struct {
	verb   string
	nsid   string
	query  string
	body   string // JSON, unless header has another content type
	header http.Header
}

// An answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// with returns a header with an Authorization.
func with(authorization string) http.Header {
	return http.Header{"Authorization": {authorization}}
}

func bearer(token string) http.Header { return with("Bearer " + token) }

func basic(user, password string) http.Header {
	return with("Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// do makes a call. It can be used by several goroutines.
func (b *bench) do(t *testing.T, c call) answer {
	t.Helper()
	if c.verb == "" {
		c.verb = http.MethodPost
		if b.kinds[syntax.NSID(c.nsid)] == xrpc.Query {
			c.verb = http.MethodGet
		}
	}
	url := b.url + xrpc.PathPrefix + c.nsid
	if c.query != "" {
		url += "?" + c.query
	}
	r, err := http.NewRequestWithContext(t.Context(), c.verb, url, strings.NewReader(c.body))
	if err != nil {
		t.Error(err)
		return answer{}
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return answer{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return answer{status: res.StatusCode, header: res.Header, body: string(body)}
}

// as makes a call with a token.
func (b *bench) as(t *testing.T, token, nsid, body string) answer {
	t.Helper()
	return b.do(t, call{nsid: nsid, body: body, header: bearer(token)})
}

// admin makes a call of the administrator.
func (b *bench) admin(t *testing.T, nsid, body string) answer {
	t.Helper()
	return b.do(t, call{nsid: nsid, body: body, header: basic("admin", adminPassword)})
}

// ask makes a query with a token.
func (b *bench) ask(t *testing.T, token, nsid, query string) answer {
	t.Helper()
	return b.do(t, call{nsid: nsid, query: query, header: bearer(token)})
}

// adminAsk makes a query of the administrator.
func (b *bench) adminAsk(t *testing.T, nsid, query string) answer {
	t.Helper()
	return b.do(t, call{nsid: nsid, query: query, header: basic("admin", adminPassword)})
}

// object returns a JSON object of pairs of a property and its value.
func object(pairs ...any) string {
	o := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// wantOK fails the test unless the call succeeded.
func (a answer) wantOK(t *testing.T) answer {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got status %d, %s", a.status, a.body)
	}
	return a
}

// wantBody checks the bytes of what a call that succeeded answered.
func (a answer) wantBody(t *testing.T, want string) {
	t.Helper()
	if a.status != http.StatusOK || a.body != want {
		t.Errorf("got %d %s\nwant 200 %s", a.status, a.body, want)
	}
}

// read decodes what a call that succeeded answered.
func (a answer) read(t *testing.T, v any) {
	t.Helper()
	must(t, json.Unmarshal([]byte(a.wantOK(t).body), v))
}

// text returns a text of what a call that succeeded answered.
func (a answer) text(t *testing.T, property string) string {
	t.Helper()
	var o map[string]any
	a.read(t, &o)
	text, ok := o[property].(string)
	if !ok {
		t.Fatalf("no text %s in %s", property, a.body)
	}
	return text
}

// wanted is an error that a test expects.
type wanted struct {
	status  int
	error   string
	message string
}

func (w wanted) check(t *testing.T, a answer) {
	t.Helper()
	a.wantError(t, w.status, w.error, w.message)
}

// wantInvalid checks an error that clients know by its text only.
func (a answer) wantInvalid(t *testing.T, message string) {
	t.Helper()
	a.wantError(t, 400, "InvalidRequest", message)
}

// wantError checks the bytes of an error, and that clients which look no further than a small body of
// known length find it.
func (a answer) wantError(t *testing.T, status int, name, message string) {
	t.Helper()
	var want strings.Builder
	encoder := json.NewEncoder(&want)
	encoder.SetEscapeHTML(false)
	must(t, encoder.Encode(struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}{name, message}))
	body := strings.TrimSuffix(want.String(), "\n")
	if a.status != status || a.body != body {
		t.Errorf("got %d %s\nwant %d %s", a.status, a.body, status, body)
		return
	}
	for name, want := range map[string]string{
		"Content-Type":     "application/json",
		"Content-Length":   strconv.Itoa(len(body)),
		"Content-Encoding": "",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s of an error: got %q, want %q", name, got, want)
		}
	}
	want401 := `Bearer realm="xrpc", error="` + name + `"`
	switch challenge := a.header.Get("WWW-Authenticate"); {
	case status != http.StatusUnauthorized && challenge != "",
		status == http.StatusUnauthorized && challenge != want401 && !strings.HasPrefix(challenge, "Basic "):
		t.Errorf("WWW-Authenticate of status %d: got %q", status, challenge)
	}
	if strings.Contains(name, "ExpiredToken") && len(body) > 81 {
		t.Errorf("%s is too long for clients that read 81 bytes: %d bytes", body, len(body))
	}
}

// wantSecret checks that no cache keeps an answer.
func (a answer) wantSecret(t *testing.T) answer {
	t.Helper()
	if got := a.wantOK(t).header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control of a secret: got %q, want no-store", got)
	}
	return a
}
