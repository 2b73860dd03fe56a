package account_test

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// fakeServiceTokens "signs" by putting the private key at the end, in any case. The keys
// are those of fakeIdentity.
type fakeServiceTokens struct{}

func (fakeServiceTokens) IssueService(claims account.ServiceClaims, private []byte) (string, error) {
	text, err := json.Marshal(claims)
	return string(text) + "." + string(private), err
}

func (fakeServiceTokens) VerifyService(ctx context.Context, token string, now time.Time, check account.ClaimsCheck, keyOf account.KeyFinder) (account.ServiceClaims, error) {
	dot := strings.LastIndexByte(token, '.')
	var claims account.ServiceClaims
	if dot < 0 || json.Unmarshal([]byte(token[:dot]), &claims) != nil {
		return account.ServiceClaims{}, account.ErrServiceToken
	}
	if !now.Before(claims.ExpiresAt) {
		return account.ServiceClaims{}, account.ErrServiceTokenExpired
	}
	if err := check(claims); err != nil {
		return account.ServiceClaims{}, err
	}
	key, err := keyOf(ctx, claims.Issuer, false)
	if err != nil {
		return account.ServiceClaims{}, err
	}
	if !strings.EqualFold(token[dot+1:], "private key "+strings.TrimPrefix(key, "did:key:")) {
		return account.ServiceClaims{}, account.ErrServiceTokenSignature
	}
	return claims, nil
}
