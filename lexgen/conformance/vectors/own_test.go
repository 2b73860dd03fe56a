package vectors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexicons"
)

// onlyOurs lists the documents that the protocol no longer has.
var onlyOurs = []string{
	"com.atproto.account.create",
	"com.atproto.account.createInviteCode",
	"com.atproto.account.delete",
	"com.atproto.account.get",
	"com.atproto.account.requestPasswordReset",
	"com.atproto.account.resetPassword",
}

// addedErrors are the errors that our documents declare beside those of the official ones: with them
// clients tell apart what they are told in words only.
var addedErrors = map[string][]string{
	"com.atproto.admin.getAccountInfo":         {"NotFound"},
	"com.atproto.admin.getSubjectStatus":       {"NotFound"},
	"com.atproto.admin.updateAccountHandle":    {"HandleNotAvailable", "InvalidHandle"},
	"com.atproto.admin.updateSubjectStatus":    {"AccountNotFound"},
	"com.atproto.identity.signPlcOperation":    {"ExpiredToken", "InvalidToken"},
	"com.atproto.identity.updateHandle":        {"HandleNotAvailable", "InvalidHandle"},
	"com.atproto.server.activateAccount":       {"AccountNotFound"},
	"com.atproto.temp.checkHandleAvailability": {"InvalidHandle", "UnsupportedDomain"},
}

// TestOwnAndOfficialLexicons compares the documents that this project generates from with the official
// ones. They say the same in other words, except for what the tables above list.
func TestOwnAndOfficialLexicons(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "our lexicons are the official ones, with a few errors more")
	got, count := compareDocuments(t, lexicons.FS, os.DirFS(indigoFolder(t, "lexicons")))
	var want []string
	for _, id := range onlyOurs {
		want = append(want, id+": is not official")
	}
	for id, names := range addedErrors {
		for _, name := range names {
			want = append(want, fmt.Sprintf("%s: defs/main/errors/%s/name is ours alone", id, name))
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents", count))
}

// compareDocuments returns in what documents differ from the official ones of the same name, sorted, and
// the number of documents.
func compareDocuments(t *testing.T, ours, official fs.FS) (differences []string, count int) {
	t.Helper()
	err := fs.WalkDir(ours, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		count++
		id := strings.ReplaceAll(strings.TrimSuffix(file, ".json"), "/", ".")
		theirs, err := readFacts(official, file)
		if errors.Is(err, fs.ErrNotExist) {
			differences = append(differences, id+": is not official")
			return nil
		}
		if err != nil {
			return err
		}
		facts, err := readFacts(ours, file)
		if err != nil {
			return err
		}
		for _, difference := range compareFacts(facts, theirs) {
			differences = append(differences, id+": "+difference)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(differences)
	return differences, count
}

// compareFacts returns in what facts differ from the official ones.
func compareFacts(ours, official map[string]string) []string {
	var differences []string
	for where, fact := range ours {
		switch theirs, ok := official[where]; {
		case !ok:
			differences = append(differences, where+" is ours alone")
		case theirs != fact:
			differences = append(differences, fmt.Sprintf("%s is %s, officially %s", where, fact, theirs))
		}
	}
	for where := range official {
		if _, ok := ours[where]; !ok {
			differences = append(differences, where+" is missing")
		}
	}
	return differences
}

// readFacts returns what a document says, by the path in it.
func readFacts(files fs.FS, file string) (map[string]string, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	facts := map[string]string{}
	addFacts(facts, "", document)
	return facts, nil
}

// addFacts adds what a value says. Descriptions are for people, and no list of a lexicon has an order
// that means something: what is in one is found under its name, or as itself.
func addFacts(facts map[string]string, where string, value any) {
	members := map[string]any{}
	switch value := value.(type) {
	case map[string]any:
		maps.Copy(members, value)
		if text, ok := members["description"].(string); ok && text != "" {
			delete(members, "description")
		}
	case []any:
		for _, item := range value {
			members[nameOf(item)] = item
		}
	default:
		facts[where] = fmt.Sprintf("%#v", value)
		return
	}
	if len(members) == 0 {
		facts[where] = "empty"
	}
	for name, member := range members {
		addFacts(facts, path.Join(where, name), member)
	}
}

// nameOf returns under which name an item of a list is found.
func nameOf(item any) string {
	if object, ok := item.(map[string]any); ok {
		return fmt.Sprint(object["name"])
	}
	return fmt.Sprint(item)
}

// TestCompareFacts changes a document, and demands that the comparison tells of it.
func TestCompareFacts(t *testing.T) {
	t.Parallel()
	const document = `{"lexicon": 1, "id": "com.example.act", "description": "Act.", "defs": {"main": {"type": "procedure",
		"input": {"encoding": "application/json", "schema": {"type": "object", "required": ["a", "b"], "properties": {
			"a": {"type": "string", "maxLength": 9}, "b": {"type": "boolean", "default": true}}}},
		"errors": [{"name": "Bad", "description": "Bad."}, {"name": "Worse"}]},
		"description": {"type": "object", "properties": {}}}}`
	const schema = "defs/main/input/schema/"
	tests := []struct {
		name     string
		old, new string // what is replaced in ours, and by what
		want     []string
	}{
		{"nothing", "", "", nil},
		{"description", "Act.", "Do something.", nil},
		{"description that is gone", `, "description": "Bad."`, "", nil},
		{"order", `["a", "b"]`, `["b", "a"]`, nil},
		{"order of errors", `{"name": "Bad", "description": "Bad."}, {"name": "Worse"}`, `{"name": "Worse"}, {"name": "Bad"}`, nil},
		{"error that is new", `[{"name": "Bad"`, `[{"name": "New"}, {"name": "Bad"`, []string{"defs/main/errors/New/name is ours alone"}},
		{"error that is gone", `, {"name": "Worse"}`, "", []string{"defs/main/errors/Worse/name is missing"}},
		{"required that is new", `["a", "b"]`, `["a", "b", "c"]`, []string{schema + "required/c is ours alone"}},
		{"required that is gone", `["a", "b"]`, `["a"]`, []string{schema + "required/b is missing"}},
		{"constraint", `"maxLength": 9`, `"maxLength": 8`, []string{schema + "properties/a/maxLength is 8, officially 9"}},
		{"default of another type", `"default": true`, `"default": "true"`, []string{schema + `properties/b/default is "true", officially true`}},
		{"default that is gone", `, "default": true`, "", []string{schema + "properties/b/default is missing"}},
		{"def called description", `"description": {"type": "object", "properties": {}}`, `"other": 1`, []string{
			"defs/description/properties is missing", "defs/description/type is missing", "defs/other is ours alone",
		}},
	}
	factsOf := func(text string) map[string]string {
		var value map[string]any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		facts := map[string]string{}
		addFacts(facts, "", value)
		return facts
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(document, tt.old, tt.new, 1)
			if tt.old != "" && changed == document {
				t.Fatalf("the document does not have %s", tt.old)
			}
			got := compareFacts(factsOf(changed), factsOf(document))
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
