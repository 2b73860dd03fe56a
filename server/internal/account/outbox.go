package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// defaultSubject is that of a mail by a moderator who gives none.
const defaultSubject = "Message via your PDS"

// A ModeratorMail is what a moderator writes to the owner of an account.
type ModeratorMail struct {
	Sender    syntax.DID // as the moderator says; it goes to the audit log and not into the mail
	Recipient syntax.DID
	Subject   string // may be empty
	Text      string
	Client    Client // the moderator's
}

// SendMail queues a mail by a moderator, and notes in the audit log of the recipient who
// sent it. It returns [ErrInvalidRequest] for a subject of more than a line,
// [ErrAccountNotFound], [ErrNoEmail] and [ErrStoreFull].
func (s *Service) SendMail(ctx context.Context, mail ModeratorMail) error {
	subject := cmp.Or(mail.Subject, defaultSubject)
	if strings.ContainsFunc(subject, unicode.IsControl) {
		return ErrInvalidRequest.Because("subject must be one line")
	}
	account, err := s.Store.FindAccount(ctx, byDID(mail.Recipient))
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return ErrAccountNotFound.Because("Recipient not found")
	case err != nil:
		return fmt.Errorf("find account: %w", err)
	case account.Email == "":
		return ErrNoEmail
	}
	record, err := s.record(account, EventMailSent, mail.Client, string(mail.Sender), message(subject, mail.Text))
	if err != nil {
		return err
	}
	if err := s.Store.AddEvent(ctx, record); err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	return nil
}

// How mails leave the outbox.
const (
	mailBatch    = 16
	mailTimeout  = 30 * time.Second              // of one attempt
	mailLease    = (mailBatch + 1) * mailTimeout // of a batch
	firstDelay   = time.Minute                   // after the first failure; it doubles with each
	longestDelay = 4 * time.Hour
	maxMailTries = 20 // in about two days
)

// A Delivery counts what one pass over the outbox did.
type Delivery struct {
	Sent      int
	Postponed int
	GivenUp   int // refused for good, or failed too often
}

// DeliverMails sends the mails that are due, a batch at a time, until none is left or a whole
// batch has failed. Those that fail are tried again later, for about two days; those that were
// not tried when ctx ended are due again at once. It may be called concurrently, and by several
// processes: a mail is sent twice only if sending it was interrupted.
//
// The error tells which mails were not sent and why, each in an error of its own that is
// joined with the others, and what becomes of them. It shows neither addresses nor contents.
func (s *Service) DeliverMails(ctx context.Context) (Delivery, error) {
	var total Delivery
	var faults []error
	for {
		mails, err := s.Store.ClaimMails(ctx, s.Now(), s.Now().Add(mailLease), mailBatch)
		if err != nil {
			return total, errors.Join(append(faults, fmt.Errorf("claim mails: %w", err))...)
		}
		before := total.Sent
		for i, mail := range mails {
			if err := s.deliver(ctx, mail, &total); err != nil {
				faults = append(faults, err)
			}
			if ctx.Err() != nil {
				return total, errors.Join(append(faults, ctx.Err(), s.giveBack(ctx, mails[i+1:]))...)
			}
		}
		if len(mails) < mailBatch || total.Sent == before {
			return total, errors.Join(faults...)
		}
	}
}

// deliver sends one mail and notes in the outbox what became of it, even if ctx is over by
// then.
func (s *Service) deliver(ctx context.Context, queued QueuedMail, total *Delivery) error {
	mail, refusal := s.open(queued)
	if refusal == nil {
		refusal = s.send(ctx, mail)
	}
	fault := &deliveryError{queued: queued, mail: mail, cause: refusal}
	noting := context.WithoutCancel(ctx)
	var err error
	switch {
	case refusal == nil:
		total.Sent++
		return noted(s.Store.FinishMail(noting, queued.ID))
	case ctx.Err() != nil:
		fault.fate = "due again"
		err = s.giveBack(ctx, []QueuedMail{queued})
	case errors.Is(refusal, ErrMailRefused), queued.Failures+1 >= maxMailTries:
		total.GivenUp++
		fault.fate = "given up"
		err = noted(s.Store.FinishMail(noting, queued.ID))
	default:
		total.Postponed++
		due := s.Now().Add(mailDelay(queued.Failures))
		fault.fate = "tried again at " + due.UTC().Format(time.RFC3339)
		err = noted(s.Store.PostponeMail(noting, queued.ID, due))
	}
	return errors.Join(fault, err)
}

// noted says what the error of the outbox, if there is one, is about.
func noted(err error) error {
	if err != nil {
		return fmt.Errorf("note delivery: %w", err)
	}
	return nil
}

// giveBack gives mails back to the outbox, whether or not ctx is over.
func (s *Service) giveBack(ctx context.Context, mails []QueuedMail) error {
	if len(mails) == 0 {
		return nil
	}
	ids := make([]string, len(mails))
	for i, mail := range mails {
		ids[i] = mail.ID
	}
	if err := s.Store.ReleaseMails(context.WithoutCancel(ctx), ids); err != nil {
		return fmt.Errorf("give mails back: %w", err)
	}
	return nil
}

// open returns what a mail says.
func (s *Service) open(queued QueuedMail) (Mail, error) {
	plain, err := s.Sealer.Open(MailPurpose(queued.ID), queued.Sealed)
	if err != nil {
		return Mail{}, fmt.Errorf("open: %w", err)
	}
	var mail Mail
	if err := json.Unmarshal(plain, &mail); err != nil {
		return Mail{}, errors.New("open: not JSON") // err may quote it
	}
	return mail, nil
}

// send hands a mail on.
func (s *Service) send(ctx context.Context, mail Mail) error {
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	return s.Mailer.Send(ctx, mail)
}

// mailDelay returns how long to wait after one more failure than there were.
func mailDelay(failures int) time.Duration {
	delay := firstDelay
	for range failures {
		if delay *= 2; delay >= longestDelay {
			return longestDelay
		}
	}
	return delay
}

// A deliveryError tells which mail was not sent, why, and what becomes of it. It does not show
// the address, which servers like to repeat in what they answer.
type deliveryError struct {
	queued QueuedMail
	mail   Mail // empty if it could not be opened
	fate   string
	cause  error
}

func (e *deliveryError) Error() string {
	text := "mail " + e.queued.ID
	if e.mail.Kind != "" {
		text += fmt.Sprintf(" (%s)", e.mail.Kind)
	}
	if e.queued.DID != "" {
		text += " for " + string(e.queued.DID)
	}
	cause := e.cause.Error()
	if e.mail.To != "" {
		cause = strings.ReplaceAll(lowerASCII(cause), lowerASCII(e.mail.To), "(the address)")
	}
	return fmt.Sprintf("%s, failure %d, %s: %s", text, e.queued.Failures+1, e.fate, cause)
}

func (e *deliveryError) Unwrap() error {
	return e.cause
}
