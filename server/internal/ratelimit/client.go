package ratelimit

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// networkBits is how much of an IPv6 address tells clients apart: whoever has one
// address commonly has all of the same /64.
const networkBits = 64

// ClientKey returns the key of a client's address: the whole of an IPv4 address, the
// network of an IPv6 address. All invalid addresses have the same key.
func ClientKey(addr netip.Addr) string {
	addr = addr.Unmap()
	if !addr.Is6() {
		return addr.String()
	}
	network, err := addr.WithZone("").Prefix(networkBits)
	if err != nil {
		panic("ratelimit: an IPv6 address without network: " + err.Error())
	}
	return network.String()
}

// How much of an address is the same for all that one site has: providers commonly give out
// an IPv6 /48, and blocks of IPv4 addresses that are not larger than a /24.
const (
	siteBits6 = 48
	siteBits4 = 24
)

// SiteKey returns the key of the site that a client's address belongs to, which can be that
// of many clients. All invalid addresses have the same key.
func SiteKey(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	bits := siteBits4
	if addr.Is6() {
		bits = siteBits6
	}
	site, err := addr.Prefix(bits)
	if err != nil {
		panic("ratelimit: an address without site: " + err.Error())
	}
	return site.String()
}

// SetHeaders tells a client of a result. What several limits said is told by the
// tightest of their results.
//
// See https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-05.html, of
// which servers of the protocol differ in that RateLimit-Reset is a Unix time, and
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 for Retry-After.
func SetHeaders(header http.Header, result Result) {
	header.Set("RateLimit-Limit", strconv.Itoa(result.Limit))
	setRemaining(header, result.Remaining, result.Reset)
	header.Set("RateLimit-Policy", result.Policy)
	if !result.Allowed {
		header.Set("Retry-After", strconv.FormatInt(seconds(result.RetryAfter), 10))
	}
}

// Exhaust corrects what a client was told of a result, if it was: something else keeps it from
// calling again until a time.
func Exhaust(header http.Header, until time.Time) {
	if header.Get("RateLimit-Limit") != "" {
		setRemaining(header, 0, until)
	}
}

func setRemaining(header http.Header, remaining int, reset time.Time) {
	unix := reset.Unix()
	if reset.Nanosecond() > 0 {
		unix++
	}
	header.Set("RateLimit-Remaining", strconv.Itoa(remaining))
	header.Set("RateLimit-Reset", strconv.FormatInt(unix, 10))
}
