package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CheckAvailable implements [account.Accounts].
func (s *Store) CheckAvailable(ctx context.Context, handle syntax.Handle, email string) error {
	return checkTaken(s.reads.takenName.QueryRowContext(ctx, handle, email))
}

// checkTaken reads the answer to takenNameQuery.
func checkTaken(row *sql.Row) error {
	var handleTaken, emailTaken bool
	err := row.Scan(&handleTaken, &emailTaken)
	switch {
	case err != nil:
		return err
	case handleTaken:
		return account.ErrHandleTaken
	case emailTaken:
		return account.ErrEmailTaken
	}
	return nil
}

// CreateAccount implements [account.Accounts].
func (s *Store) CreateAccount(ctx context.Context, created account.NewAccount) error {
	return s.write(ctx, func(t transaction) error {
		// Nobody else can write between this look and the inserts.
		if err := checkTaken(t.row(s.writes.takenName, created.Account.Handle, created.Account.Email)); err != nil {
			return err
		}
		if err := s.insertAccount(t, created); err != nil {
			return err
		}
		if err := s.insertGenesis(t, created); err != nil {
			return err
		}
		return s.insertSession(t, created.Session)
	})
}

func (s *Store) insertAccount(t transaction, created account.NewAccount) error {
	a := created.Account
	hash := sql.NullString{String: created.PasswordHash, Valid: created.PasswordHash != ""}
	err := t.exec(s.writes.insertAccount, a.DID, a.Handle, a.Email, nullMillis(a.EmailConfirmedAt),
		millis(a.CreatedAt), nullMillis(a.DeactivatedAt), nullMillis(a.TakendownAt),
		hash, account.FirstCredentialVersion)
	if err != nil {
		return fmt.Errorf("insert account: %w", err)
	}
	return nil
}

func (s *Store) insertGenesis(t transaction, created account.NewAccount) error {
	did, genesis, at := created.Account.DID, created.Genesis, millis(created.Account.CreatedAt)
	if err := t.exec(s.writes.insertSigningKey, did, genesis.SigningPublicKey, genesis.SealedSigningKey, at); err != nil {
		return fmt.Errorf("insert signing key: %w", err)
	}
	if err := t.exec(s.writes.insertOperation, did, genesis.CID, string(genesis.Operation), at); err != nil {
		return fmt.Errorf("insert genesis operation: %w", err)
	}
	return nil
}

// FindCredentials implements [account.Accounts].
func (s *Store) FindCredentials(ctx context.Context, identifier account.Identifier) (account.Credentials, error) {
	var statement *sql.Stmt
	switch identifier.Kind {
	case account.ByHandle:
		statement = s.reads.credentialsByHandle
	case account.ByEmail:
		statement = s.reads.credentialsByEmail
	case account.ByDID:
		statement = s.reads.credentialsByDID
	default:
		panic(fmt.Sprintf("sqlite: unknown kind of identifier %d", identifier.Kind))
	}
	var hash sql.NullString
	var version int64
	found, err := scanAccount(statement.QueryRowContext(ctx, identifier.Value), &hash, &version)
	if err != nil {
		return account.Credentials{}, err
	}
	return account.Credentials{Account: found, PasswordHash: hash.String, CredentialVersion: version}, nil
}

// Decoy implements [account.Accounts].
func (s *Store) Decoy(ctx context.Context, near syntax.DID) (string, error) {
	var hash sql.NullString
	if err := s.reads.decoy.QueryRowContext(ctx, near).Scan(&hash); err != nil {
		return "", fmt.Errorf("find decoy: %w", err)
	}
	return hash.String, nil
}

// HasAccounts reports whether there is an account.
func (s *Store) HasAccounts(ctx context.Context) (bool, error) {
	var found bool
	if err := s.reads.hasAccounts.QueryRowContext(ctx).Scan(&found); err != nil {
		return false, fmt.Errorf("look for accounts: %w", err)
	}
	return found, nil
}

// scanAccount reads accountColumns and whatever columns follow them. It returns
// [account.ErrAccountNotFound] if there is no row.
func scanAccount(row *sql.Row, more ...any) (account.Account, error) {
	var a account.Account
	var created int64
	var confirmed, deactivated, takendown sql.NullInt64
	columns := []any{&a.DID, &a.Handle, &a.Email, &confirmed, &created, &deactivated, &takendown}
	err := row.Scan(append(columns, more...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return account.Account{}, account.ErrAccountNotFound
	case err != nil:
		return account.Account{}, err
	}
	a.EmailConfirmedAt = fromNullMillis(confirmed)
	a.CreatedAt = fromMillis(created)
	a.DeactivatedAt = fromNullMillis(deactivated)
	a.TakendownAt = fromNullMillis(takendown)
	return a, nil
}
