package ratelimit

import (
	"container/heap"
	"container/list"
	"hash/maphash"
	"time"
)

// ranks is into how many parts the shares of a limit are divided; those who have used
// everything have a rank of their own.
const ranks = 5

// A table keeps a value for each of a bounded number of keys. The comment of the package
// says which ones it forgets. It is not safe for concurrent use.
type table[V any] struct {
	capacity int
	// weigh returns when a value ceases to matter, and which share, from 0 to 1, it has
	// used of what may be used. The share falls with time at most.
	weigh func(value V, now time.Time) (expires time.Time, share float64)
	// Keys may be long and may be secret, so only their hashes are kept. Without the
	// seed nobody can look for two keys with the same hash; should there be some, they
	// share a row.
	seed     maphash.Seed
	rows     map[uint64]*row[V]
	byRank   [ranks]list.List // of *row[V], the one touched last at the end
	byExpiry rowHeap[V]
}

// A row is a key's value with its places in a table.
type row[V any] struct {
	hash    uint64
	value   V
	expires time.Time
	rank    int           // of its share
	element *list.Element // in byRank[rank]
	index   int           // in byExpiry
}

func newTable[V any](capacity int, weigh func(V, time.Time) (time.Time, float64)) *table[V] {
	return &table[V]{
		capacity: max(capacity, 1),
		weigh:    weigh,
		seed:     maphash.MakeSeed(),
		rows:     make(map[uint64]*row[V]),
	}
}

// peek returns the row of a key, or nil if it has none that matters any more.
func (t *table[V]) peek(key string, now time.Time) *row[V] {
	t.sweep(now)
	r := t.rows[maphash.String(t.seed, key)]
	if r == nil || !now.Before(r.expires) {
		return nil
	}
	return r
}

// find returns the row of a key, a new one if it has none that matters any more. The
// caller must touch it.
func (t *table[V]) find(key string, now time.Time) *row[V] {
	if r := t.peek(key, now); r != nil {
		return r
	}
	hash := maphash.String(t.seed, key)
	if r := t.rows[hash]; r != nil {
		t.remove(r)
	}
	if len(t.rows) >= t.capacity {
		t.remove(t.leastWorth(now))
	}
	r := &row[V]{hash: hash}
	r.element = t.byRank[r.rank].PushBack(r)
	t.rows[hash] = r
	heap.Push(&t.byExpiry, r)
	return r
}

// touch puts a row in its places after its value changed.
func (t *table[V]) touch(r *row[V], now time.Time) {
	expires, share := t.weigh(r.value, now)
	if rank := rankOf(share); rank == r.rank {
		t.byRank[rank].MoveToBack(r.element)
	} else {
		t.byRank[r.rank].Remove(r.element)
		r.rank, r.element = rank, t.byRank[rank].PushBack(r)
	}
	if !expires.Equal(r.expires) {
		r.expires = expires
		heap.Fix(&t.byExpiry, r.index)
	}
}

func rankOf(share float64) int {
	return min(int(share*(ranks-1)), ranks-1)
}

func (t *table[V]) remove(r *row[V]) {
	delete(t.rows, r.hash)
	t.byRank[r.rank].Remove(r.element)
	heap.Remove(&t.byExpiry, r.index)
}

// sweep removes up to two rows that have expired. A call adds at most one, so all of
// them go in the end, and no call pays for many.
func (t *table[V]) sweep(now time.Time) {
	for range 2 {
		if len(t.byExpiry) == 0 || now.Before(t.byExpiry[0].expires) {
			return
		}
		t.remove(t.byExpiry[0])
	}
}

// leastWorth returns the row to forget of a table that has some.
func (t *table[V]) leastWorth(now time.Time) *row[V] {
	if first := t.byExpiry[0]; !now.Before(first.expires) {
		return first
	}
	t.demote(now)
	for i := range t.byRank {
		if oldest := t.byRank[i].Front(); oldest != nil {
			return oldest.Value.(*row[V])
		}
	}
	panic("ratelimit: a table whose rows have no rank")
}

// demote moves the oldest row of each rank to a lower one if its share has fallen since
// it was touched.
func (t *table[V]) demote(now time.Time) {
	for i := range t.byRank {
		if oldest := t.byRank[i].Front(); oldest != nil {
			r := oldest.Value.(*row[V])
			if _, share := t.weigh(r.value, now); rankOf(share) < r.rank {
				t.touch(r, now)
			}
		}
	}
}

// A rowHeap is a heap of rows, the one that expires first on top.
type rowHeap[V any] []*row[V]

var _ heap.Interface = (*rowHeap[int])(nil)

func (h rowHeap[V]) Len() int           { return len(h) }
func (h rowHeap[V]) Less(i, j int) bool { return h[i].expires.Before(h[j].expires) }

func (h rowHeap[V]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *rowHeap[V]) Push(x any) {
	r := x.(*row[V])
	r.index = len(*h)
	*h = append(*h, r)
}

func (h *rowHeap[V]) Pop() any {
	last := len(*h) - 1
	r := (*h)[last]
	(*h)[last] = nil // for the garbage collector
	*h = (*h)[:last]
	return r
}
