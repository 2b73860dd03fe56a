package identity

import (
	"context"
	"errors"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// documentPath is where a host keeps the document of its did:web.
//
// See https://w3c-ccg.github.io/did-method-web/.
const documentPath = "/.well-known/did.json"

// maxDocument is how many bytes a DID document may have.
const maxDocument = 16 << 10

// Document implements [account.Identity].
func (s *Service) Document(ctx context.Context, did syntax.DID, fresh bool) (account.Document, error) {
	var ask func(context.Context) (account.Document, error)
	var to gate
	switch did.Method() {
	case "plc":
		ask = func(ctx context.Context) (account.Document, error) { return s.askDirectory(ctx, did) }
		to = s.toDirectory
	case "web":
		ask = func(ctx context.Context) (account.Document, error) { return s.askWeb(ctx, did) }
		to = s.toHosts
	default:
		return account.Document{}, account.ErrIdentityNotFound
	}
	return s.documents.get(ctx, string(did), fresh, through(to, ask))
}

func (s *Service) askDirectory(ctx context.Context, did syntax.DID) (account.Document, error) {
	if !plc.ValidDID(did) {
		return account.Document{}, account.ErrIdentityNotFound
	}
	text, err := s.directory.Document(ctx, did)
	if err != nil {
		return account.Document{}, err
	}
	return parseDocument(did, text)
}

func (s *Service) askWeb(ctx context.Context, did syntax.DID) (account.Document, error) {
	origin, ok := webOrigin(did, s.allowLoopback)
	if !ok {
		return account.Document{}, account.ErrIdentityNotFound
	}
	text, err := s.hosts.get(ctx, origin+documentPath, maxDocument)
	switch {
	case errors.Is(err, errNotThere):
		return account.Document{}, account.ErrIdentityNotFound
	case err != nil:
		return account.Document{}, unavailable("resolve "+string(did), err)
	}
	return parseDocument(did, text)
}

// webOrigin returns the origin of a did:web, which for this protocol is a whole host.
// A port is allowed only at localhost.
//
// See https://atproto.com/specs/did#blessed-did-methods.
func webOrigin(did syntax.DID, allowLoopback bool) (string, bool) {
	host := did.Identifier()
	if name, port, _ := strings.Cut(host, "%3A"); allowLoopback && name == "localhost" {
		if port == "" {
			return "http://" + name, true
		}
		return "http://" + name + ":" + port, strings.Trim(port, "0123456789") == ""
	}
	// The rules for handles leave out addresses, ports and paths. With capitals one host
	// would have several DIDs.
	return "https://" + host, syntax.Handle(host).Valid() && strings.ToLower(host) == host
}
