package identity_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// newRemote returns a service whose directory is reached over HTTP.
func newRemote(t *testing.T) (*identity.Service, *directorytest.Server) {
	t.Helper()
	server := directorytest.New(t)
	return newService(t, func(c *identity.Config) {
		c.Directory = identity.NewDirectoryClient(server.URL+"/", http.DefaultClient)
	}), server
}

func TestRemoteDirectory(t *testing.T) {
	t.Parallel()
	s, _ := newRemote(t)
	genesis := publish(t, s)
	document, err := s.Document(t.Context(), genesis.DID, false /* fresh */)
	if err != nil {
		t.Fatal(err)
	}
	if document.Handle != "alice.test" || document.PDS != "https://pds.test" {
		t.Errorf("got %+v", document)
	}
	change, err := s.NewChange(t.Context(), genesis.DID, account.PLCChange{Handle: "bob.test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), genesis.DID, change.JSON); err != nil {
		t.Fatal(err)
	}
	document, err = s.Document(t.Context(), genesis.DID, false /* fresh */)
	if err != nil || document.Handle != "bob.test" {
		t.Errorf("after the change: got %+v, %v", document, err)
	}
}

func TestRemoteDirectoryRefuses(t *testing.T) {
	t.Parallel()
	s, _ := newRemote(t)
	genesis := publish(t, s)
	err := s.Publish(t.Context(), "did:plc:z72i7hdynmk6r22z27h6tvur", genesis.JSON)
	if !errors.Is(err, account.ErrOperationRefused) || err.Error() != "the DID is not that of its first operation" {
		t.Errorf("got %v, want %v with a text", err, account.ErrOperationRefused)
	}
	if _, err := s.LastOperation(t.Context(), "did:plc:z72i7hdynmk6r22z27h6tvur"); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("LastOperation: got %v, want %v", err, account.ErrIdentityNotFound)
	}
	if _, err := s.Document(t.Context(), "did:plc:z72i7hdynmk6r22z27h6tvur", true /* fresh */); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("Document: got %v, want %v", err, account.ErrIdentityNotFound)
	}
}

// After each fault the directory can be asked what has come of it.
func TestRemoteDirectoryFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		fault   directorytest.Fault
		want    error // of Publish
		taken   bool
		reading error
	}{
		{"internal error", directorytest.InternalError, account.ErrDirectoryUnavailable, false, account.ErrDirectoryUnavailable},
		{"hang", directorytest.Hang, account.ErrDirectoryUnavailable, false, account.ErrDirectoryUnavailable},
		{"conflict", directorytest.Conflict, account.ErrOperationRefused, false, nil},
		{"lost answer", directorytest.LostAnswer, account.ErrDirectoryUnavailable, true, nil},
		{"nonsense", directorytest.Nonsense, nil, false, account.ErrDirectoryUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, server := newRemote(t)
			known := publish(t, s).DID
			genesis, err := s.NewGenesis("bob.test", newKey(t), "")
			if err != nil {
				t.Fatal(err)
			}
			server.Fail(tt.fault)
			ctx := t.Context()
			if tt.fault == directorytest.Hang {
				short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
				defer cancel()
				ctx = short
			}
			if err := s.Publish(ctx, genesis.DID, genesis.JSON); !errors.Is(err, tt.want) {
				t.Errorf("Publish: got %v, want %v", err, tt.want)
			}
			if _, err := s.LastOperation(ctx, known); !errors.Is(err, tt.reading) {
				t.Errorf("LastOperation: got %v, want %v", err, tt.reading)
			}
			if _, err := s.Document(ctx, known, false /* fresh */); tt.fault != directorytest.Hang && !errors.Is(err, tt.reading) {
				t.Errorf("Document: got %v, want %v", err, tt.reading)
			}
			server.Fail(directorytest.None)
			_, err = s.LastOperation(t.Context(), genesis.DID)
			if taken := err == nil; taken != tt.taken {
				t.Errorf("afterwards: got %v, want taken %t", err, tt.taken)
			}
		})
	}
}

