package account

import "time"

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
// It tells the owner of it, unless he has been told of enough of that kind of late. What he
// was not told of does not count: a kind that goes on and on is told again and again.
func (s *Service) recordNotice(caller Caller, kind EventKind, client Client, detail string, notice letter) (Record, error) {
	record, err := s.recordAs(caller, kind, client, detail, notice)
	record.Quota = s.noticeQuota(caller.Account)
	return record, err
}

// An account gets at most maxNotices of a kind in noticeWindow, and an address that is
// unconfirmed, which may be a stranger's, in strayNoticeWindow. Each kind counts for itself:
// who makes many changes of one kind keeps no other from being told.
const (
	maxNotices        = 5
	noticeWindow      = time.Hour
	strayNoticeWindow = 24 * time.Hour
)

// noticeQuota returns how much of what recordNotice tells an account gets.
func (s *Service) noticeQuota(account Account) Quota {
	window := noticeWindow
	if account.EmailConfirmedAt.IsZero() {
		window = strayNoticeWindow
	}
	return Quota{Most: maxNotices, After: s.Now().Add(-window)}
}
