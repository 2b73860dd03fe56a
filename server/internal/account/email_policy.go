package account

import (
	_ "embed" // for the list of throwaway domains
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// throwawayList holds domains at which anybody gets an address for some minutes, and often
// reads the mail of others. One stands on each line, sorted.
//
//go:embed throwaway.txt
var throwawayList string

// EmailRules is what an operator decides about the domains of email addresses.
type EmailRules struct {
	// Block adds domains to those of throwaway addresses, Allow takes domains away from
	// them. Both count for the domains below, too, unless these are named themselves.
	Block, Allow []string
}

// An EmailPolicy decides at which domains a new email address may be. It does not change
// and may be used concurrently.
type EmailPolicy struct {
	blocked map[string]bool // by domain; false for one that is allowed
}

// NewEmailPolicy returns the policy of rules. It returns an error for what is no domain
// name.
func NewEmailPolicy(rules EmailRules) (*EmailPolicy, error) {
	p := &EmailPolicy{blocked: map[string]bool{}}
	for domain := range strings.FieldsSeq(throwawayList) {
		p.blocked[domain] = true
	}
	for _, domain := range rules.Block {
		if err := p.put(domain, true); err != nil {
			return nil, err
		}
	}
	for _, domain := range rules.Allow {
		if err := p.put(domain, false); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// put blocks a domain or allows it.
func (p *EmailPolicy) put(domain string, blocked bool) error {
	if !syntax.Handle(domain).Valid() { // handles have the syntax of domain names
		return fmt.Errorf("%q is not a domain name", domain)
	}
	p.blocked[lowerASCII(domain)] = blocked
	return nil
}

// newEmail is normalizeEmail for an address that an account is to have.
func (s *Service) newEmail(text string) (string, error) {
	email, err := normalizeEmail(text)
	if err != nil {
		return "", err
	}
	return email, s.Emails.check(email)
}

// check returns [ErrInvalidEmail] if the domain of a normalized address is blocked. Of the
// domains above, the nearest one that is known decides.
func (p *EmailPolicy) check(email string) error {
	_, domain, more := strings.Cut(email, "@")
	for ; more; _, domain, more = strings.Cut(domain, ".") {
		blocked, known := p.blocked[domain]
		switch {
		case blocked:
			return ErrInvalidEmail
		case known:
			return nil
		}
	}
	return nil
}
