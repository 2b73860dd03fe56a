package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// PLCSigning is a request for the server's signature under a change of an identity.
type PLCSigning struct {
	Token  string // that was mailed
	Change PLCChange
	// Malformed says why Change could not be read, or is nil. Only who has a good token learns
	// of it.
	Malformed error
}

// RecommendedCredentials returns what the caller's identity is to say so that it points
// to this server. Only an identity in a directory has rotation keys.
func (s *Service) RecommendedCredentials(ctx context.Context, caller Caller) (PLCFields, error) {
	account := caller.Account
	key, err := s.Store.SigningKey(ctx, account.DID)
	if err != nil {
		return PLCFields{}, fmt.Errorf("find signing key: %w", err)
	}
	fields := PLCFields{
		VerificationMethods: map[string]string{SigningKeyFragment: key.Public},
		Services:            map[string]PLCService{PDSFragment: s.pdsService()},
	}
	if account.Handle != "" {
		fields.AlsoKnownAs = []string{handleScheme + account.Handle.String()}
	}
	if isPLC(account.DID) {
		fields.RotationKeys = s.Identity.RotationKeys()
	}
	return fields, nil
}

// RequestPLCToken mails a token for [Service.SignPLCOperation] to the caller. It returns
// [ErrInvalidRequest] for an identity that is in no directory, what
// [Service.RequestEmailConfirmation] returns, and [ErrStoreFull].
func (s *Service) RequestPLCToken(ctx context.Context, caller Caller, client Client) error {
	if err := checkPLC(caller.Account.DID); err != nil {
		return err
	}
	return s.mailToken(ctx, caller, PurposePLCOperation, client)
}

// SignPLCOperation returns the operation that changes the caller's identity, as JSON,
// signed with the server's rotation key and not published. The directory is asked only for
// who has a good token, and the token is used up only if there is such an operation.
//
// It returns [ErrInvalidRequest] without a token or for an identity that is in no
// directory, [ErrEmailTokenInvalid], [ErrEmailTokenExpired], signing.Malformed,
// [ErrIdentityNotFound], [ErrInvalidOperation] and [ErrDirectoryUnavailable], the first that
// applies, [ErrStoreFull], and, if the account or the caller's session has ended meanwhile,
// [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
//
// See https://web.plc.directory/spec/v0.1/did-plc.
func (s *Service) SignPLCOperation(ctx context.Context, caller Caller, signing PLCSigning, client Client) ([]byte, error) {
	account := caller.Account
	if signing.Token == "" {
		return nil, ErrInvalidRequest.Because("email confirmation token required to sign PLC operations")
	}
	if err := checkPLC(account.DID); err != nil {
		return nil, err
	}
	proof := s.proof(PurposePLCOperation, signing.Token)
	if err := s.Store.CheckEmailToken(ctx, account.DID, proof, caller.Session.ID); err != nil {
		return nil, fmt.Errorf("check token: %w", err)
	}
	if signing.Malformed != nil {
		return nil, signing.Malformed
	}
	operation, err := s.newChange(ctx, account.DID, signing.Change)
	if err != nil {
		return nil, err
	}
	record, err := s.recordAs(caller, EventOperationSigned, client, operation.CID.String(), operationSignedNotice())
	if err != nil {
		return nil, err
	}
	if err := s.Store.UseEmailToken(ctx, account.DID, proof, record); err != nil {
		return nil, fmt.Errorf("use token: %w", err)
	}
	return operation.JSON, nil
}

// SubmitPLCOperation publishes an operation that a client made, as JSON, if the
// caller's identity points to this server with it. If the directory does not say what
// became of the operation, the client may submit it again.
//
// It returns [ErrInvalidRequest] with what is wrong, [ErrInvalidOperation],
// [ErrOperationRefused], [ErrDirectoryUnavailable], [ErrStoreFull], and, if the account or
// the caller's session has ended meanwhile, [ErrAccountNotFound], [ErrTakendown] and
// [ErrTokenRevoked].
func (s *Service) SubmitPLCOperation(ctx context.Context, caller Caller, operation []byte, client Client) error {
	did := caller.Account.DID
	if err := checkPLC(did); err != nil {
		return err
	}
	unlock, err := s.lockIdentity(ctx, did)
	if err != nil {
		return err
	}
	defer unlock()
	// The handle may have changed while others had the lock.
	if caller.Account, err = s.findAsking(ctx, did, caller.Session.ID); err != nil {
		return err
	}
	if err := s.checkOperation(ctx, caller.Account, operation); err != nil {
		return err
	}
	work, cancel := detach(ctx)
	defer cancel()
	if err := s.handOver(work, did, operation); err != nil {
		return err
	}
	return s.recordSubmission(work, caller, client)
}

// recordSubmission notes that the directory has an operation that a client submitted. That
// has happened: if the caller's session has ended meanwhile, it is noted all the same, and
// the caller learns of the end.
func (s *Service) recordSubmission(ctx context.Context, caller Caller, client Client) error {
	record, err := s.recordAs(caller, EventIdentityChanged, client, "")
	if err != nil {
		return err
	}
	err = s.Store.AddEvent(ctx, record)
	if errors.Is(err, ErrTakendown) || errors.Is(err, ErrTokenRevoked) {
		record.SessionID = ""
		err = errors.Join(err, s.Store.AddEvent(ctx, record))
	}
	if err != nil {
		return fmt.Errorf("add event: %w", err)
	}
	return nil
}

// checkOperation checks that an operation leaves an identity with this server.
func (s *Service) checkOperation(ctx context.Context, account Account, operation []byte) error {
	fields, err := s.Identity.ReadOperation(operation)
	if err != nil {
		return fmt.Errorf("read operation: %w", err)
	}
	key, err := s.Store.SigningKey(ctx, account.DID)
	if err != nil {
		return fmt.Errorf("find signing key: %w", err)
	}
	pds := fields.Services[PDSFragment]
	switch {
	case !slices.Contains(fields.RotationKeys, s.rotationKey()):
		return ErrInvalidRequest.Because("Rotation keys do not include server's rotation key")
	case pds.Type != PDSServiceType:
		return ErrInvalidRequest.Because("Incorrect type on atproto_pds service")
	case pds.Endpoint != s.Identity.Endpoint():
		return ErrInvalidRequest.Because("Incorrect endpoint on atproto_pds service")
	case fields.VerificationMethods[SigningKeyFragment] != key.Public:
		return ErrInvalidRequest.Because("Incorrect signing key")
	case account.Handle != "" && !claimsHandle(fields, account.Handle):
		return ErrInvalidRequest.Because("Incorrect handle in alsoKnownAs")
	}
	return nil
}

// checkPLC refuses an identity that has no operations.
func checkPLC(did syntax.DID) error {
	if !isPLC(did) {
		return ErrInvalidRequest.Because("Only a did:plc identity is changed by operations")
	}
	return nil
}
