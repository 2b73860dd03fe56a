package handwritten_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/appbsky"
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

const writesDocument = `{"repo":"alice.example.com","validate":false,"writes":[` +
	`{"$type":"com.atproto.repo.applyWrites#create","collection":"app.bsky.feed.post","rkey":"3mdxq7kd54k2y","value":` + plainPost + `},` +
	`{"$type":"com.atproto.repo.applyWrites#update","collection":"com.example.note","rkey":"self","value":{"text":"no type","list":[{"$bytes":"AQID"}]},"reason":"typo"},` +
	`{"$type":"com.atproto.repo.applyWrites#delete","collection":"app.bsky.feed.like","rkey":"3mdxq7kd54k2z"}],` +
	`"swapCommit":"bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta"}`

func TestApplyWritesRoundTrip(t *testing.T) {
	t.Parallel()
	var input comatproto.RepoApplyWritesInput
	if got := decodeStrict(t, writesDocument, &input); got != nil {
		t.Fatalf("violations %q", got)
	}
	got, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), writesDocument); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestApplyWritesViolations(t *testing.T) {
	t.Parallel()
	const oneOf = "must be one of com.atproto.repo.applyWrites#create, com.atproto.repo.applyWrites#update, com.atproto.repo.applyWrites#delete"
	tests := map[string]struct {
		writes string
		want   []string
	}{
		"foreign type":       {`[{"$type":"com.example.write","collection":"a.b.c"}]`, []string{"writes[0].$type " + oneOf}},
		"sibling not listed": {`[{"$type":"com.atproto.repo.applyWrites#createResult"}]`, []string{"writes[0].$type " + oneOf}},
		"no type":            {`[{"collection":"com.example.note"}]`, []string{"writes[0].$type is required"}},
		"second is wrong": {
			`[{"$type":"com.atproto.repo.applyWrites#delete","collection":"com.example.note","rkey":"self"},{"$type":"x"}]`,
			[]string{"writes[1].$type " + oneOf},
		},
		"unknown": {
			`[{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.note","value":[]},` +
				`{"$type":"com.atproto.repo.applyWrites#update","collection":"note","rkey":"..","value":{"$bytes":"AQID"}}]`,
			[]string{
				"writes[0].value must be an object",
				"writes[1].value.$bytes is not allowed in an object",
				"writes[1].collection must be a valid NSID",
				"writes[1].rkey must be a valid record key",
			},
		},
		"content of unknown": {
			`[{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.note","value":{"a":[{"b":0.5}]}}]`,
			[]string{"writes[0].value.a[0].b must be an integer"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var input comatproto.RepoApplyWritesInput
			got := decodeStrict(t, `{"repo":"alice.example.com","writes":`+test.writes+`}`, &input)
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

func TestClosedUnionCheck(t *testing.T) {
	t.Parallel()
	input := comatproto.RepoApplyWritesInput{
		Repo: "alice.example.com",
		Writes: []comatproto.RepoApplyWritesInputWritesItemUnion{
			{Value: &comatproto.RepoApplyWritesDeleteResult{}},
			{},
		},
	}
	want := []string{
		"writes[0].$type must be one of com.atproto.repo.applyWrites#create, com.atproto.repo.applyWrites#update, com.atproto.repo.applyWrites#delete",
		"writes[1] is required",
	}
	if diff := cmp.Diff(violations(t, input.Validate()), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	if data, err := lexjson.Marshal(&input); err == nil {
		t.Errorf("a union without a value is written: %s", data)
	}
}

// repo answers applyWrites with one result for each write.
type repo struct {
	comatproto.UnimplementedRepoHandler
	posts []*appbsky.FeedPost
}

func (h *repo) ApplyWrites(_ context.Context, input *comatproto.RepoApplyWritesInput) (*comatproto.RepoApplyWritesOutput, error) {
	if swap, ok := input.SwapCommit.Get(); ok && swap != commit {
		return nil, comatproto.RepoApplyWritesErrInvalidSwap.New("the repository has moved on")
	}
	output := &comatproto.RepoApplyWritesOutput{Commit: &comatproto.RepoCommitMeta{CID: commit, Rev: "3mdxq7kd54k2y"}}
	for _, write := range input.Writes {
		switch write := write.Value.(type) {
		case *comatproto.RepoApplyWritesCreate:
			if write.Collection == appbsky.FeedPostNSID {
				post, err := lexdata.As[appbsky.FeedPost](write.Value)
				if err != nil {
					return nil, xrpc.ErrInvalidRequest.New(err.Error())
				}
				h.posts = append(h.posts, post)
			}
			output.Results = append(output.Results, comatproto.NewRepoApplyWritesOutputResultsItemUnion(&comatproto.RepoApplyWritesCreateResult{
				URI:              syntax.ATURI("at://did:web:alice.example.com/" + string(write.Collection) + "/" + string(write.Rkey.Or("self"))),
				CID:              commit,
				ValidationStatus: lexdata.Some(comatproto.RepoApplyWritesCreateResultValidationStatusValid),
			}))
		case *comatproto.RepoApplyWritesUpdate:
			output.Results = append(output.Results, comatproto.NewRepoApplyWritesOutputResultsItemUnion(&comatproto.RepoApplyWritesUpdateResult{
				URI: syntax.ATURI("at://did:web:alice.example.com/" + string(write.Collection) + "/" + string(write.Rkey)),
				CID: commit,
			}))
		case *comatproto.RepoApplyWritesDelete:
			output.Results = append(output.Results, comatproto.NewRepoApplyWritesOutputResultsItemUnion(&comatproto.RepoApplyWritesDeleteResult{}))
		}
	}
	return output, nil
}

const commit syntax.CID = "bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta"

// serve serves h and returns its URL.
func serve(t *testing.T, h comatproto.RepoHandler) string {
	server := httptest.NewServer(xrpc.NewHandler(comatproto.RepoEndpoints(h)))
	t.Cleanup(server.Close)
	return server.URL
}

func TestApplyWritesOverHTTP(t *testing.T) {
	t.Parallel()
	h := new(repo)
	client := comatproto.RepoClient{Client: &xrpc.Client{Host: serve(t, h), Strict: true}}
	var post appbsky.FeedPost
	if err := json.Unmarshal([]byte(richPost), &post); err != nil {
		t.Fatal(err)
	}
	value, err := lexdata.NewUnknown(&post)
	if err != nil {
		t.Fatal(err)
	}
	output, err := client.ApplyWrites(t.Context(), &comatproto.RepoApplyWritesInput{
		Repo: "alice.example.com",
		Writes: []comatproto.RepoApplyWritesInputWritesItemUnion{
			comatproto.NewRepoApplyWritesInputWritesItemUnion(&comatproto.RepoApplyWritesCreate{Collection: appbsky.FeedPostNSID, Value: value}),
			comatproto.NewRepoApplyWritesInputWritesItemUnion(&comatproto.RepoApplyWritesUpdate{Collection: "com.example.note", Rkey: "self"}),
			comatproto.NewRepoApplyWritesInputWritesItemUnion(&comatproto.RepoApplyWritesDelete{Collection: "com.example.note", Rkey: "old"}),
		},
		SwapCommit: lexdata.Some(commit),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(output)
	want := `{"commit":{"cid":"` + string(commit) + `","rev":"3mdxq7kd54k2y"},"results":[` +
		`{"$type":"com.atproto.repo.applyWrites#createResult","uri":"at://did:web:alice.example.com/app.bsky.feed.post/self","cid":"` + string(commit) + `","validationStatus":"valid"},` +
		`{"$type":"com.atproto.repo.applyWrites#updateResult","uri":"at://did:web:alice.example.com/com.example.note/self","cid":"` + string(commit) + `"},` +
		`{"$type":"com.atproto.repo.applyWrites#deleteResult"}]}`
	if err != nil || string(got) != want {
		t.Errorf("error %v (-got +want):\n%s", err, cmp.Diff(string(got), want))
	}
	if len(h.posts) != 1 {
		t.Fatalf("%d posts", len(h.posts))
	}
	if stored, err := lexjson.Marshal(h.posts[0]); err != nil || string(stored) != richPost {
		t.Errorf("error %v (-got +want):\n%s", err, cmp.Diff(string(stored), richPost))
	}
}

func TestApplyWritesDeclaredError(t *testing.T) {
	t.Parallel()
	client := comatproto.RepoClient{Client: &xrpc.Client{Host: serve(t, new(repo))}}
	_, err := client.ApplyWrites(t.Context(), &comatproto.RepoApplyWritesInput{
		Repo:       "alice.example.com",
		SwapCommit: lexdata.Some[syntax.CID]("bafyreibkt2e5o2tjubt26msdesczsnryxub4zcp4go3npjvltl7wm42axy"),
	})
	if !errors.Is(err, comatproto.RepoApplyWritesErrInvalidSwap) {
		t.Errorf("error %v, want %s", err, comatproto.RepoApplyWritesErrInvalidSwap)
	}
}

func TestApplyWritesUnimplemented(t *testing.T) {
	t.Parallel()
	client := comatproto.RepoClient{Client: &xrpc.Client{Host: serve(t, comatproto.UnimplementedRepoHandler{})}}
	_, err := client.ApplyWrites(t.Context(), &comatproto.RepoApplyWritesInput{Repo: "alice.example.com"})
	var failure *xrpc.Error
	if !errors.As(err, &failure) || failure.Status != http.StatusNotImplemented {
		t.Errorf("error %v, want status 501", err)
	}
}

func TestApplyWritesRefusesInput(t *testing.T) {
	t.Parallel()
	body := `{"repo":"alice.example.com","writes":[{"$type":"com.example.write"},{"$type":"com.atproto.repo.applyWrites#delete","collection":"x","rkey":"y"}]}`
	res, err := http.Post(serve(t, new(repo))+"/xrpc/"+comatproto.RepoApplyWritesNSID, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var got struct{ Error, Message string }
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusBadRequest || got.Error != "InvalidRequest" {
		t.Errorf("status %d, error %q", res.StatusCode, got.Error)
	}
	want := "writes[0].$type must be one of com.atproto.repo.applyWrites#create, com.atproto.repo.applyWrites#update, com.atproto.repo.applyWrites#delete (and 1 more)"
	if got.Message != want {
		t.Errorf("message %q, want %q", got.Message, want)
	}
}
