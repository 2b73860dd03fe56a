package xrpc_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// upload returns the bytes of a request with a body of some type.
func upload(nsid, contentType, body string, headers ...string) string {
	if contentType != "" {
		headers = append(headers, "Content-Type: "+contentType)
	}
	return request("POST /xrpc/"+nsid, append(headers, "Content-Length: "+strconv.Itoa(len(body)))...) + body
}

// described returns the response of an endpoint that describes the stream that it has got.
func described(text string) response {
	return expect(http.StatusOK, `{"text":"`+strings.ReplaceAll(text, `"`, `\"`)+`"}`)
}

// TestStreamPresence is about whether a request has a body, where the body is a stream.
func TestStreamPresence(t *testing.T) {
	t.Parallel()
	const nsid, post, png = "com.example.blob.upload", "POST /xrpc/com.example.blob.upload", "Content-Type: image/png"
	done := expect(http.StatusOK, "", "Content-Type")
	run(t, hosts(t, streaming()), []row{
		{"length", upload(nsid, "image/png", "abc"), described(`image/png size=3 got=3 "abc"`)},
		{"chunked", chunked(nsid, "abc", png), described(`image/png size=-1 got=3 "abc"`)},
		{"empty", upload(nsid, "image/png", ""), described(`image/png size=0 got=0 ""`)},
		{"chunked empty", chunked(nsid, "", png), described(`image/png size=-1 got=0 ""`)},
		{"neither length nor encoding", request(post, png), invalid(noBody)},
		{"no body, no type", request(post), invalid(noBody)},
		{"no type", upload(nsid, "", "abc"), invalid(noType)},
		{"no type, empty", upload(nsid, "", ""), invalid(noBody)},
		{"chunked, no type", chunked(nsid, "abc"), invalid(noType)},
		{"body that nobody reads", upload("com.example.blob.ignore", "image/png", strings.Repeat("a", 100_000)), done},
		{"verb", request("GET /xrpc/"+nsid, png, "Content-Length: 0"), invalid("Incorrect HTTP method (GET) expected POST")},
		{"subscription", request("GET /xrpc/com.example.blob.subscribe"), failure(http.StatusNotImplemented, "MethodNotImplemented", "Method Not Implemented")},
		{
			"subscription with an upgrade", request("GET /xrpc/com.example.blob.subscribe", "Upgrade: websocket"),
			failure(http.StatusNotImplemented, "MethodNotImplemented", "Method Not Implemented"),
		},
		{"bytes as they are", upload(nsid, "a/b", "\x00\xff{"), described(`a/b size=3 got=3 "\\x00\\xff{"`)},
	})
}

// TestStreamType is about which media types an endpoint takes.
func TestStreamType(t *testing.T) {
	t.Parallel()
	var rows []row
	for _, test := range []struct {
		name, contentType string
		want              string // the type that the service sees, or the message
	}{
		{"upload", "image/png", "image/png"},
		{"upload", "application/json", "application/json"},
		{"upload", "Text/Plain; charset=utf-8", "text/plain"},
		{"upload", "multipart/form-data;boundary=x", "multipart/form-data"},
		{"upload", "x-y/z+json", "x-y/z+json"},
		{"upload", "*/*", "application/octet-stream"}, // is what some clients send
		{"upload", "*/* ; q=0.8", "application/octet-stream"},
		{"upload", "image/*", noType},
		{"upload", "*/png", noType},
		{"upload", "image/p*", noType},
		{"upload", "image", noType},
		{"upload", "image/", noType},
		{"upload", "/png", noType},
		{"upload", "image/png, image/gif", noType},
		{"upload", "image/p ng", noType},
		{"upload", ";", noType},
		{"image", "image/png", "image/png"},
		{"image", "IMAGE/SVG+xml ; a=b", "image/svg+xml"},
		{"image", "images/png", wrongType + "images/png"},
		{"image", "imag/png", wrongType + "imag/png"},
		{"image", "x-image/png", wrongType + "x-image/png"},
		{"image", "image/*", noType},
		{"image", "image/*;q=1", noType},
		{"image", "*/*", noType},
		{"image", "image", noType},
		{"image", "image/", noType},
		{"caption", "text/plain", "text/plain"},
		{"caption", "text/plain;charset=utf-8", "text/plain"},
		{"caption", "text/plainer", wrongType + "text/plainer"},
		{"caption", "text/*", noType},
		{"caption", "text/html", wrongType + "text/html"},
		{"data", "application/json", "application/json"},
		{"data", "*/*", noType},
		{"data", "text/json", wrongType + "text/json"},
	} {
		want := described(test.want + ` size=1 got=1 "{"`)
		if strings.Contains(test.want, " ") {
			want = invalid(test.want)
		}
		rows = append(rows, row{test.name + " " + test.contentType, upload("com.example.blob."+test.name, test.contentType, "{"), want})
	}
	run(t, hosts(t, streaming()), rows)
}

