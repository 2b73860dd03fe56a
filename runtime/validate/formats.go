package validate

import "github.com/lexgen-go/lexgen/runtime/syntax"

// The methods below each check one string format, as defined in
// https://atproto.com/specs/lexicon#string-formats.

// ATIdentifier checks for a DID or a handle.
func (c *Checker) ATIdentifier(name string, value syntax.ATIdentifier) {
	if !value.Valid() {
		c.Fail(name, "must be a valid DID or handle")
	}
}

// ATURI checks for an at:// URI.
func (c *Checker) ATURI(name string, value syntax.ATURI) {
	if !value.Valid() && !(c.Lenient && value.ValidLenient()) {
		c.Fail(name, "must be a valid at-uri")
	}
}

// CID checks for the text form of a content identifier.
func (c *Checker) CID(name string, value syntax.CID) {
	if !value.Valid() {
		c.Fail(name, "must be a valid CID")
	}
}

// Datetime checks for a date and time with a time zone.
func (c *Checker) Datetime(name string, value syntax.Datetime) {
	if !value.Valid() && !(c.Lenient && value.ValidLenient()) {
		c.Fail(name, "must be a valid datetime")
	}
}

// DID checks for a decentralized identifier.
func (c *Checker) DID(name string, value syntax.DID) {
	if !value.Valid() {
		c.Fail(name, "must be a valid DID")
	}
}

// Handle checks for a handle.
func (c *Checker) Handle(name string, value syntax.Handle) {
	if !value.Valid() {
		c.Fail(name, "must be a valid handle")
	}
}

// Language checks for a BCP 47 language tag.
func (c *Checker) Language(name string, value syntax.Language) {
	if !value.Valid() && !(c.Lenient && value.ValidLenient()) {
		c.Fail(name, "must be a valid language tag")
	}
}

// NSID checks for a namespaced identifier.
func (c *Checker) NSID(name string, value syntax.NSID) {
	if !value.Valid() {
		c.Fail(name, "must be a valid NSID")
	}
}

// RecordKey checks for a record key.
func (c *Checker) RecordKey(name string, value syntax.RecordKey) {
	if !value.Valid() {
		c.Fail(name, "must be a valid record key")
	}
}

// TID checks for a timestamp identifier.
func (c *Checker) TID(name string, value syntax.TID) {
	if !value.Valid() {
		c.Fail(name, "must be a valid TID")
	}
}

// URI checks for a URI of any scheme.
func (c *Checker) URI(name string, value syntax.URI) {
	if !value.Valid() {
		c.Fail(name, "must be a valid URI")
	}
}
