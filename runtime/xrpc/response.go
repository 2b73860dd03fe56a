package xrpc

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// contentJSON is the content type of what is sent as JSON, but for errors, which do without the parameter.
const contentJSON = mediaJSON + "; charset=utf-8"

// compressFrom is the size in bytes from which on a body is worth compressing. Some clients do
// without the error name of a response whose length they cannot see, so small ones stay plain.
const compressFrom = 1024

// response is what is to be written. All of it is in memory, unless it is a transfer.
type response struct {
	status      int
	header      http.Header
	contentType string
	challenge   string // the WWW-Authenticate header, if nobody has set one
	body        []byte
	transfer    *transfer // instead of body
}

// encodeOutput makes the response of a call that succeeded.
func encodeOutput(endpoint *Endpoint, output any) (*response, error) {
	stream, streams := output.(*Stream)
	body, ok := output.(Body)
	switch {
	case isNil(output) && endpoint.OutputEncoding != "":
		return nil, fmt.Errorf("endpoint %s: service returned neither output nor error", endpoint.NSID)
	case output == nil:
		return &response{status: http.StatusOK}, nil
	case streams && endpoint.OutputEncoding != "":
		return encodeStream(endpoint, stream)
	case !ok || endpoint.OutputEncoding != mediaJSON:
		return nil, fmt.Errorf("endpoint %s: output %T is not what the lexicon has", endpoint.NSID, output)
	}
	return encode(http.StatusOK, contentJSON, body)
}

// isNil reports whether a value is nil, or a nil pointer of some type.
func isNil(value any) bool {
	v := reflect.ValueOf(value)
	return value == nil || v.Kind() == reflect.Pointer && v.IsNil()
}

// encode makes a response of a value.
func encode(status int, contentType string, value lexjson.Encoder) (*response, error) {
	body, err := lexjson.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode response: %w", err)
	}
	return &response{status: status, contentType: contentType, body: body}, nil
}

// errorResponse makes the response of an error that a client may see.
//
// See https://www.rfc-editor.org/rfc/rfc6750#section-3.
func errorResponse(answer *Error) *response {
	body := errorBody{name: string(answer.Name), message: sendable(answer.Message)}
	response, _ := encode(answer.Status, mediaJSON, body) // only text that is not UTF-8 makes it fail
	response.header = answer.Header
	if answer.Status == http.StatusUnauthorized {
		response.challenge = `Bearer realm="xrpc", error="` + string(answer.Name) + `"`
	}
	return response
}

// maxMessage is how many bytes of an error's message are sent. Those about what a client has sent
// quote it, and may be as long as it is deep.
const maxMessage = 2 << 10

// sendable returns the message as a client gets it: as UTF-8, and cut if it is long.
func sendable(message string) string {
	const ellipsis = "…"
	message = strings.ToValidUTF8(message, "\uFFFD")
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage-len(ellipsis)], "" /* no half a rune */) + ellipsis
}

// write sends the response, compressed if that pays and the client takes it. An error means that the
// client does not get all of a stream.
func (res *response) write(w http.ResponseWriter, r *http.Request) error {
	header := w.Header()
	addHeader(header, res.header)
	if res.challenge != "" && header.Get("WWW-Authenticate") == "" {
		header.Set("WWW-Authenticate", res.challenge)
	}
	body := res.body
	if len(body) >= compressFrom && !compressedElsewhere(header) {
		header.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header) {
			header.Set("Content-Encoding", "gzip")
			body = compress(body)
		}
	}
	if res.contentType != "" {
		header.Set("Content-Type", res.contentType)
	}
	if res.transfer != nil {
		res.transfer.setLength(header)
	} else {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(res.status)
	switch {
	case r.Method == http.MethodHead:
	case res.transfer != nil:
		return res.transfer.send(w, r)
	default:
		w.Write(body) // an error here means that the client has gone
	}
	return nil
}

// addHeader adds the fields of more to header.
func addHeader(header, more http.Header) {
	for name, values := range more {
		header[name] = append(header[name], values...)
	}
}

// compressedElsewhere reports whether the encoding of the body is somebody else's matter: middleware
// that compresses responses says before it calls the handler that they vary by what clients accept.
func compressedElsewhere(header http.Header) bool {
	vary := strings.ToLower(strings.Join(header.Values("Vary"), ","))
	return header.Get("Content-Encoding") != "" || strings.Contains(vary, "accept-encoding")
}

// compressors holds gzip writers between responses, because each has more than half a megabyte of memory.
var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func compress(body []byte) []byte {
	var buffer bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	z.Reset(&buffer)
	z.Write(body) // neither fails on a bytes.Buffer
	z.Close()
	z.Reset(nil)
	compressors.Put(z)
	return buffer.Bytes()
}

// acceptsGzip reports whether the client asks for gzip by name, with a weight above zero.
func acceptsGzip(header http.Header) bool {
	for _, value := range header.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(value, ",") {
			name, weight, _ := strings.Cut(coding, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				_, q, weighted := strings.Cut(strings.ToLower(weight), "q=")
				return !weighted || strings.Trim(q, "0. ") != ""
			}
		}
	}
	return false
}