// TestStreamEncoding is about streams that are compressed.
func TestStreamEncoding(t *testing.T) {
	t.Parallel()
	const nsid = "com.example.blob.upload"
	plain := described(`text/plain size=-1 got=3 "abc"`)
	broken := invalid("the request body could not be read")
	var rows []row
	for _, test := range []struct {
		name, encoding, body string
		want                 response
	}{
		{"identity", "identity", "abc", described(`text/plain size=3 got=3 "abc"`)},
		{"gzip", "gzip", gzipped("abc"), plain},
		{"x-gzip", "X-GZIP", gzipped("abc"), plain},
		{"deflate", "deflate", deflated("abc"), plain},
		{"list", "deflate, gzip", gzipped(deflated("abc")), plain},
		{"empty", "gzip", gzipped(""), described(`text/plain size=-1 got=0 ""`)},
		{"nothing", "gzip", "", invalid("the request body is not valid gzip")},
		{"not gzip", "gzip", "abc", invalid("the request body is not valid gzip")},
		{"truncated", "gzip", gzipped("abc")[:20], broken},
		{"wrong checksum", "gzip", gzipped("abc")[:len(gzipped("abc"))-8] + "12345678", broken},
		{"truncated deflate", "deflate", deflated("abc")[:8], broken},
		{"unknown", "br", "abc", failure(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "unsupported content-encoding")},
	} {
		rows = append(rows, row{test.name, upload(nsid, "text/plain", test.body, "Content-Encoding: "+test.encoding), test.want})
	}
	rows = append(rows, row{"chunked", chunked(nsid, gzipped("abc"), "Content-Type: text/plain", "Content-Encoding: gzip"), plain})
	run(t, hosts(t, streaming()), rows)
}

// TestStreamLimit is about streams, and bodies of endpoints with a limit of their own, that are too large.
func TestStreamLimit(t *testing.T) {
	t.Parallel()
	const nsid, asText, asGzip = "com.example.blob.upload", "Content-Type: text/plain", "Content-Encoding: gzip"
	const small, smallNote = "com.example.blob.small", "com.example.blob.note"
	tooLarge := failure(http.StatusRequestEntityTooLarge, "PayloadTooLarge", "request entity too large")
	full := described(`text/plain size=-1 got=1000 "aaaaaaaaaaaaaaaaaaaa"`)
	sized := func(n int) string { return strings.Repeat("a", n) }
	rows := []row{
		{"at the limit", upload(nsid, "text/plain", sized(1000)), described(`text/plain size=1000 got=1000 "aaaaaaaaaaaaaaaaaaaa"`)},
		{"above the limit", upload(nsid, "text/plain", sized(1001)), tooLarge},
		{"announced only", request("POST /xrpc/"+nsid, asText, "Content-Length: 1001"), tooLarge},
		{"huge length", request("POST /xrpc/"+nsid, asText, "Content-Length: 9223372036854775807"), tooLarge},
		{"announced to who does not read", request("POST /xrpc/com.example.blob.ignore", asText, "Content-Length: 1001"), tooLarge},
		{"chunked at the limit", chunked(nsid, sized(1000), asText), full},
		{"chunked above the limit", chunked(nsid, sized(1001), asText), tooLarge},
		{"compressed at the limit", upload(nsid, "text/plain", gzipped(sized(1000)), asGzip), full},
		{"compressed above the limit", upload(nsid, "text/plain", gzipped(sized(1001)), asGzip), tooLarge},
		{"bomb", upload(nsid, "text/plain", gzipped(sized(100_000)), asGzip), tooLarge},
		{"type before length", upload("com.example.blob.image", "text/plain", sized(1001)), invalid(wrongType + "text/plain")},
		{"endpoint's, at the limit", upload(small, "text/plain", sized(10)), described(`text/plain size=10 got=10 "aaaaaaaaaa"`)},
		{"endpoint's, above the limit", upload(small, "text/plain", sized(11)), tooLarge},
		{"endpoint's, chunked above the limit", chunked(small, sized(11), asText), tooLarge},
		{"endpoint's, compressed above the limit", upload(small, "text/plain", gzipped(sized(11)), asGzip), tooLarge},
		{"JSON at the endpoint's limit", post(smallNote, `{"text":"123456789"}`), expect(http.StatusOK, `{"text":"123456789"}`)},
		{"JSON above the endpoint's limit", post(smallNote, `{"text":"1234567890"}`), tooLarge},
		{"chunked JSON above the endpoint's limit", chunked(smallNote, `{"text":"1234567890"}`, "Content-Type: application/json"), tooLarge},
	}
	run(t, hosts(t, streaming(), xrpc.WithMaxStream(1000), xrpc.WithMaxBody(5)), rows)
	t.Run("default", func(t *testing.T) {
		t.Parallel()
		run(t, hosts(t, streaming()), []row{
			{"at the limit", upload(nsid, "text/plain", sized(5<<20)), described(`text/plain size=5242880 got=5242880 "aaaaaaaaaaaaaaaaaaaa"`)},
			{"announced above the limit", request("POST /xrpc/"+nsid, asText, "Content-Length: 5242881"), tooLarge},
		})
	})
}

