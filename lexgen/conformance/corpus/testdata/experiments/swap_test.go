package experiments_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"corpus.test/official/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

const swap syntax.CID = "bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta"

// repo takes down what swapRecord its caller sent.
type repo struct {
	comatproto.UnimplementedRepoHandler
	received lexdata.OptNull[syntax.CID]
}

// PutRecord implements [comatproto.RepoHandler].
func (r *repo) PutRecord(_ context.Context, input *comatproto.RepoPutRecordInput) (*comatproto.RepoPutRecordOutput, error) {
	r.received = input.SwapRecord
	return &comatproto.RepoPutRecordOutput{URI: "at://did:web:example.com/com.example.note/self", CID: swap}, nil
}

// E8 and E9: for com.atproto.repo.putRecord an absent swapRecord means that the record may be
// anything, null that it must not exist, and a CID that it must be this one. One generator's client
// sent null for a struct with nothing set, and another's could not send null.
func TestSwapRecord(t *testing.T) {
	t.Parallel()
	t.Attr("row", "E8, E9: putRecord sends and receives swapRecord absent, null and as a value")
	tests := map[string]struct {
		swap lexdata.OptNull[syntax.CID]
		want string // what follows the record in the body
	}{
		"absent": {want: `}`},
		"null":   {swap: lexdata.SomeNull[syntax.CID](), want: `,"swapRecord":null}`},
		"value":  {swap: lexdata.SomeNonNull(swap), want: `,"swapRecord":"` + string(swap) + `"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := new(repo)
			body := new(bytes.Buffer)
			handler := xrpc.NewHandler(comatproto.RepoEndpoints(service))
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Body = io.NopCloser(io.TeeReader(r.Body, body))
				handler.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			client := comatproto.RepoClient{Client: &xrpc.Client{Host: server.URL}}
			_, err := client.PutRecord(context.Background(), &comatproto.RepoPutRecordInput{
				Repo:       "did:web:example.com",
				Collection: "com.example.note",
				Rkey:       "self",
				Record:     lexdata.Unknown{Object: lexdata.Object{{Key: "$type", Value: "com.example.note"}}},
				SwapRecord: test.swap,
			})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(body.String(), `"record":{"$type":"com.example.note"}`+test.want) {
				t.Errorf("the client sent %s", body)
			}
			if !service.received.Equal(test.swap) {
				t.Errorf("the service received %v, want %v", service.received, test.swap)
			}
		})
	}
}
