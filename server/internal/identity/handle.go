package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Where the domain of a handle says whom it names.
//
// See https://atproto.com/specs/handle#handle-resolution.
const (
	txtPrefix      = "_atproto."
	txtValuePrefix = "did="
	wellKnownPath  = "/.well-known/atproto-did"
)

// maxWellKnown is how many bytes a host may need to say it.
const maxWellKnown = 2 << 10

// ResolveHandle implements [account.Identity]. The answer is kept for a few seconds.
func (s *Service) ResolveHandle(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	if !handle.Valid() {
		return "", account.ErrHandleNotFound
	}
	handle = handle.Normalize()
	ask := func(ctx context.Context) (syntax.DID, error) {
		did, err := s.askDomain(ctx, handle)
		switch {
		case errors.Is(err, errPanic):
			return "", fmt.Errorf("resolve %s: %w", handle, err)
		case err != nil:
			return "", fmt.Errorf("resolve %s: %w: %w", handle, account.ErrHandleNotFound, err)
		}
		return did, nil
	}
	return s.handles.get(ctx, string(handle), false /* fresh */, through(s.toHosts, ask))
}

// A finding is what one of the two ways led to.
type finding struct {
	did syntax.DID
	err error
}

// askDomain goes both ways at once. DNS counts, and HTTPS only if DNS says nothing: a domain
// whose records name several DIDs names nobody.
//
// See https://atproto.com/specs/handle#dns-txt-method.
func (s *Service) askDomain(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hosted := make(chan finding, 1)
	go func() {
		var found finding
		defer func() { hosted <- found }()
		defer rescue(&found.err)
		found.did, found.err = s.askHost(ctx, handle)
	}()
	did, err := s.askDNS(ctx, handle)
	if err == nil || errors.Is(err, errAmbiguous) {
		return did, err
	}
	found := <-hosted
	if found.err != nil {
		return "", errors.Join(err, found.err)
	}
	return found.did, nil
}

var (
	errAmbiguous = errors.New("the domain names several DIDs")
	errNoRecord  = errors.New("no TXT record names a DID")
)

// askDNS looks for the one TXT record that has a DID.
func (s *Service) askDNS(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	records, err := s.resolver.LookupTXT(ctx, txtPrefix+string(handle)+".")
	if err != nil {
		return "", err
	}
	value, found := "", false
	for _, record := range records {
		did, ok := strings.CutPrefix(record, txtValuePrefix)
		if ok && found && did != value {
			return "", errAmbiguous
		}
		if ok {
			value, found = did, true
		}
	}
	if !found {
		return "", errNoRecord
	}
	return syntax.ParseDID(value)
}

// askHost reads the first line of what the host says.
func (s *Service) askHost(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	body, err := s.hosts.get(ctx, "https://"+string(handle)+wellKnownPath, maxWellKnown)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(body), "\n")
	return syntax.ParseDID(strings.TrimSpace(line))
}
