package api

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// RequestPLCOperationSignature implements [comatproto.IdentityHandler].
func (h *identityHandler) RequestPLCOperationSignature(ctx context.Context) error {
	if err := h.accounts.RequestPLCToken(ctx, caller(ctx), client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// SignPLCOperation implements [comatproto.IdentityHandler].
func (h *identityHandler) SignPLCOperation(ctx context.Context, input *comatproto.IdentitySignPLCOperationInput) (*comatproto.IdentitySignPLCOperationOutput, error) {
	change, malformed := changeOf(input)
	signing := account.PLCSigning{Token: input.Token.Or(""), Change: change, Malformed: malformed}
	signed, err := h.accounts.SignPLCOperation(ctx, caller(ctx), signing, client(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	output := &comatproto.IdentitySignPLCOperationOutput{}
	if err := lexdata.Unmarshal(signed, &output.Operation); err != nil {
		return nil, fmt.Errorf("read signed operation: %w", err)
	}
	return output, nil
}

// SubmitPLCOperation implements [comatproto.IdentityHandler].
func (h *identityHandler) SubmitPLCOperation(ctx context.Context, input *comatproto.IdentitySubmitPLCOperationInput) error {
	operation, err := input.Operation.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write operation: %w", err)
	}
	if err := h.accounts.SubmitPLCOperation(ctx, caller(ctx), operation, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// GetRecommendedDIDCredentials implements [comatproto.IdentityHandler].
func (h *identityHandler) GetRecommendedDIDCredentials(ctx context.Context) (*comatproto.IdentityGetRecommendedDIDCredentialsOutput, error) {
	fields, err := h.accounts.RecommendedCredentials(ctx, caller(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	methods, services := lexdata.Object{}, lexdata.Object{}
	for _, name := range slices.Sorted(maps.Keys(fields.VerificationMethods)) {
		methods.Set(name, fields.VerificationMethods[name])
	}
	for _, name := range slices.Sorted(maps.Keys(fields.Services)) {
		service := fields.Services[name]
		services.Set(name, lexdata.Object{{Key: serviceType, Value: service.Type}, {Key: serviceEndpoint, Value: service.Endpoint}})
	}
	return &comatproto.IdentityGetRecommendedDIDCredentialsOutput{
		RotationKeys:        fields.RotationKeys,
		AlsoKnownAs:         fields.AlsoKnownAs,
		VerificationMethods: lexdata.Some(lexdata.Unknown{Object: methods}),
		Services:            lexdata.Some(lexdata.Unknown{Object: services}),
	}, nil
}

// The fields of a service in an operation.
const (
	serviceType     = "type"
	serviceEndpoint = "endpoint"
)

// changeOf reads what a client wants to change. The lexicon leaves the form of two fields open.
func changeOf(input *comatproto.IdentitySignPLCOperationInput) (account.PLCChange, error) {
	change := account.PLCChange{RotationKeys: input.RotationKeys, AlsoKnownAs: input.AlsoKnownAs}
	if methods, ok := input.VerificationMethods.Get(); ok {
		change.VerificationMethods = map[string]string{}
		for _, m := range methods.Object {
			key, ok := m.Value.(string)
			if !ok {
				return account.PLCChange{}, account.ErrInvalidRequest.Because("verificationMethods must be an object of strings")
			}
			change.VerificationMethods[m.Key] = key
		}
	}
	if services, ok := input.Services.Get(); ok {
		change.Services = map[string]account.PLCService{}
		for _, m := range services.Object {
			service, ok := serviceOf(m.Value)
			if !ok {
				return account.PLCChange{}, account.ErrInvalidRequest.Because("services must be an object of objects with type and endpoint")
			}
			change.Services[m.Key] = service
		}
	}
	return change, nil
}

// serviceOf reads a service.
func serviceOf(value lexdata.Value) (account.PLCService, bool) {
	object, _ := value.(lexdata.Object)
	kind, _ := object.Get(serviceType)
	endpoint, _ := object.Get(serviceEndpoint)
	kindText, isKind := kind.(string)
	endpointText, isEndpoint := endpoint.(string)
	return account.PLCService{Type: kindText, Endpoint: endpointText}, isKind && isEndpoint
}
