package difficult_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"corpus.test/written/mutual"
	"corpus.test/written/orgexample"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// TestPermissionSet reads a permission set as a value.
func TestPermissionSet(t *testing.T) {
	t.Parallel()
	t.Attr("row", "a permission set is a value")
	set := orgexample.AuthFull()
	if string(set.NSID) != "org.example.auth.full" || set.Title != "All of Example" {
		t.Errorf("got %s, %s", set.NSID, set.Title)
	}
	want := []lexdata.Permission{
		{Resource: "repo", Usable: true, Fields: lexdata.Object{
			{Key: "collection", Value: lexdata.List{"org.example.auth.note"}},
			{Key: "action", Value: lexdata.List{"create", "update"}},
		}},
		{Resource: "rpc", Usable: true, Fields: lexdata.Object{
			{Key: "lxm", Value: lexdata.List{"org.example.auth.getNote", "org.example.auth.listNotes"}},
			{Key: "inheritAud", Value: true},
		}},
		{Resource: "rpc", Usable: true, Fields: lexdata.Object{
			{Key: "lxm", Value: lexdata.List{"org.example.auth.getNote"}},
			{Key: "aud", Value: "*"},
		}},
	}
	if diff := cmp.Diff(set.Permissions, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestTraps reads and writes properties whose names are those of methods, keywords, packages and
// variables of generated code.
func TestTraps(t *testing.T) {
	t.Parallel()
	t.Attr("row", "properties called like methods, keywords and variables keep their names on the wire")
	const document = `{"type":"a","error":"b","range":"c","validate":"d","extra":"e","decodeJSON":"f","r":"g","v":"h",` +
		`"lexdata":"i","a-b":"j","a_c":"k","_":"l","1st":"m","größe":"n","unknown":"o"}`
	var fields orgexample.TrapFields
	if err := json.Unmarshal([]byte(document), &fields); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(fields)
	if err != nil || string(got) != document {
		t.Errorf("got %s, error %v, want %s", got, err, document)
	}
}

// TestHostileTexts demands that values from a lexicon that would break out of Go code did not.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	t.Attr("row", "hostile texts stay texts: comments, strings, build constraints, control characters")
	//lint:ignore SA1019 the lexicon calls the record deprecated, in the one word of its description
	record := orgexample.HostileRecord{A: "a", D: lexdata.Some[orgexample.HostileRecordD]("//go:build never"), E: lexdata.Some("*/ `\n\"\\ \u202e")}
	if err := record.Validate(); err != nil {
		t.Error(err)
	}
	record.E = lexdata.Some("*/")
	if err := record.Validate(); err == nil {
		t.Error("a wrong constant passes")
	}
}

// TestMutualReferences uses records of two authorities that refer to each other and share a package.
func TestMutualReferences(t *testing.T) {
	t.Parallel()
	t.Attr("row", "authorities that refer to each other share a package, where a prefix keeps their names apart")
	page := mutual.NetPage{Board: &mutual.Board{Page: &mutual.NetPage{Name: lexdata.Some("inner")}}}
	got, err := json.Marshal(page)
	want := `{"$type":"net.mutual.page","board":{"$type":"io.mutual.board","page":{"$type":"net.mutual.page","name":"inner"}}}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
}

// isError reports whether an error is a declared one.
func isError(err error, name xrpc.ErrorName) bool { return errors.Is(err, name) }
