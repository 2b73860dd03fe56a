// Package difficult_test uses code that lexgen generated from documents which were written to be
// difficult.
package difficult_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"corpus.test/written/orgexample"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

const (
	cid  = "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity"
	link = `{"$link":"` + cid + `"}`
	blob = `{"$type":"blob","ref":` + link + `,"mimeType":"image/png","size":7}`
)

// kind is a type that the properties of org.example.shape.every have: a value as it is written, and
// one that is wrong.
type kind struct{ name, value, wrong string }

// kinds returns the types in the order of the lexicon, which has each four times: required, optional,
// nullable, and both optional and nullable.
func kinds() []kind {
	return []kind{
		{"boolean", `false`, `0`},
		{"integer", `-9007199254740991`, `1.5`},
		{"string", `""`, `1`},
		{"datetime", `"2026-02-03T04:05:06.7Z"`, `"2026-02-03"`},
		{"known", `"z"`, `1`},
		{"enum", `"x"`, `"z"`},
		{"bytes", `{"$bytes":"AQID"}`, `"AQID"`},
		{"link", link, `"` + cid + `"`},
		{"blob", blob, `{"$type":"blob"}`},
		{"unknown", `{"$type":"com.example.x","a":[null,` + blob + `]}`, `[]`},
		{"array", `[]`, `["a",1]`},
		{"union", `{"$type":"org.example.shape.defs#leaf","name":"a","extra":` + link + `}`, `{"name":"a"}`},
		{"inline", `{"deep":{"er":1,"more":[true]},"other":{}}`, `{"deep":{}}`},
		{"ref", `{"name":"a","other":1}`, `{"$type":"org.example.shape.defs#other","name":"a"}`},
		{"record", `{"$type":"org.example.union.note","text":"a","other":1}`, `{"text":"a"}`},
		{"namedText", `"abcd"`, `"abcde"`},
		{"namedId", `"did:web:example.com"`, `"example.com"`},
		{"namedCount", `0`, `10`},
		{"namedFlag", `true`, `"true"`},
		{"namedRaw", `{"$bytes":"AQIDBA"}`, `{"$bytes":"AQIDBAU"}`},
		{"namedLink", link, `{}`},
		{"namedFile", blob, strings.Replace(blob, "image/png", "text/plain", 1)},
		{"namedList", `["a","abc"]`, `["a","b","c"]`},
		{"namedGrade", `"good"`, `"best"`},
		{"namedLabel", `"org.example.shape.defs#hidden"`, `{}`},
		{"namedMatrix", `[[1,2],[]]`, `[[1,2,3]]`},
		{"namedMixed", `[{"$type":"org.example.shape.defs#leaf","name":""},{"$type":"com.example.x"}]`, `[{}]`},
	}
}

// states returns what the names of the properties end with.
func states() []string { return []string{"Must", "May", "Null", "Both"} }

// every returns a document of the type org.example.shape.every, of which value gives the properties;
// those that it gives "" are left out.
func every(value func(kind kind, state string) string) string {
	members := []string{`"$type":"org.example.shape.every"`}
	for _, state := range states() {
		for _, kind := range kinds() {
			if text := value(kind, state); text != "" {
				members = append(members, `"`+kind.name+state+`":`+text)
			}
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// TestEveryState reads and writes every type in every state of its presence.
func TestEveryState(t *testing.T) {
	t.Parallel()
	t.Attr("row", "every type required, optional, nullable and both: each state is read and written as it is")
	tests := map[string]func(kind kind, state string) string{
		"all": func(kind kind, _ string) string { return kind.value },
		"least": func(kind kind, state string) string {
			return map[string]string{"Must": kind.value, "Null": "null"}[state]
		},
		"null": func(kind kind, state string) string {
			return map[string]string{"Must": kind.value, "Null": "null", "Both": "null"}[state]
		},
	}
	for name, value := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := every(value)
			var record orgexample.ShapeEvery
			if err := lexdata.Decode([]byte(document), &record, lexdata.Options{}); err != nil {
				t.Fatal(err)
			}
			got, err := lexjson.Marshal(&record)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), document); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestWrongStates demands that each property is checked in each state, and that all are reported.
func TestWrongStates(t *testing.T) {
	t.Parallel()
	t.Attr("row", "every type required, optional, nullable and both: what is wrong is reported at its place")
	tests := map[string]struct {
		value func(kind kind) string
		// wrong are the states that must be reported.
		wrong []string
	}{
		"absent": {func(kind) string { return "" }, []string{"Must", "Null"}},
		"null":   {func(kind) string { return "null" }, []string{"Must", "May"}},
		"wrong":  {func(kind kind) string { return kind.wrong }, states()},
	}
	for name, test := range tests {
		for _, state := range states() {
			t.Run(name+" "+state, func(t *testing.T) {
				t.Parallel()
				document := every(func(kind kind, in string) string {
					if in == state {
						return test.value(kind)
					}
					return kind.value
				})
				var record orgexample.ShapeEvery
				got := violated(t, lexdata.Decode([]byte(document), &record, lexdata.Options{}))
				want := map[string]bool{}
				for _, kind := range kinds() {
					if slices.Contains(test.wrong, state) {
						want[kind.name+state] = true
					}
				}
				if diff := cmp.Diff(got, want); diff != "" {
					t.Errorf("-got +want:\n%s", diff)
				}
			})
		}
	}
}

// violated returns the properties of the document that an error finds wrong.
func violated(t *testing.T, err error) map[string]bool {
	t.Helper()
	properties := map[string]bool{}
	var all *validate.Errors
	if errors.As(err, &all) {
		for _, violation := range all.List {
			end := strings.IndexAny(violation.Path+".", ".[")
			properties[violation.Path[:end]] = true
		}
	} else if err != nil {
		t.Fatal(err)
	}
	return properties
}
