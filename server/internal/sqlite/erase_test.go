package sqlite

import (
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Of an account that was deleted, only that remains which protects its identity and its
// handle.
func TestErase(t *testing.T) {
	t.Parallel()
	store := furnishedStore(t)
	remains := map[string]int{"handle_quarantine": 1, "directory_operation": 1}
	must(t, store.DeleteAccount(t.Context(), account.Deletion{DID: "did:plc:alice", QuarantineUntil: time.UnixMilli(9000)}))
	for table, rows := range dump(t, store) {
		found := 0
		for _, row := range rows {
			if strings.Contains(row, "alice") {
				found++
			}
		}
		if found != remains[table] {
			t.Errorf("rows of %s that name the account: got %d, want %d", table, found, remains[table])
		}
	}
	if got := column(t, store, "SELECT count(*) FROM used_refresh_token"); got[0] != "0" {
		t.Errorf("refresh tokens: got %s, want 0", got[0])
	}
	if got := column(t, store, "SELECT id FROM outbox"); len(got) != 1 || got[0] != "1" {
		t.Errorf("mails: got %q, want the one that belongs to nobody", got)
	}
}
