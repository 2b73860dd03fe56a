package api

import (
	"context"
	"errors"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// ResolveHandle implements [comatproto.IdentityHandler]. Services ask for the accounts of this server as
// often as they like; a limit is on what other hosts may have to be asked for.
func (h *identityHandler) ResolveHandle(ctx context.Context, params *comatproto.IdentityResolveHandleParams) (*comatproto.IdentityResolveHandleOutput, error) {
	did, err := h.accounts.LocalHandle(ctx, string(params.Handle))
	if errors.Is(err, account.ErrHandleNotFound) {
		did, err = h.lookUpHandle(ctx, params.Handle)
	}
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.IdentityResolveHandleOutput{DID: did}, nil
}

// lookUpHandle resolves a handle that no active account of this server has.
func (h *identityHandler) lookUpHandle(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	if err := h.admitLookup(xrpc.CallFrom(ctx)); err != nil {
		return "", err
	}
	return h.accounts.ResolveHandle(ctx, handle)
}

// UpdateHandle implements [comatproto.IdentityHandler].
func (h *identityHandler) UpdateHandle(ctx context.Context, input *comatproto.IdentityUpdateHandleInput) error {
	if err := h.accounts.UpdateHandle(ctx, caller(ctx), input.Handle, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// CheckHandleAvailability implements [comatproto.TempHandler].
func (h *tempHandler) CheckHandleAvailability(ctx context.Context, params *comatproto.TempCheckHandleAvailabilityParams) (*comatproto.TempCheckHandleAvailabilityOutput, error) {
	checked, err := h.accounts.CheckHandle(ctx, account.HandleQuery{Handle: string(params.Handle), Email: params.Email.Or("")})
	if err != nil {
		return nil, refuse(err, exception{account.ErrInvalidEmail, comatproto.TempCheckHandleAvailabilityErrInvalidEmail})
	}
	output := &comatproto.TempCheckHandleAvailabilityOutput{Handle: checked.Handle}
	if checked.Available {
		output.Result = comatproto.NewTempCheckHandleAvailabilityOutputResultUnion(&comatproto.TempCheckHandleAvailabilityResultAvailable{})
		return output, nil
	}
	unavailable := &comatproto.TempCheckHandleAvailabilityResultUnavailable{}
	for _, s := range checked.Suggestions {
		unavailable.Suggestions = append(unavailable.Suggestions, comatproto.TempCheckHandleAvailabilitySuggestion{
			Handle: s.Handle,
			Method: s.Method,
		})
	}
	output.Result = comatproto.NewTempCheckHandleAvailabilityOutputResultUnion(unavailable)
	return output, nil
}
