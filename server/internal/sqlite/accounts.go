package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	selectCredentials = `SELECT ` + accountColumns + `, account.password_hash, account.credential_version
	FROM account WHERE `
	selectCredentialsByDID    = selectCredentials + `account.did = ?`
	selectCredentialsByHandle = selectCredentials + `lower(account.handle) = ? AND account.handle <> ''`
	selectCredentialsByEmail  = selectCredentials + `lower(account.email) = ? AND account.email <> ''`

	selectAccount         = `SELECT ` + accountColumns + ` FROM account WHERE account.did = ?`
	selectAccounts        = `SELECT ` + accountColumns + ` FROM account WHERE (created_at, did) > (?, ?) ORDER BY created_at, did LIMIT ?`
	selectAccountsByEmail = `SELECT ` + accountColumns + ` FROM account
		WHERE lower(email) = ? AND email <> '' AND (created_at, did) > (?, ?) ORDER BY created_at, did LIMIT ?`

	// The empty text comes before every DID.
	selectDecoy = `SELECT coalesce(
		(SELECT password_hash FROM account WHERE did >= ? AND password_hash IS NOT NULL ORDER BY did LIMIT 1),
		(SELECT password_hash FROM account WHERE did >= '' AND password_hash IS NOT NULL ORDER BY did LIMIT 1))`

	updateDeactivated   = `UPDATE account SET deactivated_at = ?, delete_after = ? WHERE did = ?`
	updateDeactivatedAt = `UPDATE account SET deactivated_at = ? WHERE did = ?`
	updateTakendown     = `UPDATE account SET takendown_at = ?, takedown_ref = ? WHERE did = ?`
	deleteAccount       = `DELETE FROM account WHERE did = ?`
)

// FindCredentials implements [account.Accounts].
func (s *Store) FindCredentials(ctx context.Context, identifier account.Identifier) (account.Credentials, error) {
	var query string
	switch identifier.Kind {
	case account.ByHandle:
		query = selectCredentialsByHandle
	case account.ByEmail:
		query = selectCredentialsByEmail
	case account.ByDID:
		query = selectCredentialsByDID
	default:
		panic(fmt.Sprintf("sqlite: unknown kind of identifier %d", identifier.Kind))
	}
	var hash sql.NullString
	var version int64
	found, err := scanAccount(s.lookUp(ctx).row(query, identifier.Value), &hash, &version)
	if err != nil {
		return account.Credentials{}, err
	}
	return account.Credentials{Account: found, PasswordHash: hash.String, CredentialVersion: version}, nil
}

// FindAccount implements [account.Accounts].
func (s *Store) FindAccount(ctx context.Context, identifier account.Identifier) (account.Account, error) {
	credentials, err := s.FindCredentials(ctx, identifier)
	return credentials.Account, err
}

// Decoy implements [account.Accounts].
func (s *Store) Decoy(ctx context.Context, near syntax.DID) (string, error) {
	var hash sql.NullString
	err := s.lookUp(ctx).row(selectDecoy, near).Scan(&hash)
	return hash.String, err
}

// ListAccounts implements [account.Accounts].
func (s *Store) ListAccounts(ctx context.Context, query account.AccountQuery) ([]account.Account, error) {
	after := []any{millis(query.After.CreatedAt), query.After.DID, query.Limit}
	if query.Email == "" {
		return collect(s.lookUp(ctx), scanOneAccount, selectAccounts, after...)
	}
	return collect(s.lookUp(ctx), scanOneAccount, selectAccountsByEmail, append([]any{query.Email}, after...)...)
}

