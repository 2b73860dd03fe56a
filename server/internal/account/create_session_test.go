package account_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

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
			if grant.Account != signedUp.Account || string(grant.DIDDoc) != `{"id":"did:plc:1"}` {
				t.Errorf("got account %+v, document %s, want %+v with its document", grant.Account, grant.DIDDoc, signedUp.Account)
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
		{"app password that nobody has", "alice.test", "abcd-efgh-2345-67ab"},
		{"app password of nobody", "bob.test", "abcd-efgh-2345-67ab"},
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
	b.takeDown(t, did)
	check(t)
	b.setHash(t, did, "")
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
		b.enter(t, syntax.DID("did:plc:"+place), syntax.Handle(place+".test"), hash)
	}
	b.enter(t, "did:plc:d", "passwordless.test", "")
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

	b.deactivate(t, did)
	grant, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession of a deactivated account", err, nil)
	if got := grant.Account.Status(); got != account.StatusDeactivated {
		t.Errorf("status: got %s, want %s", got, account.StatusDeactivated)
	}
	b.takeDown(t, did)
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

// Until its session begins, the account may change under a login.
func TestCreateSessionRaces(t *testing.T) {
	t.Parallel()
	const did = "did:plc:1"
	type change func(t *testing.T, b *bench, caller account.Caller)
	revoke := func(t *testing.T, b *bench, caller account.Caller) {
		wantError(t, "RevokeAppPassword", b.RevokeAppPassword(t.Context(), caller, "phone", account.Client{}), nil)
	}
	tests := []struct {
		name   string
		app    bool // log in with an app password
		change change
		want   error
	}{
		{"password changed", false, func(t *testing.T, b *bench, _ account.Caller) { b.setHash(t, did, "another of asdf") }, account.ErrInvalidLogin},
		{"account taken down", false, func(t *testing.T, b *bench, _ account.Caller) { b.takeDown(t, did) }, account.ErrTakendown},
		{"account deleted", false, func(t *testing.T, b *bench, _ account.Caller) { b.remove(t, did) }, account.ErrInvalidLogin},
		{"app password revoked", true, revoke, account.ErrInvalidLogin},
		{"app password revoked and made again", true, func(t *testing.T, b *bench, caller account.Caller) {
			revoke(t, b, caller)
			b.newAppPassword(t, caller, "phone", false)
		}, account.ErrInvalidLogin},
		{"account of an app password taken down", true, func(t *testing.T, b *bench, _ account.Caller) { b.takeDown(t, did) }, account.ErrInvalidLogin},
		{"second factor turned on", false, func(t *testing.T, b *bench, caller account.Caller) { b.switchFactor(t, caller, true) }, account.ErrAuthFactorRequired},
		{"second factor turned on, of an app password", true, func(t *testing.T, b *bench, caller account.Caller) { b.switchFactor(t, caller, true) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.confirm(t, b.signUp(t))
			request := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
			if app := b.newAppPassword(t, caller, "phone", false); tt.app {
				request.Password = app
			}
			b.Store = lateStore{b.Store, func() { tt.change(t, b, caller) }}
			_, err := b.CreateSession(t.Context(), request)
			wantError(t, "CreateSession", err, tt.want)
		})
	}
}

// lateStore has something happen at the last moment before a session begins.
type lateStore struct {
	account.Store
	change func()
}

func (s lateStore) StartSession(ctx context.Context, login account.Login) error {
	s.change()
	return s.Store.StartSession(ctx, login)
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
			if got := b.hashOf(t, did); got != tt.wantHash {
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

// Who proves to be the owner may log in at once, who guesses must wait; wherever the
// account is known to be used from, strangers cannot lock its owner out.
func TestCreateSessionFailureBudget(t *testing.T) {
	t.Parallel()
	home, elsewhere := account.Client{IP: "192.0.2.1", UserAgent: "app"}, account.Client{IP: "203.0.113.7", UserAgent: "app"}
	b := newBench(t)
	b.failures.limit = 2
	signup := alice()
	signup.Client = home
	grant, err := b.CreateAccount(t.Context(), signup)
	if err != nil {
		t.Fatal(err)
	}
	login := func(identifier, password string, from account.Client) error {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: password, Client: from})
		return err
	}
	for _, identifier := range []string{"alice.test", "nobody.test"} {
		for range 2 {
			wantError(t, "guess at "+identifier, login(identifier, "guess", elsewhere), account.ErrInvalidLogin)
		}
		worked := b.hasher.worked
		wantText(t, "one guess more at "+identifier, login(strings.ToUpper(identifier), "asdf", elsewhere), "Rate Limit Exceeded")
		if got := b.hasher.worked - worked; got != 1 {
			t.Errorf("%s: a login that has to wait costs %d verifications, want 1 like any other", identifier, got)
		}
	}
	wantError(t, "guess at the DID", login(string(grant.Account.DID), "guess", elsewhere), account.ErrTooManyFailures)
	wantError(t, "guess at the email", login("alice@example.com", "guess", elsewhere), account.ErrInvalidLogin)
	wantError(t, "owner elsewhere", login("alice.test", "asdf", elsewhere), account.ErrTooManyFailures)
	wantError(t, "owner at home", login("alice.test", "asdf", home), nil)
	wantError(t, "owner elsewhere, after that", login("alice.test", "asdf", elsewhere), nil)
}

