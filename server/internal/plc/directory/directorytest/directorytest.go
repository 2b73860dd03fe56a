// Package directorytest is a did:plc directory for tests: one in memory that is reached
// over HTTP and that fails when it is told to, and the contract of every
// [account.DirectoryLog]. It imports account, plc/directory and runtime/syntax.
package directorytest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
)

// A Fault is a way in which the server fails.
type Fault int

// The faults. Those that speak of operations leave other requests alone.
const (
	// None is how it should be.
	None Fault = iota
	// InternalError answers with 500 and does nothing.
	InternalError
	// Hang does not answer and does nothing.
	Hang
	// Conflict refuses operations as if another one had come before.
	Conflict
	// LostAnswer takes operations, then cuts the connection.
	LostAnswer
	// Nonsense answers with 200 and a body that means nothing.
	Nonsense
)

// A Server is a directory that takes operations from anybody. It may be used
// concurrently.
type Server struct {
	// URL is where it is reached.
	URL string
	// Directory is what is behind it, which never fails.
	Directory *directory.Directory

	handler http.Handler
	closing chan struct{}

	mu    sync.Mutex
	fault Fault
	once  bool
	ahead time.Duration
}

// New starts a server, and stops it when the test is over.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{closing: make(chan struct{})}
	s.Directory = directory.New(NewLog(), s.now)
	s.handler = &directory.Handler{Directory: s.Directory, AllowGenesis: true, Logger: slog.New(slog.DiscardHandler)}
	server := httptest.NewServer(s)
	s.URL = server.URL
	t.Cleanup(func() {
		close(s.closing)
		server.Close()
	})
	return s
}

// Fail lets all requests fail until it is called again.
func (s *Server) Fail(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.once = fault, false
}

// FailOnce lets the next request fail that the fault concerns.
func (s *Server) FailOnce(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.once = fault, true
}

// Advance sets the clock of the directory forward.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

func (s *Server) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.ahead)
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch s.take(r) {
	case InternalError:
		http.Error(w, `{"message":"Internal Server Error"}`, http.StatusInternalServerError)
	case Hang:
		s.hang(r)
	case Conflict:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message":"prev is not an operation that can be followed"}`)
	case LostAnswer:
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case Nonsense:
		_, _ = io.WriteString(w, `{"nonsense":[`)
	default:
		s.handler.ServeHTTP(w, r)
	}
}

// take returns the fault that a request meets.
func (s *Server) take(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := s.fault
	if (fault == Conflict || fault == LostAnswer) && r.Method != http.MethodPost {
		return None
	}
	if s.once {
		s.fault = None
	}
	return fault
}

// hang waits until the client or the test gives up. The former is seen only once the
// body has been read.
func (s *Server) hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	select {
	case <-r.Context().Done():
	case <-s.closing:
	}
	panic(http.ErrAbortHandler)
}
