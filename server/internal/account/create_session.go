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
	if err == nil {
		grant, err = s.login(ctx, match, request)
	}
	s.settle(guess, match.kind == SessionPassword, err)
	if err != nil {
		return Grant{}, err
	}
	grant.DIDDoc = s.DIDDoc(ctx, grant.Account.DID)
	return grant, nil
}

// login opens a session for who knew a password, if there may be one.
func (s *Service) login(ctx context.Context, match loginMatch, request LoginRequest) (Grant, error) {
	account := match.credentials.Account
	if account.Status() == StatusTakendown {
		switch {
		case match.kind != SessionPassword:
			return Grant{}, ErrInvalidLogin
		case !request.AllowTakendown:
			return Grant{}, ErrTakendown
		}
		match.kind = SessionTakendown
	}
	factor, err := s.authFactor(ctx, match, request)
	if err != nil {
		return Grant{}, err
	}
	return s.startSession(ctx, match, factor, request)
}

// A loginMatch is a login whose password was right.
type loginMatch struct {
	credentials Credentials
	kind        SessionKind
	appPassword string // its name, or empty
	outdated    bool   // the password's hash is
}

// verifyLogin compares the password with the account's own, and then, if it can be one, with
// the app passwords.
func (s *Service) verifyLogin(ctx context.Context, identifier Identifier, credentials Credentials, request LoginRequest) (loginMatch, error) {
	verdict, err := s.verifyPassword(ctx, identifier, credentials, request.Password)
	switch {
	case err != nil:
		return loginMatch{}, err
	case verdict != Mismatch:
		return loginMatch{credentials: credentials, kind: SessionPassword, outdated: verdict == MatchOutdated}, nil
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
	case app.Privileged:
		return loginMatch{credentials: credentials, kind: SessionPrivileged, appPassword: app.Name}, nil
	}
	return loginMatch{credentials: credentials, kind: SessionApp, appPassword: app.Name}, nil
}

// authFactor returns the proof of the second factor, or nil if none is needed. If it is
// needed and not there, the code is mailed; or else the last one that was still counts.
func (s *Service) authFactor(ctx context.Context, match loginMatch, request LoginRequest) (*TokenProof, error) {
	account := match.credentials.Account
	switch {
	case !account.EmailAuthFactor || match.appPassword != "":
		return nil, nil
	case request.AuthFactorToken != "":
		proof := s.proof(PurposeAuthFactor, request.AuthFactorToken)
		return &proof, nil
	}
	enough, err := s.hasTokenMails(ctx, account.DID, PurposeAuthFactor)
	if err == nil && !enough {
		err = s.mailToken(ctx, Caller{Account: account}, PurposeAuthFactor, request.Client)
	}
	if err != nil {
		return nil, fmt.Errorf("mail sign in code: %w", err)
	}
	return nil, ErrAuthFactorRequired
}

// startSession keeps the session of a login and returns what the client gets.
func (s *Service) startSession(ctx context.Context, match loginMatch, factor *TokenProof, request LoginRequest) (Grant, error) {
	account := match.credentials.Account
	session, grant, err := s.openSessionAs(account, match.kind, match.appPassword, request.Client)
	if err != nil {
		return Grant{}, err
	}
	record, err := s.recordLogin(ctx, account, match.appPassword, request.Client.clipped())
	if err != nil {
		return Grant{}, err
	}
	login := Login{
		NewSession:        session,
		CredentialVersion: match.credentials.CredentialVersion,
		AllowTakendown:    match.kind == SessionTakendown,
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
		errors.Is(err, ErrTakendown) && match.appPassword != "":
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
	return s.recordNotice(ctx, Caller{Account: account}, EventNewLogin, client, appPassword, newLoginNotice(client, s.Now()))
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
