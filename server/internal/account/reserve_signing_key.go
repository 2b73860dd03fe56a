package account

import (
	"context"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Bounds of signing keys that anybody may reserve.
const (
	reservedKeyLifetime = 24 * time.Hour
	maxReservedKeys     = 10_000
)

// ReserveSigningKey returns, as a did:key, the key that will sign for an identity when
// it moves here within a day. For the same DID it is the same one. did may be empty if
// it is not known yet; then the key is another one each time.
//
// It returns [ErrTooManyReservedKeys] and [ErrStoreFull].
func (s *Service) ReserveSigningKey(ctx context.Context, did syntax.DID) (publicKey string, err error) {
	key, err := s.newSigningKey()
	if err != nil {
		return "", err
	}
	now := s.Now()
	reserved := ReservedKey{Key: key, DID: did, CreatedAt: now, ExpiresAt: now.Add(reservedKeyLifetime)}
	key, err = s.Store.ReserveSigningKey(ctx, reserved, now, maxReservedKeys)
	if err != nil {
		return "", fmt.Errorf("reserve signing key: %w", err)
	}
	return key.Public, nil
}

// newSigningKey returns a new key as stores keep it.
func (s *Service) newSigningKey() (SealedKey, error) {
	key, err := s.Identity.NewSigningKey()
	if err != nil {
		return SealedKey{}, fmt.Errorf("create signing key: %w", err)
	}
	sealed, err := s.Sealer.Seal(SigningKeyPurpose(key.Public), key.Private)
	if err != nil {
		return SealedKey{}, fmt.Errorf("seal signing key: %w", err)
	}
	return SealedKey{Public: key.Public, Sealed: sealed}, nil
}
