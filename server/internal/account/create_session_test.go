package account_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestCreateSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	signedUp := b.signUp(t)
	for _, identifier := range []string{"alice.test", "ALICE.Test", "alice@example.com", "Alice@Example.COM", "did:plc:1", "DID:plc:1"} {
		t.Run(identifier, func(t *testing.T) {
			grant, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: "asdf"})
			if err != nil {
				t.Fatal(err)
			}
			if grant.Account != signedUp.Account {
				t.Errorf("account: got %+v, want %+v", grant.Account, signedUp.Account)
			}
			if _, err := b.Authenticate(t.Context(), grant.AccessJWT); err != nil {
				t.Errorf("Authenticate: %v", err)
			}
			if grant.RefreshJWT == signedUp.RefreshJWT {
				t.Error("two sessions have one refresh token")
			}
		})
	}
}

// Every failure looks the same and costs the same.
func TestCreateSessionFailures(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	tests := []struct{ name, identifier, password string }{
		{"wrong password", "alice.test", "asdg"},
		{"no password", "alice.test", ""},
		{"case of the password", "alice.test", "ASDF"},
		{"longest password", "alice.test", strings.Repeat("x", 512)},
		{"unknown handle", "bob.test", "asdf"},
		{"unknown email", "bob@example.com", "asdf"},
		{"unknown DID", "did:plc:2", "asdf"},
		{"no identifier", "", "asdf"},
		{"handle with an at sign", "@alice.test", "asdf"},
		{"absurd identifier", strings.Repeat("x", 100_000), "asdf"},
	}
	check := func(t *testing.T) {
		for _, tt := range tests {
			before := b.hasher.worked
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: tt.identifier, Password: tt.password})
			wantError(t, tt.name, err, account.ErrInvalidLogin)
			wantText(t, tt.name, err, "Invalid identifier or password")
			if got := b.hasher.worked - before; got != 1 {
				t.Errorf("%s: got %d verifications, want 1", tt.name, got)
			}
		}
	}
	check(t)
	b.takeDown(did)
	check(t)
	b.store.change(did, func(c *account.Credentials) { c.Account.TakendownAt, c.PasswordHash = b.now, "" })
	check(t)
}

// What cannot be anybody's password costs as much as a wrong one.
func TestCreateSessionImpossiblePassword(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, password, want string }{
		{"too long", strings.Repeat("é", 513), "Password too long. Consider resetting your password."},
		{"NUL", "asdf\x00", "Invalid identifier or password"},
		{"no UTF-8", "asdf\xff", "Invalid identifier or password"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			for i, identifier := range []string{"alice.test", "nobody.test"} {
				_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: tt.password})
				wantText(t, "CreateSession", err, tt.want)
				if b.hasher.worked != i+1 {
					t.Errorf("%s: got %d verifications, want one a login", identifier, b.hasher.worked)
				}
			}
		})
	}
}

// Hashes of several costs lie side by side when the cost was changed. A login as
// nobody costs as much as one with a wrong password: what some account costs, and
// the same each time.
func TestCreateSessionDecoys(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	costs := map[string]bool{}
	for i, place := range []string{"b", "i", "q", "x"} {
		hash := fmt.Sprintf("cost %d of asdf", i)
		costs[hash] = true
		b.store.change(syntax.DID("did:plc:"+place), func(c *account.Credentials) {
			c.Account.DID, c.Account.Handle, c.PasswordHash = syntax.DID("did:plc:"+place), syntax.Handle(place+".test"), hash
		})
	}
	b.store.change("did:plc:d", func(c *account.Credentials) { c.Account.Handle = "passwordless.test" })
	costOf := func(identifier string) string {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: "wrong"})
		wantError(t, "CreateSession as "+identifier, err, account.ErrInvalidLogin)
		if len(b.hasher.hashes) != b.hasher.worked {
			t.Fatalf("%s: the password was compared with no hash", identifier)
		}
		return b.hasher.hashes[len(b.hasher.hashes)-1]
	}
	if got := costOf("q.test"); got != "cost 2 of asdf" {
		t.Errorf("an account that there is: got %q", got)
	}
	seen := map[string]bool{costOf("passwordless.test"): true}
	for i := range 50 {
		nobody := fmt.Sprintf("nobody%d.test", i)
		cost := costOf(nobody)
		seen[cost] = true
		if again := costOf(strings.ToUpper(nobody)); again != cost {
			t.Errorf("%s: got %q and then %q", nobody, cost, again)
		}
	}
	if !maps.Equal(seen, costs) {
		t.Errorf("decoys: got %v, want all of %v", seen, costs)
	}
}

