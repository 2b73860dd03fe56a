package api

import (
	"net/http"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// bearer returns the token of an Authorization header.
//
// See https://www.rfc-editor.org/rfc/rfc6750#section-2.1.
func bearer(header http.Header) (string, error) {
	if len(header.Values("Authorization")) == 0 {
		return "", &xrpc.Error{Status: http.StatusUnauthorized, Name: errAuthMissing, Message: "Authentication Required"}
	}
	scheme, value, ok := authorization(header)
	if !ok {
		return "", errInvalidToken.New("Malformed authorization header")
	}
	switch strings.ToLower(scheme) {
	case "bearer":
		return value, nil
	case "basic":
		return "", errInvalidToken.New("Unexpected authorization type")
	case "dpop":
		err := xrpc.NewError(http.StatusForbidden)
		err.Message = "OAuth credentials are not supported for this endpoint"
		return "", err
	}
	return "", errInvalidToken.New("Unsupported authorization type: " + scheme)
}

// authorization returns the parts of the only Authorization header there is.
func authorization(header http.Header) (scheme, value string, ok bool) {
	values := header.Values("Authorization")
	if len(values) != 1 {
		return "", "", false
	}
	scheme, value, ok = strings.Cut(values[0], " ")
	return scheme, value, ok && scheme != "" && value != "" && !strings.Contains(value, " ")
}
