package account_test

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestReserveSigningKey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	reserve := func(did syntax.DID) string {
		t.Helper()
		key, err := b.ReserveSigningKey(t.Context(), did)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	first := reserve(movingDID)
	if again := reserve(movingDID); again != first {
		t.Errorf("again for the same DID: got %s, want %s", again, first)
	}
	nobody := reserve("")
	if again := reserve(""); again == nobody || again == first {
		t.Errorf("for nobody: got %s after %s and %s, want another key each time", again, nobody, first)
	}
	b.now = b.now.Add(25 * time.Hour)
	if again := reserve(movingDID); again == first {
		t.Errorf("after a day: got %s, want another key", again)
	}
}
