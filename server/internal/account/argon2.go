package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/argon2"
)

const (
	argon2SaltSize = 16
	argon2KeySize  = 32
)

// Argon2Params is the cost of hashing one password with Argon2id.
//
// See https://www.rfc-editor.org/rfc/rfc9106.
type Argon2Params struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultArgon2Params returns the least memory-hungry cost that OWASP recommends
// for a single pass: 46 MiB.
//
// See https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html.
func DefaultArgon2Params() Argon2Params {
	return Argon2Params{MemoryKiB: 46 << 10, Passes: 1, Threads: 1}
}

// Check returns an error if p is cheaper than what a server should keep passwords
// with: 19 MiB in two passes, or the default. It is for the configuration of an
// operator; tests hash with less.
func (p Argon2Params) Check() error {
	enough := p.MemoryKiB >= 46<<10 || p.MemoryKiB >= 19<<10 && p.Passes >= 2
	switch {
	case !enough:
		return errors.New("argon2id parameters too cheap: at least 19 MiB in 2 passes, or 46 MiB in 1")
	case !p.valid():
		return errors.New("argon2id parameters out of range: 1 to 64 threads, at most 64 passes and 1 GiB")
	}
	return nil
}

// valid reports whether p can be computed with at all.
func (p Argon2Params) valid() bool {
	return p.MemoryKiB >= 8*uint32(p.Threads) && p.MemoryKiB <= 1<<20 &&
		p.Passes >= 1 && p.Passes <= 64 &&
		p.Threads >= 1 && p.Threads <= 64
}

// Argon2Config configures an [Argon2].
type Argon2Config struct {
	Params Argon2Params
	// Parallel is how many passwords are hashed at the same time. It bounds the
	// memory that logins can take.
	Parallel int
	// Waiting is how many more callers may wait for their turn.
	Waiting int
	// Patience is how long one of them waits before it is told [ErrBusy].
	Patience time.Duration
	// Rand is where salts come from; it must be safe for concurrent use.
	Rand io.Reader
}

// Argon2 hashes passwords with Argon2id. It keeps them as PHC strings, which carry
// their own parameters, so that those can be changed at any time. It may be used
// concurrently.
type Argon2 struct {
	params Argon2Params
	gate   *gate
	rand   io.Reader
}

var _ Hasher = (*Argon2)(nil)

// NewArgon2 returns a hasher. It panics if the configuration cannot work; see
// [Argon2Params.Check] for what an operator may ask for.
func NewArgon2(config Argon2Config) *Argon2 {
	if !config.Params.valid() || config.Parallel < 1 || config.Rand == nil {
		panic("account: impossible Argon2Config")
	}
	return &Argon2{
		params: config.Params,
		gate:   newGate(config.Parallel, config.Waiting, config.Patience),
		rand:   config.Rand,
	}
}

// Hash implements [Hasher].
func (a *Argon2) Hash(ctx context.Context, password string) (string, error) {
	salt, err := randomBytes(a.rand, argon2SaltSize)
	if err != nil {
		return "", err
	}
	key, err := a.derive(ctx, password, salt, a.params, argon2KeySize)
	if err != nil {
		return "", err
	}
	return phc{params: a.params, salt: salt, key: key}.String(), nil
}

// Verify implements [Hasher]. Besides its own hashes it knows those of scrypt that accounts
// bring along from other servers; they are outdated. It returns an error if hash is
// neither.
func (a *Argon2) Verify(ctx context.Context, hash, password string) (Verdict, error) {
	if isScrypt(hash) {
		return a.verifyScrypt(ctx, hash, password)
	}
	want, err := parsePHC(hash)
	if err != nil {
		return Mismatch, fmt.Errorf("parse password hash: %w", err)
	}
	got, err := a.derive(ctx, password, want.salt, want.params, len(want.key))
	switch {
	case err != nil:
		return Mismatch, err
	case subtle.ConstantTimeCompare(got, want.key) != 1:
		return Mismatch, nil
	case want.params != a.params || len(want.key) != argon2KeySize:
		return MatchOutdated, nil
	}
	return Match, nil
}

func (a *Argon2) verifyScrypt(ctx context.Context, hash, password string) (Verdict, error) {
	want, err := parseScrypt(hash)
	if err != nil {
		return Mismatch, fmt.Errorf("parse password hash: %w", err)
	}
	if err := a.gate.enter(ctx); err != nil {
		return Mismatch, err
	}
	defer a.gate.leave()
	ok, err := want.verify(password)
	if err != nil || !ok {
		return Mismatch, err
	}
	return MatchOutdated, nil
}

// VerifyNone implements [Hasher].
func (a *Argon2) VerifyNone(ctx context.Context, password string) error {
	_, err := a.derive(ctx, password, make([]byte, argon2SaltSize), a.params, argon2KeySize)
	return err
}

func (a *Argon2) derive(ctx context.Context, password string, salt []byte, params Argon2Params, size int) ([]byte, error) {
	if err := a.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer a.gate.leave()
	return argon2.IDKey([]byte(password), salt, params.Passes, params.MemoryKiB, params.Threads, uint32(size)), nil
}
