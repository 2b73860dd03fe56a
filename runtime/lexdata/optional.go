package lexdata

import (
	"bytes"
	"encoding/json"
	"errors"
)

var (
	errAbsent = errors.New("an absent value has no JSON: the field needs the tag omitzero")
	errNull   = errors.New("must not be null")
)

// An Opt is a value or its absence, for a field that is optional. The zero
// value is the absence. In a struct for encoding/json the field has the tag
// omitzero.
type Opt[T any] struct {
	value T
	set   bool
}

// Some returns an Opt that holds value.
func Some[T any](value T) Opt[T] {
	return Opt[T]{value: value, set: true}
}

// Get returns the value and true, or false if it is absent.
func (o Opt[T]) Get() (T, bool) {
	return o.value, o.set
}

// Or returns the value, or fallback if it is absent.
func (o Opt[T]) Or(fallback T) T {
	if !o.set {
		return fallback
	}
	return o.value
}

// IsZero reports whether the value is absent; encoding/json asks it.
func (o Opt[T]) IsZero() bool { return !o.set }

// MarshalJSON returns the value in JSON. It is an error if it is absent.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.set {
		return nil, errAbsent
	}
	return json.Marshal(&o.value)
}

// UnmarshalJSON sets the value from JSON. Null is an error, as an optional
// field is not nullable: see [OptNull].
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return errNull
	}
	return setJSON(data, &o.value, &o.set)
}

// A Null is a value or null, for a field that is required and nullable. The
// zero value is null.
type Null[T any] struct {
	value T
	set   bool
}

// NonNull returns a Null that holds value.
func NonNull[T any](value T) Null[T] {
	return Null[T]{value: value, set: true}
}

// Get returns the value and true, or false if it is null.
func (n Null[T]) Get() (T, bool) {
	return n.value, n.set
}

// Or returns the value, or fallback if it is null.
func (n Null[T]) Or(fallback T) T {
	if !n.set {
		return fallback
	}
	return n.value
}

// IsNull reports whether the value is null.
func (n Null[T]) IsNull() bool { return !n.set }

// MarshalJSON returns the value, or null, in JSON.
func (n Null[T]) MarshalJSON() ([]byte, error) {
	if !n.set {
		return []byte("null"), nil
	}
	return json.Marshal(&n.value)
}

// UnmarshalJSON sets the value, or null, from JSON.
func (n *Null[T]) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		*n = Null[T]{}
		return nil
	}
	return setJSON(data, &n.value, &n.set)
}

// An OptNull is a value, null, or its absence, for a field that is optional
// and nullable: the three mean different things. The zero value is the
// absence. In a struct for encoding/json the field has the tag omitzero.
type OptNull[T any] struct {
	value T
	set   bool // to a value
	null  bool // null is there; at most one of the two is true
}

// SomeNonNull returns an OptNull that holds value.
func SomeNonNull[T any](value T) OptNull[T] {
	return OptNull[T]{value: value, set: true}
}

// SomeNull returns an OptNull that holds null.
func SomeNull[T any]() OptNull[T] {
	return OptNull[T]{null: true}
}

// Get returns the value and true, or false if it is null or absent.
func (o OptNull[T]) Get() (T, bool) {
	return o.value, o.set
}

// Or returns the value, or fallback if it is null or absent.
func (o OptNull[T]) Or(fallback T) T {
	if !o.set {
		return fallback
	}
	return o.value
}

// IsNull reports whether the value is there and null.
func (o OptNull[T]) IsNull() bool { return o.null }

// IsZero reports whether the value is absent; encoding/json asks it.
func (o OptNull[T]) IsZero() bool { return !o.set && !o.null }

// MarshalJSON returns the value, or null, in JSON. It is an error if it is
// absent.
func (o OptNull[T]) MarshalJSON() ([]byte, error) {
	switch {
	case o.set:
		return json.Marshal(&o.value)
	case o.null:
		return []byte("null"), nil
	default:
		return nil, errAbsent
	}
}

// UnmarshalJSON sets the value, or null, from JSON.
func (o *OptNull[T]) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		*o = SomeNull[T]()
		return nil
	}
	o.null = false
	return setJSON(data, &o.value, &o.set)
}

// setJSON sets *value, which may hold something, from JSON.
func setJSON[T any](data []byte, value *T, set *bool) error {
	var fresh T
	err := json.Unmarshal(data, &fresh)
	*value, *set = fresh, err == nil
	return err
}

func isNull(data []byte) bool {
	return string(bytes.TrimSpace(data)) == "null"
}
