package xrpc_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// asked returns the request that makes the method called answer do something.
func asked(what string, headers ...string) string {
	return request("GET /xrpc/com.example.note.answer?text="+url.QueryEscape(what), headers...)
}

// TestOutput is about the responses of calls that succeed.
func TestOutput(t *testing.T) {
	t.Parallel()
	run(t, serviceHosts(t), []row{
		{"JSON", asked("hi"), expect(http.StatusOK, `{"text":"hi"}`)},
		{"empty object", post("com.example.note.configure", `{"name":"x"}`), expect(http.StatusOK, `{}`)},
		{"none", request("GET /xrpc/com.example.note.ping"), expect(http.StatusOK, "", "Content-Type")},
		{"markup is not escaped", asked("<&>\u2028"), expect(http.StatusOK, "{\"text\":\"<&>\u2028\"}")},
		{"line feed in a header", asked("header"), expect(http.StatusOK, `{"text":"ok"}`, "X-Injected: a  X-Evil: b")},
	})
}

// TestErrors is about the responses of calls that fail.
func TestErrors(t *testing.T) {
	t.Parallel()
	internal := failure(http.StatusInternalServerError, "InternalServerError", "Internal Server Error")
	rows := []row{
		{"name", asked("name HandleTaken"), failure(http.StatusBadRequest, "HandleTaken", "")},
		{"empty name", asked("name "), invalid("Invalid Request")},
		{"wrapped", asked("wrapped"), failure(http.StatusBadRequest, "HandleTaken", "it is taken")},
		{"status and name", asked("status 409 Conflict"), failure(http.StatusConflict, "Conflict", "as asked")},
		{"declared name, other status", asked("status 404 HandleTaken"), failure(http.StatusNotFound, "HandleTaken", "as asked")},
		{"503 keeps its message", asked("status 503 NotEnoughResources"), failure(http.StatusServiceUnavailable, "NotEnoughResources", "as asked")},
		{"500 hides its message and name", asked("status 500 Secret"), internal},
		{"status below 400", asked("status 302 Moved"), internal},
		{"status 200", asked("status 200 Fine"), internal},
		{"status 0", asked("bare 0"), internal},
		{"status 0, declared name", asked("status 0 HandleTaken"), failure(http.StatusBadRequest, "HandleTaken", "as asked")},
		{"status 0, standard name", asked("status 0 RateLimitExceeded"), failure(http.StatusTooManyRequests, "RateLimitExceeded", "as asked")},
		{"status 0, name of status 500", asked("status 0 InternalServerError"), internal},
		{"name of status 401", asked("name AuthenticationRequired"), failure(http.StatusUnauthorized, "AuthenticationRequired", "",
			`WWW-Authenticate: Bearer realm="xrpc", error="AuthenticationRequired"`)},
		{"name of status 500", asked("name InternalServerError"), internal},
		{"status above 599", asked("status 600 Odd"), internal},
		{"negative status", asked("status -1 Odd"), internal},
		{"unlisted 4xx", asked("bare 418"), failure(http.StatusTeapot, "InvalidRequest", "Invalid Request")},
		{"unlisted 5xx", asked("bare 507"), failure(http.StatusInsufficientStorage, "InternalServerError", "Internal Server Error")},
		{"name of two words", asked("odd"), invalid("bad \uFFFD text")},
		{"message that is not UTF-8", asked("bytes"), failure(http.StatusBadRequest, "HandleTaken", "not \uFFFD text")},
		{"headers", asked("limited"), failure(http.StatusTooManyRequests, "RateLimitExceeded", "Rate Limit Exceeded",
			"RateLimit-Limit: 30", "Retry-After: 7")},
		{"another error", asked("secret"), internal},
		{"output that cannot be written", asked("unwritable"), internal},
		{"HEAD", strings.Replace(asked("secret"), "GET", "HEAD", 1), head(internal)},
	}
	for status, name := range map[int]string{
		400: "InvalidRequest", 403: "Forbidden", 404: "XRPCNotSupported", 406: "NotAcceptable",
		413: "PayloadTooLarge", 415: "UnsupportedMediaType", 429: "RateLimitExceeded",
		501: "MethodNotImplemented", 502: "UpstreamFailure", 503: "NotEnoughResources", 504: "UpstreamTimeout",
	} {
		message := map[int]string{
			400: "Invalid Request", 403: "Forbidden", 404: "XRPC Not Supported", 406: "Not Acceptable",
			413: "Payload Too Large", 415: "Unsupported Media Type", 429: "Rate Limit Exceeded",
			501: "Method Not Implemented", 502: "Upstream Failure", 503: "Not Enough Resources", 504: "Upstream Timeout",
		}[status]
		code := strconv.Itoa(status)
		rows = append(rows,
			row{"default of " + code, asked("bare " + code), failure(status, name, message)},
			row{"name of " + code, asked("name " + name), failure(status, name, "")})
	}
	run(t, serviceHosts(t), rows)
}

