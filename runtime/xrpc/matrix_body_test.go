package xrpc_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const (
	noBody       = "A request body is expected but none was provided"
	noType       = "Request encoding (Content-Type) required but not provided"
	wrongType    = "Wrong request encoding (Content-Type): "
	unwantedBody = "A request body was provided when none was expected"
)

// chunked returns the bytes of a request with a body in two chunks, or none if it is empty.
func chunked(nsid, body string, headers ...string) string {
	text := request("POST /xrpc/"+nsid, append(headers, "Transfer-Encoding: chunked")...)
	for _, chunk := range []string{body[:len(body)/2], body[len(body)/2:]} {
		if chunk != "" {
			text += strconv.FormatInt(int64(len(chunk)), 16) + "\r\n" + chunk + "\r\n"
		}
	}
	return text + "0\r\n\r\n"
}

// TestBodyPresence is about whether a request has a body, and of which type.
func TestBodyPresence(t *testing.T) {
	t.Parallel()
	const save = "POST /xrpc/com.example.note.save"
	const a = `{"text":"a"}`
	saved := expect(http.StatusOK, a)
	done := expect(http.StatusOK, "", "Content-Type")
	rows := []row{
		{"neither length nor encoding", request(save, "Content-Type: application/json"), invalid(noBody)},
		{"no body, no type", request(save), invalid(noBody)},
		{"no type", request(save, "Content-Length: 12") + a, invalid(noType)},
		{"no type, empty", request(save, "Content-Length: 0"), invalid(noBody)},
		{"empty type, empty", request(save, "Content-Length: 0", "Content-Type: "), invalid(noBody)},
		{"type that is none, empty", request(save, "Content-Length: 0", "Content-Type: json"), invalid(noType)},
		{"no type, chunked empty", chunked("com.example.note.save", ""), invalid(noType)},
		{"chunked", chunked("com.example.note.save", a, "Content-Type: application/json"), saved},
		{"chunked, no type", chunked("com.example.note.save", a), invalid(noType)},
		{"empty counts as object", post("com.example.note.store", ""), done},
		{"chunked empty counts as object", chunked("com.example.note.store", "", "Content-Type: application/json"), done},
		{"empty object lacks what is required", post("com.example.note.save", ""), invalid("text is required")},
		{"no input, no body", request("POST /xrpc/com.example.note.drop"), done},
		{"no input, length 0", request("POST /xrpc/com.example.note.drop", "Content-Length: 0"), done},
		{"no input, length 0, type", request("POST /xrpc/com.example.note.drop", "Content-Length: 0", "Content-Type: text/html"), done},
		{"no input, chunked empty", chunked("com.example.note.drop", ""), done},
		{"no input, body", post("com.example.note.drop", "{}"), invalid(unwantedBody)},
		{"no input, chunked body", chunked("com.example.note.drop", "x"), invalid(unwantedBody)},
		{"no input, malformed chunk", request("POST /xrpc/com.example.note.drop", "Transfer-Encoding: chunked") + "zz\r\n", invalid(unwantedBody)},
		{"query, length 0", request("GET /xrpc/com.example.note.ping", "Content-Length: 0"), done},
		{"query, chunked empty", request("GET /xrpc/com.example.note.ping", "Transfer-Encoding: chunked") + "0\r\n\r\n", done},
		{"query, body", request("GET /xrpc/com.example.note.ping", "Content-Length: 1") + "x", invalid(unwantedBody)},
		{"HEAD, body", request("HEAD /xrpc/com.example.note.ping", "Content-Length: 1") + "x", head(invalid(unwantedBody))},
	}
	types := []struct{ value, want string }{
		{"application/json", ""},
		{"application/json; charset=utf-8", ""},
		{"application/json;charset=\"UTF-8\"", ""},
		{"application/json; charset=utf-16", ""},
		{"application/json;charset", ""},
		{"application/json;", ""},
		{"application/json \t; a=b", ""},
		{"  application/json  ", ""},
		{"APPLICATION/Json", ""},
		{"", noType},
		{"json", noType},
		{"application", noType},
		{"application/", noType},
		{"/json", noType},
		{"; charset=utf-8", noType},
		{"application /json", noType},
		{"application/json, text/plain", noType},
		{"application/j\xffson", noType},
		{"x/" + strings.Repeat("y", 254), noType},
		{"x/" + strings.Repeat("y", 253), wrongType + "x/" + strings.Repeat("y", 253)},
		{"text/plain", wrongType + "text/plain"},
		{"Text/HTML; charset=utf-8", wrongType + "text/html"},
		{"application/json+ld", wrongType + "application/json+ld"},
		{"application/problem+json", wrongType + "application/problem+json"},
		{"multipart/form-data; boundary=x", wrongType + "multipart/form-data"},
		{"application/x-www-form-urlencoded", wrongType + "application/x-www-form-urlencoded"},
		{"*/*", noType},
		{"application/*", noType},
	}
	for _, test := range types {
		want := saved
		if test.want != "" {
			want = invalid(test.want)
		}
		rows = append(rows, row{"type " + test.value, request(save, "Content-Type: "+test.value, "Content-Length: 12") + a, want})
	}
	run(t, serviceHosts(t), rows)
}

