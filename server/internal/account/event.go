package account

import (
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An Event is an entry of an account's audit log: what happened, when, and from where.
type Event struct {
	DID    syntax.DID
	Kind   EventKind
	At     time.Time
	Client Client
	Detail string // such as the name of an app password; never a secret
}

// MaxEvents is how many events of each kind the audit log of an account has: who does the same
// over and over fills no disk with it, and crowds out nothing else.
const MaxEvents = 1000

// An EventKind says what happened to an account.
type EventKind string

// The kinds of events.
const (
	EventCreated            EventKind = "created"
	EventImported           EventKind = "imported"
	EventLogin              EventKind = "login"
	EventNewLogin           EventKind = "new_login" // from a network that the account does not know
	EventPasswordReset      EventKind = "password_reset"
	EventPasswordSet        EventKind = "password_set" // by an administrator
	EventEmailConfirmed     EventKind = "email_confirmed"
	EventEmailChanged       EventKind = "email_changed"
	EventAuthFactor         EventKind = "auth_factor"
	EventHandleChanged      EventKind = "handle_changed"
	EventIdentityChanged    EventKind = "identity_changed"
	EventAppPasswordCreated EventKind = "app_password_created"
	EventAppPasswordRevoked EventKind = "app_password_revoked"
	EventDeactivated        EventKind = "deactivated"
	EventActivated          EventKind = "activated"
	EventTakenDown          EventKind = "taken_down"
	EventRestored           EventKind = "restored"
	EventInvitesDisabled    EventKind = "invites_disabled"
	EventInvitesEnabled     EventKind = "invites_enabled"
	EventTokenMailed        EventKind = "token_mailed" // Detail is the purpose
	EventOperationSigned    EventKind = "operation_signed"
	EventMailSent           EventKind = "mail_sent"      // by a moderator; Detail is the DID of the sender
	EventTokenReplayed      EventKind = "token_replayed" // an old refresh token, which ended its session; Detail is the app password
)

// ownEvents are the kinds of events that happen where the owner of an account is. Others
// happen where a moderator is, or anybody.
func ownEvents() []EventKind {
	return []EventKind{EventCreated, EventImported, EventLogin, EventNewLogin}
}