// TestAuthentication is about callers: known, unknown and not wanted.
func TestAuthentication(t *testing.T) {
	t.Parallel()
	const who, good = "GET /xrpc/com.example.note.whoAmI", "Authorization: Bearer good"
	private := []string{"Cache-Control: private", "Vary: Authorization"}
	run(t, serviceHosts(t), []row{
		{"known", request(who, good), expect(http.StatusOK, `{"text":"alice from 127.0.0.1"}`, private...)},
		{"known, service fails", asked("name HandleTaken", good), failure(http.StatusBadRequest, "HandleTaken", "", private...)},
		{
			"known, server fails", asked("secret", good),
			failure(http.StatusInternalServerError, "InternalServerError", "Internal Server Error", private...),
		},
		{"known, bad body", post("com.example.note.save", `{}`, good), invalid("text is required", private...)},
		{
			"known, not admitted", post("com.example.note.save", `{"text":"spam"}`, good),
			failure(http.StatusTooManyRequests, "RateLimitExceeded", "Rate Limit Exceeded", private...),
		},
		{
			"known, not allowed", request(who, "Authorization: Bearer sealed"),
			failure(http.StatusForbidden, "Forbidden", "Forbidden", private...),
		},
		{"known, bad parameters", request("GET /xrpc/com.example.note.answer", good), invalid("text is required")},
		{"anonymous where that will do", post("com.example.note.save", `{"text":"spam"}`), expect(http.StatusOK, `{"text":"spam"}`)},
		{"missing", request(who), failure(http.StatusUnauthorized, "AuthMissing", "Authentication Required",
			`WWW-Authenticate: Bearer realm="xrpc", error="AuthMissing"`)},
		{"wrong", request(who, "Authorization: Bearer bad"), failure(http.StatusBadRequest, "InvalidToken", "Token could not be verified")},
		{
			"wrong before a bad body", post("com.example.note.save", `{`, "Authorization: Bearer bad"),
			failure(http.StatusBadRequest, "InvalidToken", "Token could not be verified"),
		},
		{
			"wrong before a missing body", request("POST /xrpc/com.example.note.save", "Authorization: Bearer bad"),
			failure(http.StatusBadRequest, "InvalidToken", "Token could not be verified"),
		},
		{"service has its own challenge", asked("challenge"), failure(http.StatusUnauthorized, "AuthenticationRequired",
			"Authentication Required", "WWW-Authenticate: DPoP algs=ES256")},
		{"service has none", asked("bare 401"), failure(http.StatusUnauthorized, "AuthenticationRequired",
			"Authentication Required", `WWW-Authenticate: Bearer realm="xrpc", error="AuthenticationRequired"`)},
	})
}

// TestCompression is about which responses are compressed, for whom.
func TestCompression(t *testing.T) {
	t.Parallel()
	big := `{"text":"` + strings.Repeat("a", 1024-len(`{"text":""}`)) + `"}`
	plain := expect(http.StatusOK, big, "Vary: Accept-Encoding")
	short := gzipped(big)
	packed := expect(http.StatusOK, short, "Vary: Accept-Encoding", "Content-Encoding: gzip")
	var rows []row
	for _, test := range []struct {
		accept string
		want   response
	}{
		{"gzip", packed},
		{"GZIP", packed},
		{"br, gzip", packed},
		{"deflate;q=0.5,gzip;q=0.1", packed},
		{"gzip ; q=1.0", packed},
		{"gzip;q=0", plain},
		{"gzip; q=0.000", plain},
		{"gzip;Q=0", plain},
		{"br", plain},
		{"*", plain},
		{"x-gzip", plain},
		{"identity", plain},
		{"", plain},
	} {
		rows = append(rows, row{"accept " + test.accept, asked("big 1024", "Accept-Encoding: "+test.accept), test.want})
	}
	rows = append(rows,
		row{"accept in two headers", asked("big 1024", "Accept-Encoding: br", "Accept-Encoding: gzip"), packed},
		row{"accept nothing", asked("big 1024"), plain},
		row{"HEAD", strings.Replace(asked("big 1024", "Accept-Encoding: gzip"), "GET", "HEAD", 1), head(packed)},
		row{"small", asked("big 1023", "Accept-Encoding: gzip"), expect(http.StatusOK, big[:1021]+`"}`)},
		row{"small error", asked("name HandleTaken", "Accept-Encoding: gzip"), failure(http.StatusBadRequest, "HandleTaken", "")},
		row{
			"of a caller", asked("big 1024", "Accept-Encoding: gzip", "Authorization: Bearer good"),
			expect(http.StatusOK, short, "Content-Encoding: gzip", "Cache-Control: private", "Vary: Authorization | Accept-Encoding"),
		},
	)
	run(t, serviceHosts(t), rows)
}