// TestStreamOutput is about responses that are streams.
func TestStreamOutput(t *testing.T) {
	t.Parallel()
	const nosniff, unsized, asBytes = "X-Content-Type-Options: nosniff", "Content-Length", "Content-Type: application/octet-stream"
	internal := failure(http.StatusInternalServerError, "InternalServerError", "Internal Server Error", nosniff)
	stream := func(body string, headers ...string) response {
		return expect(http.StatusOK, body, append([]string{asBytes, nosniff}, headers...)...)
	}
	cases := []struct {
		name, what string
		want       response
	}{
		{"get", "as image/png", stream("bytes", "Content-Type: image/png")},
		{"get", "as Text/Plain; charset=utf-8", stream("bytes", "Content-Type: Text/Plain; charset=utf-8")},
		{"get", "as text/html", stream("bytes", "Content-Type: text/html")},
		{"get", "as text", internal},
		{"get", "as */*", internal},
		{"get", "buffer abc", stream("abc")},
		{"get", "reader abc", stream("abc")},
		{"get", "reader", stream("")},
		{"get", "nobody", stream("")},
		{"get", "nil", stream("")},
		{"get", "sized abc", stream("abc")},
		{"get", "unsized abc", stream("abc", unsized)},
		{"get", "unsized-empty", stream("")}, // which the server finds out by itself
		{"get", "large", stream(strings.Repeat("a", 100_000), unsized)},
		{"get", "packed abc", stream(gzipped("abc"), "Content-Encoding: gzip")},
		{"get", "length abc", stream("abc", unsized)},
		{"get", "broken", internal},
		{"get", "failing", failure(http.StatusBadRequest, "HandleTaken", "it is taken", nosniff)},
		{"get", "both", failure(http.StatusBadRequest, "HandleTaken", "", nosniff)},
		{"get", "nothing", internal},
		{"picture", "as image/png", stream("bytes", "Content-Type: image/png")},
		{"picture", "as text/plain", internal},
		{"picture", "as image/*", internal},
		{"picture", "buffer abc", internal}, // as application/octet-stream is no image
		{"export", "as " + mediaCAR, stream("bytes", "Content-Type: "+mediaCAR)},
		{"export", "as application/vnd.ipld.car; version=1", stream("bytes", "Content-Type: application/vnd.ipld.car; version=1")},
		{"export", "buffer abc", stream("abc", "Content-Type: "+mediaCAR)},
		{"export", "as application/octet-stream", internal},
		{"list", "buffer []", stream("[]", "Content-Type: application/json")},
		{"list", "as application/json; charset=utf-8", stream("bytes", "Content-Type: application/json; charset=utf-8")},
		{"list", "as application/cbor", internal},
	}
	var rows []row
	for _, test := range cases {
		target := " /xrpc/com.example.blob." + test.name + "?text=" + url.QueryEscape(test.what)
		rows = append(rows,
			row{test.name + " " + test.what, request("GET"+target, "Accept-Encoding: gzip"), test.want})
		if test.what != "unsized-empty" { // whose length HEAD does not find out
			rows = append(rows, row{"HEAD " + test.name + " " + test.what, request("HEAD" + target), head(test.want)})
		}
	}
	rows = append(rows,
		row{"HTTP/1.0", strings.Replace(request("GET /xrpc/com.example.blob.get?text=unsized+abc"), "HTTP/1.1", "HTTP/1.0", 1), stream("abc", unsized)})
	run(t, hosts(t, streaming()), rows)
}

// TestStreamBack is about responses that are made of the request's stream.
func TestStreamBack(t *testing.T) {
	t.Parallel()
	const nsid = "com.example.blob.echo"
	back := func(body string, headers ...string) response {
		return expect(http.StatusOK, body, append([]string{"Content-Type: text/plain"}, headers...)...)
	}
	large := strings.Repeat("0123456789", 100_000) // is more than a server reads on its own before it answers
	run(t, hosts(t, streaming()), []row{
		{"length", upload(nsid, "text/plain", "abc"), back("abc")},
		{"empty", upload(nsid, "text/plain", ""), back("")},
		{"chunked", chunked(nsid, "abc", "Content-Type: text/plain"), back("abc", "Content-Length")},
		{"compressed", upload(nsid, "text/plain", gzipped("abc"), "Content-Encoding: gzip"), back("abc", "Content-Length")},
		{"large", upload(nsid, "text/plain", large), back(large)},
		{"large, chunked", chunked(nsid, large, "Content-Type: text/plain"), back(large, "Content-Length")},
	})
}
