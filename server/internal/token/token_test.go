package token_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

const (
	alice    syntax.DID = "did:plc:alice"
	audience syntax.DID = "did:web:localhost"
)

var issuedAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// testKey returns a key whose secret follows from its id.
func testKey(id string) token.Key {
	secret := sha256.Sum256([]byte(id))
	return token.Key{ID: id, Secret: secret[:]}
}

func newIssuer(tb testing.TB, audience syntax.DID, ids ...string) *token.Issuer {
	tb.Helper()
	var list []token.Key
	for _, id := range ids {
		list = append(list, testKey(id))
	}
	keys, err := token.NewKeyring(list...)
	if err != nil {
		tb.Fatal(err)
	}
	issuer, err := token.NewIssuer(token.Config{Audience: audience, Keys: keys, RefreshKey: testKey("refresh").Secret})
	if err != nil {
		tb.Fatal(err)
	}
	return issuer
}

func accessClaims() account.AccessClaims {
	return account.AccessClaims{
		Subject:   alice,
		Scope:     account.ScopeAccess,
		SessionID: "session",
		ID:        "access",
		IssuedAt:  issuedAt,
		ExpiresAt: issuedAt.Add(account.AccessLifetime),
	}
}

func refreshClaims() account.RefreshClaims {
	return account.RefreshClaims{
		Subject:   alice,
		SessionID: "session",
		ID:        "refresh",
		IssuedAt:  issuedAt,
		ExpiresAt: issuedAt.Add(account.IdleLifetime),
	}
}

