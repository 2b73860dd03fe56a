package account

import (
	"context"
	"fmt"
	"time"
)

// record returns what a change leaves behind that needs no session: an event, and letters
// to the address that a has at the time of the call, if it has one.
func (s *Service) record(a Account, kind EventKind, client Client, detail string, letters ...letter) (Record, error) {
	return s.recordAs(Caller{Account: a}, kind, client, detail, letters...)
}

// recordAs is record for a change that a session makes, if the caller has one: it is made
// only as long as the session lasts.
func (s *Service) recordAs(caller Caller, kind EventKind, client Client, detail string, letters ...letter) (Record, error) {
	record := Record{
		Event: Event{
			DID:    caller.Account.DID,
			Kind:   kind,
			At:     s.Now(),
			Client: client.clipped(),
			Detail: detail,
		},
		SessionID: caller.Session.ID,
	}
	if caller.Account.Email == "" {
		return record, nil
	}
	for _, l := range letters {
		mail, err := s.newMail(caller.Account, l)
		if err != nil {
			return Record{}, err
		}
		record.Mails = append(record.Mails, mail)
	}
	return record, nil
}

// recordNotice is recordAs for what a session, or who logs in, can do as often as it likes.
// It tells the owner of it, unless he has been told enough of late.
func (s *Service) recordNotice(ctx context.Context, caller Caller, kind EventKind, client Client, detail string, notice letter) (Record, error) {
	enough, err := s.hasNotices(ctx, caller.Account)
	if err != nil {
		return Record{}, err
	}
	return s.recordAs(caller, kind, client, detail, unless(enough, notice)...)
}

// unless returns the notice, or none if there were enough.
func unless(enough bool, notice letter) []letter {
	if enough {
		return nil
	}
	return []letter{notice}
}

// An account gets at most maxNotices in noticeWindow of what recordNotice tells, and an
// address that is unconfirmed, which may be a stranger's, at most maxStrayNotices in
// strayNoticeWindow.
const (
	maxNotices        = 20
	noticeWindow      = time.Hour
	maxStrayNotices   = 5
	strayNoticeWindow = 24 * time.Hour
)

// noticeKinds are the kinds of events that recordNotice tells of.
func noticeKinds() []EventKind {
	return []EventKind{
		EventNewLogin, EventEmailChanged, EventAuthFactor, EventHandleChanged,
		EventAppPasswordCreated, EventAppPasswordRevoked, EventDeactivated, EventActivated,
		EventTokenReplayed,
	}
}

// hasNotices reports whether an account was told enough of late.
func (s *Service) hasNotices(ctx context.Context, account Account) (bool, error) {
	most, window := maxNotices, noticeWindow
	if account.EmailConfirmedAt.IsZero() {
		most, window = maxStrayNotices, strayNoticeWindow
	}
	n, err := s.Store.CountEvents(ctx, account.DID, noticeKinds(), s.Now().Add(-window))
	if err != nil {
		return false, fmt.Errorf("count notices: %w", err)
	}
	return n >= most, nil
}
