package account_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/account/storetest"
)

// memory is a store without a database, held to the contract of all stores.
type memory struct {
	mu       sync.Mutex
	accounts map[syntax.DID]account.Credentials
	sessions map[string]account.Session
	tokens   map[account.RefreshHash]memoryToken
}

type memoryToken struct {
	session string
	expires time.Time
	next    account.RefreshHash
}

func newMemory() *memory {
	return &memory{
		accounts: map[syntax.DID]account.Credentials{},
		sessions: map[string]account.Session{},
		tokens:   map[account.RefreshHash]memoryToken{},
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) storetest.Store { return newMemory() })
}

func (m *memory) CheckAvailable(_ context.Context, handle syntax.Handle, email string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.checkTaken(handle, email)
}

func (m *memory) checkTaken(handle syntax.Handle, email string) error {
	var err error
	for _, c := range m.accounts {
		switch {
		case c.Account.Handle == handle:
			return account.ErrHandleTaken
		case c.Account.Email == email:
			err = account.ErrEmailTaken
		}
	}
	return err
}

func (m *memory) CreateAccount(_ context.Context, created account.NewAccount) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.checkTaken(created.Account.Handle, created.Account.Email); err != nil {
		return err
	}
	if _, taken := m.sessions[created.Session.Session.ID]; taken {
		return context.DeadlineExceeded
	}
	m.accounts[created.Account.DID] = account.Credentials{
		Account:           created.Account,
		PasswordHash:      created.PasswordHash,
		CredentialVersion: account.FirstCredentialVersion,
	}
	m.insert(created.Session)
	return nil
}

func (m *memory) insert(created account.NewSession) {
	m.sessions[created.Session.ID] = created.Session
	m.tokens[created.Refresh] = memoryToken{session: created.Session.ID, expires: created.Session.ExpiresAt}
}

func (m *memory) FindCredentials(_ context.Context, identifier account.Identifier) (account.Credentials, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.accounts {
		names := map[account.IdentifierKind]string{
			account.ByDID:    string(c.Account.DID),
			account.ByHandle: string(c.Account.Handle),
			account.ByEmail:  c.Account.Email,
		}
		if names[identifier.Kind] == identifier.Value {
			return c, nil
		}
	}
	return account.Credentials{}, account.ErrAccountNotFound
}

func (m *memory) Decoy(_ context.Context, near syntax.DID) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first, next := "", ""
	for _, did := range slices.Backward(slices.Sorted(maps.Keys(m.accounts))) {
		hash := m.accounts[did].PasswordHash
		if hash == "" {
			continue
		}
		first = hash
		if did >= near {
			next = hash
		}
	}
	return cmp.Or(next, first), nil
}

func (m *memory) StartSession(_ context.Context, login account.Login) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.accounts[login.Session.DID]
	switch {
	case !ok:
		return account.ErrAccountNotFound
	case c.Account.Status() == account.StatusTakendown:
		return account.ErrTakendown
	case c.CredentialVersion != login.CredentialVersion:
		return account.ErrCredentialsChanged
	}
	if login.Rehash != "" {
		c.PasswordHash = login.Rehash
		m.accounts[login.Session.DID] = c
	}
	for id, session := range m.sessions {
		if session.DID == login.Session.DID && !login.Session.CreatedAt.Before(session.ExpiresAt) {
			delete(m.sessions, id)
		}
	}
	m.insert(login.NewSession)
	return nil
}

func (m *memory) RotateRefresh(_ context.Context, rotation account.Rotation) (account.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.accounts[rotation.DID]
	token := m.tokens[rotation.Presented]
	session := m.sessions[token.session]
	isUsed := token.next != account.RefreshHash{}
	switch {
	case ok && c.Account.Status() == account.StatusTakendown:
		return account.Caller{}, account.ErrTakendown
	case !ok, session.DID != rotation.DID,
		!rotation.Now.Before(token.expires), isUsed && token.next != rotation.Next:
		return account.Caller{}, account.ErrTokenRevoked
	}
	if !isUsed {
		session.LastUsedAt = rotation.Now
		session.ExpiresAt = earlier(rotation.IdleUntil, session.EndsAt)
		m.insert(account.NewSession{Session: session, Refresh: rotation.Next})
		token.next, token.expires = rotation.Next, earlier(token.expires, rotation.GraceUntil)
		m.tokens[rotation.Presented] = token
	}
	return account.Caller{Account: c.Account, Session: session}, nil
}

func (m *memory) FindSession(_ context.Context, did syntax.DID, id string) (account.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.accounts[did]
	session := m.sessions[id]
	switch {
	case !ok:
		return account.Caller{}, account.ErrAccountNotFound
	case session.DID != did:
		return account.Caller{}, account.ErrTokenRevoked
	}
	return account.Caller{Account: c.Account, Session: session}, nil
}

func (m *memory) EndSession(_ context.Context, did syntax.DID, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions[id].DID == did {
		delete(m.sessions, id)
	}
	return nil
}

// change does to an account what other methods of the server do.
func (m *memory) change(did syntax.DID, f func(c *account.Credentials)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.accounts[did]
	f(&c)
	m.accounts[did] = c
}

// remove deletes an account with its sessions.
func (m *memory) remove(did syntax.DID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.accounts, did)
	for id, session := range m.sessions {
		if session.DID == did {
			delete(m.sessions, id)
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
