package xrpc

import "context"

// The Bind functions turn a service method into [Endpoint.Bind]. Their names say which arguments
// the method has besides its context, and NoOutput that it returns an error only. The second type
// parameter of each pair is the pointer to the first and is always inferred.

// inputOf is the pointer to I, which reads, writes and checks the body of a request or response.
type inputOf[I any] interface {
	*I
	Input
}

// paramsOf is the pointer to P, which reads and checks query parameters.
type paramsOf[P any] interface {
	*P
	Params
}

// Bind binds a method that takes nothing.
func Bind[O any, PO inputOf[O]](method func(context.Context) (*O, error)) func() *Call {
	return func() *Call {
		return &Call{invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return result[O, PO](method(ctx))
		}}
	}
}

// BindNoOutput binds a method that takes nothing and returns nothing.
func BindNoOutput(method func(context.Context) error) func() *Call {
	return func() *Call {
		return &Call{invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return nil, method(ctx)
		}}
	}
}

// BindInput binds a method that takes a body.
func BindInput[I, O any, PI inputOf[I], PO inputOf[O]](method func(context.Context, *I) (*O, error)) func() *Call {
	return func() *Call {
		input := new(I)
		return &Call{Input: PI(input), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return result[O, PO](method(ctx, input))
		}}
	}
}

// BindInputNoOutput binds a method that takes a body and returns nothing.
func BindInputNoOutput[I any, PI inputOf[I]](method func(context.Context, *I) error) func() *Call {
	return func() *Call {
		input := new(I)
		return &Call{Input: PI(input), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return nil, method(ctx, input)
		}}
	}
}

// BindParams binds a method that takes query parameters.
func BindParams[P, O any, PP paramsOf[P], PO inputOf[O]](method func(context.Context, *P) (*O, error)) func() *Call {
	return func() *Call {
		params := new(P)
		return &Call{Params: PP(params), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return result[O, PO](method(ctx, params))
		}}
	}
}

// BindParamsNoOutput binds a method that takes query parameters and returns nothing.
func BindParamsNoOutput[P any, PP paramsOf[P]](method func(context.Context, *P) error) func() *Call {
	return func() *Call {
		params := new(P)
		return &Call{Params: PP(params), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return nil, method(ctx, params)
		}}
	}
}

// BindParamsInput binds a method that takes query parameters and a body.
func BindParamsInput[P, I, O any, PP paramsOf[P], PI inputOf[I], PO inputOf[O]](method func(context.Context, *P, *I) (*O, error)) func() *Call {
	return func() *Call {
		params, input := new(P), new(I)
		return &Call{Params: PP(params), Input: PI(input), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return result[O, PO](method(ctx, params, input))
		}}
	}
}

// BindParamsInputNoOutput binds a method that takes query parameters and a body and returns nothing.
func BindParamsInputNoOutput[P, I any, PP paramsOf[P], PI inputOf[I]](method func(context.Context, *P, *I) error) func() *Call {
	return func() *Call {
		params, input := new(P), new(I)
		return &Call{Params: PP(params), Input: PI(input), invoke: func(ctx context.Context, _ *Call) (Output, error) {
			return nil, method(ctx, params, input)
		}}
	}
}

// result widens what a method returned. A method that returns neither a result nor an error has a
// fault that no client can be told about sensibly.
func result[O any, PO inputOf[O]](output *O, err error) (Output, error) {
	if err != nil {
		return nil, err
	}
	if output == nil {
		panic("xrpc: service method returned neither output nor error")
	}
	return PO(output), nil
}
