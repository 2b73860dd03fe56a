package lexdata

import (
	"fmt"
	"reflect"
)

// FromPtr returns an Opt that holds what p points to, or an absent one for nil.
func FromPtr[T any](p *T) Opt[T] {
	if p == nil {
		return Opt[T]{}
	}
	return Some(*p)
}

// Ptr returns a pointer to a copy of the value, or nil if it is absent.
func (o Opt[T]) Ptr() *T {
	if !o.set {
		return nil
	}
	return &o.value
}

// Equal reports whether both are absent, or hold values that are deeply equal.
// Comparing libraries look for it.
func (o Opt[T]) Equal(other Opt[T]) bool { return reflect.DeepEqual(o, other) }

// String returns the value as package fmt prints it, or "absent".
func (o Opt[T]) String() string {
	if !o.set {
		return "absent"
	}
	return fmt.Sprint(o.value)
}

// Equal reports whether both are null, or hold values that are deeply equal.
func (n Null[T]) Equal(other Null[T]) bool { return reflect.DeepEqual(n, other) }

// String returns the value as package fmt prints it, or "null".
func (n Null[T]) String() string {
	if !n.set {
		return "null"
	}
	return fmt.Sprint(n.value)
}

// Equal reports whether both are absent or null, or hold values that are deeply
// equal.
func (o OptNull[T]) Equal(other OptNull[T]) bool { return reflect.DeepEqual(o, other) }

// String returns the value as package fmt prints it, "absent" or "null".
func (o OptNull[T]) String() string {
	switch {
	case o.null:
		return "null"
	case !o.set:
		return "absent"
	}
	return fmt.Sprint(o.value)
}
