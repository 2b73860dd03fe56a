// Package lexicons holds the lexicon documents that this project serves. The path of a document
// spells its NSID: com.atproto.server.createSession is in com/atproto/server/createSession.json.
package lexicons

import "embed"

// FS holds the documents, at their paths.
//
//go:embed com
var FS embed.FS
