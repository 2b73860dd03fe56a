// Source: app.bsky.*

// Package appbsky holds the types and checks of some of the lexicons
// app.bsky.*.
//
// It is written by hand: the model of generated code, kept as the reference
// that the generator is to reproduce.
package appbsky

import "github.com/lexgen-go/lexgen/runtime"

// This code needs a runtime that is recent enough to have the constant.
const _ = runtime.SupportsGenerated1
