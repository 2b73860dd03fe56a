package xrpc_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestPath is about which request reaches which endpoint.
func TestPath(t *testing.T) {
	t.Parallel()
	unknown := failure(http.StatusNotImplemented, "MethodNotImplemented", "Method Not Implemented")
	outside := failure(http.StatusNotFound, "XRPCNotSupported", "XRPC Not Supported")
	badPath := invalid("invalid xrpc path")
	found := expect(http.StatusOK, `{"text":"text=\"a\" limit=50 tags=[] sizes=[] flags=[]"}`)
	rows := []row{
		{"endpoint", request("GET /xrpc/com.example.note.search?text=a"), found},
		{"trailing slash", request("GET /xrpc/com.example.note.search/?text=a"), found},
		{"upper-case authority", request("GET /xrpc/COM.Example.note.search?text=a"), found},
		{"escaped dot", request("GET /xrpc/com%2Eexample.note%2esearch?text=a"), found},
		{"escaped letter", request("GET /xrpc/%63om.example.note.search?text=a"), found},
		{"absolute form", request("GET http://example.com/xrpc/com.example.note.search?text=a"), found},
		{"other case of the name", request("GET /xrpc/com.example.note.Search?text=a"), unknown},
		{"two trailing slashes", request("GET /xrpc/com.example.note.search//?text=a"), badPath},
		{"extra segment", request("GET /xrpc/com.example.note.search/more"), badPath},
		{"empty segment", request("GET /xrpc//com.example.note.search"), badPath},
		{"dot segments", request("GET /xrpc/x/../com.example.note.search?text=a"), badPath},
		{"escaped slash", request("GET /xrpc/com.example.note.search%2Fmore"), badPath},
		{"escaped NUL", request("GET /xrpc/com.example.note.search%00"), badPath},
		{"two segments", request("GET /xrpc/com.example"), badPath},
		{"no NSID", request("GET /xrpc/"), badPath},
		{"no NSID, any verb", request("FOO /xrpc/"), badPath},
		{"fragment of an NSID", request("GET /xrpc/com.example.note.search%23main"), badPath},
		{"long", request("GET /xrpc/com.example." + strings.Repeat("a", 5000)), badPath},
		{"prefix without slash", request("GET /xrpc"), outside},
		{"prefix with an escape", request("GET /%78rpc/com.example.note.search?text=a"), outside},
		{"prefix with an escaped slash", request("GET /xrpc%2Fcom.example.note.search?text=a"), outside},
		{"prefix in upper case", request("GET /XRPC/com.example.note.search"), outside},
		{"double slash", request("GET //xrpc/com.example.note.search"), outside},
		{"root", request("GET /"), outside},
		{"outside", request("POST /oauth/token", "Content-Length: 0"), outside},
		{"OPTIONS outside", request("OPTIONS /oauth/token"), outside},
		{"HEAD outside", request("HEAD /favicon.ico"), head(outside)},
	}
	for _, verb := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO", "get"} {
		rows = append(rows, row{verb + " of an unknown NSID", request(verb + " /xrpc/com.example.note.unknown"), unknown})
	}
	rows = append(rows, row{"HEAD of an unknown NSID", request("HEAD /xrpc/com.example.note.unknown"), head(unknown)})
	run(t, serviceHosts(t), rows)
}

// TestVerb is about the verbs of known endpoints.
func TestVerb(t *testing.T) {
	t.Parallel()
	found := expect(http.StatusOK, `{"text":"text=\"a\" limit=50 tags=[] sizes=[] flags=[]"}`)
	rows := []row{
		{"HEAD of a query", request("HEAD /xrpc/com.example.note.search?text=a"), head(found)},
		{"HEAD of a query that fails", request("HEAD /xrpc/com.example.note.search"), head(invalid("text is required"))},
		{"HEAD of a query without output", request("HEAD /xrpc/com.example.note.ping"), expect(http.StatusOK, "", "Content-Type")},
		{"HEAD of a procedure", request("HEAD /xrpc/com.example.note.drop"), head(invalid("Incorrect HTTP method (HEAD) expected POST"))},
		{
			"long verb", request(strings.Repeat("X", 1000) + " /xrpc/com.example.note.ping"),
			invalid("Incorrect HTTP method (XXXXXXXXXXXXXXXXXXXX) expected GET"),
		},
		{"verb before parameters", request("POST /xrpc/com.example.note.search?%zz"), invalid("Incorrect HTTP method (POST) expected GET")},
		{
			"verb before authentication", request("POST /xrpc/com.example.note.search", "Authorization: Bearer bad"),
			invalid("Incorrect HTTP method (POST) expected GET"),
		},
	}
	for _, verb := range []string{"POST", "PUT", "PROPFIND", "FOO", "get"} {
		rows = append(rows, row{
			verb + " of a query", request(verb + " /xrpc/com.example.note.search?text=a"),
			invalid("Incorrect HTTP method (" + verb + ") expected GET"),
		})
	}
	for _, verb := range []string{"GET", "DELETE", "PROPFIND", "FOO"} {
		rows = append(rows, row{
			verb + " of a procedure", request(verb + " /xrpc/com.example.note.drop"),
			invalid("Incorrect HTTP method (" + verb + ") expected POST"),
		})
	}
	run(t, serviceHosts(t), rows)
}

