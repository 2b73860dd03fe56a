package account

import (
	"context"
	"net/netip"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// A Store keeps everything of the accounts. It is made of one interface per concept.
// Every method of them is one transaction, may be called concurrently, and can
// return [ErrStoreFull] if it writes. What it has returned as done is safe.
type Store interface {
	Accounts
	Signups
	Handles
	Sessions
	AppPasswords
	EmailTokens
	ResetRequests
	Invites
	SigningKeys
	Nonces
	Outbox
	Housekeeping
}

// A Record accompanies a change: who makes it, what the audit log of the account says of
// it and the mails that tell of it. It is kept in the same transaction as the change, or
// not at all. A record without an Event.Kind has no event.
type Record struct {
	Event Event
	Mails []QueuedMail
	Quota Quota // of the mails
	// SessionID is the session that makes the change, or empty if it needs none. A
	// request may have been let in a moment before its session ended, so the store looks
	// again, before anything else: if the account, which is there, has no such session any
	// more, nothing is done, and the error is [ErrTakendown] or else [ErrTokenRevoked].
	SessionID string
}

// A Quota bounds the mails that tell of events of one kind: if mails were queued for Most or
// more events of the account that are of the kind and later than a time, the next event goes
// without mails, however many are noted at once. Events that went without do not count. The
// zero Quota bounds nothing.
type Quota struct {
	Most       int
	After      time.Time
	SameDetail bool // only events with the same Detail count
}

// Accounts keeps accounts. Handles and emails are given in small letters and unique
// over all accounts, whatever their status, and over sign-ups and changes that are
// under way.
type Accounts interface {
	// FindCredentials returns the account that a login names. It returns
	// [ErrAccountNotFound] if there is none.
	FindCredentials(ctx context.Context, identifier Identifier) (Credentials, error)

	// FindAccount is FindCredentials without what is secret.
	FindAccount(ctx context.Context, identifier Identifier) (Account, error)

	// Decoy returns the password hash of the account that is the next at or after
	// near in the order of DIDs, or else the first of all. It passes over accounts
	// without a password. If there is no other, the hash is empty.
	Decoy(ctx context.Context, near syntax.DID) (passwordHash string, err error)

	// ListAccounts returns accounts, the oldest first, and those of the same age in
	// the order of their DIDs.
	ListAccounts(ctx context.Context, query AccountQuery) ([]Account, error)

	// AccountInfos returns what moderators see of accounts, in the order of dids,
	// each once. Those that are not there are left out.
	AccountInfos(ctx context.Context, dids []syntax.DID) ([]Info, error)

	// SetPassword replaces the password, raises the version of the credentials and
	// ends every session. It returns [ErrAccountNotFound], what [TokenProof] says, and the
	// error of change.Record, in this order; the token is used only if nothing is wrong.
	SetPassword(ctx context.Context, change PasswordChange) error

	// SetEmail changes the address or the second factor. It returns
	// [ErrAccountNotFound], the error of change.Record, [ErrEmailTokenRequired], what
	// [TokenProof] says, and [ErrEmailTaken], in this order; the token is used only if
	// nothing is wrong.
	SetEmail(ctx context.Context, change EmailChange) (Account, error)

	// ConfirmEmail notes that the account's address is its owner's, since the time of the
	// record's event. It returns [ErrAccountNotFound], [ErrEmailMismatch] if email is not
	// that address, or what [TokenProof] says.
	ConfirmEmail(ctx context.Context, did syntax.DID, email string, proof TokenProof, record Record) error

	// Deactivate switches an account off. deleteAfter may be zero. It returns
	// [ErrAccountNotFound].
	Deactivate(ctx context.Context, did syntax.DID, at, deleteAfter time.Time, record Record) error

	// Activate takes Deactivate back. It returns [ErrAccountNotFound] or [ErrTakendown].
	Activate(ctx context.Context, did syntax.DID, record Record) error

	// Moderate does what [Decision.For] says of the account, as it is then: it takes it down
	// or restores it, both of which end every session, and switches it off or on, in this
	// order. Switched off, it keeps the deadline that it has; switched on, it has none. It
	// returns [ErrAccountNotFound], or [ErrTakendown] for an account that is taken down and to
	// be switched on.
	Moderate(ctx context.Context, decision Decision) error

	// DeleteAccount deletes an account with all that belongs to it: sessions, app
	// passwords, tokens, mails that wait, its invite codes and its audit log. It
	// returns [ErrAccountNotFound], [ErrNotOverdue], [ErrCredentialsChanged], or what
	// [TokenProof] says.
	DeleteAccount(ctx context.Context, deletion Deletion) error

	// AddEvent adds to the audit log and queues mails where nothing else is written.
	// However an event is added, the log keeps the newest [MaxEvents] of its kind, and
	// older ones only if its Quota counts them. It returns [ErrAccountNotFound].
	AddEvent(ctx context.Context, record Record) error

	// Events returns the audit log of an account, the newest first.
	Events(ctx context.Context, did syntax.DID, limit int) ([]Event, error)

	// KnowsNetwork reports whether the audit log of an account has an event of some kinds from
	// an address in a network. The zero network has no addresses.
	KnowsNetwork(ctx context.Context, did syntax.DID, kinds []EventKind, network netip.Prefix) (bool, error)
}

// An AccountQuery selects accounts.
type AccountQuery struct {
	Email string       // in small letters; empty for all accounts
	After AccountPlace // accounts behind this place; zero from the start
	Limit int
}

// An AccountPlace is a place in the order of accounts.
type AccountPlace struct {
	CreatedAt time.Time
	DID       syntax.DID
}

// Info is what moderators see of an account.
type Info struct {
	Account   Account
	InvitedBy *InviteCode  // the code it signed up with, or nil
	Invites   []InviteCode // its own codes, the newest first
}

// A Decision is what a moderator decides about an account, all of it or nothing.
type Decision struct {
	SubjectUpdate
	At      time.Time
	Unnamed bool     // nobody gave the reference of the takedown
	Records []Record // without sessions
}

// A PasswordChange is a new password.
type PasswordChange struct {
	DID          syntax.DID
	PasswordHash string
	Proof        *TokenProof // nil if an administrator asks for it
	// DropAppPasswords deletes the app passwords too.
	DropAppPasswords bool
	// Record returns what the change leaves behind, or why there is none: owner is the account
	// as it is then, and kept are the app passwords that go on working, the newest first. Only
	// the store knows those that the change meets.
	Record func(owner Account, kept []AppPassword) (Record, error)
}

// An EmailChange is a new address, a switch of the second factor, or both.
//
// If the account has the address already, only the factor is set. Otherwise the new
// address is unconfirmed, the factor is off, and every mailed token of the account is
// void.
type EmailChange struct {
	DID        syntax.DID
	Email      string // in small letters
	AuthFactor *bool  // nil leaves it; it can be on only for an address that is confirmed and stays
	// Proof is nil if the client sent no token, which is [ErrEmailTokenRequired] for
	// an account whose address is confirmed.
	Proof *TokenProof
	// Forced is the change by an administrator: it needs no proof, and the address is
	// unconfirmed afterwards even if it is the same.
	Forced bool
	// Record returns what the change of the account, as it is before, leaves behind, or
	// why there is none. Only the store knows the account that the change meets.
	Record func(before Account) (Record, error)
}

// A Deletion is the end of an account.
type Deletion struct {
	DID               syntax.DID
	CredentialVersion int64       // that the password was checked against; 0 if it was not
	Proof             *TokenProof // nil if an administrator or a deadline asks for it
	OverdueAt         time.Time   // if not zero, the deadline must be over then
	QuarantineUntil   time.Time   // nobody else can have the handle before; zero if at once
	Mails             []QueuedMail
}

// Signups keeps sign-ups that are under way, so that no two get the same name, no
// invite code is used more often than it may be, and a crash leaves nothing behind.
type Signups interface {
	// CheckSignup returns [ErrInvalidInviteCode], [ErrHandleTaken] or
	// [ErrEmailTaken], the first that applies. ReserveSignup can still fail.
	CheckSignup(ctx context.Context, handle syntax.Handle, email, inviteCode string, now time.Time) error

	// ReserveSignup keeps the names, a use of the invite code (if there is one) and
	// everything that finishing needs. It returns what CheckSignup returns, and
	// [ErrDIDTaken].
	ReserveSignup(ctx context.Context, reservation Reservation) error

	// FinishSignup turns a reservation into an account. session is nil if nobody waits
	// for one. It returns [ErrReservationGone].
	FinishSignup(ctx context.Context, did syntax.DID, session *NewSession, record Record) (Account, error)

	// ReleaseSignup gives everything back that was reserved. There need not be a
	// reservation.
	ReleaseSignup(ctx context.Context, did syntax.DID) error

	// Reservations returns the sign-ups whose lease is over at a time.
	Reservations(ctx context.Context, now time.Time) ([]Reservation, error)

	// ImportAccount keeps an account of an identity that exists: ReserveSignup and
	// FinishSignup in one, and before them ClaimNonce for a nonce that has an expiry. A key
	// that is reserved for the DID at Account.CreatedAt, or since then, is the account's in
	// place of reservation.SigningKey, and is not reserved any longer.
	ImportAccount(ctx context.Context, reservation Reservation, session NewSession, record Record) error
}

// A Reservation is a sign-up under way. Its credentials will have the version
// [FirstCredentialVersion].
type Reservation struct {
	Account      Account
	PasswordHash string
	InviteCode   string // empty if none is needed
	SigningKey   SealedKey
	Genesis      Operation // empty for an import
	Client       Client
	LeaseUntil   time.Time // until then a request is at work on it
	Nonce        Nonce     // of an import; it is claimed at Account.CreatedAt
}

// Handles keeps changes of handles that are under way.
type Handles interface {
	// ReserveHandle keeps a handle for an account until CommitHandle or ReleaseHandle,
	// beside those that are reserved for it already: as long as nobody knows what
	// became of a change, nobody else may have its handle. One that is among them gets
	// the new lease. It returns [ErrAccountNotFound], or [ErrHandleTaken] if it is
	// another's, reserved for another or not yet free again.
	ReserveHandle(ctx context.Context, reservation HandleReservation, now time.Time) error

	// CommitHandle gives the account the handle that was reserved. The one before is
	// nobody else's until quarantineUntil, which may be zero. It returns
	// [ErrReservationGone].
	CommitHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, quarantineUntil time.Time, record Record) (Account, error)

	// ReleaseHandle ends a reservation. There need not be one.
	ReleaseHandle(ctx context.Context, did syntax.DID, handle syntax.Handle) error

	// ReservedHandles returns what is reserved for an account, whether its lease is
	// over or not.
	ReservedHandles(ctx context.Context, did syntax.DID) ([]HandleReservation, error)

	// HandleReservations returns the reservations whose lease is over at a time.
	HandleReservations(ctx context.Context, now time.Time) ([]HandleReservation, error)
}

