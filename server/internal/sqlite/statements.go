package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// statements are prepared statements by their text. Each is compiled once, when the
// store is opened, which fails if one does not fit the schema.
type statements map[string]*sql.Stmt

// readTexts lists what the connections that only read run.
func readTexts() []string {
	return []string{
		selectCredentialsByDID, selectCredentialsByHandle, selectCredentialsByEmail,
		selectAccount, selectAccounts, selectAccountsByEmail, selectDecoy, selectOverdue,
		selectInviteUsable, selectHandleTaken, selectEmailTaken, selectSignups, selectHandleReservations, selectReservedHandles,
		selectSession, selectAppPasswords, selectAppPassByKey, selectEmailTokenByHash,
		selectInvitesOf, selectInviteUsedBy, selectNewest, selectMostUsed, selectInviteUses,
		selectSigningKey,
		selectResetRequests,
		selectEvents, selectAddresses, selectOperations, selectCounts,
	}
}

// writeTexts lists what the connection that writes runs.
func writeTexts() []string {
	return []string{
		selectAccount, updateDeactivated, updateDeactivatedAt, updateTakendown, deleteAccount,
		selectVersion, updatePassword, updateHash, updateEmail, selectEmailTaken,
		putEmailToken, selectEmailToken, countAttempt, deleteEmailToken, deleteEmailTokens,
		selectSession, insertSession, deleteSession, deleteSessions, deleteSessionsOfApp, deleteOldSessions,
		selectRefresh, replaceRefresh, insertUsedRefresh,
		insertAppPassword, selectAppPasswords, countAppPasswords, useAppPassword, deleteAppPassword, deleteAppPasswords,
		insertSignup, selectDIDTaken, deleteSignup, finishAccount, finishSigningKey,
		selectHandleTaken, putHandleReservation, deleteHandleReservation, updateHandle, putQuarantine, deleteQuarantineOf,
		reserveInviteUse, releaseInvite, finishInvite, finishInviteUse,
		insertInvite, countInvites, selectInvitesOf, selectInviteUses,
		disableInvite, disableInvitesOf, deleteInvitesOf, updateInvitesDisabled,
		insertReservedKey, selectReservedKey, countReservedKeys, deleteReservedKeyOf, deleteOldReservedKeys,
		insertResetRequest, deleteResetRequest,
		claimNonce, insertMail, selectDueMails, leaseMail, postponeMail, deleteMail,
		insertEvent, trimEvents, selectEnoughMails, selectOperations, insertOperation, nullifyOperation,
		sweepSessions, sweepUsedRefreshes, sweepEmailTokens, sweepNonces, sweepQuarantines, sweepEvents,
		expireSignups, expireHandles, expireMails, putServer,
	}
}

// prepare compiles every statement.
func (s *Store) prepare(ctx context.Context) error {
	var err error
	if s.reads, err = s.prepareTexts(ctx, s.reader, readTexts()); err != nil {
		return err
	}
	s.writes, err = s.prepareTexts(ctx, s.writer, writeTexts())
	return err
}

func (s *Store) prepareTexts(ctx context.Context, db *sql.DB, texts []string) (statements, error) {
	prepared := statements{}
	s.closers = append(s.closers, prepared.close)
	for _, text := range texts {
		statement, err := db.PrepareContext(ctx, text)
		if err != nil {
			return nil, fmt.Errorf("prepare statement: %w", describe(text, err))
		}
		prepared[text] = statement
	}
	return prepared, nil
}

func (p statements) close() error {
	var err error
	for _, statement := range p {
		err = errors.Join(err, statement.Close())
	}
	return err
}