// Where nobody listens, nothing was sent.
func TestRemoteDirectoryGone(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s := newService(t, func(c *identity.Config) {
		c.Directory = identity.NewDirectoryClient(gone.URL, http.DefaultClient)
	})
	genesis, err := s.NewGenesis("bob.test", newKey(t), "")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Publish(t.Context(), genesis.DID, genesis.JSON)
	if !errors.Is(err, account.ErrDirectoryUnavailable) || !errors.Is(err, account.ErrNotSent) {
		t.Errorf("got %v, want %v and %v", err, account.ErrDirectoryUnavailable, account.ErrNotSent)
	}
}

func TestTombstone(t *testing.T) {
	t.Parallel()
	server := directorytest.New(t)
	var rotationKey didkey.PrivateKey
	s := newService(t, func(c *identity.Config) {
		key, err := didkey.ParsePrivate(c.RotationKey)
		if err != nil {
			t.Fatal(err)
		}
		rotationKey = key
		c.Directory = identity.NewDirectoryClient(server.URL, http.DefaultClient)
	})
	genesis := publish(t, s)
	end := plc.Operation{Kind: plc.Tombstone, Prev: genesis.CID}.Sign(rotationKey)
	text, err := end.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), genesis.DID, text); err != nil {
		t.Fatal(err)
	}
	last, err := s.LastOperation(t.Context(), genesis.DID)
	if err != nil || !last.Tombstoned || last.CID != end.CID() || last.Fields.RotationKeys != nil {
		t.Errorf("LastOperation: got %+v, %v", last, err)
	}
	if _, err := s.Document(t.Context(), genesis.DID, false /* fresh */); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("Document: got %v, want %v", err, account.ErrIdentityNotFound)
	}
	if _, err := s.NewChange(t.Context(), genesis.DID, account.PLCChange{}); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("NewChange: got %v, want %v", err, account.ErrIdentityNotFound)
	}
}

// What a directory answers decides between a refusal, which is final, and no answer.
func TestDirectoryAnswers(t *testing.T) {
	t.Parallel()
	const did syntax.DID = "did:plc:z72i7hdynmk6r22z27h6tvur"
	refused, silent, missing := account.ErrOperationRefused, account.ErrDirectoryUnavailable, account.ErrIdentityNotFound
	tests := []struct {
		name         string
		status       int
		body         string
		submit, read error
		text         string // of the refusal
	}{
		{"done", 200, "OK", nil, nil, ""},
		{"refused", 400, `{"message":"No."}`, refused, silent, "No."},
		{"refused without a message", 400, "No.", refused, silent, refused.Error()},
		{"refused at length", 400, `{"message":"` + strings.Repeat("x", 301) + `"}`, refused, silent, refused.Error()},
		{"refused with controls", 400, `{"message":"a\u001b[0m"}`, refused, silent, refused.Error()},
		{"conflict", 409, `{"message":"No."}`, refused, silent, "No."},
		{"missing", 404, `{"message":"None."}`, refused, missing, "None."},
		{"gone", 410, `{"message":"Gone."}`, refused, missing, "Gone."},
		{"too many", 429, `{"message":"Wait."}`, silent, silent, ""},
		{"timeout", 408, "", silent, silent, ""},
		{"fault", 503, "", silent, silent, ""},
		{"redirect", 302, "", silent, silent, ""},
		{"large", 200, strings.Repeat(" ", 64<<10+1), silent, silent, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			t.Cleanup(server.Close)
			client := identity.NewDirectoryClient(server.URL, http.DefaultClient)
			err := client.Submit(t.Context(), did, []byte("{}"))
			if !errors.Is(err, tt.submit) || tt.text != "" && err.Error() != tt.text {
				t.Errorf("Submit: got %v, want %v %s", err, tt.submit, tt.text)
			}
			if _, err := client.Last(t.Context(), did); !errors.Is(err, tt.read) {
				t.Errorf("Last: got %v, want %v", err, tt.read)
			}
			if _, err := client.Document(t.Context(), did); !errors.Is(err, tt.read) {
				t.Errorf("Document: got %v, want %v", err, tt.read)
			}
		})
	}
}

// A URL that cannot be asked is no refusal of anybody.
func TestDirectoryURL(t *testing.T) {
	t.Parallel()
	client := identity.NewDirectoryClient("http://[::1", http.DefaultClient)
	var refusal *account.Refusal
	if _, err := client.Last(t.Context(), "did:plc:"+syntax.DID(strings.ToLower(rand.Text()))); err == nil || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}
