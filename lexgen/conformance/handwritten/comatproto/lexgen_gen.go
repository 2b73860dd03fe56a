// Source: com.atproto.*

// Package comatproto holds the types, checks, servers and clients of some of
// the lexicons com.atproto.*.
//
// It is written by hand: the model of generated code, kept as the reference
// that the generator is to reproduce.
package comatproto

import "github.com/lexgen-go/lexgen/runtime"

// This code needs a runtime that is recent enough to have the constant.
const _ = runtime.SupportsGenerated1
