package xrpc

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// DefaultMaxResponse is how many bytes of a response a [Client] reads if MaxResponse does not say otherwise.
const DefaultMaxResponse = 10 << 20

// ErrInvalidResponse is what a [Client] returns, wrapped, if the response is not what the lexicon
// promises: another content type, malformed JSON, missing or mistyped properties, too many bytes.
var ErrInvalidResponse = errors.New("invalid response")

// Client calls the endpoints of one host. Generated clients are made of it. It may be used by
// several goroutines at once, as long as its fields are not changed meanwhile.
type Client struct {
	// Host is the origin of the server, such as "https://pds.example.com".
	Host string
	// HTTP sends the requests. It is [http.DefaultClient] if nil.
	HTTP *http.Client
	// Authorize adds to a request what the endpoint wants to see of the caller, such as an
	// Authorization header. It may be nil. An error keeps the request from being sent. What depends
	// on responses, such as refreshing a session, belongs in the transport of HTTP.
	Authorize Authorizer
	// Strict makes the client check the constraints of what it sends and receives, and refuse
	// forms of data that are no longer valid. Otherwise it checks the structure of what it
	// receives, which is what code that reads the network's older data needs.
	Strict bool
	// MaxResponse is how many bytes of a response are read. Zero stands for [DefaultMaxResponse].
	// It does not limit the streams that Open returns, of which their reader takes as much as it wants.
	MaxResponse int64
}

// Request is one call by a [Client].
type Request struct {
	// NSID is the endpoint.
	NSID syntax.NSID
	// Kind tells whether it is a query or a procedure.
	Kind Kind
	// Params are the query parameters; nil if the endpoint has none. A nil pointer stands for
	// parameters that are all absent.
	Params Params
	// Input is the request's body; nil if the endpoint takes none, or a Stream.
	Input Body
	// Stream is the request's body if the endpoint takes one that has no schema, or is not JSON. It is
	// closed in any case. Redirects and second attempts need a Body of the packages bytes or strings,
	// which can be sent again. As with net/http, a Body whose Read blocks may keep the call from
	// returning when its context ends.
	Stream *Stream
	// InputEncoding is the media type of Stream, in lower case and without parameters, or a pattern:
	// type/* or */*. If it is empty, the stream may be of any type, or nil.
	InputEncoding string
	// Output is filled in from the response's body; nil if the endpoint has none, or a stream.
	Output Body
	// OutputEncoding is, in the same form, that of the stream that Open returns. If it is empty, the
	// response may be of any type.
	OutputEncoding string
}

// Authorizer adds to a request what tells who makes it. It may be called by several goroutines at once.
type Authorizer func(request *http.Request) error

// Bearer returns an Authorizer that sends the token with every request.
func Bearer(token string) Authorizer {
	return func(request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}

// Do sends the request and fills in its Output. The error is an [*Error] if the server answered
// with one, wraps [ErrInvalidResponse] or a [*validate.Errors], or is what the HTTP client returned.
func (c *Client) Do(ctx context.Context, req *Request) error {
	res, err := c.send(ctx, req)
	if err == nil {
		defer res.Body.Close()
		err = c.readResponse(res, req.Output)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", req.NSID, err)
	}
	return nil
}

// Open sends the request and returns the response's body, which the caller must close, and can read
// until ctx ends. The error is as that of Do. A response that does not say of which type it is counts
// as application/octet-stream.
func (c *Client) Open(ctx context.Context, req *Request) (*Stream, error) {
	res, err := c.send(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", req.NSID, err)
	}
	stream, err := c.openResponse(res, cmp.Or(req.OutputEncoding, mediaAny))
	if err != nil {
		res.Body.Close()
		return nil, fmt.Errorf("%s: %w", req.NSID, err)
	}
	return stream, nil
}

// send sends the request and returns the response, whatever it is.
func (c *Client) send(ctx context.Context, req *Request) (*http.Response, error) {
	request, err := c.newRequest(ctx, req)
	if err != nil {
		req.Stream.Close()
		return nil, err
	}
	res, err := cmp.Or(c.HTTP, http.DefaultClient).Do(request)
	if err != nil {
		return nil, err
	}
	receiveHeader(ctx, res.Header)
	return res, nil
}

// newRequest makes the HTTP request of a call.
func (c *Client) newRequest(ctx context.Context, req *Request) (*http.Request, error) {
	if c == nil || c.Host == "" {
		return nil, errors.New("the client has no host")
	}
	url, err := c.encodeURL(req)
	if err != nil {
		return nil, err
	}
	body, err := c.encodeBody(req)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, req.Kind.verb(), url, body.Body)
	if err != nil {
		return nil, err
	}
	request.ContentLength = body.size()
	addHeader(request.Header, requestHeader(ctx))
	if body.ContentType != "" {
		request.Header.Set("Content-Type", body.ContentType)
	}
	if req.Output != nil {
		request.Header.Set("Accept", mediaJSON)
	} else if req.OutputEncoding != "" {
		request.Header.Set("Accept", req.OutputEncoding)
	}
	if c.Authorize != nil {
		err = c.Authorize(request)
	}
	return request, err
}