// TestPreflight is about the requests with which browsers ask for permission.
func TestPreflight(t *testing.T) {
	t.Parallel()
	allowed := func(headers ...string) response {
		all := []string{
			"Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS", "Access-Control-Max-Age: 86400",
			"Content-Type", "Content-Length",
		}
		return expect(http.StatusNoContent, "", append(all, headers...)...)
	}
	asked := strings.Repeat("x", 4097)
	run(t, serviceHosts(t), []row{
		{
			"endpoint", request("OPTIONS /xrpc/com.example.note.save",
				"Origin: https://app.example", "Access-Control-Request-Method: POST",
				"Access-Control-Request-Headers: authorization,content-type,atproto-proxy"),
			allowed("Access-Control-Allow-Headers: authorization,content-type,atproto-proxy",
				"Vary: Access-Control-Request-Headers"),
		},
		{"without headers", request("OPTIONS /xrpc/com.example.note.save"), allowed()},
		{"unknown endpoint", request("OPTIONS /xrpc/com.example.note.unknown"), allowed()},
		{"health", request("OPTIONS /xrpc/_health"), allowed()},
		{
			"as many headers as are answered", request("OPTIONS /xrpc/com.example.note.save",
				"Access-Control-Request-Headers: "+asked[1:]),
			allowed("Access-Control-Allow-Headers: "+asked[1:], "Vary: Access-Control-Request-Headers"),
		},
		{"too many headers", request("OPTIONS /xrpc/com.example.note.save",
			"Access-Control-Request-Headers: "+asked), allowed()},
	})
}

// TestHealth is about the health check of a server that is well.
func TestHealth(t *testing.T) {
	t.Parallel()
	healthy := expect(http.StatusOK, `{"version":"1.2.3"}`)
	run(t, serviceHosts(t), []row{
		{"GET", request("GET /xrpc/_health"), healthy},
		{"HEAD", request("HEAD /xrpc/_health"), head(healthy)},
		{"with a query", request("GET /xrpc/_health?%zz"), healthy},
		{"with a wrong token", request("GET /xrpc/_health", "Authorization: Bearer bad"), healthy},
		{"POST", request("POST /xrpc/_health"), invalid("Incorrect HTTP method (POST) expected GET")},
		{"FOO", request("FOO /xrpc/_health"), invalid("Incorrect HTTP method (FOO) expected GET")},
		{"below", request("GET /xrpc/_health/more"), invalid("invalid xrpc path")},
	})
}

