package account_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// fakeHasher "hashes" by putting a word in front, and counts its work. Its fields
// replace what it does.
type fakeHasher struct {
	onHash   func() error
	onVerify func(verdict account.Verdict) (account.Verdict, error)

	mu     sync.Mutex
	hashed int
	worked int      // verifications of either kind
	hashes []string // that a password was compared with
}

func (h *fakeHasher) Hash(_ context.Context, password string) (string, error) {
	h.mu.Lock()
	h.hashed++
	n := h.hashed
	h.mu.Unlock()
	if h.onHash != nil {
		if err := h.onHash(); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("hash %d of %s", n, password), nil
}

func (h *fakeHasher) Verify(_ context.Context, hash, password string) (account.Verdict, error) {
	h.mu.Lock()
	h.worked++
	h.hashes = append(h.hashes, hash)
	h.mu.Unlock()
	verdict := account.Mismatch
	if _, hashed, _ := strings.Cut(hash, " of "); hashed == password {
		verdict = account.Match
	}
	if h.onVerify != nil {
		return h.onVerify(verdict)
	}
	return verdict, nil
}

func (h *fakeHasher) VerifyNone(context.Context, string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.worked++
	return nil
}

// fakeSealer "encrypts" by putting the purpose in front.
type fakeSealer struct{}

func (fakeSealer) Seal(purpose string, secret []byte) ([]byte, error) {
	return append([]byte(purpose+": "), secret...), nil
}

func (fakeSealer) Open(purpose string, sealed []byte) ([]byte, error) {
	secret, ok := bytes.CutPrefix(sealed, []byte(purpose+": "))
	if !ok {
		return nil, errors.New("sealed for another purpose")
	}
	return secret, nil
}

// fakeMailer keeps what it is to send. onSend replaces what it does.
type fakeMailer struct {
	onSend func(mail account.Mail) error

	mu   sync.Mutex
	sent []account.Mail
}

func (m *fakeMailer) Send(_ context.Context, mail account.Mail) error {
	if m.onSend != nil {
		if err := m.onSend(mail); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

// fakeFailures counts failures. A key with as many as limit has to wait, unless limit is 0.
type fakeFailures struct {
	limit int

	mu     sync.Mutex
	failed map[string]int
}

func (f *fakeFailures) Try(key string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.limit > 0 && f.failed[key] >= f.limit {
		return time.Minute
	}
	if f.failed == nil {
		f.failed = map[string]int{}
	}
	f.failed[key]++
	return 0
}

func (f *fakeFailures) Forgive(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed[key]--
}

// total returns how many failures there are of all keys.
func (f *fakeFailures) total() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := 0
	for _, n := range f.failed {
		sum += n
	}
	return sum
}

func (f *fakeFailures) Succeed(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.failed, key)
}

// fakeTokens remembers what it issued. A token that it did not issue is invalid.
type fakeTokens struct {
	issued sync.Map // from the text of a token to its claims
}

func (f *fakeTokens) IssueAccess(claims account.AccessClaims) (string, error) {
	token := fmt.Sprintf("access %+v", claims)
	f.issued.Store(token, claims)
	return token, nil
}

func (f *fakeTokens) IssueRefresh(claims account.RefreshClaims) (string, error) {
	token := fmt.Sprintf("refresh %+v", claims)
	f.issued.Store(token, claims)
	return token, nil
}

func (f *fakeTokens) VerifyAccess(token string, now time.Time) (account.AccessClaims, error) {
	value, _ := f.issued.Load(token)
	claims, ok := value.(account.AccessClaims)
	switch {
	case !ok:
		return claims, account.ErrTokenInvalid
	case !now.Before(claims.ExpiresAt):
		return claims, account.ErrTokenExpired
	}
	return claims, nil
}

func (f *fakeTokens) VerifyRefresh(token string, now time.Time) (account.RefreshClaims, error) {
	claims, err := f.VerifyRefreshOfAnyAge(token)
	if err == nil && !now.Before(claims.ExpiresAt) {
		err = account.ErrTokenExpired
	}
	return claims, err
}

func (f *fakeTokens) VerifyRefreshOfAnyAge(token string) (account.RefreshClaims, error) {
	value, _ := f.issued.Load(token)
	claims, ok := value.(account.RefreshClaims)
	if !ok {
		return claims, account.ErrTokenInvalid
	}
	return claims, nil
}

func (f *fakeTokens) NextRefreshID(id string) string {
	return id + "+"
}

// refreshID returns the id in a refresh token.
func (f *fakeTokens) refreshID(t *testing.T, token string) string {
	t.Helper()
	claims, err := f.VerifyRefreshOfAnyAge(token)
	if err != nil {
		t.Fatal(err)
	}
	return claims.ID
}
