package identity

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// maxLookups is how many lookups go on at a time towards hosts that strangers name, and
// as many towards the directory: whoever asks for much, or for hosts that are slow, must
// not use up the connections of the server.
const maxLookups = 64

// A gate lets a limited number of lookups through at a time. It may be used concurrently.
type gate chan struct{}

// through returns a question that is asked as soon as the gate has room. It returns
// [account.ErrDirectoryUnavailable] if that is not in time.
func through[V any](g gate, ask func(context.Context) (V, error)) func(context.Context) (V, error) {
	return func(ctx context.Context) (V, error) {
		select {
		case g <- struct{}{}:
			defer func() { <-g }()
			return ask(ctx)
		case <-ctx.Done():
			var none V
			return none, unavailable("wait for other lookups", ctx.Err())
		}
	}
}

// errPanic is a fault of this program, whatever it was looking for.
var errPanic = errors.New("panic")

// rescue is to be deferred. It makes an error of a panic, which in a goroutine of a lookup
// would end the server, and not one request.
func rescue(err *error) {
	if value := recover(); value != nil {
		*err = fmt.Errorf("%w: %v\n%s", errPanic, value, debug.Stack())
	}
}