// A HandleReservation is a change of a handle under way.
type HandleReservation struct {
	DID        syntax.DID
	Handle     syntax.Handle
	LeaseUntil time.Time
	// SessionID is the session that asks for the change, as in a [Record]. It is not kept:
	// once the directory may know of the change, it is finished whoever asked for it.
	SessionID string
}

// Sessions keeps sessions and the chain of refresh tokens in each.
type Sessions interface {
	// StartSession keeps the session of a login whose password was right. It
	// checks again, in the transaction, what may have changed since then and
	// returns [ErrAccountNotFound], [ErrTakendown], [ErrCredentialsChanged] (also if
	// the app password is gone, though there may be another of its name),
	// [ErrAuthFactorRequired] if the account has a second factor by now and the login
	// has no code, or what [TokenProof] says. It forgets sessions of the account that
	// have expired.
	StartSession(ctx context.Context, login Login) error

	// RotateRefresh exchanges a refresh token for the next one and returns the
	// session with its new expiry. A token that was exchanged before, and whose
	// grace lasts, is exchanged for the same next one; neither its grace nor the
	// session grows by that. It returns [ErrTakendown], which outweighs
	// [ErrTokenRevoked]: the account, the session or the token is gone or over.
	RotateRefresh(ctx context.Context, rotation Rotation) (Caller, error)

	// FindSession returns an account and its session. It returns
	// [ErrAccountNotFound] if there is no such account. If it has no such session, it
	// returns [ErrTakendown], as long as the account is taken down, or else
	// [ErrTokenRevoked]. Neither the status of an account that has the session nor
	// the expiry of the session is checked.
	FindSession(ctx context.Context, did syntax.DID, sessionID string) (Caller, error)

	// EndSession ends a session of did with every token in it. There need not be
	// one, unless the record says so.
	EndSession(ctx context.Context, did syntax.DID, sessionID string, record Record) error
}

