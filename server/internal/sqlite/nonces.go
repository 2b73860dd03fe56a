package sqlite

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

const claimNonce = `INSERT INTO nonce (hash, expires_at) VALUES (?1, ?2)
	ON CONFLICT (hash) DO UPDATE SET expires_at = ?2 WHERE expires_at <= ?3`

// ClaimNonce implements [account.Nonces].
func (s *Store) ClaimNonce(ctx context.Context, nonce account.SecretHash, now, expires time.Time) error {
	return s.write(ctx, func(t transaction) error { return takeNonce(t, nonce, now, expires) })
}

// takeNonce remembers a nonce that nobody has claimed.
func takeNonce(t transaction, nonce account.SecretHash, now, expires time.Time) error {
	claimed, err := t.change(claimNonce, nonce[:], millis(expires), millis(now))
	if err == nil && !claimed {
		err = account.ErrReplayed
	}
	return err
}
