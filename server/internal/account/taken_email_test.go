package account_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// An operator may have a taken address answered like one that is not supported. It still
// counts as taken, and administrators are told what it is.
func TestHideTakenEmails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.HideTakenEmails = true
	alice := b.caller(t, b.signUp(t))
	bob := b.signUpBob(t)
	wantHidden := func(what string, err error) {
		t.Helper()
		wantError(t, what, err, account.ErrEmailTaken)
		wantText(t, what, err, account.ErrInvalidEmail.Error())
	}
	_, err := b.CreateAccount(t.Context(), account.Signup{Handle: "carol.test", Email: alice.Account.Email, Password: "asdf"})
	wantHidden("CreateAccount", err)
	wantHidden("UpdateEmail", b.UpdateEmail(t.Context(), alice, account.EmailUpdate{Email: bob.Account.Email}))
	err = b.SetEmail(t.Context(), "alice.test", bob.Account.Email, account.Client{})
	wantText(t, "SetEmail", err, "This email address is already in use, please use a different email.")
}