// TestQuery is about query parameters.
func TestQuery(t *testing.T) {
	t.Parallel()
	got := func(text string) response {
		return expect(http.StatusOK, `{"text":"`+strings.ReplaceAll(text, `"`, `\"`)+`"}`)
	}
	a := got(`text="a" limit=50 tags=[] sizes=[] flags=[]`)
	cases := []struct {
		name, query string
		want        response
	}{
		{"missing", "", invalid("text is required")},
		{"empty is missing", "text=", invalid("text is required")},
		{"without equals sign is missing", "text", invalid("text is required")},
		{"default", "text=a", a},
		{"empty optional ones are absent", "text=a&limit=&exact=&author=&tags=&sizes=&flags", a},
		{"empty beside a value", "text=&text=a", a},
		{"unknown", "text=a&other=1&other=2&__proto__=3", a},
		{"brackets are another name", "text=a&tags[]=b&tags[0]=c", a},
		{
			"all", "text=a+b%20c&limit=7&exact=false&author=alice.test&tags=x&tags=y,z&sizes=1&sizes=-2&flags=true",
			got(`text="a b c" limit=7 exact=false author=alice.test tags=["x" "y,z"] sizes=[1 -2] flags=[true]`),
		},
		{"empty items are absent", "text=a&tags=&tags=x", got(`text="a" limit=50 tags=["x"] sizes=[] flags=[]`)},
		{"ends of a range", "text=a&limit=1", got(`text="a" limit=1 tags=[] sizes=[] flags=[]`)},
		{"other end of a range", "text=a&limit=100", got(`text="a" limit=100 tags=[] sizes=[] flags=[]`)},
		{"negative integer, leading zeros", "text=a&sizes=-0&sizes=007", got(`text="a" limit=50 tags=[] sizes=[0 7] flags=[]`)},
		{
			"largest integer", "text=a&sizes=9223372036854775807&sizes=-9223372036854775808",
			got(`text="a" limit=50 tags=[] sizes=[9223372036854775807 -9223372036854775808] flags=[]`),
		},
		{"below a range", "text=a&limit=0", invalid("limit must be at least 1")},
		{"above a range", "text=a&limit=101", invalid("limit must be at most 100")},
		{"integer that is none", "text=a&limit=abc", invalid("limit must be an integer")},
		{"integer and more", "text=a&limit=12x", invalid("limit must be an integer")},
		{"fraction", "text=a&limit=1.5", invalid("limit must be an integer")},
		{"whole fraction", "text=a&limit=1.0", invalid("limit must be an integer")},
		{"hexadecimal", "text=a&limit=0x10", invalid("limit must be an integer")},
		{"underscore", "text=a&limit=1_0", invalid("limit must be an integer")},
		{"plus is a space", "text=a&limit=+5", invalid("limit must be an integer")},
		{"escaped plus", "text=a&limit=%2B5", invalid("limit must be an integer")},
		{"too large", "text=a&limit=9223372036854775808", invalid("limit must be an integer")},
		{"boolean that is none", "text=a&exact=yes", invalid("exact must be true or false")},
		{"boolean as number", "text=a&exact=1", invalid("exact must be true or false")},
		{"boolean in upper case", "text=a&exact=True", invalid("exact must be true or false")},
		{"two values of a string", "text=a&text=b", invalid("text must have one value")},
		{"two values of an integer", "text=a&limit=1&limit=2", invalid("limit must have one value")},
		{"two values of a boolean", "text=a&exact=true&exact=true", invalid("exact must have one value")},
		{"wrong format", "text=a&author=alice", invalid("author must be a valid handle")},
		{"array too long", "text=a&tags=a&tags=b&tags=c", invalid("tags must have a length of at most 2")},
		{"wrong item", "text=a&tags=a&tags=123456789", invalid("tags[1] must have a length of at most 8")},
		{"wrong integer item", "text=a&sizes=1&sizes=x", invalid("sizes[1] must be an integer")},
		{"wrong boolean item", "text=a&flags=true&flags=1", invalid("flags[1] must be true or false")},
		{"several mistakes", "limit=x&exact=1&tags=123456789", invalid("text is required (and 3 more)")},
		{"string that is not UTF-8", "text=%ff", invalid("text must be valid UTF-8")},
		{"item that is not UTF-8", "text=a&tags=%c3%28", invalid("tags[0] must be valid UTF-8")},
		{"NUL", "text=%00", expect(http.StatusOK, `{"text":"text=\"\\x00\" limit=50 tags=[] sizes=[] flags=[]"}`)},
		{"malformed escape", "text=%zz", invalid("malformed query string")},
		{"malformed escape elsewhere", "text=a&other=%", invalid("malformed query string")},
		{"semicolon", "text=a;limit=1", invalid("malformed query string")},
	}
	var rows []row
	for _, test := range cases {
		rows = append(rows, row{test.name, request("GET /xrpc/com.example.note.search?" + test.query), test.want})
	}
	rows = append(rows,
		row{"malformed where there are no parameters", request("GET /xrpc/com.example.note.ping?%zz"), invalid("malformed query string")},
		row{"any where there are no parameters", request("GET /xrpc/com.example.note.ping?a=b"), expect(http.StatusOK, "", "Content-Type")},
		row{"parameters of a query without output", request("GET /xrpc/com.example.note.touch?text=a"), expect(http.StatusOK, "", "Content-Type")},
		row{"parameters before authentication", request("GET /xrpc/com.example.note.search", "Authorization: Bearer bad"), invalid("text is required")},
		row{"parameters of a procedure", post("com.example.note.tag?text=a", `{"text":"b"}`), expect(http.StatusOK, `{"text":"a b"}`)},
		row{"wrong parameters of a procedure", post("com.example.note.tag?text=", `{`), invalid("text is required")},
		row{"parameters of a procedure without output", post("com.example.note.file?text=a", `{"text":"b"}`), expect(http.StatusOK, "", "Content-Type")},
	)
	run(t, serviceHosts(t), rows)
}
