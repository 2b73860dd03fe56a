package sqlite

import (
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A log from before there was a limit comes down to it with the next event of its kind.
func TestTrimOldLog(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	must(t, signUp(t.Context(), store, newSignup("alice")))
	must(t, signUp(t.Context(), store, newSignup("bob")))
	const old = 3000 // of each kind
	script(t, store, `INSERT INTO event (did, kind, at, user_agent, ip, detail)
		WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 3000)
		SELECT did, kind, n, '', '', '' FROM counter,
			(SELECT 'did:plc:alice' AS did, 'frequent' AS kind UNION SELECT 'did:plc:alice', 'other' UNION SELECT 'did:plc:bob', 'frequent')`)
	next := account.Event{DID: alice, Kind: "frequent", At: time.UnixMilli(old + 1).UTC()}
	must(t, store.AddEvent(t.Context(), account.Record{Event: next}))

	for _, log := range []struct {
		did  syntax.DID
		kind account.EventKind
		want int
	}{
		{alice, "frequent", account.MaxEvents},
		{alice, "other", old},
		{"did:plc:bob", "frequent", old},
	} {
		events, err := store.Events(t.Context(), log.did, 3*old)
		must(t, err)
		var kept []account.Event
		for _, event := range events {
			if event.Kind == log.kind {
				kept = append(kept, event)
			}
		}
		if len(kept) != log.want {
			t.Fatalf("%s of %s: got %d events, want %d", log.kind, log.did, len(kept), log.want)
		}
		if log.want == account.MaxEvents {
			oldest := time.UnixMilli(old + 2 - account.MaxEvents).UTC()
			if first, last := kept[0], kept[len(kept)-1]; first != next || !last.At.Equal(oldest) {
				t.Errorf("got events from %s to %s, want the newest", last.At, first.At)
			}
		}
	}
}

// Writing an event reads only events of its kind.
func TestEventPlans(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	for _, text := range []string{trimEvents, selectEnoughMails} {
		plan := strings.Join(queryPlan(t, store, text), "\n")
		if !strings.Contains(plan, "event_kind (did=? AND kind=?") {
			t.Errorf("%s\ndoes not look for its kind:\n%s", text, plan)
		}
	}
}
