package xrpc_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A response is what a host answered, without its date.
type response struct {
	status int
	header map[string]string
	body   string
}

// exchange sends the bytes of a request, which must ask for the connection to be closed, and
// returns what comes back before it is.
func exchange(t *testing.T, addr, request string) response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		io.WriteString(conn, request) // the server may have answered and gone before the end
	}()
	received, err := io.ReadAll(conn)
	if err != nil && len(received) == 0 {
		t.Fatal(err)
	}
	conn.Close()
	<-sent
	return parse(t, request, string(received))
}

// exchangeHalf sends the bytes of half a request, closes that direction of the connection, and
// returns what comes back.
func exchangeHalf(t *testing.T, addr, request string) response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(conn, request)
	conn.(*net.TCPConn).CloseWrite()
	received, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, request, string(received))
}

// parse takes a response apart. It fails the test if there is more than the response.
func parse(t *testing.T, request, received string) response {
	t.Helper()
	verb, _, _ := strings.Cut(request, " ")
	reader := bufio.NewReader(strings.NewReader(received))
	res, err := http.ReadResponse(reader, &http.Request{Method: verb})
	if err != nil {
		t.Fatalf("%v in %q", err, received)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%v in %q", err, received)
	}
	if n := reader.Buffered(); n > 0 {
		t.Errorf("%d bytes behind the response: %q", n, received)
	}
	got := response{res.StatusCode, map[string]string{}, string(body)}
	for name, values := range res.Header {
		got.header[name] = strings.Join(values, " | ")
	}
	delete(got.header, "Date")
	return got
}

// request returns the bytes of a request. Its lines are headers; an empty one ends them.
func request(line string, headers ...string) string {
	text := line + " HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n"
	return text + strings.Join(append(headers, "", ""), "\r\n")
}

// post returns the bytes of a request with a JSON body.
func post(nsid, body string, headers ...string) string {
	headers = append(headers, "Content-Type: application/json", "Content-Length: "+strconv.Itoa(len(body)))
	return request("POST /xrpc/"+nsid, headers...) + body
}

// expect returns a response with the headers that all have, and more or other ones. One without
// a value is not expected.
func expect(status int, body string, headers ...string) response {
	all := map[string]string{
		"Access-Control-Allow-Origin": "*",
		"Access-Control-Expose-Headers": "atproto-content-labelers, atproto-repo-rev, DPoP-Nonce, RateLimit-Limit, " +
			"RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, WWW-Authenticate",
		"Content-Length": strconv.Itoa(len(body)),
		"Content-Type":   "application/json",
	}
	if status < 300 {
		all["Content-Type"] = "application/json; charset=utf-8"
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		all[http.CanonicalHeaderKey(name)] = value
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return response{status, all, body}
}

// failure returns the response of an error.
func failure(status int, name, message string, headers ...string) response {
	body := fmt.Sprintf(`{"error":"%s","message":"%s"}`, name, message)
	if message == "" {
		body = fmt.Sprintf(`{"error":"%s"}`, name)
	}
	return expect(status, body, headers...)
}

// invalid returns the response to a request that breaks a rule.
func invalid(message string, headers ...string) response {
	return failure(http.StatusBadRequest, "InvalidRequest", message, headers...)
}

// head returns what HEAD is answered where GET is answered with r.
func head(r response) response {
	r.body = ""
	return r
}

// A row is one line of the matrix: a request, and the response that every host must give.
type row struct {
	name    string
	request string
	want    response
}

// run sends each request to each host.
func run(t *testing.T, hosts []host, rows []row) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for _, host := range hosts {
				got := exchange(t, host.addr, row.request)
				compare(t, host.name, got, row.want)
			}
		})
	}
}

// compare reports how a response of a host differs from what is wanted.
func compare(t *testing.T, host string, got, want response) {
	t.Helper()
	if diff := cmp.Diff(got, want, cmp.AllowUnexported(response{})); diff != "" {
		t.Errorf("%s: response (-got +want):\n%s", host, diff)
	}
}
