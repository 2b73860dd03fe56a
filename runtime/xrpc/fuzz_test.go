package xrpc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// FuzzHandler sends requests of any verb, path, query, header and body. Whatever comes, the
// answer must be well-formed, which means that an error is JSON with a name, and HEAD has no body;
// and it must be the same under echo as under net/http.
func FuzzHandler(f *testing.F) {
	f.Add("GET", "/xrpc/com.example.note.search", "text=a&limit=1", "", "", "Bearer good", "")
	f.Add("HEAD", "/xrpc/com.example.note.answer", "text=big+2000", "", "", "Bearer bad", "")
	f.Add("POST", "/xrpc/com.example.note.save", "", "application/json", "gzip", "", gzipped(`{"text":"a"}`))
	f.Add("POST", "/xrpc/com.example.note.tag", "text=a", "application/json", "", "", `{"text":"a","tags":["b",""]}`)
	f.Add("POST", "/xrpc/com.example.note.drop", "", "", "", "", "x")
	f.Add("OPTIONS", "/xrpc/_health", "%zz", "\xff", "br,", "\xff", "\xff")
	f.Add("FOO", "//xrpc", ";", ";", ",", "", "{}")
	f.Add("GET", "/xrpc/com.example.note.answer", "text=status+401+a%22b", "", "", "", "")
	f.Add("POST", "/xrpc/com.example.blob.upload", "", "a/b", "gzip", "", gzipped("abc")[:20])
	f.Add("POST", "/xrpc/com.example.blob.echo", "", "a/b", "gzip", "", gzipped("abc")[:20])
	f.Add("GET", "/xrpc/com.example.blob.get", "text=as+a/b;c", "", "gzip", "", "")
	f.Add("HEAD", "/xrpc/com.example.blob.get", "text=unsized+abc", "", "", "", "")
	handler := xrpc.NewHandler(append(endpoints(), streaming()...), xrpc.WithAuthenticator(authenticate), xrpc.WithAdmission(admit), xrpc.WithLogger(slog.New(slog.DiscardHandler)))
	f.Fuzz(func(t *testing.T, method, path, query, contentType, encoding, authorization, body string) {
		var answers []string
		for _, m := range mounts {
			r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(body))
			r.Method = method
			r.URL = &url.URL{Path: path, RawQuery: query}
			r.Header = http.Header{
				"Content-Type": {contentType}, "Content-Encoding": {encoding}, "Authorization": {authorization},
				"Accept-Encoding": {encoding}, "Access-Control-Request-Headers": {contentType},
			}
			recorder := httptest.NewRecorder()
			if broken := breaksOff(m.mount(handler), recorder, r); broken {
				answers = append(answers, "broken")
				continue
			}
			answers = append(answers, fmt.Sprint(recorder.Code, recorder.Header(), recorder.Body))
			checkResponse(t, r, recorder.Result())
		}
		if answers[0] != answers[1] {
			t.Errorf("answers differ:\n%s\n%s", answers[0], answers[1])
		}
	})
}

// breaksOff lets a handler answer a request, and reports whether it breaks the response off.
func breaksOff(handler http.Handler, w http.ResponseWriter, r *http.Request) (broken bool) {
	defer func() {
		if reason := recover(); reason != nil {
			if broken = reason == http.ErrAbortHandler; !broken {
				panic(reason)
			}
		}
	}()
	handler.ServeHTTP(w, r)
	return false
}

// checkResponse checks what is true of every response.
func checkResponse(t *testing.T, r *http.Request, res *http.Response) {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("Access-Control-Allow-Origin is %q, want *", got)
	}
	switch {
	case r.Method == http.MethodHead || res.StatusCode == http.StatusNoContent && r.Method == http.MethodOptions:
		if len(body) > 0 {
			t.Errorf("%s has the body %q", r.Method, body)
		}
	case res.StatusCode == http.StatusOK && res.Header["Content-Length"] == nil: // is a stream of unknown size
	case res.Header.Get("Content-Length") != strconv.Itoa(len(body)):
		t.Errorf("Content-Length is %s of %d", res.Header.Get("Content-Length"), len(body))
	case res.StatusCode >= 400:
		var parsed struct{ Error, Message string }
		if err := json.Unmarshal(body, &parsed); err != nil || parsed.Error == "" || strings.ContainsAny(parsed.Error, " \"\r\n") {
			t.Errorf("%d has the body %q", res.StatusCode, body)
		}
		if got := res.Header.Get("Content-Type"); got != mediaJSON {
			t.Errorf("Content-Type of an error is %q", got)
		}
	case res.StatusCode != http.StatusOK:
		t.Errorf("status is %d", res.StatusCode)
	}
}

