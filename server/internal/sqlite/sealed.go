package sqlite

import (
	"context"
	"fmt"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// sealedQuery finds everything in the database that is encrypted.
const sealedQuery = `
	SELECT 'signing keys', public_key, '', sealed FROM signing_key
	UNION ALL SELECT 'signing keys of sign-ups under way', public_key, '', sealed FROM signup
	UNION ALL SELECT 'reserved signing keys', public_key, '', sealed FROM reserved_signing_key
	UNION ALL SELECT 'mails that wait', '', id, sealed FROM outbox`

// A Sealed is something in the database that is encrypted.
type Sealed struct {
	Kind    string // what it is one of, in words that name nobody
	Public  string // of a signing key, as a did:key; empty for anything else
	Purpose string // for which it was sealed
	Data    []byte
}

// EachSealed calls visit for everything in the database that is encrypted, until that
// returns an error.
func (s *Store) EachSealed(ctx context.Context, visit func(Sealed) error) error {
	rows, err := s.reader.QueryContext(ctx, sealedQuery)
	if err != nil {
		return fmt.Errorf("read sealed data: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var found Sealed
		var mailID string
		if err := rows.Scan(&found.Kind, &found.Public, &mailID, &found.Data); err != nil {
			return fmt.Errorf("read sealed data: %w", err)
		}
		found.Purpose = account.MailPurpose(mailID)
		if found.Public != "" {
			found.Purpose = account.SigningKeyPurpose(found.Public)
		}
		if err := visit(found); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read sealed data: %w", err)
	}
	return nil
}
