package identity

import (
	"errors"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// maxDocumentDepth is how deep a DID document may be nested.
const maxDocumentDepth = 16

// parseDocument reads a DID document. What it does not understand it passes over; it
// returns [account.ErrDirectoryUnavailable] for what is no document, and
// [account.ErrIdentityNotFound] for that of another DID.
func parseDocument(did syntax.DID, text []byte) (account.Document, error) {
	document := documentReader{Document: account.Document{DID: did, Keys: map[string]string{}, JSON: text}}
	r := lexjson.NewReader(text, &document)
	r.MaxDepth = maxDocumentDepth
	document.read(r)
	if err := r.End(); err != nil {
		return account.Document{}, unavailable("read DID document", err)
	}
	if document.broken {
		return account.Document{}, unavailable("read DID document", errors.New("it is ambiguous"))
	}
	if document.id != string(did) {
		return account.Document{}, account.ErrIdentityNotFound
	}
	return document.Document, nil
}

// A documentReader is a document while it is read.
type documentReader struct {
	account.Document
	id     string
	broken bool
	hasPDS bool
}

// Report implements [lexjson.Reporter]. The only thing to be reported is that there is
// no object, or a key is there twice: other values are looked at before they are read.
func (d *documentReader) Report(string, string) {
	d.broken = true
}

func (d *documentReader) read(r *lexjson.Reader) {
	object := r.Object()
	for object.Next() {
		switch object.Key() {
		case "id":
			d.id = readText(r)
		case "alsoKnownAs":
			readList(r, d.readAlias)
		case "verificationMethod":
			readList(r, d.readMethod)
		case "service":
			readList(r, d.readService)
		default:
			r.Skip()
		}
	}
}

// readList calls read for each element of an array; of another value it reads nothing.
func readList(r *lexjson.Reader, read func(r *lexjson.Reader)) {
	if r.Peek() != lexjson.Array {
		r.Skip()
		return
	}
	array := r.Array()
	for array.Next() {
		read(r)
	}
}

// readText returns a string, and nothing for another value.
func readText(r *lexjson.Reader) string {
	if r.Peek() != lexjson.String {
		r.Skip()
		return ""
	}
	return r.String()
}

// readTexts returns those members of an object that are strings.
func readTexts(r *lexjson.Reader) map[string]string {
	texts := map[string]string{}
	if r.Peek() != lexjson.Object {
		r.Skip()
		return texts
	}
	object := r.Object()
	for object.Next() {
		name := object.Key()
		texts[name] = readText(r)
	}
	return texts
}

func (d *documentReader) readAlias(r *lexjson.Reader) {
	name, ok := strings.CutPrefix(readText(r), handleScheme)
	if handle := syntax.Handle(name); ok && d.Handle == "" && handle.Valid() {
		d.Handle = handle.Normalize()
	}
}

func (d *documentReader) readMethod(r *lexjson.Reader) {
	method := readTexts(r)
	name, ok := d.fragment(method["id"])
	if !ok || d.Keys[name] != "" || method["controller"] != string(d.DID) {
		return
	}
	key, err := didkey.ParseVerificationMethod(method["type"], method["publicKeyMultibase"])
	if err == nil {
		d.Keys[name] = key.String()
	}
}

// readService takes the first service of the right name, right or wrong.
func (d *documentReader) readService(r *lexjson.Reader) {
	service := readTexts(r)
	name, ok := d.fragment(service["id"])
	if !ok || name != account.PDSFragment || d.hasPDS {
		return
	}
	d.hasPDS = true
	if service["type"] == account.PDSServiceType && isHTTP(service["serviceEndpoint"]) {
		d.PDS = service["serviceEndpoint"]
	}
}

// fragment returns the name of a part of the document, whose DID may be left out.
func (d *documentReader) fragment(id string) (string, bool) {
	return strings.CutPrefix(strings.TrimPrefix(id, string(d.DID)), "#")
}