func issueAccess(tb testing.TB, issuer *token.Issuer) string {
	tb.Helper()
	text, err := issuer.IssueAccess(accessClaims())
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func issueRefresh(tb testing.TB, issuer *token.Issuer) string {
	tb.Helper()
	text, err := issuer.IssueRefresh(refreshClaims())
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// decode returns the header and the claims of a token as any client would read them.
func decode(t *testing.T, text string) (header, claims map[string]any) {
	t.Helper()
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q: got %d parts, want 3", text, len(parts))
	}
	for i, target := range []*map[string]any{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, target); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

func TestAccessToken(t *testing.T) {
	t.Parallel()
	issuer := newIssuer(t, audience, "k1")
	text := issueAccess(t, issuer)
	header, claims := decode(t, text)
	wantHeader := map[string]any{"alg": "HS256", "typ": "at+jwt", "kid": "k1"}
	if diff := cmp.Diff(wantHeader, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	wantClaims := map[string]any{
		"scope": "com.atproto.access",
		"aud":   "did:web:localhost",
		"sub":   "did:plc:alice",
		"sid":   "session",
		"jti":   "access",
		"iat":   float64(issuedAt.Unix()),
		"exp":   float64(issuedAt.Unix() + 7200),
	}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	got, err := issuer.VerifyAccess(text, issuedAt.Add(account.AccessLifetime-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(accessClaims(), got); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()
	issuer := newIssuer(t, audience, "k1")
	text := issueRefresh(t, issuer)
	header, claims := decode(t, text)
	wantHeader := map[string]any{"alg": "HS256", "typ": "refresh+jwt", "kid": "k1"}
	if diff := cmp.Diff(wantHeader, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	wantClaims := map[string]any{
		"scope": "com.atproto.refresh",
		"aud":   "did:web:localhost",
		"sub":   "did:plc:alice",
		"sid":   "session",
		"jti":   "refresh",
		"iat":   float64(issuedAt.Unix()),
		"exp":   float64(issuedAt.Unix() + 90*24*3600),
	}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	end := issuedAt.Add(account.IdleLifetime)
	got, err := issuer.VerifyRefresh(text, end.Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(refreshClaims(), got); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
	if _, err := issuer.VerifyRefresh(text, end); !errors.Is(err, account.ErrTokenExpired) {
		t.Errorf("VerifyRefresh at its expiry: got %v, want %v", err, account.ErrTokenExpired)
	}
	got, err = issuer.VerifyRefreshOfAnyAge(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(refreshClaims(), got); diff != "" {
		t.Errorf("verified at any age (-want +got):\n%s", diff)
	}
}

// A forger knows all but the secret; mint writes whatever it wants signed with one.
func mint(header, claims string, secret []byte) string {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// withBitsLeftOver returns another spelling of a token: the last character of its
// signature has two bits that mean nothing.
func withBitsLeftOver(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, text[len(text)-1])
	return text[:len(text)-1] + alphabet[last|1:][:1]
}

const goodHeader = `{"alg":"HS256","typ":"at+jwt","kid":"k1"}`

// goodClaims are those of an access token; tests replace parts of them.
var goodClaims = fmt.Sprintf(`{"scope":"com.atproto.access","aud":"did:web:localhost","sub":"did:plc:alice",`+
	`"sid":"session","jti":"access","iat":%d,"exp":%d}`, issuedAt.Unix(), issuedAt.Unix()+7200)

// Each token breaks one rule, and the rules below it where that can be, so that the
// table shows which comes first.
func TestVerifyAccessErrors(t *testing.T) {
	t.Parallel()
	secret := testKey("k1").Secret
	claimsWith := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(goodClaims) }
	exp := fmt.Sprintf(`"exp":%d`, issuedAt.Unix()+7200)
	const past = `"exp":1`
	tests := []struct {
		name string
		text string
		want error
	}{
		{"good", mint(goodHeader, goodClaims, secret), nil},
		{"more claims", mint(goodHeader, claimsWith(`{`, `{"more":1,`), secret), nil},
		{"any scope", mint(goodHeader, claimsWith("com.atproto.access", "com.atproto.appPass"), secret), nil},

		{"empty", "", account.ErrTokenInvalid},
		{"garbage", "garbage", account.ErrTokenInvalid},
		{"two parts", "e30.e30", account.ErrTokenInvalid},
		{"four parts", mint(goodHeader, goodClaims, secret) + ".e30", account.ErrTokenInvalid},
		{"huge", mint(goodHeader, claimsWith("access", strings.Repeat("x", 9000)), secret), account.ErrTokenInvalid},
		{"wrong secret", mint(goodHeader, claimsWith(exp, past), testKey("k2").Secret), account.ErrTokenInvalid},
		{"signature cut", strings.TrimRight(mint(goodHeader, goodClaims, secret), "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), account.ErrTokenInvalid},
		{"signature with bits left over", withBitsLeftOver(mint(goodHeader, goodClaims, secret)), account.ErrTokenInvalid},
		{"signature padded", mint(goodHeader, goodClaims, secret) + "=", account.ErrTokenInvalid},
		{"line break at the end", mint(goodHeader, goodClaims, secret) + "\n", account.ErrTokenInvalid},
		{"line break inside", strings.Replace(mint(goodHeader, goodClaims, secret), ".", ".\n", 1), account.ErrTokenInvalid},
		{"no algorithm", mint(`{"alg":"none","typ":"at+jwt","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"other algorithm", mint(`{"alg":"HS512","typ":"at+jwt","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"algorithm of public keys", mint(`{"alg":"ES256","typ":"at+jwt","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"unknown key", mint(`{"alg":"HS256","typ":"at+jwt","kid":"k2"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"no key", mint(`{"alg":"HS256","typ":"at+jwt"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"key of another type", mint(`{"alg":"HS256","typ":"at+jwt","kid":["k1"]}`, goodClaims, secret), account.ErrTokenInvalid},
		{"critical extension", mint(`{"alg":"HS256","typ":"at+jwt","kid":"k1","crit":["x"],"x":1}`, goodClaims, secret), account.ErrTokenInvalid},
		{"typ of a refresh token", mint(`{"alg":"HS256","typ":"refresh+jwt","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"typ JWT", mint(`{"alg":"HS256","typ":"JWT","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"no typ", mint(`{"alg":"HS256","kid":"k1"}`, goodClaims, secret), account.ErrTokenInvalid},
		{"claims not JSON", mint(goodHeader, `{`, secret), account.ErrTokenInvalid},
		{"claims not an object", mint(goodHeader, `[]`, secret), account.ErrTokenInvalid},
		{"other audience", mint(goodHeader, claimsWith("did:web:localhost", "did:web:example.com", exp, past), secret), account.ErrTokenInvalid},
		{"no audience", mint(goodHeader, claimsWith(`"aud"`, `"xyz"`), secret), account.ErrTokenInvalid},
		{"two audiences", mint(goodHeader, claimsWith(`"did:web:localhost"`, `["did:web:localhost","did:web:example.com"]`), secret), account.ErrTokenInvalid},

		{"expired", mint(goodHeader, claimsWith(exp, past), secret), account.ErrTokenExpired},
		{"expired and malformed", mint(goodHeader, claimsWith(exp, past, `"sub"`, `"xyz"`), secret), account.ErrTokenExpired},

		{"no expiry", mint(goodHeader, claimsWith(`"exp"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"expiry as text", mint(goodHeader, claimsWith(exp, `"exp":"4000000000"`), secret), account.ErrTokenMalformed},
		{"expiry with a fraction", mint(goodHeader, claimsWith(exp, `"exp":4000000000.5`), secret), account.ErrTokenMalformed},
		{"no issue time", mint(goodHeader, claimsWith(`"iat"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"no subject", mint(goodHeader, claimsWith(`"sub"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"subject not a DID", mint(goodHeader, claimsWith("did:plc:alice", "alice"), secret), account.ErrTokenMalformed},
		{"no session", mint(goodHeader, claimsWith(`"sid"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"empty session", mint(goodHeader, claimsWith(`"session"`, `""`), secret), account.ErrTokenMalformed},
		{"no id", mint(goodHeader, claimsWith(`"jti"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"no scope", mint(goodHeader, claimsWith(`"scope"`, `"xyz"`), secret), account.ErrTokenMalformed},
		{"scope as a list", mint(goodHeader, claimsWith(`"com.atproto.access"`, `["com.atproto.access"]`), secret), account.ErrTokenMalformed},
		{"bound to a method", mint(goodHeader, claimsWith(`{`, `{"lxm":"com.example.x",`), secret), account.ErrTokenMalformed},
		{"bound to a key", mint(goodHeader, claimsWith(`{`, `{"cnf":{"jkt":"x"},`), secret), account.ErrTokenMalformed},
	}
	issuer := newIssuer(t, audience, "k1")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := issuer.VerifyAccess(tt.text, issuedAt)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v, want %v", got, err, tt.want)
			}
			if err != nil && got != (account.AccessClaims{}) {
				t.Errorf("got claims %+v of a token that is refused", got)
			}
		})
	}
}

func TestVerifyRefreshErrors(t *testing.T) {
	t.Parallel()
	const header = `{"alg":"HS256","typ":"refresh+jwt","kid":"k1"}`
	good := strings.Replace(goodClaims, "com.atproto.access", "com.atproto.refresh", 1)
	secret := testKey("k1").Secret
	expired := strings.Replace(good, fmt.Sprint(issuedAt.Unix()+7200), "1", 1)
	tests := []struct {
		name         string
		text         string
		want, anyAge error
	}{
		{"good", mint(header, good, secret), nil, nil},
		{"access token", mint(goodHeader, goodClaims, secret), account.ErrTokenInvalid, account.ErrTokenInvalid},
		{"wrong secret", mint(header, expired, testKey("k2").Secret), account.ErrTokenInvalid, account.ErrTokenInvalid},
		{"expired", mint(header, expired, secret), account.ErrTokenExpired, nil},
		{"no id", mint(header, strings.Replace(good, "jti", "xyz", 1), secret), account.ErrTokenMalformed, account.ErrTokenMalformed},
		{"no session", mint(header, strings.Replace(good, "sid", "xyz", 1), secret), account.ErrTokenMalformed, account.ErrTokenMalformed},
		{"bound to a method", mint(header, strings.Replace(goodClaims, "{", `{"lxm":"com.example.x",`, 1), secret), account.ErrTokenMalformed, account.ErrTokenMalformed},
		{"scope of access", mint(header, goodClaims, secret), account.ErrBadScope, account.ErrBadScope},
	}
	issuer := newIssuer(t, audience, "k1")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := issuer.VerifyRefresh(tt.text, issuedAt); !errors.Is(err, tt.want) {
				t.Errorf("VerifyRefresh: got %v, want %v", err, tt.want)
			}
			if _, err := issuer.VerifyRefreshOfAnyAge(tt.text); !errors.Is(err, tt.anyAge) {
				t.Errorf("VerifyRefreshOfAnyAge: got %v, want %v", err, tt.anyAge)
			}
		})
	}
}

// The next id is a function of the one before, and of a secret.
func TestNextRefreshID(t *testing.T) {
	t.Parallel()
	issuer := newIssuer(t, audience, "k1")
	next := issuer.NextRefreshID("first")
	if again := issuer.NextRefreshID("first"); again != next {
		t.Errorf("next id: got %q and %q, want the same", next, again)
	}
	if data, err := base64.StdEncoding.DecodeString(next); err != nil || len(data) != 32 {
		t.Errorf("next id: got %q, want 32 bytes in base64", next)
	}
	if other := issuer.NextRefreshID("second"); other == next {
		t.Error("two ids have the same next one")
	}
	keys, err := token.NewKeyring(testKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := token.NewIssuer(token.Config{Audience: audience, Keys: keys, RefreshKey: testKey("other").Secret})
	if err != nil {
		t.Fatal(err)
	}
	if stranger.NextRefreshID("first") == next {
		t.Error("the next id does not depend on the refresh key")
	}
}

func TestNewIssuerErrors(t *testing.T) {
	t.Parallel()
	keys, err := token.NewKeyring(testKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	secret := testKey("refresh").Secret
	tests := []struct {
		name   string
		config token.Config
	}{
		{"no audience", token.Config{Keys: keys, RefreshKey: secret}},
		{"no keys", token.Config{Audience: audience, RefreshKey: secret}},
		{"short refresh key", token.Config{Audience: audience, Keys: keys, RefreshKey: secret[:31]}},
	}
	for _, tt := range tests {
		if _, err := token.NewIssuer(tt.config); err == nil {
			t.Errorf("%s: NewIssuer succeeded", tt.name)
		}
	}
}

// Whatever comes in, a token that is accepted was signed with our key: it is one of
// the two that the fuzzer may have been given.
func FuzzVerify(f *testing.F) {
	issuer := newIssuer(f, audience, "k1")
	access := issueAccess(f, issuer)
	refresh := issueRefresh(f, issuer)
	for _, seed := range []string{access, refresh, "", "..", "e30.e30.e30", mint(goodHeader, goodClaims, nil)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := issuer.VerifyAccess(text, issuedAt); err == nil && text != access {
			t.Errorf("VerifyAccess accepts %q", text)
		} else if err != nil && !isTokenError(err) {
			t.Errorf("VerifyAccess(%q): got %v", text, err)
		}
		if _, err := issuer.VerifyRefresh(text, issuedAt); err == nil && text != refresh {
			t.Errorf("VerifyRefresh accepts %q", text)
		} else if err != nil && !isTokenError(err) {
			t.Errorf("VerifyRefresh(%q): got %v", text, err)
		}
	})
}

func isTokenError(err error) bool {
	var refusal *account.Refusal
	return errors.As(err, &refusal)
}
