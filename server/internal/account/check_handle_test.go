package account_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestCheckHandle(t *testing.T) {
	t.Parallel()
	const digits = `^(alice|eighteen-letters|eighteen-letter|eighteen-lette|admin)\d{2,4}\.test digits$`
	tests := []struct {
		name   string
		query  account.HandleQuery
		want   syntax.Handle
		others []string // patterns of the suggestions with their methods, nil if the handle is free
	}{
		{"free", account.HandleQuery{Handle: "Carol.TEST"}, "carol.test", nil},
		{"free, of somebody known", account.HandleQuery{Handle: "carol.test", Email: "alice@example.com"}, "carol.test", nil},
		{"taken", account.HandleQuery{Handle: "Alice.test"}, "alice.test", []string{
			`^alice\.long\.test domain$`, `^alice\d\d\.test digits$`, digits, digits, digits,
		}},
		{"taken, with an email", account.HandleQuery{Handle: "alice.test", Email: "Alice_van.Dam+tag@example.com"}, "alice.test", []string{
			`^alice-van-dam\.test email$`, `^alice\.long\.test domain$`, `^alice\d\d\.test digits$`, digits, digits,
		}},
		{"free under another domain", account.HandleQuery{Handle: "alice.long.test", Email: "bob@example.com"}, "alice.long.test", nil},
		{"taken and long", account.HandleQuery{Handle: "eighteen-letters-x.test"}, "eighteen-letters-x.test", []string{
			`^eighteen-letters-x\.long\.test domain$`, `^eighteen-letters\d\d\.test digits$`, digits, digits, digits,
		}},
		{"reserved", account.HandleQuery{Handle: "admin.test"}, "admin.test", []string{
			`^admin\d\d\.test digits$`, digits, digits, digits, digits,
		}},
		{"reserved, with an email", account.HandleQuery{Handle: "admin.test", Email: "carol@example.com"}, "admin.test", []string{
			`^carol\.test email$`, `^admin\d\d\.test digits$`, digits, digits, digits,
		}},
		{"reserved, with a taken name", account.HandleQuery{Handle: "admin.test", Email: "alice@example.com"}, "admin.test", []string{
			`^admin\d\d\.test digits$`, digits, digits, digits, digits,
		}},
		{"reserved, with a reserved name", account.HandleQuery{Handle: "admin.test", Email: "root@example.com"}, "admin.test", []string{
			`^admin\d\d\.test digits$`, digits, digits, digits, digits,
		}},
	}
	b := newBench(t)
	b.Handles = newPolicy(t, account.HandleRules{Domains: []string{".test", ".long.test"}})
	b.signUp(t)
	long := account.Signup{Handle: "eighteen-letters-x.test", Email: "long@example.com", Password: "asdf"}
	if _, err := b.CreateAccount(t.Context(), long); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.CheckHandle(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if got.Handle != tt.want || got.Available != (tt.others == nil) {
				t.Errorf("CheckHandle: got %s available %t, want %s available %t", got.Handle, got.Available, tt.want, tt.others == nil)
			}
			if len(got.Suggestions) != len(tt.others) {
				t.Fatalf("suggestions: got %v, want %v", got.Suggestions, tt.others)
			}
			for i, suggestion := range got.Suggestions {
				if text := suggestion.Handle.String() + " " + suggestion.Method; !regexp.MustCompile(tt.others[i]).MatchString(text) {
					t.Errorf("suggestion %d: got %s, want it to match %s", i, text, tt.others[i])
				}
			}
		})
	}
}

// zeros is a source of bytes that are all the same.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestCheckHandleSuggestionsDiffer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.Rand = zeros{}
	got, err := b.CheckHandle(t.Context(), account.HandleQuery{Handle: "alice.test", Email: "alice10@example.com"})
	var handles []syntax.Handle
	for _, suggestion := range got.Suggestions {
		handles = append(handles, suggestion.Handle)
	}
	if want := []syntax.Handle{"alice10.test", "alice100.test", "alice1000.test"}; err != nil || !slices.Equal(handles, want) {
		t.Errorf("suggestions: got %v, %v, want %v", handles, err, want)
	}
}

func TestCheckHandleRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		query account.HandleQuery
		want  error
	}{
		{"email", account.HandleQuery{Handle: "carol.test", Email: "carol"}, account.ErrInvalidEmail},
		{"syntax", account.HandleQuery{Handle: "ca_rol.test"}, account.ErrHandleInvalid},
		{"short", account.HandleQuery{Handle: "ca.test"}, account.ErrHandleInvalid},
		{"domain", account.HandleQuery{Handle: "carol.example.com"}, account.ErrUnsupportedDomain},
	}
	b := newBench(t)
	for _, tt := range tests {
		_, err := b.CheckHandle(t.Context(), tt.query)
		wantError(t, tt.name, err, tt.want)
	}
}

// Whoever gets suggestions can sign up with each of them.
func TestCheckHandleSuggestionsAreFree(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	got, err := b.CheckHandle(t.Context(), account.HandleQuery{Handle: "alice.test", Email: "carol@example.com"})
	if err != nil || len(got.Suggestions) == 0 {
		t.Fatalf("CheckHandle: got %v, %v, want suggestions", got, err)
	}
	for i, suggestion := range got.Suggestions {
		signup := account.Signup{Handle: suggestion.Handle, Email: handleOf(i).String() + "@example.com", Password: "asdf"}
		if _, err := b.CreateAccount(t.Context(), signup); err != nil {
			t.Errorf("CreateAccount with %s: %v", suggestion.Handle, err)
		}
	}
}
