package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertEvent = `INSERT INTO event (did, kind, at, user_agent, ip, detail, mailed) VALUES (?, ?, ?, ?, ?, ?, ?)`
	// What a quota counts stays, or else many events would make room for more mails.
	trimEvents = `DELETE FROM event WHERE NOT (mailed = 1 AND at > ?) AND id IN (
		SELECT id FROM event WHERE did = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)`
	selectEvents      = `SELECT kind, at, user_agent, ip, detail FROM event WHERE did = ? ORDER BY at DESC, id DESC LIMIT ?`
	selectEnoughMails = `SELECT EXISTS (SELECT 1 FROM event
		WHERE did = ? AND kind = ? AND at > ? AND mailed = 1 AND (NOT ? OR detail = ?) LIMIT 1 OFFSET ?)`
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
	exceeds, err := exceedsQuota(t, record)
	if err != nil {
		return err
	}
	if exceeds {
		record.Mails = nil
	}
	return writeRecord(t, record)
}

// writeRecord is keepRecord for a record that exceeds no quota.
func writeRecord(t transaction, record account.Record) error {
	if e := record.Event; e.Kind != "" {
		isMailed := len(record.Mails) > 0
		err := t.exec(insertEvent, e.DID, e.Kind, millis(e.At), e.Client.UserAgent, e.Client.IP, e.Detail, isMailed)
		if err != nil {
			return err
		}
		if err := trim(t, e, record.Quota); err != nil {
			return err
		}
	}
	return queueMails(t, record.Mails)
}

// trim deletes what is too much of the events of e's kind.
func trim(t transaction, e account.Event, quota account.Quota) error {
	counted := int64(math.MaxInt64)
	if quota.Most > 0 {
		counted = millis(quota.After)
	}
	return t.exec(trimEvents, counted, e.DID, e.Kind, account.MaxEvents)
}

// exceedsQuota reports whether the mails of a record would be more than its quota.
func exceedsQuota(t transaction, record account.Record) (bool, error) {
	quota, e := record.Quota, record.Event
	if quota.Most == 0 || len(record.Mails) == 0 {
		return false, nil
	}
	var exceeds bool
	err := t.row(selectEnoughMails, e.DID, e.Kind, millis(quota.After), quota.SameDetail, e.Detail, quota.Most-1).Scan(&exceeds)
	return exceeds, err
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
