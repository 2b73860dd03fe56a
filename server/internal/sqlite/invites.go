package sqlite

import (
	"context"
	"math"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// usableInvite is true of a code that one more sign-up can use.
const usableInvite = `disabled = 0 AND uses + reserved < available
	AND NOT EXISTS (SELECT 1 FROM account WHERE account.did = for_account AND takendown_at IS NOT NULL)`

const (
	selectInviteUsable = `SELECT EXISTS (SELECT 1 FROM invite_code WHERE code = ? AND ` + usableInvite + `)`
	// No DID uses a code twice.
	reserveInviteUse = `UPDATE invite_code SET reserved = reserved + 1 WHERE code = ?1 AND ` + usableInvite + `
		AND NOT EXISTS (SELECT 1 FROM invite_code_use WHERE code = ?1 AND used_by = ?2)`
	releaseInvite = `UPDATE invite_code SET reserved = reserved - 1
		WHERE code = (SELECT invite_code FROM signup WHERE did = ?)`
	finishInvite = `UPDATE invite_code SET reserved = reserved - 1, uses = uses + 1
		WHERE code = (SELECT invite_code FROM signup WHERE did = ?)`
	// The code may have gone with the account it was for.
	finishInviteUse = `INSERT INTO invite_code_use (code, used_by, used_at)
		SELECT invite_code.code, signup.did, signup.created_at
		FROM signup JOIN invite_code ON invite_code.code = signup.invite_code WHERE signup.did = ?`

	insertInvite = `INSERT INTO invite_code (code, available, disabled, for_account, created_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`
	countInvites = `SELECT count(*) FROM invite_code`
	selectInvite = `SELECT code, available, uses, disabled, for_account, created_by, created_at FROM invite_code `
	// What selects codes is followed by their order.
	selectInvitesOf    = selectInvite + `WHERE for_account = ? ORDER BY created_at DESC, code`
	selectInviteUsedBy = selectInvite + `WHERE code = (SELECT code FROM invite_code_use WHERE used_by = ? ORDER BY used_at DESC LIMIT 1)`
	selectNewest       = selectInvite + `WHERE created_at <= ?1 AND (created_at < ?1 OR code > ?2) ORDER BY created_at DESC, code LIMIT ?3`
	selectMostUsed     = selectInvite + `WHERE uses <= ?1 AND (uses < ?1 OR code > ?2) ORDER BY uses DESC, code LIMIT ?3`
	selectInviteUses   = `SELECT used_by, used_at FROM invite_code_use WHERE code = ? ORDER BY used_at DESC, used_by DESC LIMIT ?`

	disableInvite         = `UPDATE invite_code SET disabled = 1 WHERE code = ?`
	disableInvitesOf      = `UPDATE invite_code SET disabled = 1 WHERE for_account = ?`
	deleteInvitesOf       = `DELETE FROM invite_code WHERE for_account = ?`
	updateInvitesDisabled = `UPDATE account SET invites_disabled = ?, invite_note = ? WHERE did = ?`
)

// checkInvite returns [account.ErrInvalidInviteCode] for a code that cannot be used.
func checkInvite(t transaction, code string) error {
	var usable bool
	if err := t.row(selectInviteUsable, code).Scan(&usable); err != nil {
		return err
	}
	if !usable {
		return account.ErrInvalidInviteCode
	}
	return nil
}

// reserveInvite keeps a use of a code for a sign-up, or returns
// [account.ErrInvalidInviteCode].
func reserveInvite(t transaction, code string, did syntax.DID) error {
	usable, err := t.change(reserveInviteUse, code, did)
	if err == nil && !usable {
		err = account.ErrInvalidInviteCode
	}
	return err
}

// CreateInvites implements [account.Invites].
func (s *Store) CreateInvites(ctx context.Context, codes []account.InviteCode, max int) error {
	return s.write(ctx, func(t transaction) error {
		var n int
		if err := t.row(countInvites).Scan(&n); err != nil {
			return err
		}
		if n+len(codes) > max {
			return account.ErrTooManyInvites
		}
		return insertInvites(t, codes)
	})
}

func insertInvites(t transaction, codes []account.InviteCode) error {
	for _, c := range codes {
		err := t.exec(insertInvite, c.Code, c.Available, c.Disabled, c.ForAccount, c.CreatedBy, millis(c.CreatedAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// MintInvites implements [account.Invites].
func (s *Store) MintInvites(ctx context.Context, did syntax.DID, sessionID string, mint func(owner account.Account, codes []account.InviteCode) []account.InviteCode) ([]account.InviteCode, error) {
	var codes, minted []account.InviteCode
	decide := func(t transaction) error {
		if err := checkSession(t, did, sessionID); err != nil {
			return err
		}
		owner, err := findAccount(t, did)
		if err != nil {
			return err
		}
		if codes, err = listInvites(t, selectInvitesOf, did); err != nil {
			return err
		}
		minted = mint(owner, codes)
		return nil
	}
	// Most calls mint nothing, and must not make those wait who write.
	err := s.read(ctx, decide)
	if err == nil && len(minted) > 0 {
		err = s.write(ctx, func(t transaction) error {
			if err := decide(t); err != nil || len(minted) == 0 {
				return err
			}
			if err := insertInvites(t, minted); err != nil {
				return err
			}
			var err error
			codes, err = listInvites(t, selectInvitesOf, did)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// ListInvites implements [account.Invites].
func (s *Store) ListInvites(ctx context.Context, query account.InviteQuery) ([]account.InviteCode, error) {
	text, after, code := selectNewest, int64(math.MaxInt64), ""
	if query.Order == account.MostUsedInvites {
		text = selectMostUsed
	}
	if place := query.After; place != nil {
		after, code = millis(place.CreatedAt), place.Code
		if query.Order == account.MostUsedInvites {
			after = int64(place.Uses)
		}
	}
	var codes []account.InviteCode
	err := s.read(ctx, func(t transaction) error {
		var err error
		codes, err = listInvites(t, text, after, code, query.Limit)
		return err
	})
	return codes, err
}

// listInvites returns the codes that a query finds, with their last uses.
func listInvites(t transaction, text string, args ...any) ([]account.InviteCode, error) {
	codes, err := collect(t, scanInvite, text, args...)
	if err != nil {
		return nil, err
	}
	for i := range codes {
		uses, err := collect(t, scanInviteUse, selectInviteUses, codes[i].Code, account.MaxListedUses)
		if err != nil {
			return nil, err
		}
		slices.Reverse(uses)
		codes[i].Uses = uses
	}
	return codes, nil
}

func scanInvite(row scanner) (account.InviteCode, error) {
	var c account.InviteCode
	var created int64
	err := row.Scan(&c.Code, &c.Available, &c.Used, &c.Disabled, &c.ForAccount, &c.CreatedBy, &created)
	c.CreatedAt = fromMillis(created)
	return c, err
}

func scanInviteUse(row scanner) (account.InviteUse, error) {
	var use account.InviteUse
	var at int64
	err := row.Scan(&use.By, &at)
	use.At = fromMillis(at)
	return use, err
}

// DisableInvites implements [account.Invites].
func (s *Store) DisableInvites(ctx context.Context, codes, accounts []string) error {
	return s.write(ctx, func(t transaction) error {
		for _, code := range codes {
			if err := t.exec(disableInvite, code); err != nil {
				return err
			}
		}
		for _, owner := range accounts {
			if err := t.exec(disableInvitesOf, owner); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetInvitesDisabled implements [account.Invites].
func (s *Store) SetInvitesDisabled(ctx context.Context, did syntax.DID, disabled bool, note string, record account.Record) error {
	return s.write(ctx, func(t transaction) error {
		return t.update(record, updateInvitesDisabled, disabled, note, did)
	})
}
