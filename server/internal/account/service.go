package account

import (
	"io"
	"sync"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Service carries out what clients ask for, by the rules of this package. All
// fields must be set before the first call; then it may be used concurrently.
//
// Its methods return a [Refusal] for what a rule forbids. Any other error is a
// fault of the server or of what it depends on.
type Service struct {
	Store         Store
	Tokens        TokenIssuer
	ServiceTokens ServiceTokens
	Identity      Identity
	Hasher        Hasher
	Sealer        Sealer
	Mailer        Mailer
	Failures      FailureBudget
	Handles       *HandlePolicy
	Emails        *EmailPolicy
	Passwords     PasswordPolicy
	Policy        Policy
	Now           Clock
	Rand          io.Reader // random bytes, safe for concurrent use
	Pepper        []byte    // secret under which other secrets are hashed, 32 bytes

	identities identityLocks // changes of one identity wait for each other
	resets     sync.Mutex    // held by who answers requests for resets
}

// A FailureBudget slows down who guesses passwords. Keys say what is guessed at. It may
// be used concurrently.
type FailureBudget interface {
	// Try returns zero if a key may try now, or else how long it has to wait. A try that
	// is allowed counts as a failure at once.
	Try(key string) time.Duration
	// Forgive takes a try back that came to no failure.
	Forgive(key string)
	// Succeed forgets the failures.
	Succeed(key string)
}

// A Policy is what an operator decides about accounts. The zero Policy asks for
// nothing and forbids nothing.
type Policy struct {
	// ServiceDID is the DID of the server.
	ServiceDID syntax.DID
	// Hostname is the public name of the server. Invite codes begin with it.
	Hostname string
	// InvitesRequired says whether a sign-up needs an invite code.
	InvitesRequired bool
	// InviteInterval is the age that earns an account a code; zero if accounts earn none.
	InviteInterval time.Duration
	// InviteEpoch is from when on codes are earned; zero if from the beginning.
	InviteEpoch time.Time
	// HandleQuarantine is how long nobody else can have a handle that was given up.
	HandleQuarantine time.Duration
	// OmitDIDDoc leaves DID documents out of the answers about sessions. Who creates an
	// account gets the document all the same.
	OmitDIDDoc bool
	// ResetDropsAppPasswords deletes the app passwords when the password is reset.
	ResetDropsAppPasswords bool
	// ConfineAppPasswords keeps sessions of app passwords from seeing or revoking any
	// app password but their own.
	ConfineAppPasswords bool
	// ConfineServiceTokens gives sessions of app passwords that are not privileged no
	// service token that names no method.
	ConfineServiceTokens bool
	// HideTakenEmails tells who signs up or changes the email that a taken address is not
	// supported. Who knows that its domain is supported still concludes that it is taken.
	HideTakenEmails bool
	// EndReplayedSessions ends the session of a refresh token that is presented when it
	// was used and its grace is over: a copy of it may be in other hands.
	EndReplayedSessions bool
	// ModerationDID is the service whose tokens stand for a moderator, or empty.
	ModerationDID syntax.DID
}
