package experiments_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"corpus.test/official/appbsky"
	"corpus.test/official/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A commit of com.atproto.sync.subscribeRepos whose list of blobs nobody had set was written with
// null in its place, and every relay hung up. Another reader did not take the list with links in it.
func TestRequiredArrays(t *testing.T) {
	t.Parallel()
	t.Attr("row", "a required array that nobody set is written as an empty one")
	const link = "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity"
	const end = `"time":"2026-02-03T04:05:06Z"}`
	text, err := json.Marshal(comatproto.SyncSubscribeReposCommit{Commit: link, Time: "2026-02-03T04:05:06Z"})
	if err != nil || !strings.HasSuffix(string(text), `"since":null,"blocks":{"$bytes":""},"ops":[],"blobs":[],`+end) {
		t.Errorf("got %s, error %v", text, err)
	}
	document := strings.Replace(string(text), `"blobs":[]`, `"blobs":[{"$link":"`+link+`"}]`, 1)
	var commit comatproto.SyncSubscribeReposCommit
	if err := json.Unmarshal([]byte(document), &commit); err != nil {
		t.Fatal(err)
	}
	checkJSON(t, commit, document)
}

// A generator's clients left parameters out that were false, zero or empty, so that these could not be
// sent, and encoded arrays in a way that servers do not read.
func TestParameters(t *testing.T) {
	t.Parallel()
	t.Attr("row", "parameters that are false, zero or empty are sent, and arrays repeat theirs")
	queries := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries <- r.URL.RawQuery
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	client := &xrpc.Client{Host: server.URL}
	tests := map[string]struct {
		call func(ctx context.Context) error
		want string
	}{
		"set": {func(ctx context.Context) error {
			_, err := comatproto.RepoClient{Client: client}.ListRecords(ctx, &comatproto.RepoListRecordsParams{
				Repo: "did:web:example.com", Collection: "com.example.note",
				Limit: lexdata.Some[int64](0), Cursor: lexdata.Some(""), Reverse: lexdata.Some(false),
			})
			return err
		}, "collection=com.example.note&cursor=&limit=0&repo=did%3Aweb%3Aexample.com&reverse=false"},
		"array": {func(ctx context.Context) error {
			_, err := appbsky.ActorClient{Client: client}.GetProfiles(ctx, &appbsky.ActorGetProfilesParams{
				Actors: []syntax.ATIdentifier{"a.example.com", "b.example.com"},
			})
			return err
		}, "actors=a.example.com&actors=b.example.com"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.call(context.Background()); err == nil {
				t.Error("a response of status 418 is no error")
			}
			if got := <-queries; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
