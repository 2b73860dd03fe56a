package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// PLCSigning is a request for the server's signature under a change of an identity.
type PLCSigning struct {
	Token  string // that was mailed
	Change PLCChange
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
// signed with the server's rotation key and not published. The token is used up only if
// there is such an operation.
//
// It returns [ErrInvalidRequest] without a token or for an identity that is in no
// directory, [ErrIdentityNotFound], [ErrInvalidOperation], [ErrDirectoryUnavailable],
// [ErrEmailTokenInvalid], [ErrEmailTokenExpired], [ErrStoreFull], and, if the account or
// the caller's session has ended meanwhile, [ErrAccountNotFound], [ErrTakendown] and
// [ErrTokenRevoked].
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
	operation, err := s.newChange(ctx, account.DID, signing.Change)
	if err != nil {
		return nil, err
	}
	record, err := s.recordAs(caller, EventOperationSigned, client, operation.CID.String(), operationSignedNotice())
	if err != nil {
		return nil, err
	}
	proof := s.proof(PurposePLCOperation, signing.Token)
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
// [ErrOperationRefused], [ErrDirectoryUnavailable] and [ErrStoreFull].
func (s *Service) SubmitPLCOperation(ctx context.Context, caller Caller, operation []byte, client Client) error {
	account := caller.Account
	if err := checkPLC(account.DID); err != nil {
		return err
	}
	if err := s.checkOperation(ctx, account, operation); err != nil {
		return err
	}
	record, err := s.record(account, EventIdentityChanged, client, "")
	if err != nil {
		return err
	}
	unlock, err := s.lockIdentity(ctx, account.DID)
	if err != nil {
		return err
	}
	defer unlock()
	work, cancel := detach(ctx)
	defer cancel()
	if err := s.handOver(work, account.DID, operation); err != nil {
		return err
	}
	if err := s.Store.AddEvent(work, record); err != nil {
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