// A NewSession is a session with its first refresh token, which expires with it.
// The zero hash stands for no refresh token: the session cannot be refreshed.
type NewSession struct {
	Session Session
	Refresh RefreshHash
}

// A Login is a session to be started, with what its password was checked against.
type Login struct {
	NewSession
	CredentialVersion int64
	AppPasswordHash   SecretHash // of the app password that opens the session; zero if none does
	// Rehash replaces the hash of the same password, unless it is empty. The
	// version of the credentials stays.
	Rehash string
	// AllowTakendown starts the session even if the account was taken down.
	AllowTakendown bool
	// AuthFactor is the mailed code of an account with a second factor, or nil. An app
	// password needs none.
	AuthFactor *TokenProof
	Record     Record
}

// A Rotation is the exchange of one refresh token for the next.
type Rotation struct {
	DID        syntax.DID  // whose token it claims to be
	SessionID  string      // the session of which it claims to be
	Presented  RefreshHash // the token that the client has
	Next       RefreshHash // the one that it gets; the same for the same Presented
	Now        time.Time
	GraceUntil time.Time // Presented is over then, if not before
	IdleUntil  time.Time // Next and the session expire then, if EndsAt is not before
}

// AppPasswords keeps app passwords.
type AppPasswords interface {
	// CreateAppPassword returns [ErrAccountNotFound], [ErrAppPasswordTaken] if the
	// account has one of that name, or [ErrTooManyAppPasswords] if it has max.
	CreateAppPassword(ctx context.Context, password AppPassword, max int, record Record) error

	// AppPasswords returns those of an account, the newest first.
	AppPasswords(ctx context.Context, did syntax.DID) ([]AppPassword, error)

	// FindAppPassword returns the app password of an account with a hash. found is
	// false if there is none.
	FindAppPassword(ctx context.Context, did syntax.DID, hash SecretHash) (password AppPassword, found bool, err error)

	// DeleteAppPassword deletes an app password and every session that was opened
	// with it. There need not be one; then the record is not kept.
	DeleteAppPassword(ctx context.Context, did syntax.DID, name string, record Record) error
}