// AccountInfos implements [account.Accounts].
func (s *Store) AccountInfos(ctx context.Context, dids []syntax.DID) ([]account.Info, error) {
	var infos []account.Info
	listed := map[syntax.DID]bool{}
	err := s.read(ctx, func(t transaction) error {
		for _, did := range dids {
			if listed[did] {
				continue
			}
			listed[did] = true
			info, err := accountInfo(t, did)
			if errors.Is(err, account.ErrAccountNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			infos = append(infos, info)
		}
		return nil
	})
	return infos, err
}

func accountInfo(t transaction, did syntax.DID) (account.Info, error) {
	a, err := findAccount(t, did)
	if err != nil {
		return account.Info{}, err
	}
	used, err := listInvites(t, selectInviteUsedBy, did)
	if err != nil {
		return account.Info{}, err
	}
	own, err := listInvites(t, selectInvitesOf, did)
	if err != nil {
		return account.Info{}, err
	}
	info := account.Info{Account: a, Invites: own}
	if len(used) > 0 {
		info.InvitedBy = &used[0]
	}
	return info, nil
}

// findAccount returns an account, or [account.ErrAccountNotFound].
func findAccount(t transaction, did syntax.DID) (account.Account, error) {
	return scanAccount(t.row(selectAccount, did))
}

// usableAccount returns an account unless it was taken down.
func usableAccount(t transaction, did syntax.DID) (account.Account, error) {
	a, err := findAccount(t, did)
	if err == nil && a.Status() == account.StatusTakendown {
		err = account.ErrTakendown
	}
	return a, err
}

// Deactivate implements [account.Accounts].
func (s *Store) Deactivate(ctx context.Context, did syntax.DID, at, deleteAfter time.Time, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		return t.update(record, updateDeactivated, millis(at), nullMillis(deleteAfter), did)
	})
}

// Activate implements [account.Accounts].
func (s *Store) Activate(ctx context.Context, did syntax.DID, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		if err := activate(t, did); err != nil {
			return err
		}
		return keepRecord(t, record)
	})
}

// activate switches an account on that was not taken down.
func activate(t transaction, did syntax.DID) error {
	if _, err := usableAccount(t, did); err != nil {
		return err
	}
	return t.exec(updateDeactivated, nil, nil, did)
}

// Moderate implements [account.Accounts].
func (s *Store) Moderate(ctx context.Context, decision account.Decision) error {
	return s.write(ctx, func(t transaction) error {
		a, err := findAccount(t, decision.DID)
		if err != nil {
			return err
		}
		decision := decision.For(a)
		if err := moderateTakedown(t, decision); err != nil {
			return err
		}
		if err := moderateDeactivation(t, decision); err != nil {
			return err
		}
		for _, record := range decision.Records {
			if err := keepRecord(t, record); err != nil {
				return err
			}
		}
		return nil
	})
}

func moderateTakedown(t transaction, decision account.Decision) error {
	if decision.Takedown == nil {
		return nil
	}
	var at, ref any
	if decision.Takedown.Applied {
		at, ref = millis(decision.At), nullText(decision.Takedown.Ref)
	}
	if err := t.exec(updateTakendown, at, ref, decision.DID); err != nil {
		return err
	}
	return t.exec(deleteSessions, decision.DID)
}

func moderateDeactivation(t transaction, decision account.Decision) error {
	switch {
	case decision.Deactivated == nil:
		return nil
	case decision.Deactivated.Applied:
		return t.exec(updateDeactivatedAt, millis(decision.At), decision.DID)
	}
	return activate(t, decision.DID)
}

// DeleteAccount implements [account.Accounts].
func (s *Store) DeleteAccount(ctx context.Context, deletion account.Deletion) error {
	did := deletion.DID
	return s.write(ctx, func(t transaction) error {
		a, err := findAccount(t, did)
		if err != nil {
			return err
		}
		if err := checkDeletion(t, a, deletion); err != nil {
			return err
		}
		if err := quarantine(t, a, deletion.QuarantineUntil); err != nil {
			return err
		}
		if err := t.exec(deleteInvitesOf, did); err != nil {
			return err
		}
		if err := t.exec(deleteAccount, did); err != nil {
			return err
		}
		return queueMails(t, deletion.Mails)
	})
}

// checkDeletion returns what [account.Accounts] says of DeleteAccount.
func checkDeletion(t transaction, a account.Account, deletion account.Deletion) error {
	if at := deletion.OverdueAt; !at.IsZero() && (a.DeleteAfter.IsZero() || a.DeleteAfter.After(at)) {
		return account.ErrNotOverdue
	}
	if deletion.CredentialVersion != 0 {
		if err := checkVersion(t, a.DID, deletion.CredentialVersion); err != nil {
			return err
		}
	}
	return checkProof(t, a.DID, deletion.Proof)
}

// update changes an account and keeps the record of that. It returns
// [account.ErrAccountNotFound] if the statement finds no row.
func (t transaction) update(record account.Record, text string, args ...any) error {
	found, err := t.change(text, args...)
	switch {
	case err != nil:
		return err
	case !found:
		return account.ErrAccountNotFound
	}
	return keepRecord(t, record)
}
