package api_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// refusals says what each refusal commonly is to a client.
var refusals = map[string]struct {
	kind   *account.Refusal
	status int
	error  string
}{
	"ErrInvalidRequest":       {account.ErrInvalidRequest, 400, "InvalidRequest"},
	"ErrHandleInvalid":        {account.ErrHandleInvalid, 400, "InvalidHandle"},
	"ErrReservedHandle":       {account.ErrReservedHandle, 400, "HandleNotAvailable"},
	"ErrUnsupportedDomain":    {account.ErrUnsupportedDomain, 400, "UnsupportedDomain"},
	"ErrHandleTaken":          {account.ErrHandleTaken, 400, "HandleNotAvailable"},
	"ErrInvalidEmail":         {account.ErrInvalidEmail, 400, "InvalidRequest"},
	"ErrEmailTaken":           {account.ErrEmailTaken, 400, "InvalidRequest"},
	"ErrInvalidPassword":      {account.ErrInvalidPassword, 400, "InvalidPassword"},
	"ErrInvalidRecoveryKey":   {account.ErrInvalidRecoveryKey, 400, "InvalidRequest"},
	"ErrInvalidInviteCode":    {account.ErrInvalidInviteCode, 400, "InvalidInviteCode"},
	"ErrDIDTaken":             {account.ErrDIDTaken, 400, "InvalidRequest"},
	"ErrUnauthorizedImport":   {account.ErrUnauthorizedImport, 401, "AuthenticationRequired"},
	"ErrUnresolvableDID":      {account.ErrUnresolvableDID, 400, "UnresolvableDid"},
	"ErrTooManyReservedKeys":  {account.ErrTooManyReservedKeys, 503, "NotEnoughResources"},
	"ErrInvalidLogin":         {account.ErrInvalidLogin, 401, "AuthenticationRequired"},
	"ErrLoginPasswordTooLong": {account.ErrLoginPasswordTooLong, 401, "AuthenticationRequired"},
	"ErrAuthFactorRequired":   {account.ErrAuthFactorRequired, 401, "AuthFactorTokenRequired"},
	"ErrTooManyFailures":      {account.ErrTooManyFailures, 429, "RateLimitExceeded"},
	"ErrInvalidDeletion":      {account.ErrInvalidDeletion, 401, "AuthenticationRequired"},
	"ErrTokenInvalid":         {account.ErrTokenInvalid, 400, "InvalidToken"},
	"ErrTokenExpired":         {account.ErrTokenExpired, 400, "ExpiredToken"},
	"ErrTokenMalformed":       {account.ErrTokenMalformed, 400, "InvalidToken"},
	"ErrBadScope":             {account.ErrBadScope, 400, "InvalidToken"},
	"ErrTokenRevoked":         {account.ErrTokenRevoked, 400, "ExpiredToken"},

	"ErrServiceToken":          {account.ErrServiceToken, 401, "BadJwt"},
	"ErrServiceTokenType":      {account.ErrServiceTokenType, 401, "BadJwtType"},
	"ErrServiceTokenIssuer":    {account.ErrServiceTokenIssuer, 401, "BadJwtIss"},
	"ErrServiceTokenExpired":   {account.ErrServiceTokenExpired, 401, "JwtExpired"},
	"ErrServiceTokenSignature": {account.ErrServiceTokenSignature, 401, "BadJwtSignature"},
	"ErrServiceTokenAudience":  {account.ErrServiceTokenAudience, 401, "BadJwtAudience"},
	"ErrServiceTokenMethod":    {account.ErrServiceTokenMethod, 401, "BadJwtLexiconMethod"},
	"ErrUntrustedIssuer":       {account.ErrUntrustedIssuer, 401, "UntrustedIss"},
	"ErrReplayed":              {account.ErrReplayed, 401, "BadJwt"},
	"ErrBadExpiration":         {account.ErrBadExpiration, 400, "BadExpiration"},

	"ErrEmailTokenInvalid":    {account.ErrEmailTokenInvalid, 400, "InvalidToken"},
	"ErrEmailTokenExpired":    {account.ErrEmailTokenExpired, 400, "ExpiredToken"},
	"ErrEmailTokenRequired":   {account.ErrEmailTokenRequired, 400, "TokenRequired"},
	"ErrEmailMismatch":        {account.ErrEmailMismatch, 400, "InvalidEmail"},
	"ErrNoEmail":              {account.ErrNoEmail, 400, "InvalidRequest"},
	"ErrAccountNotFound":      {account.ErrAccountNotFound, 403, "AccountNotFound"},
	"ErrUserNotFound":         {account.ErrUserNotFound, 400, "AccountNotFound"},
	"ErrSubjectNotFound":      {account.ErrSubjectNotFound, 400, "NotFound"},
	"ErrTakendown":            {account.ErrTakendown, 401, "AccountTakedown"},
	"ErrNoUserInfo":           {account.ErrNoUserInfo, 400, "InvalidRequest"},
	"ErrHandleNotFound":       {account.ErrHandleNotFound, 400, "HandleNotFound"},
	"ErrBusy":                 {account.ErrBusy, 503, "NotEnoughResources"},
	"ErrIdentityNotFound":     {account.ErrIdentityNotFound, 400, "InvalidRequest"},
	"ErrInvalidOperation":     {account.ErrInvalidOperation, 400, "InvalidRequest"},
	"ErrOperationRefused":     {account.ErrOperationRefused, 400, "InvalidRequest"},
	"ErrDirectoryUnavailable": {account.ErrDirectoryUnavailable, 502, "UpstreamFailure"},
	"ErrAppPasswordName":      {account.ErrAppPasswordName, 400, "InvalidRequest"},
	"ErrAppPasswordTaken":     {account.ErrAppPasswordTaken, 400, "InvalidRequest"},
	"ErrTooManyAppPasswords":  {account.ErrTooManyAppPasswords, 400, "InvalidRequest"},
	"ErrTooManyInvites":       {account.ErrTooManyInvites, 400, "InvalidRequest"},
}

// A refusal keeps its text, whether it is a kind or has a text of its own.
func TestRefusals(t *testing.T) {
	t.Parallel()
	store := &brokenStore{}
	b := newBench(t, func(s *account.Service, _ *api.Config) { s.Store = store })
	for name, test := range refusals {
		t.Run(name, func(t *testing.T) {
			for _, refusal := range []*account.Refusal{test.kind, test.kind.Because("said otherwise")} {
				store.err = refusal
				want := refusal.Error()
				switch test.kind {
				case account.ErrHandleTaken:
					want = "Handle already taken: alice.test"
				case account.ErrEmailTaken:
					want = "Email already taken: alice@example.com"
				}
				a := b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: alice})
				a.wantError(t, test.status, test.error, want)
			}
		})
	}
}

// Every kind of refusals that package account has is in the table.
func TestRefusalsAreComplete(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../account/errors.go")
	must(t, err)
	for _, match := range regexp.MustCompile(`(?m)^\s+(Err\w+)\s+= &Refusal`).FindAllSubmatch(text, -1) {
		if name := string(match[1]); refusals[name].kind == nil {
			t.Errorf("nobody says what %s is to a client", name)
		}
	}
}
