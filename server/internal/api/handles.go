package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// ResolveHandle implements [comatproto.IdentityHandler].
func (h *identityHandler) ResolveHandle(ctx context.Context, params *comatproto.IdentityResolveHandleParams) (*comatproto.IdentityResolveHandleOutput, error) {
	did, err := h.accounts.ResolveHandle(ctx, params.Handle)
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.IdentityResolveHandleOutput{DID: did}, nil
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
