package difficult_test

import (
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"corpus.test/written/orgexample"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// media is a service whose bodies are streams.
type media struct {
	orgexample.UnimplementedMediaHandler
}

// Upload implements [orgexample.MediaHandler].
func (media) Upload(_ context.Context, input *xrpc.Stream) (*orgexample.MediaUploadOutput, error) {
	size, err := io.Copy(io.Discard, input)
	return &orgexample.MediaUploadOutput{
		File: lexdata.Blob{Ref: cid, MIMEType: input.ContentType, Size: size},
		Size: size,
	}, err
}

// Download implements [orgexample.MediaHandler].
func (media) Download(_ context.Context, params *orgexample.MediaDownloadParams) (*xrpc.Stream, error) {
	if params.Name != "a.txt" {
		return nil, orgexample.MediaDownloadErrFileNotFound
	}
	return &xrpc.Stream{ContentType: "text/plain", Size: -1, Body: strings.NewReader("content")}, nil
}

// Convert implements [orgexample.MediaHandler].
func (media) Convert(_ context.Context, params *orgexample.MediaConvertParams, input *xrpc.Stream) (*xrpc.Stream, error) {
	text, err := io.ReadAll(input)
	if params.Quality.Or(0) != 80 {
		err = xrpc.ErrInvalidRequest.New("the default is not filled in")
	}
	return &xrpc.Stream{Size: -1, Body: strings.NewReader(input.ContentType + " " + strings.ToUpper(string(text)))}, err
}

// TestStreams sends and receives bodies that are not JSON.
func TestStreams(t *testing.T) {
	t.Parallel()
	t.Attr("row", "bodies of any encoding are streams: octet-stream, wildcards, beside parameters")
	server := httptest.NewServer(xrpc.NewHandler(orgexample.MediaEndpoints(media{})))
	t.Cleanup(server.Close)
	client := orgexample.MediaClient{Client: &xrpc.Client{Host: server.URL}}
	ctx := context.Background()

	output, err := client.Upload(ctx, &xrpc.Stream{Size: -1, Body: strings.NewReader("0123456789")})
	if err != nil {
		t.Fatal(err)
	}
	if output.Size != 10 || output.File.MIMEType != "application/octet-stream" {
		t.Errorf("uploaded %d bytes of %s", output.Size, output.File.MIMEType)
	}

	stream, err := client.Download(ctx, &orgexample.MediaDownloadParams{Name: "a.txt"})
	checkStream(t, stream, err, "text/plain", "content")

	if _, err = client.Download(ctx, &orgexample.MediaDownloadParams{Name: "b.txt"}); !isError(err, orgexample.MediaDownloadErrFileNotFound) {
		t.Errorf("got error %v", err)
	}

	stream, err = client.Convert(ctx, &orgexample.MediaConvertParams{}, &xrpc.Stream{ContentType: "image/png", Size: -1, Body: strings.NewReader("abc")})
	checkStream(t, stream, err, "application/vnd.ipld.car", "image/png ABC")
}

// checkStream reads a response to its end.
func checkStream(t *testing.T, stream *xrpc.Stream, err error, contentType, want string) {
	t.Helper()
	if err != nil {
		t.Error(err)
		return
	}
	text, err := io.ReadAll(stream)
	if string(text) != want || stream.ContentType != contentType || err != nil {
		t.Errorf("got %q of %s, error %v, want %q of %s", text, stream.ContentType, err, want, contentType)
	}
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
}
