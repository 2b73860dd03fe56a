package xrpc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A service method takes and returns generated types. The handler that serves it needs nothing but
// net/http.
func ExampleHandler() {
	save := func(_ context.Context, input *note) (*note, error) {
		return input, nil
	}
	// Generated code makes the endpoints of a service.
	handler := xrpc.NewHandler([]xrpc.Endpoint{{
		NSID:           "com.example.note.save",
		Kind:           xrpc.Procedure,
		InputEncoding:  "application/json",
		OutputEncoding: "application/json",
		NewInput:       func() xrpc.Body { return new(note) },
		Invoke: func(ctx context.Context, call *xrpc.Call) (any, error) {
			return save(ctx, call.Input.(*note))
		},
	}})
	server := httptest.NewServer(handler)
	defer server.Close()

	for _, body := range []string{`{"text":"hello"}`, `{"count":-1}`} {
		res, err := http.Post(server.URL+"/xrpc/com.example.note.save", "application/json", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		answer, _ := io.ReadAll(res.Body)
		res.Body.Close()
		fmt.Println(res.StatusCode, string(answer))
	}
	// Output:
	// 200 {"text":"hello"}
	// 400 {"error":"InvalidRequest","message":"text is required (and 1 more)"}
}

// Generated clients make calls like these. Errors of the server are compared with the names that
// the lexicon declares.
func ExampleClient() {
	const errTaken xrpc.ErrorName = "HandleTaken"
	server := httptest.NewServer(xrpc.NewHandler([]xrpc.Endpoint{{
		NSID:           "com.example.note.save",
		Kind:           xrpc.Procedure,
		InputEncoding:  "application/json",
		OutputEncoding: "application/json",
		NewInput:       func() xrpc.Body { return new(note) },
		Invoke: func(_ context.Context, call *xrpc.Call) (any, error) {
			input := call.Input.(*note)
			if input.Text == "taken" {
				return nil, errTaken.New("somebody else has it")
			}
			return input, nil
		},
	}}))
	defer server.Close()

	client := xrpc.Client{Host: server.URL, Authorize: xrpc.Bearer("token")}
	for _, text := range []string{"free", "taken"} {
		var output note
		err := client.Do(context.Background(), &xrpc.Request{
			NSID: "com.example.note.save", Kind: xrpc.Procedure, Input: &note{Text: text}, Output: &output,
		})
		switch {
		case errors.Is(err, errTaken):
			fmt.Println("try another:", err)
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println("saved", output.Text)
		}
	}
	// Output:
	// saved free
	// try another: com.example.note.save: xrpc: 400 HandleTaken: somebody else has it
}

// A service takes and returns streams where a lexicon has bodies without a schema. The size of a
// stream is known if Size says it, or if Body is a reader of the packages bytes and strings.
func ExampleStream() {
	var stored []byte
	upload := func(_ context.Context, input *xrpc.Stream) error {
		var err error
		stored, err = io.ReadAll(input) // fails if there is more than the handler allows
		return err
	}
	download := func(context.Context) (*xrpc.Stream, error) {
		return &xrpc.Stream{ContentType: "text/plain", Body: bytes.NewReader(stored)}, nil
	}
	// Generated code makes the endpoints of a service.
	server := httptest.NewServer(xrpc.NewHandler([]xrpc.Endpoint{{
		NSID:          "com.example.blob.put",
		Kind:          xrpc.Procedure,
		InputEncoding: "text/*",
		Invoke: func(ctx context.Context, call *xrpc.Call) (any, error) {
			return nil, upload(ctx, call.Stream)
		},
	}, {
		NSID:           "com.example.blob.get",
		Kind:           xrpc.Query,
		OutputEncoding: "text/*",
		Invoke: func(ctx context.Context, _ *xrpc.Call) (any, error) {
			return download(ctx)
		},
	}}, xrpc.WithMaxStream(10)))
	defer server.Close()

	client, ctx := xrpc.Client{Host: server.URL}, context.Background()
	for _, text := range []string{"hello", "hello again"} {
		err := client.Do(ctx, &xrpc.Request{
			NSID: "com.example.blob.put", Kind: xrpc.Procedure, InputEncoding: "text/*",
			Stream: &xrpc.Stream{ContentType: "text/plain", Body: strings.NewReader(text)},
		})
		fmt.Println(err)
	}
	stream, err := client.Open(ctx, &xrpc.Request{NSID: "com.example.blob.get", Kind: xrpc.Query, OutputEncoding: "text/*"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	text, err := io.ReadAll(stream)
	fmt.Println(stream.ContentType, stream.Size, string(text), err)
	// Output:
	// <nil>
	// com.example.blob.put: xrpc: 413 PayloadTooLarge: request entity too large
	// text/plain 5 hello <nil>
}

// A service chooses the status of its answer, and keeps the cause for the log.
func ExampleError() {
	err := &xrpc.Error{
		Status:  http.StatusBadGateway,
		Name:    "UpstreamFailure",
		Message: "the directory does not answer",
		Cause:   io.ErrUnexpectedEOF,
	}
	fmt.Println(err)
	fmt.Println(errors.Is(err, xrpc.ErrUpstreamFailure), errors.Is(err, io.ErrUnexpectedEOF))
	// Output:
	// xrpc: 502 UpstreamFailure: the directory does not answer: unexpected EOF
	// true true
}
