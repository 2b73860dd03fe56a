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
	fixed string // why no key may be created, and what to do if one is missing; empty if one may
}

// What there is to say of a missing key.
const (
	keyLost     = "the database has accounts: restore it from a backup"
	keyNotThere = "only a start of the server creates it"
)

// openSecrets opens the vault with the master key that the operator gave, or else with the one in the
// data folder.
func openSecrets(c config, inUse bool, use purpose) (secrets, error) {
	var s secrets
	switch {
	case inUse:
		s.fixed = keyLost
	case use == toCommand:
		s.fixed = keyNotThere
	}
	master := c.masterKey
	if master == nil {
		key, err := s.loadMasterKey(c.data)
		if err != nil {
			return secrets{}, err
		}
		master = &key
	}
	var err error
	s.vault, err = keys.NewVault(c.data, *master, rand.Reader)
	return s, err
}

func (s secrets) loadMasterKey(folder string) (keys.MasterKey, error) {
	if s.fixed == "" {
		return keys.LoadOrCreateMasterKey(folder, rand.Reader)
	}
	key, err := keys.LoadMasterKey(folder)
	return key, s.describeLoss(err)
}

// load returns the secret of a name, and creates it if that is right.
func (s secrets) load(name string, create func(random io.Reader) ([]byte, error)) ([]byte, error) {
	if s.fixed == "" {
		return s.vault.LoadOrCreate(name, create)
	}
	secret, err := s.vault.Load(name)
	return secret, s.describeLoss(err)
}

// describeLoss says what to do about a file that should be there.
func (s secrets) describeLoss(err error) error {
	var located *fs.PathError
	if errors.Is(err, fs.ErrNotExist) && errors.As(err, &located) {
		return fmt.Errorf("%s is missing, but %s", located.Path, s.fixed)
	}
	return err
}
