package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// accountColumns are the columns that scanAccount reads. Sign-ups under way have them
// too.
const accountColumns = `account.did, account.handle, account.email, account.email_confirmed_at,
	account.email_auth_factor, account.created_at, account.deactivated_at, account.delete_after,
	account.takendown_at, account.takedown_ref, account.invites_disabled, account.invite_note`

// scanAccount reads accountColumns and whatever columns follow them. It returns
// [account.ErrAccountNotFound] if there is no row.
func scanAccount(row scanner, more ...any) (account.Account, error) {
	var a account.Account
	var created int64
	var confirmed, deactivated, deleteAfter, takendown sql.NullInt64
	var ref sql.NullString
	columns := []any{
		&a.DID, &a.Handle, &a.Email, &confirmed,
		&a.EmailAuthFactor, &created, &deactivated, &deleteAfter,
		&takendown, &ref, &a.InvitesDisabled, &a.InviteNote,
	}
	err := row.Scan(append(columns, more...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return account.Account{}, account.ErrAccountNotFound
	case err != nil:
		return account.Account{}, err
	}
	a.EmailConfirmedAt = fromNullMillis(confirmed)
	a.CreatedAt = fromMillis(created)
	a.DeactivatedAt = fromNullMillis(deactivated)
	a.DeleteAfter = fromNullMillis(deleteAfter)
	a.TakendownAt = fromNullMillis(takendown)
	a.TakedownRef = ref.String
	return a, nil
}

// scanOneAccount is scanAccount where no columns follow.
func scanOneAccount(row scanner) (account.Account, error) {
	return scanAccount(row)
}

// millis returns a time as the database keeps it.
func millis(t time.Time) int64 {
	return t.UnixMilli()
}

// nullMillis is millis where the zero time stands for none.
func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms int64) time.Time {
	return time.UnixMilli(ms).UTC()
}

func fromNullMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMillis(ms.Int64)
}

// nullText returns a text where the empty one stands for none.
func nullText[T ~string](s T) sql.NullString {
	return sql.NullString{String: string(s), Valid: s != ""}
}
