package ratelimit_test

import (
	"net/http"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
)

func TestBypass(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef"
	tests := []struct {
		name   string
		secret string
		header http.Header
		want   bool
	}{
		{"right", secret, http.Header{ratelimit.BypassHeader: {secret}}, true},
		{"wrong", secret, http.Header{ratelimit.BypassHeader: {secret + "0"}}, false},
		{"beginning of it", secret, http.Header{ratelimit.BypassHeader: {secret[:15]}}, false},
		{"empty", secret, http.Header{ratelimit.BypassHeader: {""}}, false},
		{"second", secret, http.Header{ratelimit.BypassHeader: {"guess", secret}}, false},
		{"absent", secret, http.Header{}, false},
		{"none configured", "", http.Header{ratelimit.BypassHeader: {secret}}, false},
		{"none configured, empty", "", http.Header{ratelimit.BypassHeader: {""}}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := ratelimit.NewBypass(test.secret).Covers(test.header); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
