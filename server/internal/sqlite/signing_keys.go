package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	selectSigningKey  = `SELECT public_key, sealed FROM signing_key WHERE did = ?`
	insertReservedKey = `INSERT INTO reserved_signing_key (public_key, sealed, did, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?)`
	selectReservedKey     = `SELECT public_key, sealed FROM reserved_signing_key WHERE did = ? AND expires_at > ?`
	countReservedKeys     = `SELECT count(*) FROM reserved_signing_key`
	deleteReservedKeyOf   = `DELETE FROM reserved_signing_key WHERE did = ?`
	deleteOldReservedKeys = `DELETE FROM reserved_signing_key WHERE expires_at <= ?`
)

// SigningKey implements [account.SigningKeys].
func (s *Store) SigningKey(ctx context.Context, did syntax.DID) (account.SealedKey, error) {
	key, err := scanKey(s.lookUp(ctx).row(selectSigningKey, did))
	if errors.Is(err, sql.ErrNoRows) {
		err = account.ErrAccountNotFound
	}
	return key, err
}

func scanKey(row scanner) (account.SealedKey, error) {
	var key account.SealedKey
	err := row.Scan(&key.Public, &key.Sealed)
	return key, err
}

// ReserveSigningKey implements [account.SigningKeys].
func (s *Store) ReserveSigningKey(ctx context.Context, reserved account.ReservedKey, now time.Time, max int) (account.SealedKey, error) {
	var key account.SealedKey
	err := s.write(ctx, func(t transaction) error {
		if err := t.exec(deleteOldReservedKeys, millis(now)); err != nil {
			return err
		}
		var err error
		// No row has an empty DID.
		key, err = scanKey(t.row(selectReservedKey, reserved.DID, millis(now)))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var n int
		if err := t.row(countReservedKeys).Scan(&n); err != nil {
			return err
		}
		if n >= max {
			return account.ErrTooManyReservedKeys
		}
		key = reserved.Key
		return t.exec(insertReservedKey, key.Public, key.Sealed, nullText(reserved.DID),
			millis(reserved.CreatedAt), millis(reserved.ExpiresAt))
	})
	if err != nil {
		return account.SealedKey{}, err
	}
	return key, nil
}

// reservedKeyOr returns the key that is reserved for a DID, or another.
func reservedKeyOr(t transaction, did syntax.DID, now time.Time, other account.SealedKey) (account.SealedKey, error) {
	key, err := scanKey(t.row(selectReservedKey, did, millis(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return other, nil
	}
	return key, err
}
