package account

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// verifyDecoy does the work of a wrong password for an identifier that names no
// account with a password. It compares with the hash of some account that there is,
// and throws the verdict away: hashes cost what was configured when they were made,
// so that a fixed cost would stand out among them. An identifier has the same decoy
// each time, as long as no account comes between.
func (s *Service) verifyDecoy(ctx context.Context, identifier Identifier, password string) error {
	hash, err := s.Store.Decoy(ctx, decoyPlace(identifier))
	if err != nil {
		return fmt.Errorf("find decoy: %w", err)
	}
	if hash == "" {
		err = s.Hasher.VerifyNone(ctx, password)
	} else {
		_, err = s.Hasher.Verify(ctx, hash, password)
	}
	if err != nil {
		return fmt.Errorf("verify password: %w", err)
	}
	return nil
}

// decoyPlace returns where in the order of DIDs the decoy of an identifier stands.
// Like a did:plc identity it is a hash in base32, so that all accounts are decoys
// equally often.
func decoyPlace(identifier Identifier) syntax.DID {
	sum := sha256.Sum256([]byte(identifier.Value))
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
	return syntax.DID("did:plc:" + strings.ToLower(text))
}