// EmailTokens keeps tokens that were mailed. An account has at most one for each
// purpose.
type EmailTokens interface {
	// PutEmailToken keeps a token in place of the one before. It returns
	// [ErrAccountNotFound], the error of token.Record, or [ErrEnoughMails] if the quota of
	// that record is used up and the token before can still be used.
	PutEmailToken(ctx context.Context, token EmailToken) error

	// FindByEmailToken returns the account that a token was mailed to, whichever that
	// is. It uses nothing up. It returns [ErrEmailTokenInvalid] or
	// [ErrEmailTokenExpired].
	FindByEmailToken(ctx context.Context, proof TokenProof) (Account, error)

	// CheckEmailToken uses nothing up, and counts a wrong token. sessionID is the session
	// that asks, as in a [Record]. It returns what [TokenProof] says.
	CheckEmailToken(ctx context.Context, did syntax.DID, proof TokenProof, sessionID string) error

	// UseEmailToken uses a token up where nothing else is written. It returns what
	// [TokenProof] says.
	UseEmailToken(ctx context.Context, did syntax.DID, proof TokenProof, record Record) error
}

// Invites keeps invite codes.
type Invites interface {
	// CreateInvites keeps new codes. It returns [ErrTooManyInvites] if there would be
	// more than max in all.
	CreateInvites(ctx context.Context, codes []InviteCode, max int) error

	// MintInvites lets mint decide, with the account and its codes (the newest first),
	// which codes the account gets in addition, keeps these and returns all. Nothing
	// changes in between: mint is asked again when there is something to keep and nobody
	// else can write. sessionID is the session that asks, as in a [Record]. It returns
	// [ErrAccountNotFound].
	MintInvites(ctx context.Context, did syntax.DID, sessionID string, mint func(owner Account, codes []InviteCode) []InviteCode) ([]InviteCode, error)

	// ListInvites returns codes of all accounts.
	ListInvites(ctx context.Context, query InviteQuery) ([]InviteCode, error)

	// DisableInvites disables codes by name and by the account they are for. There
	// need not be any.
	DisableInvites(ctx context.Context, codes, accounts []string) error

	// SetInvitesDisabled says whether an account gets usable codes, and why. It returns
	// [ErrAccountNotFound].
	SetInvitesDisabled(ctx context.Context, did syntax.DID, disabled bool, note string, record Record) error
}

