package directorytest_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// patience is how long a test waits for an answer that should come.
const patience = 30 * time.Second

func TestLog(t *testing.T) {
	t.Parallel()
	directorytest.RunLog(t, func(*testing.T) account.DirectoryLog { return directorytest.NewLog() })
}

// newGenesis returns an operation, and the path and the JSON to post it.
func newGenesis(t *testing.T) (operation plc.Operation, path, text string) {
	t.Helper()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	operation = plc.Operation{Kind: plc.Update, State: plc.State{RotationKeys: []string{key.Public().String()}}}.Sign(key)
	body, err := operation.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return operation, "/" + string(operation.DID()), string(body)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		fault  directorytest.Fault
		status int // 0 if there is no answer
		taken  bool
	}{
		{"none", directorytest.None, 200, true},
		{"internal error", directorytest.InternalError, 500, false},
		{"hang", directorytest.Hang, 0, false},
		{"conflict", directorytest.Conflict, 400, false},
		{"lost answer", directorytest.LostAnswer, 0, true},
		{"nonsense", directorytest.Nonsense, 200, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := directorytest.New(t)
			operation, path, text := newGenesis(t)
			server.Fail(tt.fault)
			patience := patience
			if tt.fault == directorytest.Hang {
				patience = 100 * time.Millisecond
			}
			if got := post(t, server.URL+path, text, patience); got != tt.status {
				t.Errorf("got status %d, want %d", got, tt.status)
			}
			server.Fail(directorytest.None)
			_, err := server.Directory.Last(t.Context(), operation.DID())
			if taken := err == nil; taken != tt.taken {
				t.Errorf("Last: got %v, want taken %t", err, tt.taken)
			}
		})
	}
}

// A fault of operations waits for one.
func TestFailOnce(t *testing.T) {
	t.Parallel()
	server := directorytest.New(t)
	_, path, text := newGenesis(t)
	server.FailOnce(directorytest.Conflict)
	response, err := http.Get(server.URL + "/_health")
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("health: got %d, %v", response.StatusCode, err)
	}
	for _, want := range []int{400, 200} {
		if got := post(t, server.URL+path, text, patience); got != want {
			t.Errorf("got status %d, want %d", got, want)
		}
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	server := directorytest.New(t)
	operation, path, text := newGenesis(t)
	server.Advance(48 * time.Hour)
	if got := post(t, server.URL+path, text, patience); got != http.StatusOK {
		t.Fatalf("got status %d, want 200", got)
	}
	log, err := server.Directory.Log(t.Context(), operation.DID())
	if err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(log[0].CreatedAt); ahead < 47*time.Hour {
		t.Errorf("the operation was created in %v, want in 48 hours", ahead)
	}
}

// post returns the status of the answer, or 0 if there is none. Only a server that
// hangs is given up soon.
func post(t *testing.T, url, text string, patience time.Duration) int {
	t.Helper()
	client := &http.Client{Timeout: patience}
	response, err := client.Post(url, "application/json", strings.NewReader(text))
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}
