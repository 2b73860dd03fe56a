package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/lexgen-go/lexgen/server/internal/keys"
)

// secrets are the keys of the server, which a first start creates. As soon as there are accounts, a
// key that is missing is lost: a new one in its place would not fit what was made with the old one.
type secrets struct {
	vault *keys.Vault
	inUse bool // the database has accounts
}

// openSecrets opens the vault with the master key that the operator gave, or else with the one in the
// data folder.
func openSecrets(c config, inUse bool) (secrets, error) {
	master := c.masterKey
	if master == nil {
		key, err := loadMasterKey(c.data, inUse)
		if err != nil {
			return secrets{}, err
		}
		master = &key
	}
	vault, err := keys.NewVault(c.data, *master, rand.Reader)
	return secrets{vault: vault, inUse: inUse}, err
}

func loadMasterKey(folder string, inUse bool) (keys.MasterKey, error) {
	if !inUse {
		return keys.LoadOrCreateMasterKey(folder, rand.Reader)
	}
	key, err := keys.LoadMasterKey(folder)
	return key, describeLoss(err)
}

// load returns the secret of a name, and creates it if that is right.
func (s secrets) load(name string, create func(random io.Reader) ([]byte, error)) ([]byte, error) {
	if !s.inUse {
		return s.vault.LoadOrCreate(name, create)
	}
	secret, err := s.vault.Load(name)
	return secret, describeLoss(err)
}

// describeLoss says what to do about a file that should be there.
func describeLoss(err error) error {
	var located *fs.PathError
	if errors.Is(err, fs.ErrNotExist) && errors.As(err, &located) {
		return fmt.Errorf("%s is missing, but the database has accounts: restore it from a backup", located.Path)
	}
	return err
}