// FuzzContentType compares what the handler makes of a Content-Type with what package mime does,
// which is stricter about parameters and does without a slash.
func FuzzContentType(f *testing.F) {
	for _, seed := range []string{"application/json", "Application/JSON; charset=utf-8", "a/b;", "json", "a/", "/b", " a/b\t;c", "a b/c", "\xff/a", "a/b/c"} {
		f.Add(seed)
	}
	handler := xrpc.NewHandler(endpoints())
	f.Fuzz(func(t *testing.T, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.store", strings.NewReader("{}"))
		r.Header.Set("Content-Type", contentType)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		media, _, err := mime.ParseMediaType(contentType)
		if err != nil || !strings.Contains(media, "/") || strings.Contains(media, "*") || len(media) > 255 {
			if strings.ContainsAny(contentType, ";") {
				return // package mime may dislike a parameter
			}
			if recorder.Code == http.StatusOK || !strings.Contains(recorder.Body.String(), "required but not provided") {
				t.Errorf("%q, which is no media type, is answered %d %s", contentType, recorder.Code, recorder.Body)
			}
			return
		}
		if got := recorder.Code == http.StatusOK; got != (media == mediaJSON) {
			t.Errorf("%q, which is %s, is answered %d %s", contentType, media, recorder.Code, recorder.Body)
		}
	})
}

// FuzzEncoding compares which media types an encoding of a lexicon lets through with what the same
// pattern does as a regular expression. What is let through reaches the service as it was matched.
func FuzzEncoding(f *testing.F) {
	for _, seed := range [][2]string{
		{"*/*", "image/png"},
		{"image/*", "Image/PNG; a=b"},
		{"image/png", "image/png"},
		{"image/*", "images/png"},
		{"*/png", "image/png"},
		{"im*/*", "image/png"},
		{"image/p*", "image/png"},
		{"Text/Plain; charset=utf-8", "text/plain"},
		{"*", "a/b"},
		{"", "a/b"},
		{"a/*", "a/*"},
		{"*/*", "*/*;q=1"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, encoding, contentType string) {
		if encoding == "" || !utf8.ValidString(encoding) {
			return // is that of an endpoint without input, or no regular expression
		}
		var seen string
		r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test", strings.NewReader("x"))
		r.Header.Set("Content-Type", contentType)
		got := serve(r, []xrpc.Endpoint{{
			NSID: "com.example.test", Kind: xrpc.Procedure, InputEncoding: encoding,
			Invoke: func(_ context.Context, call *xrpc.Call) (any, error) {
				seen = call.Stream.ContentType
				return nil, nil
			},
		}})
		media := trimmed(contentType)
		if media == "*/*" && encoding == "*/*" {
			media = "application/octet-stream"
		}
		token := "[a-z0-9!#$%&'+.^_`|~-]+"
		want := encoding
		switch kind, _, _ := strings.Cut(want, "/"); {
		case want == "*/*":
			want = token + "/" + token
		case strings.Count(want, "*") == 1 && want == kind+"/*":
			want = regexp.QuoteMeta(kind) + "/" + token
		case strings.Contains(want, "*"):
			want = "$nothing"
		default:
			want = regexp.QuoteMeta(want)
		}
		valid := regexp.MustCompile(`^`+token+`/`+token+`$`).MatchString(media) && len(media) <= 255
		matches := valid && regexp.MustCompile(`^(?:`+want+`)$`).MatchString(media)
		if (got.Code == http.StatusOK) != matches || seen != "" && seen != media {
			t.Errorf("%q for %q is answered %d %s, seen as %q; want a match: %t", contentType, encoding, got.Code, got.Body, seen, matches)
		}
	})
}

// trimmed returns a media type in lower case, without parameters and the space before them.
func trimmed(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.Trim(media, " \t"))
}

// FuzzQuery checks that a query that is read without a mistake can be written and read again.
func FuzzQuery(f *testing.F) {
	f.Add("text=a&limit=1&exact=true&author=alice.test&tags=a&tags=b&sizes=1&sizes=-2&flags=true&flags=false")
	f.Add("text=&limit=+1&exact=1&tags=&sizes=x&flags=0")
	f.Add("text=%ff&tags=%00&sizes=-0&sizes=007")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		first, err := decodeSearch(values)
		if err != nil {
			return
		}
		written := encodeSearch(first)
		values, err = url.ParseQuery(written)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		second, err := decodeSearch(values)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		if got := encodeSearch(second); got != written {
			t.Errorf("%q is written as %q after %q", query, got, written)
		}
	})
}

func decodeSearch(values url.Values) (*search, error) {
	var checker validate.Checker
	v := new(search)
	v.DecodeQuery(xrpc.NewQueryReader(values, &checker))
	return v, checker.Err()
}

func encodeSearch(v *search) string {
	var w xrpc.QueryWriter
	v.EncodeQuery(&w)
	return w.Encode()
}
