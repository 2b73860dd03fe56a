// Package client2023 is a client as it was in 2023: types and calls, generated from the documents of
// com.atproto.server and com.atproto.account that https://github.com/bluesky-social/atproto had then.
// Tests call the server with it, to show that it still serves such clients.
package client2023

//go:generate go run ../../../lexgen
