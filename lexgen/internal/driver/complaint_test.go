package driver

import "testing"

func TestComplaint(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, stderr, want string }{
		{"nothing", "\n", ""},
		{"missing module", "no required module provides package example.com/a; to add it:\n\tgo get example.com/a\n", "no required module provides package example.com/a"},
		{"download before", "go: downloading example.com/a v1.0.0\ngo: example.com/a: no such host\n", "example.com/a: no such host"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := complaint(test.stderr); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
