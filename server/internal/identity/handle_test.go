package identity_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/identity"
)

func TestResolveHandle(t *testing.T) {
	t.Parallel()
	const a, b = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
	none := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	one := func(record string) []string { return []string{record} }
	tests := []struct {
		name string
		dns  dns.HandlerFunc
		host http.HandlerFunc
		want syntax.DID // empty if it is not found
	}{
		{"DNS", txt(one("did=" + a)), none, a},
		{"DNS in parts", txt([]string{"did=did:plc:", "aaaaaaaaaaaaaaaaaaaaaaaa"}), none, a},
		{"DNS among other records", txt(one("v=spf1 -all"), one("did="+a), one(b)), none, a},
		{"DNS twice the same", txt(one("did="+a), one("did="+a)), none, a},
		{"DNS before the host", txt(one("did=" + a)), says(b), a},
		{"DNS ambiguous", txt(one("did="+a), one("did="+b)), says(b), ""},
		{"DNS with no DID", txt(one("did=alice")), none, ""},
		{"DNS with nothing of ours", txt(one("v=spf1 -all")), none, ""},
		{"host", code(dns.RcodeNameError), says(b), b},
		{"host if DNS has no DID", txt(one("did=alice")), says(b), b},
		{"host if DNS is broken", code(dns.RcodeServerFailure), says(b), b},
		{"host with line end", code(dns.RcodeNameError), says(" " + b + " \r\n"), b},
		{"host with more lines", code(dns.RcodeNameError), says(b + "\nand so on"), b},
		{"host with an empty first line", code(dns.RcodeNameError), says("\n" + b), ""},
		{"host with no DID", code(dns.RcodeNameError), says("alice"), ""},
		{"host with much", code(dns.RcodeNameError), says(b + "\n" + strings.Repeat("x", 2<<10)), ""},
		{"host with a page for everything", code(dns.RcodeNameError), says("<!doctype html>"), ""},
		{"nowhere", code(dns.RcodeNameError), none, ""},
		{"everything is broken", code(dns.RcodeServerFailure), none, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, transport := newHost(t, tt.host)
			s := newService(t, func(c *identity.Config) {
				c.DNSServer = newNameServer(t, tt.dns)
				c.Transport = transport
			})
			got, err := s.ResolveHandle(t.Context(), "Alice.test")
			if got != tt.want || tt.want == "" && !errors.Is(err, account.ErrHandleNotFound) {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestResolveHandleAsks(t *testing.T) {
	t.Parallel()
	host, transport := newHost(t, says("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"))
	s := newService(t, func(c *identity.Config) {
		c.DNSServer = newNameServer(t, code(dns.RcodeNameError))
		c.Transport = transport
	})
	if _, err := s.ResolveHandle(t.Context(), "alice.test"); err != nil {
		t.Fatal(err)
	}
	if r := host.last.Load(); r.Host != "alice.test" || r.URL.Path != "/.well-known/atproto-did" {
		t.Errorf("asked %s for %s", r.Host, r.URL.Path)
	}
}

// That there is nothing is known for a few seconds; a moment later it may be there.
func TestResolveHandleIsKept(t *testing.T) {
	t.Parallel()
	host, transport := newHost(t, says("nothing"))
	now := time.Unix(0, 0)
	s := newService(t, func(c *identity.Config) {
		c.DNSServer = newNameServer(t, code(dns.RcodeNameError))
		c.Transport = transport
		c.Now = func() time.Time { return now }
	})
	steps := []struct {
		handle syntax.Handle
		later  time.Duration
		want   int32 // how often the host was asked
	}{{"alice.test", 0, 1}, {"ALICE.test", 10*time.Second - 1, 1}, {"alice.test", 1, 2}}
	for i, step := range steps {
		now = now.Add(step.later)
		if _, err := s.ResolveHandle(t.Context(), step.handle); !errors.Is(err, account.ErrHandleNotFound) {
			t.Errorf("step %d: got %v, want %v", i, err, account.ErrHandleNotFound)
		}
		if got := host.asked.Load(); got != step.want {
			t.Errorf("step %d: the host was asked %d times, want %d", i, got, step.want)
		}
	}
}

func TestResolveHandleInvalid(t *testing.T) {
	t.Parallel()
	host, transport := newHost(t, says("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"))
	s := newService(t, func(c *identity.Config) { c.Transport = transport })
	for _, handle := range []syntax.Handle{"", "localhost", "127.0.0.1", "alice.test/x", "alice.test:8443", "a@alice.test"} {
		if _, err := s.ResolveHandle(t.Context(), handle); !errors.Is(err, account.ErrHandleNotFound) {
			t.Errorf("%q: got %v, want %v", handle, err, account.ErrHandleNotFound)
		}
	}
	if got := host.asked.Load(); got != 0 {
		t.Errorf("the host was asked %d times", got)
	}
}

// A name that stands for an address within is not asked, whatever the network says.
func TestResolveHandleGuard(t *testing.T) {
	t.Parallel()
	addresses := func(w dns.ResponseWriter, request *dns.Msg) {
		reply := new(dns.Msg).SetReply(request)
		header := dns.RR_Header{Name: request.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
		if request.Question[0].Qtype == dns.TypeA {
			reply.Answer = []dns.RR{&dns.A{Hdr: header, A: []byte{10, 0, 0, 1}}}
		}
		_ = w.WriteMsg(reply)
	}
	s := newService(t, func(c *identity.Config) { c.DNSServer = newNameServer(t, addresses) })
	_, err := s.ResolveHandle(t.Context(), "alice.test")
	if !errors.Is(err, account.ErrHandleNotFound) || !strings.Contains(err.Error(), "not a public address") {
		t.Errorf("got %v", err)
	}
}

// Who stops waiting is not told that there is no such handle.
func TestResolveHandleCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan struct{})
	_, transport := newHost(t, func(http.ResponseWriter, *http.Request) {
		close(begun)
		<-done
	})
	t.Cleanup(func() { close(done) })
	s := newService(t, func(c *identity.Config) {
		c.DNSServer = newNameServer(t, code(dns.RcodeNameError))
		c.Transport = transport
	})
	go func() {
		<-begun
		cancel()
	}()
	if _, err := s.ResolveHandle(ctx, "alice.test"); !errors.Is(err, context.Canceled) || errors.Is(err, account.ErrHandleNotFound) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
