package identity

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestIsPublic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, address string
		want          bool
	}{
		{"public", "8.8.8.8", true},
		{"public, version 6", "2606:4700:4700::1111", true},
		{"public, mapped", "::ffff:8.8.8.8", true},
		{"public, translated", "64:ff9b::808:808", true},
		{"loopback", "127.0.0.1", false},
		{"loopback's other end", "127.255.255.254", false},
		{"loopback, version 6", "::1", false},
		{"loopback, mapped", "::ffff:127.0.0.1", false},
		{"loopback, translated", "64:ff9b::7f00:1", false},
		{"loopback, compatible", "::127.0.0.1", false},
		{"private A", "10.0.0.1", false},
		{"private B", "172.16.0.1", false},
		{"private B's end", "172.31.255.255", false},
		{"private C", "192.168.1.1", false},
		{"private, mapped", "::ffff:10.0.0.1", false},
		{"private, translated", "64:ff9b::a00:1", false},
		{"private, by 6to4", "2002:a00:1::1", false},
		{"link-local", "169.254.169.254", false},
		{"link-local, version 6", "fe80::1", false},
		{"link-local with a zone", "fe80::1%eth0", false},
		{"public with a zone", "2606:4700:4700::1111%eth0", false},
		{"site-local", "fec0::1", false},
		{"unique local", "fd00::1", false},
		{"unique local's other half", "fc00::1", false},
		{"carrier's", "100.64.0.1", false},
		{"carrier's end", "100.127.255.255", false},
		{"unspecified", "0.0.0.0", false},
		{"unspecified, version 6", "::", false},
		{"this network", "0.1.2.3", false},
		{"multicast", "224.0.0.1", false},
		{"multicast, version 6", "ff02::1", false},
		{"broadcast", "255.255.255.255", false},
		{"reserved", "240.0.0.1", false},
		{"protocols", "192.0.0.8", false},
		{"relay", "192.88.99.1", false},
		{"benchmark", "198.19.0.1", false},
		{"documentation 1", "192.0.2.1", false},
		{"documentation 2", "198.51.100.1", false},
		{"documentation 3", "203.0.113.1", false},
		{"documentation, version 6", "2001:db8::1", false},
		{"newer documentation, version 6", "3fff::1", false},
		{"Teredo", "2001::1", false},
		{"local translation", "64:ff9b:1::808:808", false},
		{"discard", "100::1", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := isPublic(netip.MustParseAddr(tt.address)); got != tt.want {
				t.Errorf("%s: got %t, want %t", tt.address, got, tt.want)
			}
		})
	}
}

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, address string
		loopback      bool
		want          error
	}{
		{"public", "8.8.8.8:443", false, nil},
		{"public, version 6", "[2606:4700:4700::1111]:443", false, nil},
		{"other port", "8.8.8.8:80", false, errPort},
		{"other port where loopback is allowed", "8.8.8.8:80", true, errPort},
		{"private", "10.0.0.1:443", false, errNotPublic},
		{"private where loopback is allowed", "10.0.0.1:443", true, errNotPublic},
		{"loopback", "127.0.0.1:443", false, errNotPublic},
		{"loopback that is allowed", "127.0.0.1:2583", true, nil},
		{"mapped loopback that is allowed", "[::ffff:127.0.0.1]:2583", true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := checkAddress(tt.address, tt.loopback); !errors.Is(err, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.address, err, tt.want)
			}
		})
	}
	if err := checkAddress("localhost", true); err == nil {
		t.Error("a name without a port is accepted")
	}
}

// newHost starts a host with TLS on the loopback, and a fetcher that trusts it and is
// guarded but for that.
func newHost(t *testing.T, allowLoopback bool, handler http.HandlerFunc) (*httptest.Server, fetcher) {
	t.Helper()
	host := httptest.NewTLSServer(handler)
	t.Cleanup(host.Close)
	transport := newTransport(newResolver(""), allowLoopback)
	transport.TLSClientConfig = &tls.Config{RootCAs: host.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	return host, newFetcher(transport, allowLoopback)
}

func TestGuard(t *testing.T) {
	t.Parallel()
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	tests := []struct {
		name          string
		allowLoopback bool
		handler       http.HandlerFunc
		want          error
	}{
		{"allowed", true, func(http.ResponseWriter, *http.Request) {}, nil},
		{"loopback", false, func(http.ResponseWriter, *http.Request) {}, errNotPublic},
		{"redirect to a private address", true, redirect("https://10.0.0.1/"), errNotPublic},
		{"redirect to a mapped address", true, redirect("https://[::ffff:192.168.0.1]/"), errNotPublic},
		{"redirect to metadata", true, redirect("https://169.254.169.254/"), errNotPublic},
		{"redirect to another port", true, redirect("https://8.8.8.8:8443/"), errPort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			host, hosts := newHost(t, tt.allowLoopback, tt.handler)
			if _, err := hosts.get(t.Context(), host.URL, 100); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// A host that never comes to an end is given up when the time is over.
func TestFetchDeadline(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	host, hosts := newHost(t, true, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-done
	})
	t.Cleanup(func() { close(done) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := hosts.get(ctx, host.URL, 100); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	bytes := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, n)) }
	}
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	// hops sends the client on until there are no x any more.
	hops := func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) > 1 {
			http.Redirect(w, r, r.URL.Path[:len(r.URL.Path)-1], http.StatusFound)
		}
	}
	plain := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://example.com/", http.StatusFound)
	}
	tests := []struct {
		name, path string
		handler    http.HandlerFunc
		ok         bool
	}{
		{"as much as allowed", "/", bytes(100), true},
		{"more than allowed", "/", bytes(101), false},
		{"no content", "/", status(http.StatusNoContent), true},
		{"not found", "/", status(http.StatusNotFound), false},
		{"server error", "/", status(http.StatusInternalServerError), false},
		{"redirect to nowhere", "/", status(http.StatusFound), false},
		{"three redirects", "/xxx", hops, true},
		{"four redirects", "/xxxx", hops, false},
		{"redirect to plain HTTP", "/", plain, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			host, hosts := newHost(t, true, tt.handler)
			if _, err := hosts.get(t.Context(), host.URL+tt.path, 100); (err == nil) != tt.ok {
				t.Errorf("got %v, want ok %t", err, tt.ok)
			}
		})
	}
}

// Nothing of one request is told to the next.
func TestFetchForgets(t *testing.T) {
	t.Parallel()
	cookies := make(chan string, 2)
	host, hosts := newHost(t, true, func(w http.ResponseWriter, r *http.Request) {
		cookies <- r.Header.Get("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	for range 2 {
		if _, err := hosts.get(t.Context(), host.URL, 100); err != nil {
			t.Fatal(err)
		}
		if got := <-cookies; got != "" {
			t.Errorf("got cookie %q", got)
		}
	}
}
