package ratelimit_test

import (
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

func TestClientKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		addr netip.Addr
		want string
	}{
		{"IPv4", netip.MustParseAddr("198.51.100.7"), "198.51.100.7"},
		{"mapped IPv4", netip.MustParseAddr("::ffff:198.51.100.7"), "198.51.100.7"},
		{"IPv6", netip.MustParseAddr("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64"},
		{"neighbour", netip.MustParseAddr("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64"},
		{"other network", netip.MustParseAddr("2001:db8:1:3::1"), "2001:db8:1:3::/64"},
		{"zone", netip.MustParseAddr("fe80::1%eth0"), "fe80::/64"},
		{"invalid", netip.Addr{}, "invalid IP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := ratelimit.ClientKey(test.addr); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSiteKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		addr netip.Addr
		want string
	}{
		{"IPv4", netip.MustParseAddr("198.51.100.7"), "198.51.100.0/24"},
		{"mapped IPv4", netip.MustParseAddr("::ffff:198.51.100.7"), "198.51.100.0/24"},
		{"IPv6", netip.MustParseAddr("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48"},
		{"neighbour", netip.MustParseAddr("2001:db8:1:ffff::1"), "2001:db8:1::/48"},
		{"other site", netip.MustParseAddr("2001:db8:2::1"), "2001:db8:2::/48"},
		{"zone", netip.MustParseAddr("fe80::1%eth0"), "fe80::/48"},
		{"invalid", netip.Addr{}, "invalid Prefix"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := ratelimit.SiteKey(test.addr); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSetHeaders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		result ratelimit.Result
		want   map[string]string
	}{
		{
			"allowed",
			ratelimit.Result{Allowed: true, Limit: 30, Remaining: 29, Reset: time.Unix(1767323045, 0), Policy: "30;w=300"},
			map[string]string{
				"RateLimit-Limit": "30", "RateLimit-Remaining": "29", "RateLimit-Reset": "1767323045",
				"RateLimit-Policy": "30;w=300",
			},
		},
		{
			"refused, in parts of seconds",
			ratelimit.Result{Limit: 30, Reset: time.Unix(1767323045, 1), Policy: "30;w=300", RetryAfter: time.Second + 1},
			map[string]string{
				"RateLimit-Limit": "30", "RateLimit-Remaining": "0", "RateLimit-Reset": "1767323046",
				"RateLimit-Policy": "30;w=300", "Retry-After": "2",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, want := http.Header{}, http.Header{}
			ratelimit.SetHeaders(got, test.result)
			for name, value := range test.want {
				want.Set(name, value)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// Who is kept from calling by something else is not told that calls are left.
func TestExhaust(t *testing.T) {
	t.Parallel()
	result := ratelimit.Result{Allowed: true, Limit: 30, Remaining: 18, Reset: time.Unix(1767323045, 0), Policy: "30;w=300"}
	got, want := http.Header{}, http.Header{}
	ratelimit.SetHeaders(got, result)
	result.Remaining, result.Reset = 0, time.Unix(1767322801, 0)
	ratelimit.SetHeaders(want, result)
	ratelimit.Exhaust(got, time.Unix(1767322800, 1))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	untold := http.Header{}
	ratelimit.Exhaust(untold, time.Unix(1767322800, 1))
	if len(untold) > 0 {
		t.Errorf("headers of a client that was told of no limit: got %v", untold)
	}
}
