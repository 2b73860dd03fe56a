package storetest

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// now is when everything in these tests happens, unless it is later.
var now = time.Date(2026, 3, 1, 12, 0, 0, int(345*time.Millisecond), time.UTC)

// A person is an account to come, with its first session.
type person struct {
	account.Reservation
	Session account.NewSession
}

// newAccount returns the person that everything is made for which a test does not
// care about. The DID, the email and so on follow from the name.
func newAccount(name string) person {
	did := didOf(name)
	return person{
		Reservation: account.Reservation{
			Account: account.Account{
				DID:       did,
				Handle:    syntax.Handle(name + ".test"),
				Email:     name + "@example.com",
				CreatedAt: now,
			},
			PasswordHash: "hash of " + name,
			SigningKey:   newKey(name),
			Genesis:      account.Operation{DID: did, CID: syntax.CID("cid of " + name), JSON: []byte(`{}`)},
			Client:       account.Client{UserAgent: "browser of " + name, IP: "192.0.2.1"},
			LeaseUntil:   now.Add(time.Minute),
		},
		Session: newSession(did, name+"-1"),
	}
}

// confirmed returns the person with a confirmed address.
func confirmed(name string) person {
	p := newAccount(name)
	p.Account.EmailConfirmedAt = now
	return p
}

func didOf(name string) syntax.DID {
	return syntax.DID("did:plc:" + name)
}

func byDID(did syntax.DID) account.Identifier {
	return account.Identifier{Kind: account.ByDID, Value: string(did)}
}

func newKey(name string) account.SealedKey {
	return account.SealedKey{Public: "did:key:" + name, Sealed: []byte("sealed key of " + name)}
}

// newSession returns a session whose first refresh token has the session's id as
// its own.
func newSession(did syntax.DID, id string) account.NewSession {
	return account.NewSession{
		Session: account.Session{
			ID:         id,
			DID:        did,
			Kind:       account.SessionPassword,
			Client:     account.Client{UserAgent: "browser of " + id, IP: "192.0.2.1"},
			CreatedAt:  now,
			LastUsedAt: now,
			ExpiresAt:  now.Add(account.IdleLifetime),
			EndsAt:     now.Add(account.SessionLifetime),
		},
		Refresh: hashOf(id),
	}
}

func newLogin(did syntax.DID, id string) account.Login {
	return account.Login{NewSession: newSession(did, id), CredentialVersion: account.FirstCredentialVersion}
}

// newAppLogin is newLogin with an app password that is not privileged.
func newAppLogin(did syntax.DID, id, name string) account.Login {
	login := newLogin(did, id)
	login.Session.Kind = account.SessionApp
	login.Session.AppPassword = name
	login.AppPasswordHash = secret(name)
	return login
}

// newRotation returns the exchange of token for the one called token+, at a time. The session's id is the
// token without any +.
func newRotation(did syntax.DID, token string, at time.Time) account.Rotation {
	return account.Rotation{
		DID:        did,
		SessionID:  strings.TrimRight(token, "+"),
		Presented:  hashOf(token),
		Next:       hashOf(token + "+"),
		Now:        at,
		GraceUntil: at.Add(account.RefreshGrace),
		IdleUntil:  at.Add(account.IdleLifetime),
	}
}

func hashOf(token string) account.RefreshHash {
	return account.HashRefreshID(token)
}

func secret(s string) account.SecretHash {
	return sha256.Sum256([]byte(s))
}

func newAppPassword(did syntax.DID, name string) account.AppPassword {
	return account.AppPassword{DID: did, Name: name, Hash: secret(name), CreatedAt: now}
}

// newToken returns a mailed token that was requested at now.
func newToken(did syntax.DID, purpose account.EmailPurpose, token string) account.EmailToken {
	return account.EmailToken{
		DID: did, Purpose: purpose, Hash: secret(token), RequestedAt: now,
		Record: recorded(account.Record{}),
	}
}

