package xrpc

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// ErrorName is what stands under "error" in the body of a response that reports an error. Lexicons
// declare the names that an endpoint uses on purpose; generated code has a constant for each.
//
// An ErrorName is itself an error, so that a service method may return one, and so that [errors.Is]
// and [errors.As] find it in what a client or a service returned. Equal names are equal errors,
// whichever lexicon declares them.
type ErrorName string

// Error returns the name.
func (n ErrorName) Error() string { return string(n) }

// New returns an error with the name, the message, and the status that goes with the name: 400
// unless it is one of the standard names. [Error.WithStatus] chooses another.
func (n ErrorName) New(message string) *Error {
	return &Error{Status: n.status(), Name: n, Message: message}
}

// status returns the status that goes with the name.
func (n ErrorName) status() int {
	for status, s := range standard {
		if s.name == n {
			return status
		}
	}
	return http.StatusBadRequest
}

// The names that every endpoint may use, besides those that its lexicon declares.
// See https://atproto.com/specs/xrpc#error-responses.
const (
	ErrInvalidRequest         ErrorName = "InvalidRequest"
	ErrAuthenticationRequired ErrorName = "AuthenticationRequired"
	ErrForbidden              ErrorName = "Forbidden"
	ErrXRPCNotSupported       ErrorName = "XRPCNotSupported"
	ErrNotAcceptable          ErrorName = "NotAcceptable"
	ErrPayloadTooLarge        ErrorName = "PayloadTooLarge"
	ErrUnsupportedMediaType   ErrorName = "UnsupportedMediaType"
	ErrRateLimitExceeded      ErrorName = "RateLimitExceeded"
	ErrInternalServerError    ErrorName = "InternalServerError"
	ErrMethodNotImplemented   ErrorName = "MethodNotImplemented"
	ErrUpstreamFailure        ErrorName = "UpstreamFailure"
	ErrNotEnoughResources     ErrorName = "NotEnoughResources"
	ErrUpstreamTimeout        ErrorName = "UpstreamTimeout"
)

// standard maps a status to the name and the message that it has when nothing else is said.
var standard = map[int]struct {
	name    ErrorName
	message string
}{
	http.StatusBadRequest:            {ErrInvalidRequest, "Invalid Request"},
	http.StatusUnauthorized:          {ErrAuthenticationRequired, "Authentication Required"},
	http.StatusForbidden:             {ErrForbidden, "Forbidden"},
	http.StatusNotFound:              {ErrXRPCNotSupported, "XRPC Not Supported"},
	http.StatusNotAcceptable:         {ErrNotAcceptable, "Not Acceptable"},
	http.StatusRequestEntityTooLarge: {ErrPayloadTooLarge, "Payload Too Large"},
	http.StatusUnsupportedMediaType:  {ErrUnsupportedMediaType, "Unsupported Media Type"},
	http.StatusTooManyRequests:       {ErrRateLimitExceeded, "Rate Limit Exceeded"},
	http.StatusInternalServerError:   {ErrInternalServerError, "Internal Server Error"},
	http.StatusNotImplemented:        {ErrMethodNotImplemented, "Method Not Implemented"},
	http.StatusBadGateway:            {ErrUpstreamFailure, "Upstream Failure"},
	http.StatusServiceUnavailable:    {ErrNotEnoughResources, "Not Enough Resources"},
	http.StatusGatewayTimeout:        {ErrUpstreamTimeout, "Upstream Timeout"},
}

// Error is an XRPC error: what a service method returns to choose the status, name and message of
// its answer, and what a client returns for an answer that reports an error.
type Error struct {
	// Status is the HTTP status. In a service's answer, zero stands for the status that goes with
	// the name, and one that is not from 400 to 599 for 500.
	Status int
	// Name is the error name. In a service's answer the status decides if it is empty, or has
	// characters that no name may have.
	Name ErrorName
	// Message is for people. A service's answer of status 500 does not carry it, and others no more
	// than 2 KiB of it.
	Message string
	// Header holds headers of the response: those that a service wants to be sent with the error,
	// or all those that a client received (such as Retry-After).
	Header http.Header
	// Cause is why a service fails. It is for logs and is never sent.
	Cause error

	received bool // by a client
}

// NewError returns an error of the given status with the name and message that go with it.
func NewError(status int) *Error {
	s := standard[status]
	return &Error{Status: status, Name: s.name, Message: s.message}
}

// WithStatus returns the error with another status. One that a [Client] received remains such.
func (e *Error) WithStatus(status int) *Error {
	changed := *e
	changed.Status = status
	return &changed
}

// status returns the status of the error as a service's answer.
func (e *Error) status() int {
	switch {
	case e.Status == 0 && e.Name != "":
		return e.Name.status()
	case e.Status < 400 || e.Status > 599:
		return http.StatusInternalServerError
	}
	return e.Status
}

// Unimplemented returns the error with which a server answers for an endpoint that it does not serve.
// It is not inlined: generated code calls it for each endpoint, which would take long to compile.
//
//go:noinline
func Unimplemented() *Error { return NewError(http.StatusNotImplemented) }

// Error returns the status, the name and the message.
func (e *Error) Error() string {
	text := fmt.Sprintf("xrpc: %d %s", e.Status, e.Name)
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Is reports whether target is the error's name.
func (e *Error) Is(target error) bool {
	name, ok := target.(ErrorName)
	return ok && name == e.Name
}

// As sets target to the error's name if there is one and target points to an [ErrorName].
func (e *Error) As(target any) bool {
	name, ok := target.(*ErrorName)
	if !ok || e.Name == "" {
		return false
	}
	*name = e.Name
	return true
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// public returns what a client may see of err: its name, message and headers if it is an [*Error]
// or an [ErrorName], the bare fact of a fault if it is anything else. What another server answered
// to a client of the service is the service's matter: its caller learns that it went wrong upstream.
func public(err error) *Error {
	chosen, ok := errors.AsType[*Error](err)
	if !ok {
		name, ok := errors.AsType[ErrorName](err)
		if !ok {
			return NewError(http.StatusInternalServerError)
		}
		chosen = name.New("")
	}
	switch status := chosen.status(); {
	case chosen.received:
		return NewError(http.StatusBadGateway)
	case status == http.StatusInternalServerError:
		return NewError(status)
	default:
		return chosen.named(status)
	}
}

// named returns the answer of the given status, with the name and message of the status if the
// error has no name that can be sent.
func (e *Error) named(status int) *Error {
	answer := &Error{Status: status, Name: e.Name, Message: e.Message, Header: e.Header}
	if !isToken(string(answer.Name)) {
		s, ok := standard[answer.Status]
		if !ok {
			s = standard[answer.Status/100*100]
		}
		answer.Name = s.name
		if answer.Message == "" {
			answer.Message = s.message
		}
	}
	return answer
}

// errorBody is the JSON of an error response.
type errorBody struct {
	name    string
	message string
}

// EncodeJSON implements [lexjson.Encoder].
func (b errorBody) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("error").String(b.name)
	if b.message != "" {
		w.Key("message").String(b.message)
	}
	w.EndObject()
}

// DecodeJSON implements [lexjson.Decoder].
func (b *errorBody) DecodeJSON(r *lexjson.Reader) {
	object := r.Object("error")
	for object.Next() {
		switch object.Key() {
		case "error":
			b.name = r.String()
		case "message":
			b.message = r.String()
		default:
			r.Skip()
		}
	}
}
