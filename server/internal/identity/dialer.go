package identity

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// publicPort is the only port that is reached at hosts that strangers name.
const publicPort = 443

// Limits of a connection to a host that a stranger names.
const (
	dialTimeout    = 3 * time.Second
	maxHeaderBytes = 16 << 10
)

var (
	errNotPublic = errors.New("not a public address")
	errPort      = errors.New("not the port of HTTPS")
)

// newTransport returns a transport that reaches public addresses only. It looks at the
// address that is dialed, after the name has been resolved and at each redirect, so
// that no name can stand for an address within. Each connection is used once.
func newTransport(resolver *net.Resolver, allowLoopback bool) *http.Transport {
	dialer := &net.Dialer{
		Timeout:  dialTimeout,
		Resolver: resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			return checkAddress(address, allowLoopback)
		},
	}
	return &http.Transport{
		Proxy:                  nil, // it would dial for us
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// newResolver returns a resolver that asks the server at an address, or those of the
// system if it is empty.
func newResolver(server string) *net.Resolver {
	if server == "" {
		return &net.Resolver{}
	}
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, server)
		},
	}
}

// checkAddress refuses to dial what is not the HTTPS port of a public address.
func checkAddress(address string, allowLoopback bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	ip := to.Addr().Unmap()
	switch {
	case allowLoopback && ip.IsLoopback():
		return nil
	case !isPublic(ip):
		return errNotPublic
	case to.Port() != publicPort:
		return errPort
	default:
		return nil
	}
}

// special are the prefixes that are not, or not all, of the public network, beyond what
// netip knows.
//
// See https://www.iana.org/assignments/iana-ipv4-special-registry and
// https://www.iana.org/assignments/iana-ipv6-special-registry.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // behind a provider's translator
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // relays to version 6
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved
	netip.MustParsePrefix("2001::/23"),       // protocols, Teredo among them
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // carries addresses of version 4
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

var (
	// nat64 is where networks without version 4 reach its addresses, which come last.
	//
	// See https://www.rfc-editor.org/rfc/rfc6052#section-2.1.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	// globalUnicast is what there is of version 6 in public.
	globalUnicast = netip.MustParsePrefix("2000::/3")
)

// isPublic tells whether an address is that of a host which anybody can reach.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	switch {
	case ip.Zone() != "":
		return false
	case nat64.Contains(ip):
		bytes := ip.As16()
		return isPublic(netip.AddrFrom4([4]byte(bytes[12:])))
	case !ip.IsGlobalUnicast() || ip.IsPrivate():
		return false
	case ip.Is6() && !globalUnicast.Contains(ip):
		return false
	default:
		return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
	}
}
