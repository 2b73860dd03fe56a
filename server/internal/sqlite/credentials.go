package sqlite

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	selectVersion  = `SELECT credential_version FROM account WHERE did = ?`
	updatePassword = `UPDATE account SET password_hash = ?, credential_version = credential_version + 1 WHERE did = ?`
	updateHash     = `UPDATE account SET password_hash = ? WHERE did = ?`
	updateEmail    = `UPDATE account SET email = ?, email_confirmed_at = ?, email_auth_factor = ? WHERE did = ?`

	selectEmailTaken = `SELECT EXISTS (SELECT 1 FROM account WHERE lower(email) = ?1 AND email <> '' AND did <> ?2)
		OR EXISTS (SELECT 1 FROM signup WHERE lower(email) = ?1 AND email <> '' AND did <> ?2)`
)

// checkVersion returns [account.ErrCredentialsChanged] unless the credentials of an
// account have a version.
func checkVersion(t transaction, did syntax.DID, want int64) error {
	var version int64
	if err := t.row(selectVersion, did).Scan(&version); err != nil {
		return err
	}
	if version != want {
		return account.ErrCredentialsChanged
	}
	return nil
}

// checkEmail returns [account.ErrEmailTaken] if an address is that of another than did.
func checkEmail(t transaction, email string, did syntax.DID) error {
	var taken bool
	if err := t.row(selectEmailTaken, email, did).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return account.ErrEmailTaken
	}
	return nil
}

// SetPassword implements [account.Accounts].
func (s *Store) SetPassword(ctx context.Context, change account.PasswordChange) error {
	did := change.DID
	return s.write(ctx, func(t transaction) error {
		owner, err := findAccount(t, did)
		if err != nil {
			return err
		}
		if err := checkProof(t, did, change.Proof); err != nil {
			return err
		}
		if change.DropAppPasswords {
			if err := t.exec(deleteAppPasswords, did); err != nil {
				return err
			}
		}
		kept, err := appPasswords(t, did)
		if err != nil {
			return err
		}
		record, err := change.Record(owner, kept)
		if err != nil {
			return err
		}
		if err := t.update(record, updatePassword, nullText(change.PasswordHash), did); err != nil {
			return err
		}
		if err := t.exec(deleteSessions, did); err != nil {
			return err
		}
		return useProof(t, did, change.Proof)
	})
}

// SetEmail implements [account.Accounts].
func (s *Store) SetEmail(ctx context.Context, change account.EmailChange) (account.Account, error) {
	var changed account.Account
	err := s.write(ctx, func(t transaction) error {
		a, err := findAccount(t, change.DID)
		if err != nil {
			return err
		}
		record, err := recordFor(t, a, change.Record)
		if err != nil {
			return err
		}
		if err := checkEmailChange(t, a, change); err != nil {
			return err
		}
		if stays := a.Email == change.Email && !change.Forced; stays {
			err = useProof(t, a.DID, change.Proof)
		} else {
			a.EmailConfirmedAt = time.Time{}
			err = t.exec(deleteEmailTokens, a.DID)
		}
		if err != nil {
			return err
		}
		a.Email = change.Email
		if change.AuthFactor != nil {
			a.EmailAuthFactor = *change.AuthFactor
		}
		a.EmailAuthFactor = a.EmailAuthFactor && !a.EmailConfirmedAt.IsZero()
		changed = a
		return t.update(record, updateEmail, a.Email, nullMillis(a.EmailConfirmedAt), a.EmailAuthFactor, a.DID)
	})
	if err != nil {
		return account.Account{}, err
	}
	return changed, nil
}

// recordFor returns the record of a change of an account, if its session lasts.
func recordFor(t transaction, before account.Account, describe func(account.Account) (account.Record, error)) (account.Record, error) {
	record, err := describe(before)
	if err != nil {
		return account.Record{}, err
	}
	return record, checkSession(t, before.DID, record.SessionID)
}

// checkEmailChange returns what [account.Accounts] says of SetEmail.
func checkEmailChange(t transaction, a account.Account, change account.EmailChange) error {
	if !change.Forced {
		if change.Proof == nil && !a.EmailConfirmedAt.IsZero() {
			return account.ErrEmailTokenRequired
		}
		if err := checkProof(t, a.DID, change.Proof); err != nil {
			return err
		}
	}
	return checkEmail(t, change.Email, a.DID)
}

// ConfirmEmail implements [account.Accounts].
func (s *Store) ConfirmEmail(ctx context.Context, did syntax.DID, email string, proof account.TokenProof, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		a, err := findAccount(t, did)
		if err != nil {
			return err
		}
		if a.Email != email {
			return account.ErrEmailMismatch
		}
		if err := checkProof(t, did, &proof); err != nil {
			return err
		}
		if err := useProof(t, did, &proof); err != nil {
			return err
		}
		return t.update(record, updateEmail, a.Email, millis(record.Event.At), a.EmailAuthFactor, did)
	})
}
