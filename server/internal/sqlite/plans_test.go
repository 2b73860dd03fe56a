package sqlite

import (
	"slices"
	"strings"
	"testing"
)

// Statements that read or sort more than they return, and why that is right.
func exceptions() map[string]string {
	return map[string]string{
		selectCounts:       "metrics count everything, by the narrowest index, and seldom",
		countInvites:       "there are no more than the limit that the count is compared with",
		countReservedKeys:  "there are no more than the limit that the count is compared with",
		insertResetRequest: "there are no more than the limit that the count is compared with",
		expireSignups:      "a program that starts takes over all that is under way",
		expireHandles:      "a program that starts takes over all that is under way",
		expireMails:        "a program that starts takes over all that is under way",
		selectAppPasswords: "an account has few",
		selectAddresses:    "an account has few, and is asked for them only after a login, or too many that failed",
	}
}

// Every statement finds its rows by an index: the server must not slow down as it
// fills.
func TestQueryPlans(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	for _, text := range slices.Concat(readTexts(), writeTexts()) {
		if exceptions()[text] != "" {
			continue
		}
		for _, step := range queryPlan(t, store, text) {
			if strings.HasPrefix(step, "SCAN ") && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s\nreads a whole table: %s", text, step)
			}
			if strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\nsorts what it finds: %s", text, step)
			}
		}
	}
}

func queryPlan(t *testing.T, store *Store, query string) (steps []string) {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	rows, err := store.writer.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(steps) == 0 && !strings.HasPrefix(query, "INSERT") {
		t.Errorf("no plan for %s", query)
	}
	return steps
}
