package xrpc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing/iotest"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

const mediaCAR = "application/vnd.ipld.car"

// describe returns what a service sees of a stream.
func describe(_ context.Context, input *xrpc.Stream) (*page, error) {
	data, err := io.ReadAll(input)
	if err != nil {
		return nil, fmt.Errorf("secret wrapping: %w", err)
	}
	return &page{fmt.Sprintf("%s size=%d got=%d %.20q", input.ContentType, input.Size, len(data), data)}, nil
}

// download does what the parameter text says.
func download(ctx context.Context, params *search) (*xrpc.Stream, error) {
	xrpc.CallFrom(ctx).ResponseHeader.Set("X-Content-Type-Options", "nosniff")
	verb, rest, _ := strings.Cut(params.Text, " ")
	switch verb {
	case "as":
		return &xrpc.Stream{ContentType: rest, Body: strings.NewReader("bytes")}, nil
	case "buffer":
		return &xrpc.Stream{Body: bytes.NewBufferString(rest)}, nil
	case "reader":
		return &xrpc.Stream{Size: -1, Body: bytes.NewReader([]byte(rest))}, nil
	case "nobody":
		return &xrpc.Stream{Body: http.NoBody}, nil
	case "nil":
		return &xrpc.Stream{}, nil
	case "sized":
		return &xrpc.Stream{Size: int64(len(rest)), Body: iotest.OneByteReader(strings.NewReader(rest))}, nil
	case "unsized":
		return &xrpc.Stream{Body: iotest.OneByteReader(strings.NewReader(rest))}, nil
	case "unsized-empty":
		return &xrpc.Stream{Size: -1, Body: iotest.OneByteReader(strings.NewReader(""))}, nil
	case "large":
		return &xrpc.Stream{Body: io.LimitReader(endless('a'), 100_000)}, nil
	case "packed":
		xrpc.CallFrom(ctx).ResponseHeader.Set("Content-Encoding", "gzip")
		return &xrpc.Stream{Body: strings.NewReader(gzipped(rest))}, nil
	case "length":
		xrpc.CallFrom(ctx).ResponseHeader.Set("Content-Length", "100")
		return &xrpc.Stream{Body: iotest.OneByteReader(strings.NewReader(rest))}, nil
	case "broken":
		return &xrpc.Stream{Body: iotest.ErrReader(errors.New("secret text"))}, nil
	case "failing":
		return &xrpc.Stream{Body: iotest.ErrReader(errTaken.New("it is taken"))}, nil
	case "both":
		return &xrpc.Stream{Body: strings.NewReader("bytes")}, errTaken
	}
	return nil, nil
}

// endless is a reader that returns one byte again and again.
type endless byte

// Read implements [io.Reader].
func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// streaming returns endpoints with streams in both directions.
func streaming() []xrpc.Endpoint {
	described := func(ctx context.Context, call *xrpc.Call) (any, error) { return describe(ctx, call.Stream) }
	echoed := func(_ context.Context, call *xrpc.Call) (any, error) { return call.Stream, nil }
	list := []xrpc.Endpoint{
		{NSID: "com.example.blob.upload", InputEncoding: "*/*", OutputEncoding: mediaJSON, Invoke: described},
		{NSID: "com.example.blob.image", InputEncoding: "image/*", OutputEncoding: mediaJSON, Invoke: described},
		{NSID: "com.example.blob.caption", InputEncoding: "text/plain", OutputEncoding: mediaJSON, Invoke: described},
		{NSID: "com.example.blob.data", InputEncoding: mediaJSON, OutputEncoding: mediaJSON, Invoke: described},
		{NSID: "com.example.blob.small", InputEncoding: "*/*", OutputEncoding: mediaJSON, MaxInput: 10, Invoke: described},
		{NSID: "com.example.blob.echo", InputEncoding: "*/*", OutputEncoding: "*/*", Invoke: echoed},
		{NSID: "com.example.blob.ignore", InputEncoding: "*/*", Invoke: nothing},
		{
			NSID: "com.example.blob.note", InputEncoding: mediaJSON, OutputEncoding: mediaJSON, MaxInput: 20,
			NewInput: newNote, Invoke: withInput(saveNote),
		},
	}
	for i := range list {
		list[i].Kind = xrpc.Procedure
	}
	return append(list,
		xrpc.Endpoint{NSID: "com.example.blob.get", Kind: xrpc.Query, OutputEncoding: "*/*", NewParams: newSearch, Invoke: withParams(download)},
		xrpc.Endpoint{NSID: "com.example.blob.picture", Kind: xrpc.Query, OutputEncoding: "image/*", NewParams: newSearch, Invoke: withParams(download)},
		xrpc.Endpoint{NSID: "com.example.blob.export", Kind: xrpc.Query, OutputEncoding: mediaCAR, NewParams: newSearch, Invoke: withParams(download)},
		xrpc.Endpoint{NSID: "com.example.blob.list", Kind: xrpc.Query, OutputEncoding: mediaJSON, NewParams: newSearch, Invoke: withParams(download)},
	)
}
