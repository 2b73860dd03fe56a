package account

import (
	"context"
	"errors"
	"fmt"
)

// LoginRequest is a request for a session.
type LoginRequest struct {
	Identifier      string // a handle, an email or a DID, in any case
	Password        string // the account's own, or an app password
	AuthFactorToken string // the code that was mailed, or empty
	AllowTakendown  bool   // the client can work with a session of an account that was taken down
	Client          Client
}

// CreateSession opens a session for who knows the account's password or one of its app
// passwords. A deactivated account may log in. One that was taken down may with its own
// password, if the client allows for it, and gets a session of kind [SessionTakendown].
// Of an account with a second factor, its own password is not enough: the code is mailed
// to who knows it.
//
// It returns [ErrTooManyFailures], [ErrLoginPasswordTooLong] and [ErrInvalidLogin], for
// which the same work was done whatever was wrong; and, only to who knows the password,
// [ErrTakendown], [ErrAuthFactorRequired], [ErrEmailTokenInvalid] and
// [ErrEmailTokenExpired]. It can also return [ErrBusy] and [ErrStoreFull].
func (s *Service) CreateSession(ctx context.Context, request LoginRequest) (Grant, error) {
	identifier := parseIdentifier(request.Identifier)
	credentials, err := s.findCredentials(ctx, identifier)
	if err != nil {
		return Grant{}, err
	}
	guess, err := s.admit(ctx, identifier, credentials.Account, request.Client)
	if err != nil {
		return Grant{}, err
	}
	match, err := s.verifyLogin(ctx, identifier, credentials, request)
	var grant Grant
	if err == nil && !guess.barred {
		grant, err = s.login(ctx, match, request)
	}
	if err := s.settle(guess, match.kind() == SessionPassword, err); err != nil {
		return Grant{}, err
	}
	grant.DIDDoc = s.sessionDIDDoc(ctx, grant.Account.DID)
	return grant, nil
}

// login opens a session for who knew a password, if there may be one.
func (s *Service) login(ctx context.Context, match loginMatch, request LoginRequest) (Grant, error) {
	kind := match.kind()
	if match.credentials.Account.Status() == StatusTakendown {
		switch {
		case kind != SessionPassword:
			return Grant{}, ErrInvalidLogin
		case !request.AllowTakendown:
			return Grant{}, ErrTakendown
		}
		kind = SessionTakendown
	}
	factor, err := s.authFactor(ctx, match, request)
	if err != nil {
		return Grant{}, err
	}
	grant, err := s.startSession(ctx, match, kind, factor, request)
	if errors.Is(err, ErrAuthFactorRequired) {
		return s.loginAgain(ctx, match, request)
	}
	return grant, err
}

// loginAgain is login for an account that got a second factor since it was read. The store
// compares the version of the credentials again, so that the password need not be.
func (s *Service) loginAgain(ctx context.Context, match loginMatch, request LoginRequest) (Grant, error) {
	account, err := s.Store.FindAccount(ctx, byDID(match.credentials.Account.DID))
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return Grant{}, ErrInvalidLogin
	case err != nil:
		return Grant{}, fmt.Errorf("find account again: %w", err)
	}
	match.credentials.Account = account
	return s.login(ctx, match, request)
}

// A loginMatch is a login whose password was right.
type loginMatch struct {
	credentials Credentials
	appPassword AppPassword // the zero value for the account's own password
	outdated    bool        // the hash of the account's own password is
}

// kind returns the kind of session that the password opens.
func (m loginMatch) kind() SessionKind {
	switch {
	case m.appPassword.Name == "":
		return SessionPassword
	case m.appPassword.Privileged:
		return SessionPrivileged
	}
	return SessionApp
}