// Many guesses at once learn no more than one after the other: each counts before the
// password is looked at.
func TestCreateSessionGuessesAtOnce(t *testing.T) {
	t.Parallel()
	const guesses, free = 100, 10
	b := newBench(t)
	b.failures.limit = free
	b.signUp(t)
	refused := 0
	for _, err := range race(guesses, func(i int) error {
		client := account.Client{IP: fmt.Sprintf("203.0.113.%d", i)}
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "guess", Client: client})
		return err
	}) {
		var refusal *account.Refusal
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		if errors.Is(err, account.ErrTooManyFailures) {
			refused++
			if refusal.RetryAfter() != time.Minute {
				t.Errorf("got a wait of %s, want what the budget says", refusal.RetryAfter())
			}
		}
	}
	if refused != guesses-free {
		t.Errorf("got %d guesses that have to wait, want %d", refused, guesses-free)
	}
}

// What is no failure does not count as one, and what does not prove to be the owner does not
// take failures back.
func TestCreateSessionOutcomes(t *testing.T) {
	t.Parallel()
	on := true
	right := func(b *bench, _ account.Caller, request *account.LoginRequest) {}
	tests := []struct {
		name    string
		prepare func(b *bench, caller account.Caller, request *account.LoginRequest)
		want    error
		failed  int // of 3 before
	}{
		{"own password", right, nil, 0},
		{"wrong password", func(_ *bench, _ account.Caller, request *account.LoginRequest) { request.Password = "guess" }, account.ErrInvalidLogin, 4},
		{"app password", func(b *bench, caller account.Caller, request *account.LoginRequest) {
			request.Password = b.newAppPassword(t, caller, "phone", false)
		}, nil, 3},
		{"busy", func(b *bench, _ account.Caller, _ *account.LoginRequest) {
			b.hasher.onVerify = func(account.Verdict) (account.Verdict, error) { return account.Mismatch, account.ErrBusy }
		}, account.ErrBusy, 3},
		{"taken down", func(b *bench, caller account.Caller, _ *account.LoginRequest) { b.takeDown(t, caller.Account.DID) }, account.ErrTakendown, 3},
		{"code needed", func(b *bench, caller account.Caller, _ *account.LoginRequest) { b.switchFactor(t, caller, on) }, account.ErrAuthFactorRequired, 3},
		{"wrong code", func(b *bench, caller account.Caller, request *account.LoginRequest) {
			b.switchFactor(t, caller, on)
			request.AuthFactorToken = "AAAAA-AAAAA"
		}, account.ErrEmailTokenInvalid, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.confirm(t, b.signUp(t))
			for range 3 {
				_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "guess"})
				wantError(t, "guess", err, account.ErrInvalidLogin)
			}
			request := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
			tt.prepare(b, caller, &request)
			_, err := b.CreateSession(t.Context(), request)
			wantError(t, "CreateSession", err, tt.want)
			if got := b.failures.total(); got != tt.failed {
				t.Errorf("got %d failures, want %d", got, tt.failed)
			}
		})
	}
}

// Whoever has one address of a network of version 6 has all of them.
func TestCreateSessionKnownNetwork(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.failures.limit = 1
	signup := alice()
	signup.Client = account.Client{IP: "2001:db8::1"}
	if _, err := b.CreateAccount(t.Context(), signup); err != nil {
		t.Fatal(err)
	}
	login := func(address, password string) error {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{
			Identifier: "alice.test", Password: password, Client: account.Client{IP: address},
		})
		return err
	}
	wantError(t, "guess", login("203.0.113.7", "guess"), account.ErrInvalidLogin)
	wantError(t, "owner in another network", login("2001:db8:0:1::1", "asdf"), account.ErrTooManyFailures)
	wantError(t, "owner in the same network", login("2001:db8::2", "asdf"), nil)
}

