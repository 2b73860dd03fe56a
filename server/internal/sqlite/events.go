package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertEvent  = `INSERT INTO event (did, kind, at, user_agent, ip, detail) VALUES (?, ?, ?, ?, ?, ?)`
	trimEvents   = `DELETE FROM event WHERE id = (SELECT id FROM event WHERE did = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?)`
	selectEvents = `SELECT kind, at, user_agent, ip, detail FROM event WHERE did = ? ORDER BY at DESC, id DESC LIMIT ?`
	countEvents  = `SELECT count(*) FROM (SELECT 1 FROM event WHERE did = ? AND at > ? AND kind = ? LIMIT ?)`
	// The kinds are a JSON array. Parts of addresses are not for the database to compare:
	// there are many ways to write one of version 6.
	selectAddresses = `SELECT DISTINCT ip FROM event WHERE did = ? AND ip <> '' AND kind IN (SELECT value FROM json_each(?))`
)

// AddEvent implements [account.Accounts].
func (s *Store) AddEvent(ctx context.Context, record account.Record) error {
	return s.writeAs(ctx, record.Event.DID, record.SessionID, func(t transaction) error {
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
	enough, err := exceedsQuota(t, record)
	if err != nil {
		return err
	}
	if e := record.Event; e.Kind != "" {
		err := t.exec(insertEvent, e.DID, e.Kind, millis(e.At), e.Client.UserAgent, e.Client.IP, e.Detail)
		if err != nil {
			return err
		}
		if err := t.exec(trimEvents, e.DID, e.Kind, account.MaxEvents); err != nil {
			return err
		}
	}
	if enough {
		return nil
	}
	return queueMails(t, record.Mails)
}

// exceedsQuota reports whether enough mails have told of events like a record's.
func exceedsQuota(t transaction, record account.Record) (bool, error) {
	quota := record.Quota
	if quota.Most == 0 || len(record.Mails) == 0 {
		return false, nil
	}
	var n int
	err := t.row(countEvents, record.Event.DID, millis(quota.After), record.Event.Kind, quota.Most).Scan(&n)
	return n >= quota.Most, err
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

// KnowsNetwork implements [account.Accounts].
func (s *Store) KnowsNetwork(ctx context.Context, did syntax.DID, kinds []account.EventKind, network netip.Prefix) (bool, error) {
	if !network.IsValid() {
		return false, nil
	}
	list, err := json.Marshal(kinds)
	if err != nil {
		return false, fmt.Errorf("write kinds of events: %w", err)
	}
	addresses, err := collect(s.lookUp(ctx), func(row scanner) (netip.Addr, error) {
		var text string
		err := row.Scan(&text)
		address, _ := netip.ParseAddr(text) // what is none is in no network
		return address.Unmap().WithZone(""), err
	}, selectAddresses, did, string(list))
	return slices.ContainsFunc(addresses, network.Contains), err
}
