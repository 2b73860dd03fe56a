package account

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// HandleQuery asks whether a handle is free.
type HandleQuery struct {
	Handle string
	Email  string // helps to find others; may be empty
}

// HandleAvailability says whether a sign-up may have a handle now.
type HandleAvailability struct {
	Handle      syntax.Handle // in small letters
	Available   bool
	Suggestions []HandleSuggestion // that are free; none if Available
}

// A HandleSuggestion is a handle that is free.
type HandleSuggestion struct {
	Handle syntax.Handle
	Method string // how it was found; means nothing to clients
}

// The ways in which handles are found.
const (
	suggestEmail  = "email"  // the name in front of the address
	suggestDomain = "domain" // the same name under another domain of this server
	suggestDigits = "digits" // the same name with digits behind it
)

// maxSuggestions is how many handles are suggested at most.
const maxSuggestions = 5

// CheckHandle says whether a handle is free, and suggests others if it is not. Whether
// an email has an account it tells nobody.
//
// It returns [ErrInvalidEmail], [ErrHandleInvalid] and [ErrUnsupportedDomain]; a
// reserved handle is one that is not free.
func (s *Service) CheckHandle(ctx context.Context, query HandleQuery) (HandleAvailability, error) {
	if query.Email != "" && !isEmail(query.Email) {
		return HandleAvailability{}, ErrInvalidEmail
	}
	handle := syntax.Handle(query.Handle).Normalize()
	free, err := s.isAvailable(ctx, handle)
	switch {
	case err != nil:
		return HandleAvailability{}, err
	case free:
		return HandleAvailability{Handle: handle, Available: true}, nil
	}
	candidates, err := s.candidates(handle, query.Email)
	if err != nil {
		return HandleAvailability{}, err
	}
	suggestions, err := s.firstFree(ctx, candidates)
	return HandleAvailability{Handle: handle, Suggestions: suggestions}, err
}

// isAvailable reports whether a sign-up may have a handle, unless that can be no handle here.
func (s *Service) isAvailable(ctx context.Context, handle syntax.Handle) (bool, error) {
	_, err := s.Handles.Check(handle)
	switch {
	case errors.Is(err, ErrReservedHandle):
		return false, nil
	case err != nil:
		return false, err
	}
	return s.isFree(ctx, handle)
}

// isFree reports whether nobody has a handle, nor is about to have it.
func (s *Service) isFree(ctx context.Context, handle syntax.Handle) (bool, error) {
	err := s.Store.CheckSignup(ctx, handle, "" /* email */, "" /* invite code */, s.Now())
	switch {
	case errors.Is(err, ErrHandleTaken):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("check handle: %w", err)
	}
	return true, nil
}

// firstFree returns the first candidates that a sign-up may have.
func (s *Service) firstFree(ctx context.Context, candidates []HandleSuggestion) ([]HandleSuggestion, error) {
	var suggestions []HandleSuggestion
	for _, candidate := range candidates {
		if len(suggestions) == maxSuggestions {
			break
		}
		if _, err := s.Handles.Check(candidate.Handle); err != nil {
			continue
		}
		free, err := s.isFree(ctx, candidate.Handle)
		if err != nil {
			return nil, err
		}
		if free {
			suggestions = append(suggestions, candidate)
		}
	}
	return suggestions, nil
}

// candidates returns different handles to suggest in place of one, the best first.
func (s *Service) candidates(handle syntax.Handle, email string) ([]HandleSuggestion, error) {
	label, _ := s.Handles.cutDomain(handle)
	domain := strings.TrimPrefix(handle.String(), label)
	var candidates []HandleSuggestion
	add := func(label, domain, method string) {
		other := syntax.Handle(label + domain)
		if !slices.ContainsFunc(candidates, func(c HandleSuggestion) bool { return c.Handle == other }) {
			candidates = append(candidates, HandleSuggestion{other, method})
		}
	}
	if name := mailboxLabel(email); name != "" && name != label {
		add(name, domain, suggestEmail)
	}
	for _, other := range s.Handles.domains {
		if other != domain {
			add(label, other, suggestDomain)
		}
	}
	for _, low := range []uint16{10, 10, 100, 100, 1000, 1000} {
		digits, err := s.randomDigits(low)
		if err != nil {
			return nil, err
		}
		add(label[:min(len(label), maxHandleLabel-len(digits))]+digits, domain, suggestDigits)
	}
	return candidates, nil
}

// randomDigits returns a number from low up to ten times low.
func (s *Service) randomDigits(low uint16) (string, error) {
	b, err := randomBytes(s.Rand, 2)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(int(low + binary.BigEndian.Uint16(b)%(9*low))), nil
}

// mailboxLabel returns the name in front of an address as a label: what it has besides
// letters and digits becomes hyphens.
func mailboxLabel(email string) string {
	name, _, _ := strings.Cut(email, "@")
	name, _, _ = strings.Cut(name, "+")
	isMark := func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') }
	return strings.Join(strings.FieldsFunc(lowerASCII(name), isMark), "-")
}
