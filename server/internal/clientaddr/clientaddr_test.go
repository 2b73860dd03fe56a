package clientaddr_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/clientaddr"
)

func request(remote string, forwarded ...string) *http.Request {
	return &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": forwarded}}
}

func trust(t testing.TB, list ...string) []netip.Prefix {
	t.Helper()
	prefixes, err := clientaddr.ParsePrefixes(list)
	if err != nil {
		t.Fatal(err)
	}
	return prefixes
}

func TestClient(t *testing.T) {
	t.Parallel()
	find := clientaddr.New(trust(t, "10.0.0.0/8", "127.0.0.1", "fd00::/8"))
	tests := []struct {
		name      string
		remote    string
		forwarded []string
		want      string
	}{
		{"no proxy", "192.0.2.1:1234", nil, "192.0.2.1"},
		{"stranger forwards", "192.0.2.1:1234", []string{"198.51.100.1"}, "192.0.2.1"},
		{"trusted without header", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"one proxy", "10.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		{"forged entries on the left", "10.0.0.1:1234", []string{"127.0.0.1, 203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		{"chain of proxies", "10.0.0.1:1234", []string{"203.0.113.9, 198.51.100.1, 10.0.0.3,10.0.0.2"}, "198.51.100.1"},
		{"several lines", "10.0.0.1:1234", []string{"203.0.113.9", "198.51.100.1, 10.0.0.3", "10.0.0.2"}, "198.51.100.1"},
		{"only proxies", "10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"malformed at once", "10.0.0.1:1234", []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		{"malformed behind a proxy", "10.0.0.1:1234", []string{"198.51.100.1, x, 10.0.0.2"}, "10.0.0.2"},
		{"empty header", "10.0.0.1:1234", []string{""}, "10.0.0.1"},
		{"empty entry", "10.0.0.1:1234", []string{"198.51.100.1,, 10.0.0.2"}, "10.0.0.2"},
		{"entry with port", "10.0.0.1:1234", []string{"198.51.100.1:5678"}, "198.51.100.1"},
		{"IPv6", "[fd00::1]:1234", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 with port", "[fd00::1]:1234", []string{"[2001:db8::1]:5678"}, "2001:db8::1"},
		{"zone of the connection", "[fe80::1%eth0]:1234", nil, "fe80::1"},
		{"zone in an entry", "10.0.0.1:1234", []string{"fe80::1%eth0"}, "fe80::1"},
		{"mapped connection", "[::ffff:10.0.0.1]:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		{"mapped entry", "10.0.0.1:1234", []string{"198.51.100.1, ::ffff:10.0.0.2"}, "198.51.100.1"},
		{"mapped client", "10.0.0.1:1234", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"Unix socket", "@", []string{"198.51.100.1"}, "invalid IP"},
		{"no connection", "", nil, "invalid IP"},
		{"endless chain", "10.0.0.1:1234", []string{"198.51.100.1" + strings.Repeat(", 10.0.0.2", 100)}, "10.0.0.2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sent := slices.Clone(test.forwarded)
			if got := find(request(test.remote, test.forwarded...)).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if !slices.Equal(test.forwarded, sent) {
				t.Errorf("the header became %q", test.forwarded)
			}
		})
	}
}

func TestNobodyIsTrusted(t *testing.T) {
	t.Parallel()
	got := clientaddr.New(nil)(request("127.0.0.1:1", "198.51.100.1"))
	if want := netip.MustParseAddr("127.0.0.1"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A proxy that nobody has named is noticed, and strangers are not taken for one.
func TestUnheeded(t *testing.T) {
	t.Parallel()
	find := clientaddr.Unheeded(trust(t, "10.0.0.0/8", "::1"))
	tests := []struct {
		name      string
		remote    string
		forwarded []string
		want      bool
	}{
		{"on this machine", "127.0.0.1:1234", []string{"198.51.100.1"}, true},
		{"in a private network", "192.168.1.1:1234", []string{"198.51.100.1"}, true},
		{"in a private network of IPv6", "[fd00::1]:1234", []string{"198.51.100.1"}, true},
		{"mapped", "[::ffff:127.0.0.1]:1234", []string{"198.51.100.1"}, true},
		{"trusted", "10.0.0.1:1234", []string{"198.51.100.1"}, false},
		{"trusted on this machine", "[::1]:1234", []string{"198.51.100.1"}, false},
		{"no header", "127.0.0.1:1234", nil, false},
		{"a stranger", "192.0.2.1:1234", []string{"198.51.100.1"}, false},
		{"no address", "@", []string{"198.51.100.1"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if peer, got := find(request(test.remote, test.forwarded...)); got != test.want {
				t.Errorf("got %s, %t, want %t", peer, got, test.want)
			}
		})
	}
}

func TestParsePrefixes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want string // empty if it is refused
	}{
		{"10.0.0.0/8", "10.0.0.0/8"},
		{"10.1.2.3/8", "10.0.0.0/8"},
		{" 127.0.0.1 ", "127.0.0.1/32"},
		{"::1", "::1/128"},
		{"fd00::/8", "fd00::/8"},
		{"0.0.0.0/1", "0.0.0.0/1"},
		{"0.0.0.0/0", ""},
		{"192.0.2.1/0", ""},
		{"::/0", ""},
		{"::ffff:0.0.0.0/96", ""},
		{"::ffff:10.0.0.1", "10.0.0.1/32"},
		{"::ffff:10.0.0.0/104", "10.0.0.0/8"},
		{"::ffff:10.0.0.0/90", ""},
		{"10.0.0.0/33", ""},
		{"10.0.0.0/", ""},
		{"fe80::1%eth0", ""},
		{"fe80::%eth0/64", ""},
		{"localhost", ""},
		{"", ""},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			t.Parallel()
			got, err := clientaddr.ParsePrefixes([]string{"192.0.2.1", test.in})
			switch {
			case test.want == "" && err == nil:
				t.Errorf("got %v, want an error", got)
			case test.want == "" && !strings.Contains(err.Error(), `"`+test.in+`"`):
				t.Errorf("%q does not name %q", err, test.in)
			case test.want == "":
			case err != nil:
				t.Error(err)
			case len(got) != 2 || got[1] != netip.MustParsePrefix(test.want):
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

// FuzzClient checks that whatever a stranger forwards, the answer is in plain form, and
// is the connection's own address if nobody vouches for it.
func FuzzClient(f *testing.F) {
	f.Add("10.0.0.1:1", "198.51.100.1", "10.0.0.2, ::ffff:10.0.0.3")
	f.Add("192.0.2.1:1", "10.0.0.1,,", "[fe80::1%eth0]:80")
	f.Add("@", "\x00,\xff", "")
	find, strict := clientaddr.New(trust(f, "10.0.0.0/8", "::1")), clientaddr.New(nil)
	f.Fuzz(func(t *testing.T, remote, first, second string) {
		r := request(remote, first, second)
		got, peer := find(r), strict(r)
		if got.Zone() != "" || got.Is4In6() {
			t.Errorf("%s is not in plain form", got)
		}
		trusted := netip.MustParsePrefix("10.0.0.0/8").Contains(peer) || peer == netip.IPv6Loopback()
		if !trusted && got != peer {
			t.Errorf("%s was believed to speak for %s", peer, got)
		}
	})
}

func BenchmarkClient(b *testing.B) {
	find := clientaddr.New(trust(b, "10.0.0.0/8"))
	r := request("10.0.0.1:1234", "203.0.113.9, 198.51.100.1, 10.0.0.2")
	b.ReportAllocs()
	for b.Loop() {
		find(r)
	}
}
