package account_test

import (
	"errors"
	"strings"
	"testing"

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

// What cannot be anybody's password costs nothing.
func TestCreateSessionRefusesUnhashed(t *testing.T) {
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
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: tt.password})
			wantText(t, "CreateSession", err, tt.want)
			if b.hasher.worked != 0 {
				t.Errorf("got %d verifications, want 0", b.hasher.worked)
			}
		})
	}
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