// What a stranger asks for does not make him known.
func TestCreateSessionBudgetIgnoresResets(t *testing.T) {
	t.Parallel()
	stranger := account.Client{IP: "203.0.113.7", UserAgent: "app"}
	b := newBench(t)
	b.failures.limit = 1
	b.signUp(t)
	wantError(t, "RequestPasswordReset", b.RequestPasswordReset(t.Context(), "alice@example.com"), nil)
	b.wantMails(t, "Password Reset Requested")
	login := account.LoginRequest{Identifier: "alice.test", Password: "guess", Client: stranger}
	for _, want := range []error{account.ErrInvalidLogin, account.ErrTooManyFailures} {
		_, err := b.CreateSession(t.Context(), login)
		wantError(t, "guess", err, want)
	}
}

// An account that was taken down can be logged in to by its password alone, for two hours,
// by a client that can make use of that.
func TestCreateSessionTakendown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	app := b.newAppPassword(t, b.caller(t, grant), "phone", true)
	b.takeDown(t, grant.Account.DID)
	login := account.LoginRequest{Identifier: "alice.test", Password: app, AllowTakendown: true}
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with an app password", err, account.ErrInvalidLogin)

	login.Password = "asdf"
	grant, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession", err, nil)
	if got := b.caller(t, grant).Session.Kind; got != account.SessionTakendown {
		t.Errorf("kind of the session: got %s, want %s", got, account.SessionTakendown)
	}
	_, err = b.RefreshSession(t.Context(), grant.RefreshJWT)
	wantError(t, "RefreshSession", err, account.ErrTakendown)
	b.now = b.now.Add(2 * time.Hour)
	_, err = b.Authenticate(t.Context(), grant.AccessJWT)
	wantError(t, "Authenticate after two hours", err, account.ErrTokenExpired)
	_, err = b.RefreshSession(t.Context(), grant.RefreshJWT)
	wantError(t, "RefreshSession after two hours", err, account.ErrTokenExpired)
}

// The permission to work with a takedown changes nothing for other accounts.
func TestCreateSessionAllowTakendown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	grant, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", AllowTakendown: true})
	wantError(t, "CreateSession", err, nil)
	if got := b.caller(t, grant).Session.Kind; got != account.SessionPassword {
		t.Errorf("kind of the session: got %s, want %s", got, account.SessionPassword)
	}
}

// The owner hears of a login from a client that the account does not know.
func TestCreateSessionNotice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	signup := alice()
	signup.Client = account.Client{IP: "192.0.2.1", UserAgent: "app"}
	if _, err := b.CreateAccount(t.Context(), signup); err != nil {
		t.Fatal(err)
	}
	b.newMails(t)
	tests := []struct {
		name   string
		client account.Client
		want   []string
	}{
		{"the same client", signup.Client, nil},
		{"another app there", account.Client{IP: "192.0.2.1", UserAgent: "web"}, nil},
		{"the same address in another form", account.Client{IP: "::ffff:192.0.2.1", UserAgent: "web"}, nil},
		{"a stranger", account.Client{IP: "203.0.113.7", UserAgent: "script"}, []string{"New login"}},
		{"the same again", account.Client{IP: "203.0.113.7", UserAgent: "script"}, nil},
		{"a stranger who calls himself the app", account.Client{IP: "203.0.113.8", UserAgent: "app"}, []string{"New login"}},
		{"a stranger with a longer address", account.Client{IP: "2001:db8::1", UserAgent: "app"}, []string{"New login"}},
		{"his neighbour", account.Client{IP: "2001:db8::ffff:2", UserAgent: "app"}, nil},
		{"a stranger from nowhere", account.Client{UserAgent: "app"}, []string{"New login"}},
	}
	for _, tt := range tests {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", Client: tt.client})
		wantError(t, "CreateSession by "+tt.name, err, nil)
		mails := b.newMails(t)
		if got := subjects(mails); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got mails %q, want %q", tt.name, got, tt.want)
		}
		for _, mail := range mails {
			if want := fmt.Sprintf("with %q", tt.client.UserAgent); !strings.Contains(mail.Text, want) {
				t.Errorf("%s: got text %q, want it to have %q", tt.name, mail.Text, want)
			}
		}
	}
}
