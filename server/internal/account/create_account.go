package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Signup is a request for an account.
type Signup struct {
	Handle      syntax.Handle
	Email       string
	Password    string
	NoPassword  bool   // the client sent none, not even an empty one
	RecoveryKey string // a did:key, or empty
	InviteCode  string // looked at only if one is required
	// DID is the identity that moves here; empty if a new one is to be created.
	DID syntax.DID
	// Requester is for whom the service token of the request speaks; empty if there
	// was none.
	Requester syntax.DID
	// Nonce is that of the service token. An account that moves here uses it up; a
	// request that is refused leaves the token good.
	Nonce Nonce
	// PLCOp says that the client sent an operation of its own, which this server
	// does not take.
	PLCOp  bool
	Client Client
}

// CreateAccount creates an account and its first session, and an identity unless one
// moves here. Of several sign-ups for one handle, one email or the last use of an
// invite code exactly one succeeds, however they race. Once the names are reserved,
// the sign-up is finished or given up even if ctx is cancelled; if the directory does
// not say what became of the identity, [Service.RecoverSignups] does that later.
//
// It returns, in this order: [ErrInvalidRequest], [ErrInvalidPassword],
// [ErrInvalidInviteCode], [ErrInvalidEmail], what [HandlePolicy.Check] returns,
// [ErrHandleTaken] and [ErrEmailTaken]; for a new identity then
// [ErrInvalidRecoveryKey], [ErrOperationRefused] and [ErrDirectoryUnavailable]; for
// one that moves here [ErrUnauthorizedImport], [ErrUnresolvableDID],
// [ErrInvalidRequest] for a handle that is not its own, [ErrDirectoryUnavailable],
// [ErrUnauthorizedImport] again for a service token that was used before, and
// [ErrDIDTaken]. It can also return [ErrBusy] and [ErrStoreFull].
func (s *Service) CreateAccount(ctx context.Context, signup Signup) (Grant, error) {
	reservation, err := s.checkSignup(ctx, signup)
	if err != nil {
		return Grant{}, err
	}
	if signup.DID != "" {
		return s.importAccount(ctx, signup, reservation)
	}
	return s.registerAccount(ctx, signup, reservation)
}

// checkSignup applies the rules that every sign-up has to keep, and returns what
// follows from the request alone.
func (s *Service) checkSignup(ctx context.Context, signup Signup) (Reservation, error) {
	if signup.PLCOp {
		return Reservation{}, ErrInvalidRequest.Because(`Unsupported input: "plcOp"`)
	}
	if err := s.Passwords.checkSignup(signup); err != nil {
		return Reservation{}, err
	}
	code, err := s.signupCode(signup)
	if err != nil {
		return Reservation{}, err
	}
	email, err := s.newEmail(signup.Email)
	if err != nil {
		return Reservation{}, err
	}
	handle, err := s.signupHandle(signup)
	if err != nil {
		return Reservation{}, err
	}
	now := s.Now()
	// The store decides again when it reserves. Asking first spares the work of
	// hashing for a name that is taken.
	if err := s.Store.CheckSignup(ctx, handle, email, code, now); err != nil {
		return Reservation{}, s.describeTaken(err, handle, signup.Email)
	}
	return Reservation{
		Account:    Account{DID: signup.DID, Handle: handle, Email: email, CreatedAt: now},
		InviteCode: code,
		Nonce:      signup.Nonce,
		Client:     signup.Client.clipped(),
	}, nil
}

// signupCode returns the invite code of a sign-up, or nothing if none is required.
func (s *Service) signupCode(signup Signup) (string, error) {
	if !s.Policy.InvitesRequired {
		return "", nil
	}
	code := normalizeInviteCode(signup.InviteCode)
	if code == "" {
		return "", ErrInvalidInviteCode.Because("No invite code provided")
	}
	return code, nil
}