// SigningKeys keeps the keys that sign for accounts, and those reserved for accounts
// to come.
type SigningKeys interface {
	// SigningKey returns the key of an account, or [ErrAccountNotFound].
	SigningKey(ctx context.Context, did syntax.DID) (SealedKey, error)

	// ReserveSigningKey keeps a key for an account to come and returns it. If one is
	// reserved for the same DID, and is not over, that is returned instead. It returns
	// [ErrTooManyReservedKeys] if max are reserved.
	ReserveSigningKey(ctx context.Context, reserved ReservedKey, now time.Time, max int) (SealedKey, error)
}

// A ReservedKey is a signing key for an account to come.
type ReservedKey struct {
	Key       SealedKey
	DID       syntax.DID // empty if nobody knows it yet
	CreatedAt time.Time
	ExpiresAt time.Time
}

// A Nonce stands for a token that must not be used twice, and can be forgotten when the
// token has expired.
type Nonce struct {
	Hash      SecretHash
	ExpiresAt time.Time
}

// Nonces remembers tokens that must not be used twice.
type Nonces interface {
	// ClaimNonce returns [ErrReplayed] if the nonce was claimed before and has not
	// expired at now.
	ClaimNonce(ctx context.Context, nonce SecretHash, now, expires time.Time) error
}

// Outbox keeps mails until they are sent. Each comes with the [Record] that it tells of.
type Outbox interface {
	// ClaimMails returns up to limit mails that are due, the oldest first. Until lease
	// nobody else gets them.
	ClaimMails(ctx context.Context, now, lease time.Time, limit int) ([]QueuedMail, error)

	// FinishMail forgets a mail that was sent or given up.
	FinishMail(ctx context.Context, id string) error

	// ReleaseMails gives mails back that were claimed and not tried: they are due as
	// before.
	ReleaseMails(ctx context.Context, ids []string) error

	// PostponeMail counts a failure and makes the mail due again later.
	PostponeMail(ctx context.Context, id string, due time.Time) error
}

// A QueuedMail is a mail that waits to be sent. Mails hold tokens, so they wait
// encrypted.
type QueuedMail struct {
	ID       string
	DID      syntax.DID // whose deletion forgets it; empty for a mail that outlives the account
	Sealed   []byte     // a [Mail], for the purpose [MailPurpose]
	Due      time.Time
	Failures int
}

// MailPurpose is the purpose for which a mail is sealed.
func MailPurpose(id string) string {
	return "mail " + id
}

// Housekeeping is what a server does from time to time.
type Housekeeping interface {
	// Sweep forgets what is over at now: sessions, refresh tokens, mailed tokens (which
	// have been over for [EmailTokenMemory]), reserved signing keys, nonces, quarantines;
	// and events from before events.
	Sweep(ctx context.Context, now, events time.Time) error

	// ExpireLeases ends the leases of all reservations, of sign-ups and of handles, and
	// of all mails. It is for a server that starts and knows that no other is at work.
	ExpireLeases(ctx context.Context) error

	// Overdue returns accounts whose deadline of deletion is over, in the order of their
	// deadlines, and those with the same in the order of their DIDs.
	Overdue(ctx context.Context, query OverdueQuery) ([]Account, error)
}

// An OverdueQuery selects accounts whose deadline is over.
type OverdueQuery struct {
	Now   time.Time
	After OverduePlace // accounts behind this place; zero from the start
	Limit int
}

// An OverduePlace is a place in the order of deadlines.
type OverduePlace struct {
	DeleteAfter time.Time
	DID         syntax.DID
}
