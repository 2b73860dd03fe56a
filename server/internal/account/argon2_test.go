package account

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// cheapParams costs next to nothing.
var cheapParams = Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}

func newCheapArgon2(params Argon2Params) *Argon2 {
	return NewArgon2(Argon2Config{Params: params, Parallel: 2, Waiting: 100, Patience: time.Minute, Rand: rand.Reader})
}

func TestArgon2(t *testing.T) {
	t.Parallel()
	hasher := newCheapArgon2(cheapParams)
	hash, err := hasher.Hash(t.Context(), "asdf")
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=8,t=1,p=1$"; !strings.HasPrefix(hash, want) {
		t.Errorf("Hash: got %q, want it to begin with %q", hash, want)
	}
	other, err := hasher.Hash(t.Context(), "asdf")
	if err != nil || other == hash {
		t.Errorf("Hash of the same password: got %q, %v, want another salt", other, err)
	}
	dearer := newCheapArgon2(Argon2Params{MemoryKiB: 16, Passes: 1, Threads: 1})
	tests := []struct {
		name     string
		hasher   *Argon2
		password string
		want     Verdict
	}{
		{"right", hasher, "asdf", Match},
		{"wrong", hasher, "asdg", Mismatch},
		{"empty", hasher, "", Mismatch},
		{"right, other parameters", dearer, "asdf", MatchOutdated},
		{"wrong, other parameters", dearer, "asdg", Mismatch},
	}
	for _, tt := range tests {
		got, err := tt.hasher.Verify(t.Context(), hash, tt.password)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	if err := hasher.VerifyNone(t.Context(), "asdf"); err != nil {
		t.Errorf("VerifyNone: %v", err)
	}
}

// A hash that another program made, with pyca/cryptography, must be understood.
func TestArgon2ForeignHash(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$ERYZzdI8eAoFrFBqhZD9DZSDOXmHCnJsPmDmAKDQo2c"
	hasher := newCheapArgon2(Argon2Params{MemoryKiB: 64, Passes: 2, Threads: 1})
	for password, want := range map[string]Verdict{"caf\u00e9": Match, "cafe": Mismatch} {
		if got, err := hasher.Verify(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("Verify(%q): got %v, %v, want %v", password, got, err, want)
		}
	}
}

func TestArgon2DamagedHash(t *testing.T) {
	t.Parallel()
	const secret = "not-a-hash-but-secret"
	_, err := newCheapArgon2(cheapParams).Verify(t.Context(), secret, "asdf")
	if !errors.Is(err, errNotPHC) || strings.Contains(err.Error(), secret) {
		t.Errorf("Verify: got error %v, want %v without the text", err, errNotPHC)
	}
}

func TestArgon2ParamsCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		params Argon2Params
		ok     bool
	}{
		{"default", DefaultArgon2Params(), true},
		{"floor", Argon2Params{19 << 10, 2, 1}, true},
		{"one pass too few", Argon2Params{19 << 10, 1, 1}, false},
		{"too little memory", Argon2Params{19<<10 - 1, 2, 1}, false},
		{"many passes do not make up for memory", Argon2Params{18 << 10, 60, 1}, false},
		{"dear", Argon2Params{64 << 10, 3, 4}, true},
		{"no passes", Argon2Params{64 << 10, 0, 1}, false},
		{"no threads", Argon2Params{64 << 10, 1, 0}, false},
		{"absurd memory", Argon2Params{2 << 20, 1, 1}, false},
		{"cheap", cheapParams, false},
	}
	for _, tt := range tests {
		if err := tt.params.Check(); (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want ok %t", tt.name, err, tt.ok)
		}
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	t.Run("a free place", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(2, 0, time.Second)
			wantEnter(t, g, nil)
			wantEnter(t, g, nil)
			wantEnter(t, g, ErrBusy)
			g.leave()
			wantEnter(t, g, nil)
		})
	})
	t.Run("a place becomes free", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(1, 1, time.Second)
			wantEnter(t, g, nil)
			entered := make(chan error)
			go func() { entered <- g.enter(t.Context()) }()
			synctest.Wait()
			wantEnter(t, g, ErrBusy)
			g.leave()
			if err := <-entered; err != nil {
				t.Errorf("enter: got %v, want nil", err)
			}
		})
	})
	t.Run("patience is over", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(1, 1, time.Second)
			wantEnter(t, g, nil)
			begin := time.Now()
			wantEnter(t, g, ErrBusy)
			if got := time.Since(begin); got != time.Second {
				t.Errorf("waited %s, want 1s", got)
			}
			g.leave()
			wantEnter(t, g, nil)
		})
	})
	t.Run("the caller goes away", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(1, 1, time.Hour)
			wantEnter(t, g, nil)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := g.enter(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("enter: got %v, want %v", err, context.Canceled)
			}
			if got := g.waiting.Load(); got != 0 {
				t.Errorf("waiting: got %d, want 0", got)
			}
		})
	})
}

func wantEnter(t *testing.T, g *gate, want error) {
	t.Helper()
	if err := g.enter(t.Context()); !errors.Is(err, want) {
		t.Errorf("enter: got %v, want %v", err, want)
	}
}

func BenchmarkArgon2Default(b *testing.B) {
	hasher := newCheapArgon2(DefaultArgon2Params())
	for b.Loop() {
		if err := hasher.VerifyNone(b.Context(), "asdf"); err != nil {
			b.Fatal(err)
		}
	}
}