// verifyLogin compares the password with the account's own, and then, if it can be one, with
// the app passwords.
func (s *Service) verifyLogin(ctx context.Context, identifier Identifier, credentials Credentials, request LoginRequest) (loginMatch, error) {
	verdict, err := s.verifyPassword(ctx, identifier, credentials, request.Password)
	switch {
	case err != nil:
		return loginMatch{}, err
	case verdict != Mismatch:
		return loginMatch{credentials: credentials, outdated: verdict == MatchOutdated}, nil
	case !isAppPassword(request.Password):
		return loginMatch{}, ErrInvalidLogin
	}
	did := credentials.Account.DID
	app, found, err := s.Store.FindAppPassword(ctx, did, s.hashAppPassword(did, request.Password))
	switch {
	case err != nil:
		return loginMatch{}, fmt.Errorf("find app password: %w", err)
	case !found:
		return loginMatch{}, ErrInvalidLogin
	}
	return loginMatch{credentials: credentials, appPassword: app}, nil
}

// authFactor returns the proof of the second factor, or nil if none is needed. If it is
// needed and not there, the code is mailed; or else the last one that was still counts.
func (s *Service) authFactor(ctx context.Context, match loginMatch, request LoginRequest) (*TokenProof, error) {
	account := match.credentials.Account
	switch {
	case !account.EmailAuthFactor || match.appPassword.Name != "":
		return nil, nil
	case request.AuthFactorToken != "":
		proof := s.proof(PurposeAuthFactor, request.AuthFactorToken)
		return &proof, nil
	}
	err := s.mailToken(ctx, Caller{Account: account}, PurposeAuthFactor, request.Client)
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return nil, ErrInvalidLogin // meanwhile it is gone, or has another address and no second factor
	case err != nil && !errors.Is(err, ErrEnoughMails):
		return nil, fmt.Errorf("mail sign in code: %w", err)
	}
	return nil, ErrAuthFactorRequired
}

// startSession keeps the session of a login and returns what the client gets. It returns
// [ErrAuthFactorRequired] if the account has a second factor by now and there is none.
func (s *Service) startSession(ctx context.Context, match loginMatch, kind SessionKind, factor *TokenProof, request LoginRequest) (Grant, error) {
	account, appPassword := match.credentials.Account, match.appPassword.Name
	session, grant, err := s.openSessionAs(account, kind, appPassword, request.Client)
	if err != nil {
		return Grant{}, err
	}
	record, err := s.recordLogin(ctx, account, appPassword, request.Client.clipped())
	if err != nil {
		return Grant{}, err
	}
	login := Login{
		NewSession:        session,
		CredentialVersion: match.credentials.CredentialVersion,
		AppPasswordHash:   match.appPassword.Hash,
		AllowTakendown:    kind == SessionTakendown,
		AuthFactor:        factor,
		Record:            record,
	}
	if match.outdated {
		if login.Rehash, err = s.rehash(ctx, normalizePassword(request.Password)); err != nil {
			return Grant{}, err
		}
	}
	err = s.Store.StartSession(ctx, login)
	switch {
	case errors.Is(err, ErrCredentialsChanged), errors.Is(err, ErrAccountNotFound),
		errors.Is(err, ErrTakendown) && appPassword != "":
		return Grant{}, ErrInvalidLogin
	case err != nil:
		return Grant{}, fmt.Errorf("start session: %w", err)
	}
	return grant, nil
}

// recordLogin tells the owner of a login from a network that the account does not know,
// unless it knows none. What a client calls itself is no proof of anything.
func (s *Service) recordLogin(ctx context.Context, account Account, appPassword string, client Client) (Record, error) {
	known, err := s.Store.KnowsNetwork(ctx, account.DID, ownEvents(), client.network())
	if err != nil {
		return Record{}, fmt.Errorf("look for network: %w", err)
	}
	events, err := s.Store.Events(ctx, account.DID, 1)
	if err != nil {
		return Record{}, fmt.Errorf("list events: %w", err)
	}
	if known || len(events) == 0 {
		return s.record(account, EventLogin, client, appPassword)
	}
	return s.recordNotice(Caller{Account: account}, EventNewLogin, client, appPassword, newLoginNotice(client, s.Now()))
}

// rehash returns a new hash of a password that was right, or nothing if the server
// is too busy: the next login will do.
func (s *Service) rehash(ctx context.Context, password string) (string, error) {
	hash, err := s.Hasher.Hash(ctx, password)
	switch {
	case errors.Is(err, ErrBusy):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("rehash password: %w", err)
	}
	return hash, nil
}
