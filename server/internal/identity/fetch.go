package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// maxRedirects is how often a host may send us elsewhere.
const maxRedirects = 3

var errNotThere = errors.New("the host does not have it")

// A fetcher gets small things from hosts that strangers name. It may be used
// concurrently.
type fetcher struct {
	client http.Client
}

func newFetcher(transport http.RoundTripper, allowHTTP bool) fetcher {
	return fetcher{http.Client{
		Transport: transport,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return checkScheme(next.URL, allowHTTP)
		},
	}}
}

// checkScheme refuses redirects to plain HTTP, unless that is to this machine.
func checkScheme(to *url.URL, allowHTTP bool) error {
	if to.Scheme == "https" || allowHTTP && to.Scheme == "http" && to.Hostname() == "localhost" {
		return nil
	}
	return fmt.Errorf("redirect to scheme %q", to.Scheme)
}

// get returns what is at a URL, unless that has more than limit bytes. It returns
// errNotThere if the host says that it has nothing there.
func (f *fetcher) get(ctx context.Context, url string, limit int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := readLimited(response.Body, limit)
	switch {
	case response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusGone:
		return nil, errNotThere
	case response.StatusCode < 200 || response.StatusCode > 299:
		return nil, fmt.Errorf("status %d", response.StatusCode)
	default:
		return body, err
	}
}
