package sqlite

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertEvent  = `INSERT INTO event (did, kind, at, user_agent, ip, detail) VALUES (?, ?, ?, ?, ?, ?)`
	selectEvents = `SELECT kind, at, user_agent, ip, detail FROM event WHERE did = ? ORDER BY at DESC, id DESC LIMIT ?`
	selectKnows  = `SELECT EXISTS (SELECT 1 FROM event WHERE did = ?
		AND (ip <> '' AND ip = ? OR user_agent <> '' AND user_agent = ?))`
)

// AddEvent implements [account.Accounts].
func (s *Store) AddEvent(ctx context.Context, record account.Record) error {
	return s.write(ctx, func(t transaction) error {
		if record.Event.Kind != "" {
			if _, err := findAccount(t, record.Event.DID); err != nil {
				return err
			}
		}
		return keepRecord(t, record)
	})
}

// keepRecord writes what accompanies a change.
func keepRecord(t transaction, record account.Record) error {
	if e := record.Event; e.Kind != "" {
		err := t.exec(insertEvent, e.DID, e.Kind, millis(e.At), e.Client.UserAgent, e.Client.IP, e.Detail)
		if err != nil {
			return err
		}
	}
	return queueMails(t, record.Mails)
}

// Events implements [account.Accounts].
func (s *Store) Events(ctx context.Context, did syntax.DID, limit int) ([]account.Event, error) {
	return collect(s.lookUp(ctx), func(row scanner) (account.Event, error) {
		e := account.Event{DID: did}
		var at int64
		err := row.Scan(&e.Kind, &at, &e.Client.UserAgent, &e.Client.IP, &e.Detail)
		e.At = fromMillis(at)
		return e, err
	}, selectEvents, did, limit)
}

// KnowsClient implements [account.Accounts].
func (s *Store) KnowsClient(ctx context.Context, did syntax.DID, client account.Client) (bool, error) {
	var known bool
	err := s.lookUp(ctx).row(selectKnows, did, client.IP, client.UserAgent).Scan(&known)
	return known, err
}
