package atclient_test

import (
	"strings"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atclient"
	"github.com/bluesky-social/indigo/atproto/identity"
	"github.com/bluesky-social/indigo/atproto/syntax"
)

func TestSignUpOpensSession(t *testing.T) {
	t.Parallel()
	alice := signUp(t, startServer(t), "alice", "")
	alice.expectSession(t, atclient.ResumePasswordSession(alice.session, nil))
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	alice := signUp(t, s, "alice", "")
	signUp(t, s, "bob", "")
	identifiers := map[string]string{
		"handle":            alice.handle,
		"handle in capital": strings.ToUpper(alice.handle),
		"email":             alice.email,
		"email in capital":  strings.ToUpper(alice.email),
		"DID":               alice.session.AccountDID.String(),
	}
	for name, identifier := range identifiers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := atclient.LoginWithPasswordHost(t.Context(), s.url, identifier, alice.password, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if *c.AccountDID != alice.session.AccountDID {
				t.Errorf("logged in to %s, want %s", c.AccountDID, alice.session.AccountDID)
			}
			alice.expectSession(t, c)
		})
	}
}

// TestLoginThroughDirectory looks up the server by the handle first, as clients of the network do.
func TestLoginThroughDirectory(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	alice := signUp(t, s, "alice", "")
	handle := parseHandle(t, alice.handle)
	directory := identity.NewMockDirectory()
	directory.Insert(identity.Identity{
		DID:    alice.session.AccountDID,
		Handle: handle,
		Services: map[string]identity.ServiceEndpoint{
			"atproto_pds": {Type: "AtprotoPersonalDataServer", URL: s.url},
		},
	})
	for _, username := range []syntax.AtIdentifier{handle.AtIdentifier(), alice.session.AccountDID.AtIdentifier()} {
		c, err := atclient.LoginWithPassword(t.Context(), directory, username, alice.password, "", nil)
		if err != nil {
			t.Errorf("log in as %s: %v", username, err)
			continue
		}
		alice.expectSession(t, c)
	}
}
