package sqlite

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// Clients that go away in the middle of a call leave no half-made account behind,
// and a store that works as before.
func TestCancelledCalls(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	var group sync.WaitGroup
	for i := range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			signUp(ctx, store, newSignup(fmt.Sprint("hasty", i)))
		})
		group.Go(cancel)
	}
	group.Wait()
	if err := signUp(t.Context(), store, newSignup("patient")); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, table := range []string{"account", "signing_key", "session"} {
		var n int
		if err := store.writer.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	for table, n := range counts {
		if n != counts["account"] {
			t.Errorf("got %d rows in %s and %d in account", n, table, counts["account"])
		}
	}
	var foreignKeys int
	if err := store.writer.QueryRow("PRAGMA foreign_keys").Scan(&foreignKeys); err != nil || foreignKeys != 1 {
		t.Errorf("foreign_keys: got %d, %v, want 1", foreignKeys, err)
	}
}
