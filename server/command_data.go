package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

func defineKeysRotate(flags *pflag.FlagSet, o *options) {
	flags.BoolVar(&o.dropOld, "drop-old", false, "keep no older key, which may have been stolen: all sessions end, and everybody has to log in again")
}

func runKeysRotate(_ context.Context, p *parts, o options, stdout io.Writer) error {
	held, err := lockFolder(p.config.data, keysLock())
	if err != nil {
		return err
	}
	defer held.Close()
	rotate, told := rotateKeyring, "Sessions go on: the keys of tokens that\nare still good stay in the keyring."
	if o.dropOld {
		rotate, told = replaceKeyring, "Restart the server\nnow: it goes on with the old keys until then. After that everybody has to log in again."
	}
	if err := rotate(p.secrets.vault); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "The next start of the server signs tokens with a new key. "+told)
	return nil
}

// rotateKeyring adds a new key to the keyring.
func rotateKeyring(vault *keys.Vault) error {
	encoded, err := vault.Load(keys.TokenKeyring)
	if err != nil {
		return err
	}
	keyring, err := token.DecodeKeyring(encoded)
	if err != nil {
		return err
	}
	rotated, err := keyring.Rotate(rand.Reader, time.Now())
	if err != nil {
		return err
	}
	if encoded, err = rotated.Encode(); err != nil {
		return err
	}
	return vault.Replace(keys.TokenKeyring, encoded)
}

// replaceKeyring puts a keyring of one new key in the place of what there was.
func replaceKeyring(vault *keys.Vault) error {
	encoded, err := token.GenerateKeyring(rand.Reader)
	if err != nil {
		return err
	}
	return vault.Replace(keys.TokenKeyring, encoded)
}

func runBackup(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	if err := p.store.Backup(ctx, o.operand); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "The database is copied to %s. It is of no use without the master key and the *.sealed files of\nthe data folder: keep copies of these too, elsewhere.\n", o.operand)
	return nil
}

func runCheck(ctx context.Context, p *parts, _ options, stdout io.Writer) error {
	problems, err := p.store.Check(ctx)
	if err != nil {
		return err
	}
	unreadable, err := checkSealed(ctx, p)
	if err != nil {
		return err
	}
	problems = append(problems, unreadable...)
	for _, problem := range problems {
		fmt.Fprintln(stdout, problem)
	}
	if len(problems) > 0 {
		return errors.New("the database is not as it should be")
	}
	fmt.Fprintln(stdout, "The database is fine, and the keys can be read.")
	return nil
}

// checkSealed opens everything that is encrypted in the database and returns a sentence for each kind
// of things that cannot be opened, or are not what they should be.
func checkSealed(ctx context.Context, p *parts) ([]string, error) {
	broken := map[string]int{}
	err := p.store.EachSealed(ctx, func(sealed sqlite.Sealed) error {
		if !opens(p.secrets.vault, sealed) {
			broken[sealed.Kind]++
		}
		return nil
	})
	var problems []string
	for _, kind := range slices.Sorted(maps.Keys(broken)) {
		problems = append(problems, fmt.Sprintf("%s that the master key does not open: %d", kind, broken[kind]))
	}
	return problems, err
}

// opens reports whether something can be decrypted and, if it is a key, has the public part that it should.
func opens(vault *keys.Vault, sealed sqlite.Sealed) bool {
	secret, err := vault.Open(sealed.Purpose, sealed.Data)
	if err != nil || sealed.Public == "" {
		return err == nil
	}
	key, err := didkey.ParsePrivate(secret)
	return err == nil && key.Public().String() == sealed.Public
}
