package account_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

func codeNames(codes []account.InviteCode) []string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = code.Code
	}
	return names
}

// pages reads a list of codes in pages.
func (b *bench) pages(t *testing.T, sort string, limit int) []account.InviteCode {
	t.Helper()
	var all []account.InviteCode
	cursor := ""
	for {
		page, next, err := b.InviteCodes(t.Context(), sort, limit, cursor)
		switch {
		case err != nil:
			t.Fatal(err)
		case len(page) == 0 && len(all) > 0, len(page) > max(1, limit):
			t.Fatalf("got a page of %d codes, want 1 to %d", len(page), max(1, limit))
		}
		all = append(all, page...)
		if next == "" {
			return all
		}
		cursor = next
	}
}

func TestInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.InvitesRequired = true
	// Several codes are of the same age, and several have as many uses.
	for i := range 12 {
		if i%3 == 0 {
			b.now = b.now.Add(time.Second)
		}
		code := b.newCode(t, 10, "")
		for use := range i % 4 {
			b.join(t, fmt.Sprintf("guest%d-%d", i, use), code)
		}
	}
	orders := []struct {
		sort    string
		compare func(a, b account.InviteCode) int
	}{
		{"recent", func(a, b account.InviteCode) int { return b.CreatedAt.Compare(a.CreatedAt) }},
		{"usage", func(a, b account.InviteCode) int { return b.Used - a.Used }},
	}
	for _, order := range orders {
		t.Run(order.sort, func(t *testing.T) {
			t.Parallel()
			whole, next, err := b.InviteCodes(t.Context(), order.sort, 12, "")
			if err != nil || len(whole) != 12 || next != "" {
				t.Fatalf("got %d codes, cursor %q, %v, want 12 without a cursor", len(whole), next, err)
			}
			if !slices.IsSortedFunc(whole, func(a, b account.InviteCode) int {
				return cmp.Or(order.compare(a, b), strings.Compare(a.Code, b.Code))
			}) {
				t.Errorf("codes are not in order: %+v", whole)
			}
			for _, limit := range []int{0, 1, 2, 5, 11, 500} {
				if got, want := codeNames(b.pages(t, order.sort, limit)), codeNames(whole); !slices.Equal(got, want) {
					t.Errorf("pages of %d: got %q, want %q", limit, got, want)
				}
			}
		})
	}
	t.Run("recent is what nobody names", func(t *testing.T) {
		t.Parallel()
		if got, want := codeNames(b.pages(t, "", 5)), codeNames(b.pages(t, "recent", 12)); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestInviteCodesRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 2 {
		b.newCode(t, 1, "")
	}
	_, recent, err := b.InviteCodes(t.Context(), "recent", 1, "")
	if err != nil || recent == "" {
		t.Fatalf("got cursor %q, %v", recent, err)
	}
	tests := []struct{ name, sort, cursor, want string }{
		{"an unknown order", "price", "", "unknown sort method: price"},
		{"no cursor of ours", "recent", "x", "Malformed cursor"},
		{"the cursor of another order", "usage", recent, "Malformed cursor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := b.InviteCodes(t.Context(), tt.sort, 1, tt.cursor)
			wantError(t, "InviteCodes", err, account.ErrInvalidRequest)
			wantText(t, "InviteCodes", err, tt.want)
		})
	}
}
