package account

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestThrowawayList(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(throwawayList, "\n"), "\n")
	if !slices.IsSorted(lines) {
		t.Error("the list is not sorted")
	}
	if got := len(slices.Compact(slices.Clone(lines))); got != len(lines) {
		t.Errorf("got %d different domains in %d lines", got, len(lines))
	}
	for _, line := range lines {
		if !syntax.Handle(line).Valid() || lowerASCII(line) != line { // handles have the syntax of domain names
			t.Errorf("%q is not a domain name in small letters", line)
		}
	}
}

func TestEmailPolicy(t *testing.T) {
	t.Parallel()
	rules := EmailRules{
		Block: []string{"Blocked.example.com", "both.example.com", "yopmail.com"},
		Allow: []string{"Maildrop.cc", "both.example.com", "fine.blocked.example.com", "people.mailinator.com"},
	}
	tests := []struct {
		email   string
		rules   EmailRules
		blocked bool
	}{
		{"alice@example.com", EmailRules{}, false},
		{"alice@gmail.com", EmailRules{}, false},
		{"alice@mailinator.com", EmailRules{}, true},
		{"alice@yopmail.com", EmailRules{}, true},
		{"alice@guerrillamail.com", EmailRules{}, true},
		{"alice@10minutemail.com", EmailRules{}, true},
		{"alice@trashmail.de", EmailRules{}, true},
		{"alice@one.two.mailinator.com", EmailRules{}, true},
		{"alice@notmymailinator.com", EmailRules{}, false},
		{"alice@mailinator.com.example.com", EmailRules{}, false},
		{"mailinator.com@example.com", EmailRules{}, false},
		{"alice@maildrop.cc", EmailRules{}, true},

		{"alice@maildrop.cc", rules, false},
		{"alice@sub.maildrop.cc", rules, false},
		{"alice@blocked.example.com", rules, true},
		{"alice@sub.blocked.example.com", rules, true},
		{"alice@fine.blocked.example.com", rules, false},
		{"alice@sub.fine.blocked.example.com", rules, false},
		{"alice@both.example.com", rules, false},
		{"alice@example.com", rules, false},
		{"alice@yopmail.com", rules, true},
		{"alice@people.mailinator.com", rules, false},
		{"alice@mailinator.com", rules, true},
	}
	for _, tt := range tests {
		policy, err := NewEmailPolicy(tt.rules)
		if err != nil {
			t.Fatal(err)
		}
		if err := policy.check(tt.email); errors.Is(err, ErrInvalidEmail) != tt.blocked {
			t.Errorf("%s with %v: got %v, want blocked %t", tt.email, tt.rules, err, tt.blocked)
		}
	}
}

func TestNewEmailPolicyErrors(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"", "com", "@example.com", ".example.com", "*.example.com", "a b.example.com"} {
		for name, rules := range map[string]EmailRules{"Block": {Block: []string{domain}}, "Allow": {Allow: []string{domain}}} {
			if policy, err := NewEmailPolicy(rules); err == nil {
				t.Errorf("%s %q: got %v and no error", name, domain, policy)
			}
		}
	}
}
