package sqlite

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	putEmailToken = `INSERT INTO email_token (did, purpose, hash, requested_at, attempts) VALUES (?, ?, ?, ?, 0)
		ON CONFLICT (did, purpose) DO UPDATE SET hash = excluded.hash, requested_at = excluded.requested_at, attempts = 0`
	selectEmailToken       = `SELECT hash, requested_at, attempts FROM email_token WHERE did = ? AND purpose = ?`
	selectEmailTokenByHash = `SELECT ` + accountColumns + `, email_token.requested_at, email_token.attempts
		FROM email_token JOIN account ON account.did = email_token.did
		WHERE email_token.purpose = ? AND email_token.hash = ?`
	countAttempt      = `UPDATE email_token SET attempts = attempts + 1 WHERE did = ? AND purpose = ?`
	deleteEmailToken  = `DELETE FROM email_token WHERE did = ? AND purpose = ?`
	deleteEmailTokens = `DELETE FROM email_token WHERE did = ?`
)

// PutEmailToken implements [account.EmailTokens].
func (s *Store) PutEmailToken(ctx context.Context, token account.EmailToken) error {
	return s.write(ctx, func(t transaction) error {
		owner, err := findAccount(t, token.DID)
		if err != nil {
			return err
		}
		record, err := recordFor(t, owner, token.Record)
		if err != nil {
			return err
		}
		enough, err := hasEnoughTokens(t, token, record)
		switch {
		case err != nil:
			return err
		case enough:
			return account.ErrEnoughMails
		}
		if err := t.exec(putEmailToken, token.DID, token.Purpose, token.Hash[:], millis(token.RequestedAt)); err != nil {
			return err
		}
		return writeRecord(t, record)
	})
}

// hasEnoughTokens reports whether an account was mailed as many tokens as the record of the next
// one allows, and the last of them is still good.
func hasEnoughTokens(t transaction, next account.EmailToken, record account.Record) (bool, error) {
	exceeds, err := exceedsQuota(t, record)
	if err != nil || !exceeds {
		return false, err
	}
	var hash []byte
	var requested, attempts int64
	err = t.row(selectEmailToken, next.DID, next.Purpose).Scan(&hash, &requested, &attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil // it was used
	}
	isGood := attempts < account.MaxTokenAttempts && requested > millis(next.RequestedAt.Add(-account.EmailTokenLifetime))
	return isGood, err
}

// FindByEmailToken implements [account.EmailTokens].
func (s *Store) FindByEmailToken(ctx context.Context, proof account.TokenProof) (account.Account, error) {
	var requested, attempts int64
	a, err := scanAccount(s.lookUp(ctx).row(selectEmailTokenByHash, proof.Purpose, proof.Hash[:]), &requested, &attempts)
	switch {
	case errors.Is(err, account.ErrAccountNotFound):
		return account.Account{}, account.ErrEmailTokenInvalid
	case err != nil:
		return account.Account{}, err
	case attempts >= account.MaxTokenAttempts:
		return account.Account{}, account.ErrEmailTokenInvalid
	case requested <= millis(proof.NotBefore):
		return account.Account{}, account.ErrEmailTokenExpired
	}
	return a, nil
}

// CheckEmailToken implements [account.EmailTokens].
func (s *Store) CheckEmailToken(ctx context.Context, did syntax.DID, proof account.TokenProof, sessionID string) error {
	return s.writeAs(ctx, did, sessionID, func(t transaction) error { return checkProof(t, did, &proof) })
}

// UseEmailToken implements [account.EmailTokens].
func (s *Store) UseEmailToken(ctx context.Context, did syntax.DID, proof account.TokenProof, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		if err := checkProof(t, did, &proof); err != nil {
			return err
		}
		if err := useProof(t, did, &proof); err != nil {
			return err
		}
		return keepRecord(t, record)
	})
}

// checkProof returns what [account.TokenProof] says, and nil for no proof. It must come
// before everything that the transaction writes: a wrong token commits it.
func checkProof(t transaction, did syntax.DID, proof *account.TokenProof) error {
	if proof == nil {
		return nil
	}
	var hash []byte
	var requested, attempts int64
	err := t.row(selectEmailToken, did, proof.Purpose).Scan(&hash, &requested, &attempts)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return account.ErrEmailTokenInvalid
	case err != nil:
		return err
	case attempts >= account.MaxTokenAttempts:
		return account.ErrEmailTokenInvalid
	case subtle.ConstantTimeCompare(hash, proof.Hash[:]) == 0:
		if err := t.exec(countAttempt, did, proof.Purpose); err != nil {
			return err
		}
		return countedRefusal{account.ErrEmailTokenInvalid}
	case requested <= millis(proof.NotBefore):
		return account.ErrEmailTokenExpired
	}
	return nil
}

// useProof uses a token up that checkProof found good.
func useProof(t transaction, did syntax.DID, proof *account.TokenProof) error {
	if proof == nil {
		return nil
	}
	return t.exec(deleteEmailToken, did, proof.Purpose)
}
