package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A bench is a service on fakes, with the time in its hand.
type bench struct {
	*account.Service
	store  *memory
	hasher *fakeHasher
	tokens *fakeTokens
	now    time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	handles, err := account.NewHandlePolicy(account.HandleRules{Domains: []string{".test"}})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{
		store:  newMemory(),
		hasher: &fakeHasher{},
		tokens: &fakeTokens{},
		now:    time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	b.Service = &account.Service{
		Accounts: b.store,
		Sessions: b.store,
		Tokens:   b.tokens,
		Identity: &fakeIdentity{},
		Hasher:   b.hasher,
		Handles:  handles,
		Now:      func() time.Time { return b.now },
		Rand:     rand.Reader,
	}
	return b
}

// alice is a sign-up that succeeds.
func alice() account.Signup {
	return account.Signup{Handle: "alice.test", Email: "alice@example.com", Password: "asdf"}
}

// signUp creates the account of alice.
func (b *bench) signUp(t *testing.T) account.Grant {
	t.Helper()
	grant, err := b.CreateAccount(t.Context(), alice())
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

func (b *bench) refresh(t *testing.T, token string) account.Grant {
	t.Helper()
	grant, err := b.RefreshSession(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

func (b *bench) takeDown(did syntax.DID) {
	b.store.change(did, func(c *account.Credentials) { c.Account.TakendownAt = b.now })
}

func wantError(t *testing.T, call string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", call, err, want)
	}
}

// wantText checks the text that the client sees.
func wantText(t *testing.T, call string, err error, want string) {
	t.Helper()
	var refusal *account.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("%s: got error %v, want a refusal", call, err)
	} else if refusal.Error() != want {
		t.Errorf("%s: got text %q, want %q", call, refusal.Error(), want)
	}
}

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

// fakeIdentity numbers the identities that it creates. The one recovery key that it
// refuses is "bad".
type fakeIdentity struct {
	mu    sync.Mutex
	count int
}

func (i *fakeIdentity) NewGenesis(_ syntax.Handle, recoveryKey string) (account.Genesis, error) {
	if recoveryKey == "bad" {
		return account.Genesis{}, account.ErrInvalidRecoveryKey
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	return account.Genesis{DID: syntax.DID(fmt.Sprint("did:plc:", i.count))}, nil
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
