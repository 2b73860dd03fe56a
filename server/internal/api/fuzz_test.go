package api_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// Whatever stands in the header, a stranger is refused by name and nothing fails.
func FuzzAuthorization(f *testing.F) {
	for _, header := range []string{"", " ", "Bearer", "Bearer ", "Bearer a.b.c", "basic eA==", "DPoP x", "a b c", "\xff \x00"} {
		f.Add(header)
	}
	key, err := token.GenerateKey(rand.Reader)
	must(f, err)
	service := &account.Service{Tokens: newIssuer(f, key), ServiceTokens: token.Services{}, Now: func() time.Time { return start }}
	authenticate := api.New(api.Config{
		Accounts: service, AdminPassword: rand.Text(), ClientAddr: clientAddr, Unlimited: true, Now: service.Now,
	}).Authenticate
	refusedBy := append([]string{comatproto.AdminDeleteAccountNSID, comatproto.AdminGetAccountInfoNSID}, withToken...)
	f.Fuzz(func(t *testing.T, header string) {
		for _, nsid := range refusedBy {
			caller, err := authenticate(request(header), &xrpc.Endpoint{NSID: syntax.NSID(nsid)})
			var refusal *xrpc.Error
			if caller != nil || !errors.As(err, &refusal) {
				t.Fatalf("%s: got caller %v, error %v", nsid, caller, err)
			}
			if refusal.Status < 400 || refusal.Status > 403 || refusal.Name == "" || refusal.Message == "" {
				t.Errorf("%s: got %v", nsid, refusal)
			}
		}
		caller, err := authenticate(request(header), &xrpc.Endpoint{NSID: comatproto.ServerCreateSessionNSID})
		if caller != nil || err != nil {
			t.Errorf("an endpoint without authentication: got caller %v, error %v", caller, err)
		}
	})
}

// request has nothing but an Authorization header.
func request(authorization string) *http.Request {
	return &http.Request{Header: with(authorization)}
}
