package driver_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// TestOrderOfFindings demands that findings do not depend on how many documents are read at a time.
func TestOrderOfFindings(t *testing.T) {
	files := map[string]string{"lexgen.json": `{"version": 1, "include": ["com.example.*", "org.*"]}`}
	for i := range 100 {
		path := fmt.Sprintf("lexicons/com/example/app/get%02d.json", i)
		files[path] = strings.NewReplacer("get", fmt.Sprintf("get%02d", i), "query", "qeury", `"lexicon": 1`, `"lexicon": 2`).Replace(query)
	}
	dir := project(t, files)
	findings := func() (list []string) {
		result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range result.Diags {
			list = append(list, fmt.Sprintf("%s:%d: %s", d.Span.File.Name, d.Span.Start, d.Message))
		}
		return list
	}
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	want := findings()
	if len(want) != 201 {
		t.Fatalf("got %d findings, want 201", len(want))
	}
	runtime.GOMAXPROCS(8)
	if diff := cmp.Diff(findings(), want); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
}
