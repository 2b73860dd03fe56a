package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

func runKeysRotate(_ context.Context, p *parts, _ options, stdout io.Writer) error {
	encoded, err := p.secrets.vault.Load(keys.TokenKeyring)
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
	if err := p.secrets.vault.Replace(keys.TokenKeyring, encoded); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "The next start of the server signs tokens with a new key. Sessions go on: the keys of tokens that\nare still good stay in the keyring.")
	return nil
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
	for _, problem := range problems {
		fmt.Fprintln(stdout, problem)
	}
	if len(problems) > 0 {
		return errors.New("the database is not as it should be")
	}
	fmt.Fprintln(stdout, "The database is fine, and the keys can be read.")
	return nil
}
