package storetest

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// testEmailTokens tests which mailed tokens there are.
func testEmailTokens(t *testing.T, open func(t *testing.T) Store) {
	alice, bob := newAccount("alice"), newAccount("bob")
	did := alice.Account.DID
	setUp := func(t *testing.T) Store {
		store := open(t)
		mustCreate(t, store, alice)
		mustCreate(t, store, bob)
		mustMail(t, store, newToken(did, account.PurposeResetPassword, "token"))
		return store
	}
	find := func(t *testing.T, store Store, purpose account.EmailPurpose, token string) (account.Account, error) {
		return store.FindByEmailToken(t.Context(), newProof(purpose, token))
	}
	t.Run("of nobody", func(t *testing.T) {
		token := newToken("did:plc:nobody", account.PurposeResetPassword, "token")
		wantError(t, "PutEmailToken", open(t).PutEmailToken(t.Context(), token), account.ErrAccountNotFound)
	})
	t.Run("recorded", func(t *testing.T) {
		store := setUp(t)
		token := newToken(did, account.PurposeConfirmEmail, "token")
		token.Record = recorded(newRecord(did, account.EventTokenMailed))
		must(t, store.PutEmailToken(t.Context(), token))
		wantRecord(t, store, did, account.EventTokenMailed)
	})
	t.Run("recorded for the account as it is", func(t *testing.T) {
		store := setUp(t)
		change := account.EmailChange{DID: did, Email: "new@example.com", Record: recorded(account.Record{})}
		moved, err := store.SetEmail(t.Context(), change)
		must(t, err)
		token := newToken(did, account.PurposeConfirmEmail, "token")
		token.Record = func(owner account.Account) (account.Record, error) {
			wantEqual(t, "owner", owner, moved)
			return newRecord(did, account.EventTokenMailed), nil
		}
		must(t, store.PutEmailToken(t.Context(), token))
		wantRecord(t, store, did, account.EventTokenMailed)
	})
	t.Run("refused", func(t *testing.T) {
		store := setUp(t)
		token := newToken(did, account.PurposeResetPassword, "newer")
		token.Record = func(account.Account) (account.Record, error) {
			return newRecord(did, account.EventTokenMailed), account.ErrInvalidRequest
		}
		wantError(t, "PutEmailToken", store.PutEmailToken(t.Context(), token), account.ErrInvalidRequest)
		wantRecord(t, store, did)
		_, err := find(t, store, account.PurposeResetPassword, "token")
		wantError(t, "FindByEmailToken of the one before", err, nil)
	})
	t.Run("found", func(t *testing.T) {
		store := setUp(t)
		for range 2 {
			got, err := find(t, store, account.PurposeResetPassword, "token")
			wantError(t, "FindByEmailToken", err, nil)
			wantEqual(t, "account", got, alice.Account)
		}
		_, err := find(t, store, account.PurposeResetPassword, "none")
		wantError(t, "FindByEmailToken of no token", err, account.ErrEmailTokenInvalid)
		_, err = find(t, store, account.PurposeDeleteAccount, "token")
		wantError(t, "FindByEmailToken for another purpose", err, account.ErrEmailTokenInvalid)
		late := newProof(account.PurposeResetPassword, "token")
		late.NotBefore = now
		_, err = store.FindByEmailToken(t.Context(), late)
		wantError(t, "FindByEmailToken later", err, account.ErrEmailTokenExpired)
	})
	t.Run("replaced", func(t *testing.T) {
		store := setUp(t)
		mustMail(t, store, newToken(did, account.PurposeResetPassword, "newer"))
		_, err := find(t, store, account.PurposeResetPassword, "token")
		wantError(t, "FindByEmailToken of the older", err, account.ErrEmailTokenInvalid)
		_, err = find(t, store, account.PurposeResetPassword, "newer")
		wantError(t, "FindByEmailToken of the newer", err, nil)
	})
	t.Run("replaced after too many wrong ones", func(t *testing.T) {
		store := setUp(t)
		for range account.MaxTokenAttempts {
			err := store.UseEmailToken(t.Context(), did, newProof(account.PurposeResetPassword, "wrong"), account.Record{})
			wantError(t, "UseEmailToken", err, account.ErrEmailTokenInvalid)
		}
		_, err := find(t, store, account.PurposeResetPassword, "token")
		wantError(t, "FindByEmailToken of what is void", err, account.ErrEmailTokenInvalid)
		mustMail(t, store, newToken(did, account.PurposeResetPassword, "newer"))
		_, err = find(t, store, account.PurposeResetPassword, "newer")
		wantError(t, "FindByEmailToken of the newer", err, nil)
	})
	t.Run("checked and used afterwards", func(t *testing.T) {
		store := setUp(t)
		proof := newProof(account.PurposeResetPassword, "token")
		for range account.MaxTokenAttempts + 1 {
			wantError(t, "CheckEmailToken", store.CheckEmailToken(t.Context(), did, proof, "" /* session */), nil)
		}
		wantError(t, "UseEmailToken", store.UseEmailToken(t.Context(), did, proof, account.Record{}), nil)
		wantError(t, "CheckEmailToken of a used one", store.CheckEmailToken(t.Context(), did, proof, ""), account.ErrEmailTokenInvalid)
	})
	t.Run("quota", func(t *testing.T) { testQuotaOfTokens(t, open) })
	t.Run("one for each purpose and account", func(t *testing.T) {
		store := setUp(t)
		mustMail(t, store, newToken(did, account.PurposeDeleteAccount, "other purpose"))
		mustMail(t, store, newToken(bob.Account.DID, account.PurposeResetPassword, "other account"))
		_, err := find(t, store, account.PurposeResetPassword, "token")
		wantError(t, "FindByEmailToken", err, nil)
	})
}

