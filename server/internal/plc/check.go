package plc

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// MaxBytes is how many bytes of DAG-CBOR a new operation may have.
const MaxBytes = 4000

// Limits of new operations, of lengths in bytes. They are those of the public
// directory.
const (
	maxEntries   = 10 // of each list
	maxAlias     = 258
	maxName      = 32 // of a verification method or a service
	maxMethodKey = 256
	maxType      = 256
	maxEndpoint  = 512
)

// Check says whether a new operation keeps to the limits that directories have. Old
// ones need not. The error is of the kind [ErrInvalid].
func (o Operation) Check() error {
	if problem := o.problem(); problem != "" {
		return fmt.Errorf("%w: %s", ErrInvalid, problem)
	}
	return nil
}

// problem returns the first thing that is wrong, or nothing.
func (o Operation) problem() string {
	switch size := len(o.signed()); {
	case size > MaxBytes:
		return fmt.Sprintf("it has %d bytes in DAG-CBOR, and %d are allowed", size, MaxBytes)
	case o.Kind == Create:
		return "operations of this type are no longer made"
	case o.Kind == Tombstone:
		return ""
	}
	for _, check := range []func(State) string{
		State.checkRotationKeys, State.checkMethods, State.checkAliases, State.checkServices,
	} {
		if problem := check(o.State); problem != "" {
			return problem
		}
	}
	return ""
}

func (s State) checkRotationKeys() string {
	if len(s.RotationKeys) == 0 || len(s.RotationKeys) > maxEntries {
		return fmt.Sprintf("rotationKeys must have 1 to %d entries", maxEntries)
	}
	for i, key := range s.RotationKeys {
		if _, err := didkey.Parse(key); err != nil {
			return fmt.Sprintf("rotationKeys[%d] is %v", i, err)
		}
		if slices.Contains(s.RotationKeys[:i], key) {
			return fmt.Sprintf("rotationKeys[%d] is there twice", i)
		}
	}
	return ""
}

// checkMethods lets keys of any kind pass: what they are good for is not for the
// directory to know.
func (s State) checkMethods() string {
	if len(s.VerificationMethods) > maxEntries {
		return fmt.Sprintf("verificationMethods has more than %d entries", maxEntries)
	}
	for _, name := range slices.Sorted(maps.Keys(s.VerificationMethods)) {
		key := s.VerificationMethods[name]
		switch {
		case name == "" || len(name) > maxName:
			return fmt.Sprintf("the name of a verification method must have 1 to %d bytes", maxName)
		case len(key) > maxMethodKey || !strings.HasPrefix(key, didKeyPrefix) || !syntax.DID(key).Valid():
			return fmt.Sprintf("the verification method %q is not a did:key", name)
		}
	}
	return ""
}

func (s State) checkAliases() string {
	if len(s.AlsoKnownAs) > maxEntries {
		return fmt.Sprintf("alsoKnownAs has more than %d entries", maxEntries)
	}
	for i, alias := range s.AlsoKnownAs {
		if alias == "" || len(alias) > maxAlias {
			return fmt.Sprintf("alsoKnownAs[%d] must have 1 to %d bytes", i, maxAlias)
		}
		if slices.Contains(s.AlsoKnownAs[:i], alias) {
			return fmt.Sprintf("alsoKnownAs[%d] is there twice", i)
		}
	}
	return ""
}

func (s State) checkServices() string {
	if len(s.Services) > maxEntries {
		return fmt.Sprintf("services has more than %d entries", maxEntries)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		service := s.Services[name]
		switch {
		case name == "" || len(name) > maxName:
			return fmt.Sprintf("the name of a service must have 1 to %d bytes", maxName)
		case service.Type == "" || len(service.Type) > maxType:
			return fmt.Sprintf("the type of the service %q must have 1 to %d bytes", name, maxType)
		case service.Endpoint == "" || len(service.Endpoint) > maxEndpoint:
			return fmt.Sprintf("the endpoint of the service %q must have 1 to %d bytes", name, maxEndpoint)
		}
	}
	return ""
}