// encodeURL returns the URL of a call, with its parameters.
func (c *Client) encodeURL(req *Request) (string, error) {
	url := strings.TrimSuffix(c.Host, "/") + PathPrefix + string(req.NSID)
	if req.Params == nil {
		return url, nil
	}
	params := req.Params
	if isNil(params) {
		params = reflect.New(reflect.TypeOf(params).Elem()).Interface().(Params)
	}
	if err := c.check(params); err != nil {
		return "", err
	}
	var query QueryWriter
	params.EncodeQuery(&query)
	if encoded := query.Encode(); encoded != "" {
		url += "?" + encoded
	}
	return url, nil
}

// encodeBody returns the body of a call, which has no content type if there is none.
func (c *Client) encodeBody(req *Request) (Stream, error) {
	switch {
	case req.Stream != nil:
		contentType, err := req.Stream.contentType(cmp.Or(req.InputEncoding, mediaAny))
		return Stream{contentType, req.Stream.Size, req.Stream.Body}, err
	case req.InputEncoding != "":
		return Stream{}, errors.New("the stream is nil")
	case req.Input == nil:
		return Stream{}, nil
	case isNil(req.Input):
		return Stream{}, errors.New("the input is a nil pointer")
	}
	if err := c.check(req.Input); err != nil {
		return Stream{}, err
	}
	data, err := lexjson.Marshal(req.Input)
	return Stream{ContentType: mediaJSON, Body: bytes.NewReader(data)}, err
}

// check checks constraints, if the client is strict.
func (c *Client) check(value validate.Checkable) error {
	if !c.Strict {
		return nil
	}
	var checker validate.Checker
	value.Check(&checker)
	return checker.Err()
}

// readResponse turns a response into output or an error.
func (c *Client) readResponse(res *http.Response, output Body) error {
	limit := cmp.Or(c.MaxResponse, DefaultMaxResponse)
	body, err := io.ReadAll(http.MaxBytesReader(nil /* no response to close */, res.Body, limit))
	if res.StatusCode >= http.StatusBadRequest {
		return receivedError(res, body)
	}
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return fmt.Errorf("%w: status %d", ErrInvalidResponse, res.StatusCode)
	case output == nil:
		return nil
	case tooLarge:
		return fmt.Errorf("%w: more than %d bytes", ErrInvalidResponse, limit)
	case err != nil:
		return err
	}
	if got, _ := essence(res.Header.Get("Content-Type")); got != mediaJSON {
		return fmt.Errorf("%w: content type %q", ErrInvalidResponse, got)
	}
	options := lexdata.Options{Lenient: !c.Strict, StructureOnly: !c.Strict}
	if err := lexdata.Decode(body, output, options); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidResponse, err)
	}
	return nil
}

// openResponse turns a response into a stream of the encoding or an error.
func (c *Client) openResponse(res *http.Response, encoding string) (*Stream, error) {
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, c.readResponse(res, nil /* no output */)
	}
	media, ok := incomingType(cmp.Or(res.Header.Get("Content-Type"), mediaBytes), encoding)
	if !ok || !matches(encoding, media) {
		return nil, fmt.Errorf("%w: content type %q", ErrInvalidResponse, media)
	}
	return &Stream{ContentType: media, Size: res.ContentLength, Body: res.Body}, nil
}

// ignore is a lexjson.Reporter of a body whose schema is only a custom.
type ignore struct{}

func (ignore) Report(string, string) {}

// receivedError makes an error of a response of status 400 or above. Gateways answer with anything,
// so a body that is not an XRPC error is tolerated: the status then decides the name.
func receivedError(res *http.Response, body []byte) *Error {
	received := &Error{Status: res.StatusCode, Header: res.Header, received: true}
	var parsed errorBody
	reader := lexjson.NewReader(body, ignore{})
	parsed.DecodeJSON(reader)
	if reader.End() == nil && parsed.name != "" {
		// Clones, because the error may live long, and the body may be large.
		received.Name, received.Message = ErrorName(strings.Clone(parsed.name)), strings.Clone(parsed.message)
		return received
	}
	s, ok := standard[res.StatusCode]
	switch {
	case ok:
		received.Name = s.name
	case res.StatusCode >= http.StatusInternalServerError:
		received.Name = ErrUpstreamFailure
	default:
		received.Name = ErrInvalidRequest
	}
	return received
}