// signupHandle returns the handle of a sign-up. Only an identity that is there
// already can have one under a domain of its own.
func (s *Service) signupHandle(signup Signup) (syntax.Handle, error) {
	if signup.DID == "" {
		return s.Handles.Check(signup.Handle)
	}
	handle, _, err := s.Handles.checkOwned(signup.Handle)
	return handle, err
}

// registerAccount creates an account with a new identity. The store reserves the names
// before the directory learns of the identity, so that a sign-up that loses leaves
// nothing there; and it keeps the operation, so that a crash at any point can be
// made good.
func (s *Service) registerAccount(ctx context.Context, signup Signup, reservation Reservation) (Grant, error) {
	if err := s.addIdentity(&reservation, signup.RecoveryKey); err != nil {
		return Grant{}, err
	}
	if err := s.addPassword(ctx, &reservation, signup.Password); err != nil {
		return Grant{}, err
	}
	session, grant, err := s.openSession(reservation.Account, signup.Client)
	if err != nil {
		return Grant{}, err
	}
	record, err := s.record(reservation.Account, EventCreated, signup.Client, "")
	if err != nil {
		return Grant{}, err
	}
	reservation.LeaseUntil = s.Now().Add(leaseLifetime)
	work, cancel := detach(ctx)
	defer cancel()
	if err := s.Store.ReserveSignup(work, reservation); err != nil {
		return Grant{}, s.describeTaken(err, reservation.Account.Handle, signup.Email)
	}
	if err := s.publishGenesis(work, reservation.Genesis); err != nil {
		return Grant{}, err
	}
	if grant.Account, err = s.Store.FinishSignup(work, reservation.Account.DID, &session, record); err != nil {
		return Grant{}, fmt.Errorf("finish sign-up: %w", err)
	}
	grant.DIDDoc = s.didDoc(ctx, grant.Account.DID)
	return grant, nil
}

// addIdentity adds a new identity with a new signing key. Nobody knows of it yet.
func (s *Service) addIdentity(reservation *Reservation, recoveryKey string) error {
	key, err := s.newSigningKey()
	if err != nil {
		return err
	}
	genesis, err := s.Identity.NewGenesis(reservation.Account.Handle, key.Public, recoveryKey)
	if err != nil {
		return fmt.Errorf("create identity: %w", err)
	}
	reservation.SigningKey = key
	reservation.Genesis = genesis
	reservation.Account.DID = genesis.DID
	return nil
}

// addPassword adds the hash of a password that was checked, if there is one.
func (s *Service) addPassword(ctx context.Context, reservation *Reservation, password string) error {
	if password == "" {
		return nil
	}
	hash, err := s.Hasher.Hash(ctx, normalizePassword(password))
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	reservation.PasswordHash = hash
	return nil
}

// publishGenesis tells the directory of the identity of a sign-up. If the directory
// certainly does not have it, the sign-up is released.
func (s *Service) publishGenesis(ctx context.Context, genesis Operation) error {
	result, err := s.publish(ctx, genesis, isThere)
	if result == unpublished {
		if releaseErr := s.Store.ReleaseSignup(ctx, genesis.DID); releaseErr != nil {
			return errors.Join(err, fmt.Errorf("release sign-up: %w", releaseErr))
		}
	}
	return err
}

// isThere is what is wanted of a new identity. Its DID is the hash of its first
// operation, so that any operation shows that the first one was published.
func isThere(PublishedOperation) bool {
	return true
}

// describeTaken adds what is taken to the error of a store: the handle in small
// letters, the email as the client wrote it.
func (s *Service) describeTaken(err error, handle syntax.Handle, email string) error {
	switch {
	case errors.Is(err, ErrHandleTaken):
		return ErrHandleTaken.Because("Handle already taken: %s", handle)
	case errors.Is(err, ErrEmailTaken):
		return s.refuseTakenEmail("Email already taken: " + email)
	default:
		return fmt.Errorf("create account: %w", err)
	}
}
