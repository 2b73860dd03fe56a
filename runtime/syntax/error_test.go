package syntax_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestErrorReadsAsSentence(t *testing.T) {
	t.Parallel()
	_, err := syntax.ParseHandle("alice..com")
	if err == nil {
		t.Fatal("ParseHandle: got no error")
	}
	testEqual(t, "error", err.Error(), "handle has an empty label")
}
