package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// A handle is written in an identity behind this.
const handleScheme = "at://"

// NewGenesis implements [account.Identity].
func (s *Service) NewGenesis(handle syntax.Handle, signingKey, recoveryKey string) (account.Operation, error) {
	if _, err := didkey.Parse(signingKey); err != nil {
		return account.Operation{}, fmt.Errorf("signing key: %w", err)
	}
	rotationKeys := s.RotationKeys()
	if recoveryKey != "" {
		_, err := didkey.Parse(recoveryKey)
		if err != nil || recoveryKey == signingKey || slices.Contains(rotationKeys, recoveryKey) {
			return account.Operation{}, account.ErrInvalidRecoveryKey
		}
		rotationKeys = append([]string{recoveryKey}, rotationKeys...)
	}
	operation := plc.Operation{Kind: plc.Update, State: plc.State{
		RotationKeys:        rotationKeys,
		VerificationMethods: map[string]string{account.SigningKeyFragment: signingKey},
		AlsoKnownAs:         []string{handleScheme + string(handle)},
		Services: map[string]plc.Service{
			account.PDSFragment: {Type: account.PDSServiceType, Endpoint: s.endpoint},
		},
	}}.Sign(s.rotationKey)
	return finish(operation.DID(), operation)
}

// NewChange implements [account.Identity].
func (s *Service) NewChange(ctx context.Context, did syntax.DID, change account.PLCChange) (account.Operation, error) {
	last, err := s.LastOperation(ctx, did)
	if err != nil {
		return account.Operation{}, err
	}
	if last.Tombstoned {
		return account.Operation{}, account.ErrIdentityNotFound
	}
	operation := plc.Operation{Kind: plc.Update, State: changed(last.Fields, change), Prev: last.CID}.Sign(s.rotationKey)
	return finish(did, operation)
}

// changed returns what an identity is after a change.
func changed(fields account.PLCFields, change account.PLCChange) plc.State {
	if change.RotationKeys != nil {
		fields.RotationKeys = change.RotationKeys
	}
	if change.VerificationMethods != nil {
		fields.VerificationMethods = change.VerificationMethods
	}
	if change.AlsoKnownAs != nil {
		fields.AlsoKnownAs = change.AlsoKnownAs
	}
	if change.Services != nil {
		fields.Services = change.Services
	}
	if change.Handle != "" {
		fields.AlsoKnownAs = putHandle(fields.AlsoKnownAs, change.Handle)
	}
	return toState(fields)
}

// putHandle returns the aliases with a handle in front, in place of the first handle
// among them.
func putHandle(aliases []string, handle syntax.Handle) []string {
	alias := handleScheme + string(handle)
	rest := slices.Clone(aliases)
	if i := slices.IndexFunc(rest, func(a string) bool { return strings.HasPrefix(a, handleScheme) }); i >= 0 {
		rest = slices.Delete(rest, i, i+1)
	}
	rest = slices.DeleteFunc(rest, func(a string) bool { return a == alias })
	return append([]string{alias}, rest...)
}

// finish returns a signed operation if directories would take it.
func finish(did syntax.DID, operation plc.Operation) (account.Operation, error) {
	if err := operation.Check(); err != nil {
		return account.Operation{}, refuseOperation(err)
	}
	text, err := operation.MarshalJSON()
	if err != nil {
		return account.Operation{}, fmt.Errorf("encode operation: %w", err)
	}
	return account.Operation{DID: did, CID: operation.CID(), JSON: text}, nil
}

// ReadOperation implements [account.Identity].
func (s *Service) ReadOperation(text []byte) (account.PLCFields, error) {
	operation, err := plc.Parse(text)
	if err == nil {
		err = operation.Check()
	}
	if err != nil || operation.Kind != plc.Update {
		return account.PLCFields{}, account.ErrInvalidOperation
	}
	return toFields(operation.State), nil
}

// refuseOperation makes a refusal of an error of package plc.
func refuseOperation(err error) error {
	text := err.Error()
	return account.ErrInvalidOperation.Because("%s%s", strings.ToUpper(text[:1]), text[1:])
}

// Publish implements [account.Identity].
func (s *Service) Publish(ctx context.Context, did syntax.DID, operation []byte) error {
	err := s.directory.Submit(ctx, did, operation)
	s.documents.forget(string(did))
	return err
}

// LastOperation implements [account.Identity].
func (s *Service) LastOperation(ctx context.Context, did syntax.DID) (account.PublishedOperation, error) {
	if !plc.ValidDID(did) {
		return account.PublishedOperation{}, account.ErrIdentityNotFound
	}
	text, err := s.directory.Last(ctx, did)
	if err != nil {
		return account.PublishedOperation{}, err
	}
	operation, err := plc.Parse(text)
	if err != nil {
		return account.PublishedOperation{}, unavailable("read the last operation", err)
	}
	return account.PublishedOperation{
		CID:        operation.CID(),
		Fields:     toFields(operation.State),
		Tombstoned: operation.Kind == plc.Tombstone,
	}, nil
}

func toState(fields account.PLCFields) plc.State {
	services := make(map[string]plc.Service, len(fields.Services))
	for name, service := range fields.Services {
		services[name] = plc.Service(service)
	}
	return plc.State{
		RotationKeys:        fields.RotationKeys,
		VerificationMethods: fields.VerificationMethods,
		AlsoKnownAs:         fields.AlsoKnownAs,
		Services:            services,
	}
}

func toFields(state plc.State) account.PLCFields {
	var services map[string]account.PLCService
	if state.Services != nil {
		services = make(map[string]account.PLCService, len(state.Services))
	}
	for name, service := range state.Services {
		services[name] = account.PLCService(service)
	}
	return account.PLCFields{
		RotationKeys:        state.RotationKeys,
		VerificationMethods: state.VerificationMethods,
		AlsoKnownAs:         state.AlsoKnownAs,
		Services:            services,
	}
}
