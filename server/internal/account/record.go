package account

// record returns what a change leaves behind: an event, and letters to the address
// that a has at the time of the call, if it has one.
func (s *Service) record(a Account, kind EventKind, client Client, detail string, letters ...letter) (Record, error) {
	record := Record{Event: Event{
		DID:    a.DID,
		Kind:   kind,
		At:     s.Now(),
		Client: client.clipped(),
		Detail: detail,
	}}
	if a.Email == "" {
		return record, nil
	}
	for _, l := range letters {
		mail, err := s.newMail(a, l)
		if err != nil {
			return Record{}, err
		}
		record.Mails = append(record.Mails, mail)
	}
	return record, nil
}
