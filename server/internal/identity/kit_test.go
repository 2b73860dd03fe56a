package identity_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// A key of the protocol's own examples.
//
// See https://atproto.com/specs/cryptography.
const exampleP256 = "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"

// newService returns a service with a directory in its own process.
func newService(t *testing.T, change func(c *identity.Config)) *identity.Service {
	t.Helper()
	s, err := identity.New(newConfig(t, change))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newConfig(t *testing.T, change func(c *identity.Config)) identity.Config {
	t.Helper()
	rotationKey, err := identity.GenerateRotationKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	config := identity.Config{
		RotationKey: rotationKey,
		PublicURL:   "https://pds.test/",
		Directory:   directory.New(directorytest.NewLog(), time.Now),
		Rand:        rand.Reader,
		Now:         time.Now,
	}
	if change != nil {
		change(&config)
	}
	return config
}

func newKey(t *testing.T) string {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key.Public().String()
}

// publish creates an identity in the directory.
func publish(t *testing.T, s *identity.Service) account.Operation {
	t.Helper()
	genesis, err := s.NewGenesis("alice.test", newKey(t), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), genesis.DID, genesis.JSON); err != nil {
		t.Fatal(err)
	}
	return genesis
}

// newNameServer starts a DNS server on the loopback.
func newNameServer(t *testing.T, answer dns.HandlerFunc) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, Handler: answer, NotifyStartedFunc: func() { close(started) }}
	stopped := make(chan error, 1)
	go func() { stopped <- server.ActivateAndServe() }()
	<-started
	t.Cleanup(func() {
		if err := errors.Join(server.Shutdown(), <-stopped); err != nil {
			t.Error(err)
		}
	})
	return conn.LocalAddr().String()
}

// txt answers with TXT records of _atproto.alice.test, each of which has parts.
func txt(records ...[]string) dns.HandlerFunc {
	return func(w dns.ResponseWriter, request *dns.Msg) {
		reply := new(dns.Msg).SetReply(request)
		question := request.Question[0]
		if question.Name != "_atproto.alice.test." || question.Qtype != dns.TypeTXT {
			reply.Rcode = dns.RcodeNameError
			records = nil
		}
		for _, parts := range records {
			header := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}
			reply.Answer = append(reply.Answer, &dns.TXT{Hdr: header, Txt: parts})
		}
		_ = w.WriteMsg(reply)
	}
}

// code answers with an error.
func code(code int) dns.HandlerFunc {
	return func(w dns.ResponseWriter, request *dns.Msg) {
		_ = w.WriteMsg(new(dns.Msg).SetRcode(request, code))
	}
}

// A host answers for every name, and counts how often it is asked.
type host struct {
	asked atomic.Int32
	last  atomic.Pointer[http.Request]
}

// newHost starts a host with TLS on the loopback, and returns a transport that finds
// it under every name.
func newHost(t *testing.T, handler http.HandlerFunc) (*host, http.RoundTripper) {
	t.Helper()
	h := &host{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		h.last.Store(r)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return h, &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, server.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{
			RootCAs:    server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
			ServerName: "example.com", // for which it has a certificate
		},
		DisableKeepAlives: true,
	}
}

// says answers with a text.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}
