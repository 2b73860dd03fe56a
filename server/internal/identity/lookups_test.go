package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	webDID syntax.DID = "did:web:alice.test"
	plcDID syntax.DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
)

// A world is what a service asks: every host, and the directory. onAsk is what happens
// when it is asked.
type world struct {
	onAsk func()
}

func (w world) RoundTrip(*http.Request) (*http.Response, error) {
	w.onAsk()
	return nil, errors.New("no connection")
}

func (w world) Submit(context.Context, syntax.DID, []byte) error {
	return account.ErrOperationRefused
}

func (w world) Last(context.Context, syntax.DID) ([]byte, error) {
	return nil, account.ErrIdentityNotFound
}

func (w world) Document(context.Context, syntax.DID) ([]byte, error) {
	w.onAsk()
	return nil, account.ErrIdentityNotFound
}

// newLonely returns a service in a world without names.
func newLonely(t *testing.T, onAsk func()) *Service {
	t.Helper()
	rotationKey, err := GenerateRotationKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{
		RotationKey: rotationKey,
		PublicURL:   "https://pds.test",
		Directory:   world{onAsk},
		DNSServer:   "127.0.0.1:0",
		Transport:   world{onAsk},
		Rand:        rand.Reader,
		Now:         time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lookups are the questions that strangers can make a service ask.
var lookups = []struct {
	name  string
	hosts bool // at hosts that strangers name
	ask   func(ctx context.Context, s *Service) error
}{
	{"handle", true, func(ctx context.Context, s *Service) error {
		_, err := s.ResolveHandle(ctx, "alice.test")
		return err
	}},
	{"did:web", true, func(ctx context.Context, s *Service) error {
		_, err := s.Document(ctx, webDID, true /* fresh */)
		return err
	}},
	{"did:plc", false, func(ctx context.Context, s *Service) error {
		_, err := s.Document(ctx, plcDID, true /* fresh */)
		return err
	}},
}

// While as many lookups go on as may, others wait, and give up when their time is over.
// Hosts that are slow keep nobody from the directory.
func TestLookupsAreLimited(t *testing.T) {
	t.Parallel()
	for _, tt := range lookups {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			s := newLonely(t, func() { asked++ })
			s.documents.timeout, s.handles.timeout = 10*time.Millisecond, 10*time.Millisecond
			own, other := s.toDirectory, s.toHosts
			if tt.hosts {
				own, other = other, own
			}
			for range maxLookups {
				own <- struct{}{}
			}
			if err := tt.ask(t.Context(), s); !errors.Is(err, account.ErrDirectoryUnavailable) || errors.Is(err, account.ErrHandleNotFound) {
				t.Errorf("without room: got %v, want %v", err, account.ErrDirectoryUnavailable)
			}
			if asked != 0 {
				t.Errorf("without room: asked %d times", asked)
			}
			s.documents.timeout, s.handles.timeout = time.Minute, time.Minute
			<-own
			for range maxLookups {
				other <- struct{}{}
			}
			if err := tt.ask(t.Context(), s); err == nil || asked != 1 {
				t.Errorf("with room: got %v, asked %d times, want an error and 1", err, asked)
			}
			if len(own) != maxLookups-1 {
				t.Errorf("afterwards %d go on, want %d", len(own), maxLookups-1)
			}
		})
	}
}

// A fault of this program in a lookup fails who asked, as a fault, and nobody else.
func TestLookupsPanic(t *testing.T) {
	t.Parallel()
	for _, tt := range lookups {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newLonely(t, func() { panic("out of order") })
			for i := range 2 {
				err := tt.ask(t.Context(), s)
				var refusal *account.Refusal
				if !errors.Is(err, errPanic) || errors.As(err, &refusal) {
					t.Errorf("call %d: got %v, want a fault", i, err)
				}
				if text := fmt.Sprint(err); !strings.Contains(text, "out of order") || !strings.Contains(text, "lookups_test.go") {
					t.Errorf("call %d: got %s, want what went wrong and where", i, text)
				}
			}
			if len(s.toHosts)+len(s.toDirectory) != 0 {
				t.Errorf("%d and %d lookups go on", len(s.toHosts), len(s.toDirectory))
			}
		})
	}
}
