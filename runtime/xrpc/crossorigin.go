package xrpc

import (
	"net/http"
	"strings"
)

// exposed are the response headers that scripts of other origins may read.
var exposed = strings.Join([]string{
	"atproto-content-labelers", "atproto-repo-rev", "DPoP-Nonce",
	"RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset",
	"Retry-After", "WWW-Authenticate",
}, ", ")

// allowCrossOrigin lets web pages of any origin read the response. No cookies are involved, so
// there is nothing that a foreign page could borrow.
func allowCrossOrigin(header http.Header) {
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", exposed)
}

// maxAskedHeaders is how many bytes of header names a preflight request may ask for. Browsers ask for
// those that a page sets, and nobody is served by sending more back.
const maxAskedHeaders = 4096

// preflight answers a browser that asks whether it may send a request. It may send any header.
func preflight(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" && len(asked) <= maxAskedHeaders {
		header.Set("Access-Control-Allow-Headers", asked)
		header.Add("Vary", "Access-Control-Request-Headers")
	}
	header.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
