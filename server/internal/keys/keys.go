// Package keys keeps the server's secrets in the data folder.
//
// One key, the master key, encrypts all others. It comes from the operator, or
// from a file that is created once. What it encrypts is bound to a purpose, so that
// one secret cannot be put in the place of another. The package imports durable,
// and x/crypto for XChaCha20-Poly1305.
package keys

import (
	"fmt"
	"os"
)

// Names of the secrets of a server, each of which a [Vault] keeps in a
// file of its own.
const (
	TokenKeyring      = "token-keyring"      // signs session tokens
	RefreshDerivation = "refresh-derivation" // chains the ids of refresh tokens
	PLCRotation       = "plc-rotation"       // signs did:plc operations
	Pepper            = "pepper"             // hashes app passwords and mailed tokens
)

// folderMode is the mode of a folder that this package creates: nobody but the
// server's user has access.
const folderMode = 0o700

// PrepareFolder creates the data folder, and the folders above it, unless it
// exists. The mode of one that exists is left alone.
func PrepareFolder(folder string) error {
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	return nil
}