// The right password opens no session under the name of nobody.
func TestCreateSessionIgnoresDecoyVerdict(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "nobody.test", Password: "asdf"})
	wantError(t, "CreateSession", err, account.ErrInvalidLogin)
}

func TestCreateSessionStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}

	b.store.change(did, func(c *account.Credentials) { c.Account.DeactivatedAt = b.now })
	grant, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession of a deactivated account", err, nil)
	if got := grant.Account.Status(); got != account.StatusDeactivated {
		t.Errorf("status: got %s, want %s", got, account.StatusDeactivated)
	}
	b.takeDown(did)
	_, err = b.CreateSession(t.Context(), login)
	wantText(t, "CreateSession of an account taken down", err, "Account has been taken down")
}

// A password typed on another keyboard is the same password.
func TestPasswordNormalization(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	signup := alice()
	signup.Password = "cafe\u0301" // e and an accent
	if _, err := b.CreateAccount(t.Context(), signup); err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]error{
		"cafe\u0301": nil,
		"caf\u00e9":  nil, // e with an accent
		"cafe":       account.ErrInvalidLogin,
	} {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: password})
		wantError(t, "CreateSession with "+password, err, want)
	}
}

// While a password is being verified, the account may change under it.
func TestCreateSessionRaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(b *bench)
		want   error
	}{
		{"password changed", func(b *bench) {
			b.store.change("did:plc:1", func(c *account.Credentials) { c.CredentialVersion++ })
		}, account.ErrInvalidLogin},
		{"account taken down", func(b *bench) { b.takeDown("did:plc:1") }, account.ErrTakendown},
		{"account deleted", func(b *bench) { b.store.remove("did:plc:1") }, account.ErrInvalidLogin},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			b.hasher.onVerify = func(verdict account.Verdict) (account.Verdict, error) {
				tt.change(b)
				return verdict, nil
			}
			sessions := len(b.store.sessions)
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
			wantError(t, "CreateSession", err, tt.want)
			if got := len(b.store.sessions); got > sessions {
				t.Errorf("got %d sessions, want no more than %d", got, sessions)
			}
		})
	}
}

func TestCreateSessionRehash(t *testing.T) {
	t.Parallel()
	outdated := func(verdict account.Verdict) (account.Verdict, error) {
		if verdict == account.Match {
			verdict = account.MatchOutdated
		}
		return verdict, nil
	}
	tests := []struct {
		name     string
		password string
		onHash   error
		wantErr  error
		wantHash string
	}{
		{"right password", "asdf", nil, nil, "hash 2 of asdf"},
		{"right password, busy", "asdf", account.ErrBusy, nil, "hash 1 of asdf"},
		{"right password, fault", "asdf", errTest, errTest, "hash 1 of asdf"},
		{"wrong password", "wrong", nil, account.ErrInvalidLogin, "hash 1 of asdf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			did := b.signUp(t).Account.DID
			b.hasher.onVerify = outdated
			b.hasher.onHash = func() error { return tt.onHash }
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: tt.password})
			wantError(t, "CreateSession", err, tt.wantErr)
			if got := b.store.accounts[did].PasswordHash; got != tt.wantHash {
				t.Errorf("hash: got %q, want %q", got, tt.wantHash)
			}
		})
	}
}

var errTest = errors.New("a fault")

func TestCreateSessionFault(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{errTest, account.ErrBusy} {
		b := newBench(t)
		b.signUp(t)
		b.hasher.onVerify = func(account.Verdict) (account.Verdict, error) { return account.Mismatch, fault }
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
		wantError(t, "CreateSession", err, fault)
	}
}