// newProof returns a mailed token as it is sent a minute after now.
func newProof(purpose account.EmailPurpose, token string) account.TokenProof {
	return account.TokenProof{
		Purpose:   purpose,
		Hash:      secret(token),
		NotBefore: now.Add(time.Minute - account.EmailTokenLifetime),
	}
}

// newRecord returns the record of an event of a kind, with a mail.
func newRecord(did syntax.DID, kind account.EventKind) account.Record {
	return account.Record{
		Event: account.Event{
			DID:    did,
			Kind:   kind,
			At:     now.Add(time.Minute),
			Client: account.Client{UserAgent: "browser", IP: "192.0.2.2"},
			Detail: "detail of " + string(kind),
		},
		Mails: []account.QueuedMail{newMail(did, "mail of "+string(kind))},
	}
}

// recorded returns a record for a change that asks for one.
func recorded(record account.Record) func(account.Account) (account.Record, error) {
	return func(account.Account) (account.Record, error) { return record, nil }
}

// recordedPassword is recorded for a new password.
func recordedPassword(record account.Record) func(account.Account, []account.AppPassword) (account.Record, error) {
	return func(account.Account, []account.AppPassword) (account.Record, error) { return record, nil }
}

// newPassword returns the change to another password by an administrator.
func newPassword(did syntax.DID) account.PasswordChange {
	return account.PasswordChange{DID: did, PasswordHash: "new", Record: recordedPassword(account.Record{})}
}

// newTakedown returns the decision to take an account down.
func newTakedown(did syntax.DID, ref string) account.Decision {
	return account.Decision{
		SubjectUpdate: account.SubjectUpdate{DID: did, Takedown: &account.Applied{Applied: true, Ref: ref}},
		At:            now,
	}
}

// newRestoration returns the decision to take newTakedown back.
func newRestoration(did syntax.DID) account.Decision {
	return account.Decision{SubjectUpdate: account.SubjectUpdate{DID: did, Takedown: &account.Applied{}}, At: now}
}

func newMail(did syntax.DID, id string) account.QueuedMail {
	return account.QueuedMail{ID: id, DID: did, Sealed: []byte("sealed " + id), Due: now}
}

// newInvite returns a code of the administrator that can be used once.
func newInvite(code string) account.InviteCode {
	return account.InviteCode{
		Code:       code,
		Available:  1,
		ForAccount: account.AdminInvites,
		CreatedBy:  account.AdminInvites,
		CreatedAt:  now,
	}
}

// mustCreate signs a person up.
func mustCreate(t *testing.T, store Store, p person) person {
	t.Helper()
	if err := create(t, store, p); err != nil {
		t.Fatalf("sign %s up: %v", p.Account.Handle, err)
	}
	return p
}

func create(t *testing.T, store Store, p person) error {
	t.Helper()
	if err := store.ReserveSignup(t.Context(), p.Reservation); err != nil {
		return err
	}
	_, err := store.FinishSignup(t.Context(), p.Account.DID, &p.Session, account.Record{})
	return err
}

// mustRotate exchanges a token and returns the session.
func mustRotate(t *testing.T, store Store, rotation account.Rotation) account.Session {
	t.Helper()
	caller, err := store.RotateRefresh(t.Context(), rotation)
	if err != nil {
		t.Fatalf("RotateRefresh at %s: %v", rotation.Now, err)
	}
	return caller.Session
}

// mustFind returns an account.
func mustFind(t *testing.T, store Store, did syntax.DID) account.Account {
	t.Helper()
	found, err := store.FindAccount(t.Context(), byDID(did))
	must(t, err)
	return found
}

// mustMail keeps a mailed token for an account.
func mustMail(t *testing.T, store Store, token account.EmailToken) {
	t.Helper()
	must(t, store.PutEmailToken(t.Context(), token))
}

// mustQueue queues a mail by itself.
func mustQueue(t *testing.T, store Store, mail account.QueuedMail) {
	t.Helper()
	must(t, store.AddEvent(t.Context(), account.Record{Mails: []account.QueuedMail{mail}}))
}
