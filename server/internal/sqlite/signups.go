package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertSignup = `INSERT INTO signup (did, handle, email, email_confirmed_at, email_auth_factor, password_hash,
		created_at, deactivated_at, delete_after, takendown_at, takedown_ref, invites_disabled, invite_note,
		invite_code, public_key, sealed, genesis_cid, genesis, user_agent, ip, lease_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectSignup = `SELECT ` + accountColumns + `, password_hash, invite_code, public_key, sealed,
		genesis_cid, genesis, user_agent, ip, lease_until FROM signup AS account `
	selectSignups  = selectSignup + `WHERE lease_until <= ? ORDER BY lease_until, did`
	selectDIDTaken = `SELECT EXISTS (SELECT 1 FROM account WHERE did = ?1) OR EXISTS (SELECT 1 FROM signup WHERE did = ?1)`
	deleteSignup   = `DELETE FROM signup WHERE did = ?`

	// What follows turns a sign-up into an account.
	finishAccount = `INSERT INTO account (did, handle, email, email_confirmed_at, email_auth_factor, password_hash,
		created_at, deactivated_at, delete_after, takendown_at, takedown_ref, invites_disabled, invite_note, credential_version)
		SELECT did, handle, email, email_confirmed_at, email_auth_factor, password_hash,
		created_at, deactivated_at, delete_after, takendown_at, takedown_ref, invites_disabled, invite_note, ?
		FROM signup WHERE did = ?`
	finishSigningKey = `INSERT INTO signing_key (did, public_key, sealed, created_at)
		SELECT did, public_key, sealed, created_at FROM signup WHERE did = ?`
)

// CheckSignup implements [account.Signups].
func (s *Store) CheckSignup(ctx context.Context, handle syntax.Handle, email, inviteCode string, now time.Time) error {
	return s.read(ctx, func(t transaction) error {
		if inviteCode != "" {
			if err := checkInvite(t, inviteCode); err != nil {
				return err
			}
		}
		if err := checkHandle(t, handle, "", now); err != nil {
			return err
		}
		return checkEmail(t, email, "")
	})
}

// ReserveSignup implements [account.Signups].
func (s *Store) ReserveSignup(ctx context.Context, reservation account.Reservation) error {
	return s.write(ctx, func(t transaction) error {
		return reserveSignup(t, reservation)
	})
}

func reserveSignup(t transaction, r account.Reservation) error {
	a := r.Account
	if r.InviteCode != "" {
		if err := reserveInvite(t, r.InviteCode, a.DID); err != nil {
			return err
		}
	}
	if err := checkHandle(t, a.Handle, a.DID, a.CreatedAt); err != nil {
		return err
	}
	if err := checkEmail(t, a.Email, a.DID); err != nil {
		return err
	}
	var taken bool
	if err := t.row(selectDIDTaken, a.DID).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return account.ErrDIDTaken
	}
	return t.exec(insertSignup, a.DID, a.Handle, a.Email, nullMillis(a.EmailConfirmedAt), a.EmailAuthFactor,
		nullText(r.PasswordHash), millis(a.CreatedAt), nullMillis(a.DeactivatedAt), nullMillis(a.DeleteAfter),
		nullMillis(a.TakendownAt), nullText(a.TakedownRef), a.InvitesDisabled, a.InviteNote,
		nullText(r.InviteCode), r.SigningKey.Public, r.SigningKey.Sealed, r.Genesis.CID, string(r.Genesis.JSON),
		r.Client.UserAgent, r.Client.IP, millis(r.LeaseUntil))
}

// FinishSignup implements [account.Signups].
func (s *Store) FinishSignup(ctx context.Context, did syntax.DID, session *account.NewSession, record account.Record) (account.Account, error) {
	var created account.Account
	err := s.write(ctx, func(t transaction) error {
		if err := finishSignup(t, did, session, record); err != nil {
			return err
		}
		var err error
		created, err = findAccount(t, did)
		return err
	})
	if err != nil {
		return account.Account{}, err
	}
	return created, nil
}

func finishSignup(t transaction, did syntax.DID, session *account.NewSession, record account.Record) error {
	found, err := t.change(finishAccount, account.FirstCredentialVersion, did)
	switch {
	case err != nil:
		return err
	case !found:
		return account.ErrReservationGone
	}
	for _, text := range []string{finishSigningKey, finishInviteUse, finishInvite, deleteQuarantineOf, deleteReservedKeyOf, deleteSignup} {
		if err := t.exec(text, did); err != nil {
			return err
		}
	}
	if session != nil {
		if err := startSession(t, *session); err != nil {
			return err
		}
	}
	return keepRecord(t, record)
}

// ReleaseSignup implements [account.Signups].
func (s *Store) ReleaseSignup(ctx context.Context, did syntax.DID) error {
	return s.write(ctx, func(t transaction) error {
		if err := t.exec(releaseInvite, did); err != nil {
			return err
		}
		return t.exec(deleteSignup, did)
	})
}

// ImportAccount implements [account.Signups].
func (s *Store) ImportAccount(ctx context.Context, reservation account.Reservation, session account.NewSession, record account.Record) error {
	did, now := reservation.Account.DID, reservation.Account.CreatedAt
	return s.write(ctx, func(t transaction) error {
		if nonce := reservation.Nonce; !nonce.ExpiresAt.IsZero() {
			if err := takeNonce(t, nonce.Hash, now, nonce.ExpiresAt); err != nil {
				return err
			}
		}
		var err error
		reservation.SigningKey, err = reservedKeyOr(t, did, now, reservation.SigningKey)
		if err != nil {
			return err
		}
		if err := reserveSignup(t, reservation); err != nil {
			return err
		}
		return finishSignup(t, did, &session, record)
	})
}

// Reservations implements [account.Signups].
func (s *Store) Reservations(ctx context.Context, now time.Time) ([]account.Reservation, error) {
	return collect(s.lookUp(ctx), scanSignup, selectSignups, millis(now))
}

func scanSignup(row scanner) (account.Reservation, error) {
	var r account.Reservation
	var hash, code sql.NullString
	var genesis string
	var lease int64
	a, err := scanAccount(row, &hash, &code, &r.SigningKey.Public, &r.SigningKey.Sealed,
		&r.Genesis.CID, &genesis, &r.Client.UserAgent, &r.Client.IP, &lease)
	r.Account = a
	r.PasswordHash = hash.String
	r.InviteCode = code.String
	if genesis != "" {
		r.Genesis.DID = a.DID
		r.Genesis.JSON = []byte(genesis)
	}
	r.LeaseUntil = fromMillis(lease)
	return r, err
}
