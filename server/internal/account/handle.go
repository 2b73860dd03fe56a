package account

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Bounds of the part of a handle in front of a service domain, in bytes.
const (
	minHandleLabel = 3
	maxHandleLabel = 18
)

// HandleRules is what an operator decides about handles.
type HandleRules struct {
	// Domains are the suffixes under which handles are given, such as
	// ".example.com", the preferred one first.
	Domains []string
	// Reserve adds words to those that nobody can have as a handle, Release takes
	// words away from them.
	Reserve, Release []string
	// Block lists words that no part of a handle may be.
	Block []string
}

// A HandlePolicy decides which handles may be asked for. It does not change and may be
// used concurrently.
//
// See https://atproto.com/specs/handle.
type HandlePolicy struct {
	domains  []string // as configured
	suffixes []string // the longest first
	reserved map[string]bool
	blocked  map[string]bool

	unreserved []string
}

// NewHandlePolicy returns the policy of rules. It returns an error if there is no
// domain, or one under which no handle could be given.
func NewHandlePolicy(rules HandleRules) (*HandlePolicy, error) {
	if len(rules.Domains) == 0 {
		return nil, fmt.Errorf("no handle domain is configured")
	}
	p := &HandlePolicy{reserved: reservedWords(), blocked: map[string]bool{}}
	for _, domain := range rules.Domains {
		example := syntax.Handle("example" + domain)
		if !strings.HasPrefix(domain, ".") || !example.Valid() {
			return nil, fmt.Errorf("handle domain %q is not a dot and a domain name", domain)
		}
		if isDisallowedTLD(example.TLD()) {
			return nil, fmt.Errorf("handle domain %q lies under a top-level domain that no handle may have", domain)
		}
		p.domains = append(p.domains, strings.ToLower(domain))
	}
	p.suffixes = slices.Clone(p.domains)
	slices.SortStableFunc(p.suffixes, func(a, b string) int { return len(b) - len(a) })
	for _, word := range rules.Reserve {
		p.reserved[strings.ToLower(word)] = true
	}
	for _, word := range rules.Release {
		if !p.reserved[strings.ToLower(word)] {
			p.unreserved = append(p.unreserved, word)
		}
		delete(p.reserved, strings.ToLower(word))
	}
	for _, word := range rules.Block {
		p.blocked[strings.ToLower(word)] = true
	}
	return p, nil
}

// Domains returns the suffixes under which handles are given, the preferred one
// first.
func (p *HandlePolicy) Domains() []string {
	return slices.Clone(p.domains)
}

// Unreserved returns the words of Release that were not reserved, as they were written:
// perhaps another word was meant.
func (p *HandlePolicy) Unreserved() []string {
	return slices.Clone(p.unreserved)
}

// Check returns handle in small letters if a sign-up may have it, as far as that
// can be said without knowing who has which. It returns [ErrHandleInvalid],
// [ErrReservedHandle] or [ErrUnsupportedDomain]: a domain of one's own cannot be
// had at sign-up.
func (p *HandlePolicy) Check(handle syntax.Handle) (syntax.Handle, error) {
	handle, external, err := p.checkOwned(handle)
	switch {
	case err != nil:
		return "", err
	case external:
		return "", ErrUnsupportedDomain
	}
	return handle, nil
}

// checkOwned is Check for who has an identity already. A domain of one's own is let
// pass as external: whether it names the identity is for the caller to find out.
func (p *HandlePolicy) checkOwned(handle syntax.Handle) (_ syntax.Handle, external bool, err error) {
	handle, err = normalizeHandle(handle)
	if err != nil {
		return "", false, err
	}
	if p.hasBlockedWord(handle) {
		return "", false, ErrHandleInvalid.Because("Inappropriate language in handle")
	}
	label, external, err := p.front(handle)
	if err != nil {
		return "", false, err
	}
	if p.reserved[label] || p.reserved[withoutHyphens(label)] {
		return "", false, ErrReservedHandle
	}
	return handle, external, nil
}

// checkGranted is checkOwned for what an administrator grants: reserved and blocked
// words do not count.
func (p *HandlePolicy) checkGranted(handle syntax.Handle) (_ syntax.Handle, external bool, err error) {
	handle, err = normalizeHandle(handle)
	if err != nil {
		return "", false, err
	}
	_, external, err = p.front(handle)
	return handle, external, err
}

// serves reports whether handle lies under a domain of this server, so that nobody
// else can say whose it is.
func (p *HandlePolicy) serves(handle syntax.Handle) bool {
	_, served := p.cutDomain(handle)
	return served
}

// normalizeHandle returns handle in small letters if it can be one on the network.
func normalizeHandle(handle syntax.Handle) (syntax.Handle, error) {
	if !handle.Valid() {
		return "", ErrHandleInvalid.Because("handle must be a valid handle")
	}
	handle = handle.Normalize()
	if isDisallowedTLD(handle.TLD()) {
		return "", ErrHandleInvalid.Because("Handle TLD is invalid or disallowed")
	}
	return handle, nil
}

// cutDomain returns what stands in front of the longest service domain that handle
// ends with.
func (p *HandlePolicy) cutDomain(handle syntax.Handle) (label string, ok bool) {
	for _, suffix := range p.suffixes {
		if label, ok := strings.CutSuffix(string(handle), suffix); ok {
			return label, true
		}
	}
	return "", false
}

// front returns what stands in front of the service domain of handle if it may stand
// there, or that the handle is external: under no service domain.
func (p *HandlePolicy) front(handle syntax.Handle) (label string, external bool, err error) {
	label, served := p.cutDomain(handle)
	switch {
	case !served:
		return "", true, nil
	case strings.Contains(label, "."):
		return "", false, ErrHandleInvalid.Because("Invalid characters in handle")
	case len(label) < minHandleLabel:
		return "", false, ErrHandleInvalid.Because("Handle too short")
	case len(label) > maxHandleLabel:
		return "", false, ErrHandleInvalid.Because("Handle too long")
	}
	return label, false, nil
}

// hasBlockedWord reports whether a label of handle, or a part of one between
// hyphens, is a blocked word. Words inside of words are let pass: they are more
// often names of people and places than insults.
func (p *HandlePolicy) hasBlockedWord(handle syntax.Handle) bool {
	for label := range strings.SplitSeq(string(handle), ".") {
		if p.blocked[withoutHyphens(label)] {
			return true
		}
		for part := range strings.SplitSeq(label, "-") {
			if p.blocked[part] {
				return true
			}
		}
	}
	return false
}

func withoutHyphens(label string) string {
	return strings.ReplaceAll(label, "-", "")
}

// isDisallowedTLD reports whether no handle may end in tld. Names under .test are
// allowed, for development.
//
// See https://atproto.com/specs/handle#additional-non-syntax-restrictions.
func isDisallowedTLD(tld string) bool {
	switch tld {
	case "alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion":
		return true
	}
	return false
}
