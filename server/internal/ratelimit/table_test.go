package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestTableStaysWhole does random things to a table and compares what its three orders hold.
func TestTableStaysWhole(t *testing.T) {
	t.Parallel()
	const capacity = 16
	random := rand.New(rand.NewPCG(1, 2))
	now := time.Unix(1_000_000, 0)
	l := New(func() time.Time { return now }, capacity, Limit{4, time.Minute}, Limit{9, time.Hour})
	for step := range 20_000 {
		now = now.Add(time.Duration(random.IntN(3000)) * time.Millisecond)
		if random.IntN(1000) == 0 {
			now = now.Add(2 * time.Hour)
		}
		l.Take(fmt.Sprint(random.IntN(40)))
		if problem := broken(l.table); problem != "" {
			t.Fatalf("step %d: %s", step, problem)
		}
	}
	now = now.Add(2 * time.Hour)
	for range capacity {
		l.Take("one")
	}
	if len(l.table.rows) != 1 {
		t.Errorf("%d rows are left after all others expired, want 1", len(l.table.rows))
	}
}

// broken returns how the orders of a table contradict each other.
func broken[V any](t *table[V]) string {
	ranked := 0
	for rank := range t.byRank {
		for e := t.byRank[rank].Front(); e != nil; e = e.Next() {
			r := e.Value.(*row[V])
			if r.rank != rank || r.element != e || t.rows[r.hash] != r {
				return fmt.Sprintf("a row is in the wrong place of rank %d", rank)
			}
			ranked++
		}
	}
	for i, r := range t.byExpiry {
		if r.index != i || t.rows[r.hash] != r {
			return fmt.Sprintf("place %d of the heap has the wrong row", i)
		}
		if r.expires.Before(t.byExpiry[(max(i, 1)-1)/2].expires) {
			return fmt.Sprintf("place %d of the heap expires before the one above", i)
		}
	}
	if len(t.rows) > t.capacity || len(t.rows) != ranked || len(t.rows) != len(t.byExpiry) {
		return fmt.Sprintf("%d rows, %d ranked, %d in the heap", len(t.rows), ranked, len(t.byExpiry))
	}
	return ""
}
