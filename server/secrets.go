package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// secrets are the keys of the server, and what encrypts them.
type secrets struct {
	vault       *keys.Vault
	keyring     []byte // encoded
	refreshKey  []byte
	rotationKey []byte
	pepper      []byte
}

// openSecrets opens the vault with the master key that the operator gave, or else with the one in the
// data folder, and loads what is in it. A start of the server creates what is missing, as far as nothing
// was made with it.
func openSecrets(c config, found sqlite.Found, use purpose) (secrets, error) {
	k := newKeeper(found, use)
	master := c.masterKey
	if master == nil {
		key, err := k.loadMasterKey(c.data)
		if err != nil {
			return secrets{}, err
		}
		master = &key
	}
	var s secrets
	var err error
	if s.vault, err = keys.NewVault(c.data, *master, rand.Reader); err != nil {
		return secrets{}, err
	}
	for _, secret := range []struct {
		name   string
		create func(random io.Reader) ([]byte, error)
		into   *[]byte
	}{
		{keys.TokenKeyring, token.GenerateKeyring, &s.keyring},
		{keys.RefreshDerivation, keys.RandomSecret, &s.refreshKey},
		{keys.PLCRotation, identity.GenerateRotationKey, &s.rotationKey},
		{keys.Pepper, keys.RandomSecret, &s.pepper},
	} {
		if *secret.into, err = k.load(s.vault, secret.name, secret.create); err != nil {
			return secrets{}, err
		}
	}
	return s, nil
}

// A keeper knows which keys may be created. As soon as there are accounts, a key that is missing is lost:
// a new one in its place would not fit what was made with the old one.
type keeper struct {
	fixed    string // why no key may be created, and what to do if one is missing; empty if one may
	noPepper bool   // the database is from a time when there was no pepper
}

// What there is to say of a missing key.
const (
	keyLost     = "the database has accounts: restore it from a backup"
	keyNotThere = "only a start of the server creates it"
)

// pepperVersion is the version of the database with the first hashes that take the pepper.
const pepperVersion = 2

func newKeeper(found sqlite.Found, use purpose) keeper {
	switch {
	case found.Accounts:
		return keeper{fixed: keyLost, noPepper: use == toServe && found.Version < pepperVersion}
	case use == toCommand:
		return keeper{fixed: keyNotThere}
	}
	return keeper{}
}

func (k keeper) loadMasterKey(folder string) (keys.MasterKey, error) {
	loadKey := keys.LoadMasterKey
	if k.fixed == "" {
		loadKey = loadOrCreateMasterKey
	}
	key, err := loadKey(folder)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, keys.ErrMasterKeyLost) {
		err = fmt.Errorf("%w; or set %s, if the server has it from there", k.describeLoss(err), envName("master-key"))
	}
	return key, err
}

func loadOrCreateMasterKey(folder string) (keys.MasterKey, error) {
	return keys.LoadOrCreateMasterKey(folder, rand.Reader)
}

// load returns the secret of a name, and creates it if that is right.
func (k keeper) load(vault *keys.Vault, name string, create func(random io.Reader) ([]byte, error)) ([]byte, error) {
	if k.fixed == "" || k.noPepper && name == keys.Pepper {
		return vault.LoadOrCreate(name, create)
	}
	secret, err := vault.Load(name)
	return secret, k.describeLoss(err)
}

// describeLoss says what to do about a file that should be there.
func (k keeper) describeLoss(err error) error {
	var located *fs.PathError
	if errors.Is(err, fs.ErrNotExist) && errors.As(err, &located) {
		return fmt.Errorf("%s is missing, but %s", located.Path, k.fixed)
	}
	return err
}
