package endtoend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	lines "golden.test/json_streams/comexample"
	media "golden.test/streams/comexample"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// mediaService keeps one file.
type mediaService struct {
	media.UnimplementedMediaHandler
	contentType, content string
	dry                  bool
}

func (s *mediaService) store(input *xrpc.Stream) error {
	content, err := io.ReadAll(input)
	s.contentType, s.content = input.ContentType, string(content)
	return err
}

func (s *mediaService) Upload(_ context.Context, input *xrpc.Stream) (*media.MediaUploadOutput, error) {
	if err := s.store(input); err != nil {
		return nil, err
	}
	return &media.MediaUploadOutput{Size: int64(len(s.content))}, nil
}

func (s *mediaService) Import(_ context.Context, params *media.MediaImportParams, input *xrpc.Stream) error {
	s.dry = params.Dry.Or(false)
	return s.store(input)
}

func (s *mediaService) Download(context.Context, *media.MediaDownloadParams) (*xrpc.Stream, error) {
	if s.content == "" {
		return nil, media.MediaDownloadErrNotFound
	}
	return &xrpc.Stream{ContentType: s.contentType, Body: strings.NewReader(s.content)}, nil
}

func (s *mediaService) Convert(_ context.Context, input *xrpc.Stream) (*xrpc.Stream, error) {
	return &xrpc.Stream{Body: input}, nil
}

// read reads a stream to its end and closes it.
func read(t *testing.T, stream *xrpc.Stream) string {
	t.Helper()
	content, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
	return string(content)
}

// TestStreams demands that streams arrive as they were sent, with their types.
func TestStreams(t *testing.T) {
	t.Parallel()
	service := new(mediaService)
	client, sent := serve(t, media.MediaEndpoints(service))
	caller := media.MediaClient{Client: client}
	const cid syntax.CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"

	if _, err := caller.Download(t.Context(), &media.MediaDownloadParams{CID: cid}); !errors.Is(err, media.MediaDownloadErrNotFound) {
		t.Errorf("got %v, want %v", err, media.MediaDownloadErrNotFound)
	}

	output, err := caller.Upload(t.Context(), &xrpc.Stream{ContentType: "image/png", Body: strings.NewReader("\x89PNG\x00")})
	if err != nil || output.Size != 5 || service.contentType != "image/png" {
		t.Fatalf("got %+v, %v of type %q", output, err, service.contentType)
	}
	file, err := caller.Download(t.Context(), &media.MediaDownloadParams{CID: cid})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, file); got != "\x89PNG\x00" || file.ContentType != "image/png" {
		t.Errorf("got %q of type %q", got, file.ContentType)
	}

	archive := &xrpc.Stream{Body: strings.NewReader("all")}
	if err := caller.Import(t.Context(), &media.MediaImportParams{Dry: lexdata.Some(true)}, archive); err != nil {
		t.Fatal(err)
	}
	if !service.dry || service.content != "all" || sent.contentType != "application/octet-stream" {
		t.Errorf("got %+v, sent as %q", service, sent.contentType)
	}
}

// TestStreamTypes demands that each side refuses a stream of a type that the lexicon does not admit.
func TestStreamTypes(t *testing.T) {
	t.Parallel()
	client, _ := serve(t, media.MediaEndpoints(new(mediaService)))
	caller := media.MediaClient{Client: client}
	video, err := caller.Convert(t.Context(), &xrpc.Stream{ContentType: "image/gif", Body: strings.NewReader("GIF")})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, video); got != "GIF" || video.ContentType != "video/mp4" {
		t.Errorf("got %q of type %q", got, video.ContentType)
	}
	if _, err := caller.Convert(t.Context(), &xrpc.Stream{ContentType: "text/plain", Body: strings.NewReader("x")}); err == nil {
		t.Error("the client sends an image that is none")
	}
	res, err := client.HTTP.Post(client.Host+"/xrpc/"+media.MediaConvertNSID, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("got status %d for an image that is none", res.StatusCode)
	}
}

// logService keeps what it is sent and answers with it, line by line.
type logService struct{ content string }

func (s *logService) Send(_ context.Context, input *xrpc.Stream) error {
	content, err := io.ReadAll(input)
	s.content = string(content)
	return err
}

func (s *logService) Tail(context.Context) (*xrpc.Stream, error) {
	return &xrpc.Stream{Body: strings.NewReader(s.content + "\n" + s.content + "\n")}, nil
}

// TestJSONStreams demands that JSON without a schema passes as it is.
func TestJSONStreams(t *testing.T) {
	t.Parallel()
	client, sent := serve(t, lines.LogEndpoints(new(logService)))
	caller := lines.LogClient{Client: client}
	if err := caller.Send(t.Context(), &xrpc.Stream{Body: strings.NewReader(`{"a": [1.5]}`)}); err != nil {
		t.Fatal(err)
	}
	checkText(t, sent.contentType, "application/json")
	tail, err := caller.Tail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, tail.ContentType, "application/jsonl")
	checkText(t, read(t, tail), "{\"a\": [1.5]}\n{\"a\": [1.5]}\n")
}
