package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, call string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", call, err, want)
	}
}

// wantEqual takes a nil slice for an empty one.
func wantEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// wantSessions compares which of some sessions of did there are.
func wantSessions(t *testing.T, store Store, did syntax.DID, want map[string]bool) {
	t.Helper()
	for id, want := range want {
		_, err := store.FindSession(t.Context(), did, id)
		if got := err == nil; got != want {
			t.Errorf("session %s: got %t (%v), want %t", id, got, err, want)
		}
	}
}

// wantRecord compares what was recorded of did, the newest first, with a mail for each
// event.
func wantRecord(t *testing.T, store Store, did syntax.DID, want ...account.EventKind) {
	t.Helper()
	events, err := store.Events(t.Context(), did, 100)
	must(t, err)
	var kinds []account.EventKind
	for _, event := range events {
		kinds = append(kinds, event.Kind)
	}
	wantEqual(t, "events", kinds, want)
	mails, err := store.ClaimMails(t.Context(), now, now, 100)
	must(t, err)
	queued := map[string]bool{}
	for _, mail := range mails {
		if mail.DID == did {
			queued[mail.ID] = true
		}
	}
	wanted := map[string]bool{}
	for _, kind := range want {
		wanted["mail of "+string(kind)] = true
	}
	wantEqual(t, "mails", queued, wanted)
}

// inParallel calls f n times at once and returns the errors.
func inParallel(n int, f func(i int) error) []error {
	start := make(chan struct{})
	results := make(chan error, n)
	for i := range n {
		go func() {
			<-start
			results <- f(i)
		}()
	}
	close(start)
	errs := make([]error, n)
	for i := range errs {
		errs[i] = <-results
	}
	return errs
}

// tally counts errors by what they are.
func tally(errs []error, kinds ...error) string {
	counts := make([]int, len(kinds))
	rest := 0
	for _, err := range errs {
		known := false
		for i, kind := range kinds {
			if errors.Is(err, kind) {
				counts[i]++
				known = true
				break
			}
		}
		if !known {
			rest++
		}
	}
	return fmt.Sprint(counts, " others ", rest)
}