// TestBodyContent is about JSON that is malformed or breaks the schema.
func TestBodyContent(t *testing.T) {
	t.Parallel()
	nested := func(depth int) string {
		return `{"text":"a","other":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
	}
	const malformed = "the request body is invalid JSON at offset "
	saved := expect(http.StatusOK, `{"text":"a"}`)
	cases := []struct {
		name, body string
		want       response
	}{
		{
			"all", `{"text":"a","count":1,"tags":["x"],"parent":{"text":"b"}}`,
			expect(http.StatusOK, `{"text":"a","count":1,"tags":["x"],"parent":{"text":"b"}}`),
		},
		{"white space", " \r\n\t{ \"text\" : \"a\" } \n", saved},
		{"unknown members", `{"text":"a","other":{"text":1},"$type":"x"}`, saved},
		{"members differ in case", `{"text":"a","Text":1}`, saved},
		{"missing", `{}`, invalid("text is required")},
		{"several missing", `{"parent":{"parent":{}}}`, invalid("parent.parent.text is required (and 2 more)")},
		{"null", `{"text":null}`, invalid("text must be a string")},
		{"null, optional", `{"text":"a","count":null}`, invalid("count must be an integer")},
		{"null array", `{"text":"a","tags":null}`, invalid("tags must be an array")},
		{"wrong type", `{"text":1}`, invalid("text must be a string")},
		{"wrong type of item", `{"text":"a","tags":["x",2]}`, invalid("tags[1] must be a string")},
		{"integer with a fraction", `{"text":"a","count":1.5}`, invalid("count must be an integer")},
		{"integer in other notation", `{"text":"a","count":10e-1}`, expect(http.StatusOK, `{"text":"a","count":1}`)},
		{"integer of 64 bits", `{"text":"a","count":9223372036854775807}`, invalid("count must be an integer of at most 53 bits")},
		{"integer of more bits", `{"text":"a","count":9223372036854775808}`, invalid("count must be an integer of at most 64 bits")},
		{"constraint", `{"text":"a","count":-1}`, invalid("count must be at least 0")},
		{"constraint below", `{"text":"a","parent":{"text":"b","tags":["x",""]}}`, invalid("parent.tags[1] must have a length of at least 1")},
		{"structure and constraints", `{"text":"a","count":-1,"tags":[7]}`, invalid("tags[0] must be a string (and 1 more)")},
		{"duplicate member", `{"text":"a","text":"b"}`, invalid("text occurs more than once")},
		{"duplicate unknown member", `{"text":"a","b\u0000":1,"b\u0000":2}`, invalid(`[\"b\\x00\"] occurs more than once`)},
		{"array", `[{"text":"a"}]`, invalid("the value must be an object")},
		{"string", `"text"`, invalid("the value must be an object")},
		{"null at the top", `null`, invalid("the value must be an object")},
		{"NUL", `{"text":"a\u0000b"}`, expect(http.StatusOK, `{"text":"a\u0000b"}`)},
		{"surrogate pair", `{"text":"\ud83d\ude00"}`, expect(http.StatusOK, `{"text":"😀"}`)},
		{"deep", nested(63), saved},
		{"truncated", `{"text":"a"`, invalid(malformed + "11: unexpected end instead of ',' or '}'")},
		{"white space only", ` `, invalid(malformed + "1: unexpected end instead of a value")},
		{"trailing data", `{"text":"a"}{}`, invalid(malformed + "12: unexpected '{' after the top-level value")},
		{"trailing comma", `{"text":"a",}`, invalid(malformed + "12: unexpected '}' instead of a key")},
		{"comment", `{"text":"a"/**/}`, invalid(malformed + "11: unexpected '/' instead of ',' or '}'")},
		{"control character", "{\"text\":\"a\nb\"}", invalid(malformed + "10: control character in a string")},
		{"raw NUL", "{\"text\":\"\x00\"}", invalid(malformed + "9: control character in a string")},
		{"invalid UTF-8", "{\"text\":\"\xff\"}", invalid(malformed + "9: invalid UTF-8")},
		{"half a surrogate pair", `{"text":"\ud83d"}`, invalid(malformed + "9: escape of half a surrogate pair")},
		{"byte order mark", "\ufeff{}", invalid(malformed + "0: unexpected '\\\\ufeff' instead of a value")},
		{"form", "text=a", invalid(malformed + "1: unexpected 'e' in what should be true")},
		{"too deep", nested(64), invalid(malformed + "83: nested too deeply")},
	}
	var rows []row
	for _, test := range cases {
		rows = append(rows, row{test.name, post("com.example.note.save", test.body), test.want})
	}
	run(t, serviceHosts(t), rows)
}

// gzipped returns data after gzip, deflated after deflate.
func gzipped(data string) string {
	var buffer bytes.Buffer
	return compressed(gzip.NewWriter(&buffer), &buffer, data)
}

func deflated(data string) string {
	var buffer bytes.Buffer
	return compressed(zlib.NewWriter(&buffer), &buffer, data)
}

func compressed(w io.WriteCloser, buffer *bytes.Buffer, data string) string {
	io.WriteString(w, data)
	w.Close()
	return buffer.String()
}

// TestContentEncoding is about compressed bodies.
func TestContentEncoding(t *testing.T) {
	t.Parallel()
	const a = `{"text":"a"}`
	saved := expect(http.StatusOK, a)
	unsupported := failure(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "unsupported content-encoding")
	cases := []struct {
		name, encoding, body string
		want                 response
	}{
		{"identity", "identity", a, saved},
		{"empty", "", a, saved},
		{"gzip", "gzip", gzipped(a), saved},
		{"x-gzip", "x-gzip", gzipped(a), saved},
		{"upper case", "GZip", gzipped(a), saved},
		{"two members", "gzip", gzipped(a[:5]) + gzipped(a[5:]), saved},
		{"deflate", "deflate", deflated(a), saved},
		{"list", "deflate, gzip", gzipped(deflated(a)), saved},
		{"list in the other order", "gzip,deflate", deflated(gzipped(a)), saved},
		{"list with identity", "gzip , identity,", gzipped(a), saved},
		{"as many as are undone", "gzip,gzip,gzip,gzip", gzipped(gzipped(gzipped(gzipped(a)))), saved},
		{"too many", "identity,identity,identity,identity,identity", a, unsupported},
		{"very many", strings.Repeat(",", 10_000), a, unsupported},
		{"unknown", "br", a, unsupported},
		{"unknown in a list", "compress, gzip", gzipped(a), unsupported},
		{"not gzip", "gzip", a, invalid("the request body is not valid gzip")},
		{"not deflate", "deflate", a, invalid("the request body is not valid deflate")},
		{"list in the wrong order", "gzip,deflate", gzipped(deflated(a)), invalid("the request body is not valid deflate")},
		{"nothing", "gzip", "", invalid("the request body is not valid gzip")},
		{"truncated", "gzip", gzipped(a)[:20], invalid("the request body could not be read")},
		{"wrong checksum", "gzip", gzipped(a)[:len(gzipped(a))-8] + "12345678", invalid("the request body could not be read")},
		{"malformed JSON", "gzip", gzipped("{"), invalid("the request body is invalid JSON at offset 1: unexpected end instead of a key")},
	}
	var rows []row
	for _, test := range cases {
		rows = append(rows, row{test.name, post("com.example.note.save", test.body, "Content-Encoding: "+test.encoding), test.want})
	}
	rows = append(rows,
		row{"two headers", post("com.example.note.save", gzipped(deflated(a)), "Content-Encoding: deflate", "Content-Encoding: gzip"), saved},
		row{"chunked", chunked("com.example.note.save", gzipped(a), "Content-Type: application/json", "Content-Encoding: gzip"), saved},
		row{
			"type before encoding", request("POST /xrpc/com.example.note.save", "Content-Type: text/plain", "Content-Encoding: br", "Content-Length: 1") + "x",
			invalid(wrongType + "text/plain"),
		},
	)
	run(t, serviceHosts(t), rows)
}

// TestBodyLimit is about bodies that are too large, before or after decompression.
func TestBodyLimit(t *testing.T) {
	t.Parallel()
	const limit = 150 << 10
	sized := func(n int) string {
		return `{"text":"a","other":"` + strings.Repeat("b", n-len(`{"text":"a","other":""}`)) + `"}`
	}
	const save, asJSON, asGzip = "com.example.note.save", "Content-Type: application/json", "Content-Encoding: gzip"
	saved := expect(http.StatusOK, `{"text":"a"}`)
	tooLarge := failure(http.StatusRequestEntityTooLarge, "PayloadTooLarge", "request entity too large")
	// Empty members are read without any output, so that only the length of the input can stop them.
	emptyMembers := strings.Repeat(gzipped(""), limit/len(gzipped(""))+1)
	run(t, serviceHosts(t), []row{
		{"at the limit", post(save, sized(limit)), saved},
		{"above the limit", post(save, sized(limit+1)), tooLarge},
		{"announced only", request("POST /xrpc/"+save, asJSON, "Content-Length: 153601"), tooLarge},
		{"huge length", request("POST /xrpc/"+save, asJSON, "Content-Length: 9223372036854775807"), tooLarge},
		{"chunked at the limit", chunked(save, sized(limit), asJSON), saved},
		{"chunked above the limit", chunked(save, sized(limit+1), asJSON), tooLarge},
		{"compressed at the limit", post(save, gzipped(sized(limit)), asGzip), saved},
		{"compressed above the limit", post(save, gzipped(sized(limit+1)), asGzip), tooLarge},
		{"bomb", post(save, gzipped(strings.Repeat(" ", 10<<20)), asGzip), tooLarge},
		{"bomb within a bomb", post(save, gzipped(gzipped(strings.Repeat(emptyMembers, 100))), "Content-Encoding: gzip,gzip"), tooLarge},
		{"empty members", chunked(save, emptyMembers, asJSON, asGzip), tooLarge},
		{"type before length", request("POST /xrpc/"+save, "Content-Type: text/plain", "Content-Length: 153601"), invalid(wrongType + "text/plain")},
		{
			"authentication before length", request("POST /xrpc/"+save, asJSON, "Content-Length: 153601", "Authorization: Bearer bad"),
			failure(http.StatusBadRequest, "InvalidToken", "Token could not be verified"),
		},
		{"no input", request("POST /xrpc/com.example.note.drop", "Content-Length: 153601") + "x", invalid(unwantedBody)},
	})
}