// purposes returns all that mailed tokens are good for.
func purposes() []account.EmailPurpose {
	return []account.EmailPurpose{
		account.PurposeConfirmEmail, account.PurposeUpdateEmail, account.PurposeResetPassword,
		account.PurposeDeleteAccount, account.PurposePLCOperation, account.PurposeAuthFactor,
	}
}

// A tokenUser is a method that uses a mailed token of an account up.
type tokenUser struct {
	name    string
	purpose account.EmailPurpose
	use     func(t *testing.T, store Store, proof account.TokenProof) error
}

// tokenUsers returns all of them, each for the account did.
func tokenUsers(did syntax.DID) []tokenUser {
	return []tokenUser{
		{"UseEmailToken", account.PurposePLCOperation, func(t *testing.T, store Store, proof account.TokenProof) error {
			return store.UseEmailToken(t.Context(), did, proof, newRecord(did, "proved"))
		}},
		{"ConfirmEmail", account.PurposeConfirmEmail, func(t *testing.T, store Store, proof account.TokenProof) error {
			return store.ConfirmEmail(t.Context(), did, "alice@example.com", proof, newRecord(did, "proved"))
		}},
		{"SetPassword", account.PurposeResetPassword, func(t *testing.T, store Store, proof account.TokenProof) error {
			return store.SetPassword(t.Context(), account.PasswordChange{
				DID: did, PasswordHash: "new hash", Proof: &proof, Record: recordedPassword(newRecord(did, "proved")),
			})
		}},
		{"SetEmail", account.PurposeUpdateEmail, func(t *testing.T, store Store, proof account.TokenProof) error {
			_, err := store.SetEmail(t.Context(), account.EmailChange{
				DID: did, Email: "new@example.com", Proof: &proof, Record: recorded(newRecord(did, "proved")),
			})
			return err
		}},
		{"StartSession", account.PurposeAuthFactor, func(t *testing.T, store Store, proof account.TokenProof) error {
			login := newLogin(did, "proved")
			login.AuthFactor = &proof
			login.Record = newRecord(did, "proved")
			return store.StartSession(t.Context(), login)
		}},
		{"DeleteAccount", account.PurposeDeleteAccount, func(t *testing.T, store Store, proof account.TokenProof) error {
			return store.DeleteAccount(t.Context(), account.Deletion{DID: did, Proof: &proof})
		}},
	}
}

// tokenChecker is the method that only says whether a mailed token is good.
func tokenChecker(did syntax.DID) tokenUser {
	return tokenUser{"CheckEmailToken", account.PurposePLCOperation, func(t *testing.T, store Store, proof account.TokenProof) error {
		return store.CheckEmailToken(t.Context(), did, proof, "" /* session */)
	}}
}

// testProofs holds every method that takes a mailed token to what [account.TokenProof]
// says.
func testProofs(t *testing.T, open func(t *testing.T) Store) {
	did := didOf("alice")
	for _, user := range append(tokenUsers(did), tokenChecker(did)) {
		t.Run(user.name, func(t *testing.T) {
			for _, tt := range proofCases(user.purpose) {
				t.Run(tt.name, func(t *testing.T) {
					store := open(t)
					mustCreate(t, store, confirmed("alice"))
					mustCreate(t, store, confirmed("bob"))
					mustMail(t, store, newToken(didOf("bob"), user.purpose, "bob's"))
					mustMail(t, store, newToken(did, user.purpose, "right"))
					mustMail(t, store, newToken(did, "another purpose", "else"))
					before := mustFind(t, store, did)
					for i, step := range tt.steps {
						wantError(t, user.name, user.use(t, store, step.proof), step.want)
						if step.want != nil && i == len(tt.steps)-1 && tt.untouched {
							wantEqual(t, "account after a refusal", mustFind(t, store, did), before)
							wantSessions(t, store, did, map[string]bool{"alice-1": true, "proved": false})
							wantRecord(t, store, did)
						}
					}
				})
			}
		})
	}
}

// A proofCase is tokens that are sent one after the other.
type proofCase struct {
	name      string
	steps     []proofStep
	untouched bool // nothing may have changed at the end
}

type proofStep struct {
	proof account.TokenProof
	want  error
}

func proofCases(purpose account.EmailPurpose) []proofCase {
	right, wrong := newProof(purpose, "right"), newProof(purpose, "wrong")
	late := right
	late.NotBefore = now
	inTime := right
	inTime.NotBefore = now.Add(-time.Millisecond)
	invalid := proofStep{wrong, account.ErrEmailTokenInvalid}
	var almost []proofStep
	for range account.MaxTokenAttempts - 1 {
		almost = append(almost, invalid)
	}
	return []proofCase{
		{"right", []proofStep{{right, nil}}, false},
		{"right in the last moment", []proofStep{{inTime, nil}}, false},
		{"wrong", []proofStep{invalid}, true},
		{"of another account", []proofStep{{newProof(purpose, "bob's"), account.ErrEmailTokenInvalid}}, true},
		{"of another purpose", []proofStep{{newProof(purpose, "else"), account.ErrEmailTokenInvalid}}, true},
		{"for no such purpose", []proofStep{{newProof("none", "right"), account.ErrEmailTokenInvalid}}, true},
		{"expired", []proofStep{{late, account.ErrEmailTokenExpired}}, true},
		{"right after almost too many wrong ones", append(almost, proofStep{right, nil}), false},
		{"right after too many wrong ones", append(append([]proofStep{invalid}, almost...), proofStep{right, account.ErrEmailTokenInvalid}), true},
	}
}
