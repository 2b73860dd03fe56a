package xrpc

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// transferChunk is how many bytes of a stream are held in memory while it is sent.
const transferChunk = 32 << 10

// transfer is the body of a response that is sent as it comes.
type transfer struct {
	reader *bufio.Reader
	size   int64 // or -1 if it is not known
}

// encodeStream makes the response of a stream. It waits for the first bytes, because until some are
// sent, an error can still be answered as such, to HEAD as to GET.
func encodeStream(endpoint *Endpoint, stream *Stream) (*response, error) {
	contentType, err := stream.contentType(endpoint.OutputEncoding)
	if err != nil {
		return nil, fmt.Errorf("endpoint %s: output: %w", endpoint.NSID, err)
	}
	t := &transfer{bufio.NewReaderSize(stream, transferChunk), stream.size()}
	if _, err := t.reader.Peek(1); err != nil && err != io.EOF {
		return nil, err
	}
	return &response{status: http.StatusOK, contentType: contentType, transfer: t}, nil
}

// setLength sets the Content-Length if it is known.
func (t *transfer) setLength(header http.Header) {
	header.Del("Content-Length")
	if t.size >= 0 {
		header.Set("Content-Length", strconv.FormatInt(t.size, 10))
	}
}

// send sends the stream. A stream of unknown size is often a slow one, so that what has come of it
// is not held back. An error means that the client does not get all of it.
func (t *transfer) send(w http.ResponseWriter, r *http.Request) error {
	controller := http.NewResponseController(w)
	// The stream may be made of the request's body, of which a server would otherwise drop what is not
	// read yet. An error means that this one never does.
	controller.EnableFullDuplex()
	for sent := int64(0); ; {
		_, err := t.reader.Peek(1) // waits for more
		chunk, _ := t.reader.Peek(t.reader.Buffered())
		sent += int64(len(chunk))
		switch {
		case len(chunk) == 0 && err != io.EOF:
			return err
		case len(chunk) == 0 && sent < t.size, t.size >= 0 && sent > t.size:
			return fmt.Errorf("stream of %d bytes is not of size %d", sent, t.size)
		case len(chunk) == 0:
			return nil
		}
		if err := r.Context().Err(); err != nil {
			return err
		}
		if _, err := w.Write(chunk); err != nil {
			return err // is reported only if the client is still there
		}
		t.reader.Discard(len(chunk)) // never fails, because that many are buffered
		if t.size < 0 {
			controller.Flush() // an error means that the host does not flush, or shows in the next write
		}
	}
}
