package account_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Where passwords are optional, an account begins without one, and gets it by a reset.
func TestOptionalPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Passwords.Optional = true
	signup := alice()
	signup.Password = ""
	_, err := b.CreateAccount(t.Context(), signup)
	wantText(t, "CreateAccount with an empty password", err, "Password is required")

	signup.NoPassword = true
	grant, err := b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount without a password", err, nil)
	if hash := b.hashOf(t, grant.Account.DID); hash != "" {
		t.Errorf("an account without a password has the hash %q", hash)
	}
	for _, password := range []string{"", "asdf"} {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: password})
		wantError(t, "login", err, account.ErrInvalidLogin)
	}
	token := b.requestReset(t)
	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), token, "new", account.Client{}), nil)
	b.logIn(t, "new")
}
