package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A Directory keeps did:plc identities. It may be used concurrently. Its methods
// return [account.ErrDirectoryUnavailable] if there is no answer.
type Directory interface {
	// Submit appends an operation. The same one may be submitted twice. It returns
	// [account.ErrOperationRefused] with a text.
	Submit(ctx context.Context, did syntax.DID, operation []byte) error
	// Last returns the operation that counts, in JSON. It returns
	// [account.ErrIdentityNotFound].
	Last(ctx context.Context, did syntax.DID) ([]byte, error)
	// Document returns the DID document, in JSON. It returns
	// [account.ErrIdentityNotFound], for an identity with a tombstone too.
	Document(ctx context.Context, did syntax.DID) ([]byte, error)
}

// Limits of what a directory answers, and how long that may take.
const (
	maxDirectoryAnswer = 64 << 10
	maxMessage         = 300
	directoryTimeout   = 10 * time.Second
)

// A DirectoryClient is a [Directory] that is reached over HTTP. It may be used
// concurrently.
//
// See https://web.plc.directory/api/redoc.
type DirectoryClient struct {
	url    string
	client http.Client
}

var _ Directory = (*DirectoryClient)(nil)

// NewDirectoryClient returns a client of the directory at a URL such as
// https://plc.directory. It follows no redirects.
func NewDirectoryClient(url string, client *http.Client) *DirectoryClient {
	c := &DirectoryClient{url: strings.TrimSuffix(url, "/"), client: *client}
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Submit implements [Directory].
func (c *DirectoryClient) Submit(ctx context.Context, did syntax.DID, operation []byte) error {
	status, body, err := c.do(ctx, http.MethodPost, string(did), operation)
	switch {
	case err != nil:
		return err
	case status == http.StatusOK:
		return nil
	case isRefusal(status):
		if message := messageOf(body); message != "" {
			return account.ErrOperationRefused.Because("%s", message)
		}
		return account.ErrOperationRefused
	default:
		return unavailable("submit operation", fmt.Errorf("status %d", status))
	}
}

// Last implements [Directory].
func (c *DirectoryClient) Last(ctx context.Context, did syntax.DID) ([]byte, error) {
	return c.get(ctx, string(did)+"/log/last")
}

// Document implements [Directory].
func (c *DirectoryClient) Document(ctx context.Context, did syntax.DID) ([]byte, error) {
	return c.get(ctx, string(did))
}

func (c *DirectoryClient) get(ctx context.Context, path string) ([]byte, error) {
	status, body, err := c.do(ctx, http.MethodGet, path, nil)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusOK:
		return body, nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return nil, account.ErrIdentityNotFound
	default:
		return nil, unavailable("ask directory", fmt.Errorf("status %d", status))
	}
}

// do returns the status and the body of an answer.
func (c *DirectoryClient) do(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, directoryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.url+"/"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("ask directory: %w", err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.client.Do(request)
	switch {
	case isDial(err):
		return 0, nil, errors.Join(unavailable("ask directory", err), account.ErrNotSent)
	case err != nil:
		return 0, nil, unavailable("ask directory", err)
	}
	answer, err := readLimited(response.Body, maxDirectoryAnswer)
	if err != nil {
		return 0, nil, unavailable("ask directory", err)
	}
	return response.StatusCode, answer, nil
}

// isDial tells whether a request failed before there was a connection to send it on.
func isDial(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Op == "dial"
}

// isRefusal tells whether a status says that the same request will never succeed.
func isRefusal(status int) bool {
	return status >= 400 && status < 500 &&
		status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// messageOf returns the message of an error of the directory, if it is fit to be read.
func messageOf(body []byte) string {
	var answer struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Message) > maxMessage {
		return ""
	}
	if strings.ContainsFunc(answer.Message, unicode.IsControl) {
		return ""
	}
	return answer.Message
}

// unavailable makes a refusal of an answer that did not come, or makes no sense.
func unavailable(action string, err error) error {
	return fmt.Errorf("%s: %w: %w", action, account.ErrDirectoryUnavailable, err)
}

var errTooLarge = errors.New("the answer is too large")

// readLimited reads a body of limited length and closes it.
func readLimited(body io.ReadCloser, limit int64) ([]byte, error) {
	read, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err := errors.Join(err, body.Close()); err != nil {
		return nil, err
	}
	if int64(len(read)) > limit {
		return nil, errTooLarge
	}
	return read, nil
}
