package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertEvent  = `INSERT INTO event (did, kind, at, user_agent, ip, detail) VALUES (?, ?, ?, ?, ?, ?)`
	selectEvents = `SELECT kind, at, user_agent, ip, detail FROM event WHERE did = ? ORDER BY at DESC, id DESC LIMIT ?`
	// The kinds are a JSON array.
	countEvents = `SELECT count(*) FROM event WHERE did = ? AND at > ? AND kind IN (SELECT value FROM json_each(?))`
	// Parts of addresses are not for the database to compare: there are many ways to write
	// one of version 6.
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

// CountEvents implements [account.Accounts].
func (s *Store) CountEvents(ctx context.Context, did syntax.DID, kinds []account.EventKind, after time.Time) (int, error) {
	list, err := json.Marshal(kinds)
	if err != nil {
		return 0, fmt.Errorf("write kinds of events: %w", err)
	}
	var n int
	err = s.lookUp(ctx).row(countEvents, did, millis(after), string(list)).Scan(&n)
	return n, err
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
