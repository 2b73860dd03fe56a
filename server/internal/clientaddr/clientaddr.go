// Package clientaddr finds the address of the client of a request, also behind proxies.
//
// Everyone may send an X-Forwarded-For header, so it counts only as far as proxies
// that the operator trusts have written it. The package imports nothing of this module.
package clientaddr

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// maxHops is how many entries of X-Forwarded-For are looked at. No chain of proxies
// is that long.
const maxHops = 32

// New returns a function that finds the client of a request: who opened the
// connection or, if that is a trusted proxy, the last address in X-Forwarded-For that
// is not one. An entry that is no address ends the search, and the address found so
// far counts. IPv4 addresses come in their own form and no address has a zone. The
// address is invalid if that of the connection is, as with a Unix socket. The
// function may be called concurrently.
//
// See https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For.
func New(trusted []netip.Prefix) func(*http.Request) netip.Addr {
	isTrusted := anyOf(trusted)
	return func(r *http.Request) netip.Addr {
		client, _ := parse(r.RemoteAddr)
		if !isTrusted(client) {
			return client
		}
		// Several lines of a header mean the same as one that joins them.
		forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		for hops := 0; hops < maxHops && forwarded != "" && isTrusted(client); hops++ {
			comma := strings.LastIndexByte(forwarded, ',')
			addr, ok := parse(strings.TrimSpace(forwarded[comma+1:]))
			if !ok {
				break
			}
			client, forwarded = addr, forwarded[:max(comma, 0)]
		}
		return client
	}
}

// Unheeded returns a function that reports who opened the connection of a request, and whether
// that looks like a proxy that is missing among the trusted ones: it is on this machine or in a
// private network, and sends an X-Forwarded-For, which New does not heed. The function may be
// called concurrently.
func Unheeded(trusted []netip.Prefix) func(*http.Request) (peer netip.Addr, ok bool) {
	isTrusted := anyOf(trusted)
	return func(r *http.Request) (netip.Addr, bool) {
		peer, _ := parse(r.RemoteAddr)
		isNear := peer.IsLoopback() || peer.IsPrivate()
		return peer, isNear && !isTrusted(peer) && r.Header.Get("X-Forwarded-For") != ""
	}
}

// anyOf returns a function that reports whether an address is in one of the prefixes.
func anyOf(prefixes []netip.Prefix) func(netip.Addr) bool {
	prefixes = slices.Clone(prefixes)
	return func(addr netip.Addr) bool {
		return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
}

// parse reads an address with or without a port: some proxies forward both.
func parse(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		both, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = both.Addr()
	}
	return addr.WithZone("").Unmap(), true
}

// mappedBits is how many bits come before the IPv4 address in an IPv6 one.
const mappedBits = 128 - 32

// ParsePrefixes reads the addresses and prefixes of trusted proxies, such as
// "127.0.0.1", "10.0.0.0/8" or "fd00::/8". It returns an error that names the first
// one that is neither, or that has every address in it.
func ParsePrefixes(list []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(list))
	for _, s := range list {
		prefix, ok := parsePrefix(strings.TrimSpace(s))
		switch {
		case !ok:
			return nil, fmt.Errorf("%q is neither an IP address nor a prefix", s)
		case prefix.Bits() == 0:
			return nil, fmt.Errorf("%q has everybody in it: name the proxies alone", s)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes, nil
}

func parsePrefix(s string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), addr.Zone() == ""
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < mappedBits {
			return netip.Prefix{}, false
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mappedBits)
	}
	return prefix.Masked(), true
}
