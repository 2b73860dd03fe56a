package token_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

func serviceClaims() account.ServiceClaims {
	return account.ServiceClaims{
		Issuer:    string(alice),
		Audience:  "did:web:example.com#svc",
		Method:    "com.example.doThing",
		ID:        "nonce",
		IssuedAt:  issuedAt,
		ExpiresAt: issuedAt.Add(time.Minute),
	}
}

func newSigningKey(tb testing.TB) didkey.PrivateKey {
	tb.Helper()
	key, err := didkey.Generate(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// keyIs returns a finder of one key.
func keyIs(key didkey.PublicKey) account.KeyFinder {
	return func(context.Context, string, bool) (string, error) { return key.String(), nil }
}

// anyClaims is a check that everything passes.
func anyClaims(account.ServiceClaims) error { return nil }

func issueService(tb testing.TB, claims account.ServiceClaims, key didkey.PrivateKey) string {
	tb.Helper()
	text, err := token.Services{}.IssueService(claims, key.Bytes())
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func TestServiceToken(t *testing.T) {
	t.Parallel()
	key := newSigningKey(t)
	text := issueService(t, serviceClaims(), key)
	header, claims := decode(t, text)
	if diff := cmp.Diff(map[string]any{"typ": "JWT", "alg": "ES256K"}, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	wantClaims := map[string]any{
		"iss": "did:plc:alice",
		"aud": "did:web:example.com#svc",
		"lxm": "com.example.doThing",
		"jti": "nonce",
		"iat": float64(issuedAt.Unix()),
		"exp": float64(issuedAt.Unix() + 60),
	}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	got, err := token.Services{}.VerifyService(t.Context(), text, issuedAt.Add(time.Minute-time.Second), anyClaims, keyIs(key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(serviceClaims(), got); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
}

// Without a method and an id the claims are left out, not empty.
func TestServiceTokenWithoutMethod(t *testing.T) {
	t.Parallel()
	claims := serviceClaims()
	claims.Method, claims.ID = "", ""
	_, got := decode(t, issueService(t, claims, newSigningKey(t)))
	for _, name := range []string{"lxm", "jti"} {
		if value, ok := got[name]; ok {
			t.Errorf("claim %s: got %v, want none", name, value)
		}
	}
}

func TestIssueServiceBadKey(t *testing.T) {
	t.Parallel()
	if _, err := (token.Services{}).IssueService(serviceClaims(), []byte("short")); err == nil {
		t.Error("IssueService succeeded without a key")
	}
}

// mintService signs any header and claims.
func mintService(header, claims string, sign func(message []byte) []byte) string {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	return signed + "." + encode(sign([]byte(signed)))
}

// highS returns the other signature of secp256k1 that is as good as one with a low S.
//
// See https://www.secg.org/sec2-v2.pdf.
func highS(signature []byte) []byte {
	order, _ := new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
	s := new(big.Int).SetBytes(signature[32:])
	return append(signature[:32:32], s.Sub(order, s).FillBytes(make([]byte, 32))...)
}

const goodServiceHeader = `{"typ":"JWT","alg":"ES256K"}`

var goodServiceClaims = fmt.Sprintf(`{"iss":"did:plc:alice","aud":"did:web:localhost","exp":%d}`, issuedAt.Unix()+60)

func TestVerifyServiceErrors(t *testing.T) {
	t.Parallel()
	key := newSigningKey(t)
	mint := func(header, claims string) string { return mintService(header, claims, key.Sign) }
	claimsWith := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(goodServiceClaims) }
	headerWith := func(typ string) string { return strings.Replace(goodServiceHeader, "JWT", typ, 1) }
	exp := fmt.Sprintf(`"exp":%d`, issuedAt.Unix()+60)
	good := mint(goodServiceHeader, goodServiceClaims)
	tests := []struct {
		name string
		text string
		want error
	}{
		{"good", good, nil},
		{"no typ", mint(`{"alg":"ES256K"}`, goodServiceClaims), nil},
		{"another typ", mint(headerWith("servicetoken+jwt"), goodServiceClaims), nil},
		{"signature with a high S", mintService(goodServiceHeader, goodServiceClaims, func(message []byte) []byte {
			return highS(key.Sign(message))
		}), nil},
		{"issuer with a fragment", mint(goodServiceHeader, claimsWith("alice", "alice#atproto_labeler")), nil},

		{"empty", "", account.ErrServiceToken},
		{"two parts", "e30.e30", account.ErrServiceToken},
		{"four parts", good + ".e30", account.ErrServiceToken},
		{"huge", mint(goodServiceHeader, claimsWith("{", `{"x":"`+strings.Repeat("x", 9000)+`",`)), account.ErrServiceToken},
		{"header not JSON", mint("{", goodServiceClaims), account.ErrServiceToken},
		{"claims not an object", mint(goodServiceHeader, "[]"), account.ErrServiceToken},
		{"no claims", mint(goodServiceHeader, "null"), account.ErrServiceToken},
		{"critical extension", mint(`{"alg":"ES256K","crit":["x"]}`, goodServiceClaims), account.ErrServiceToken},
		{"no expiry", mint(goodServiceHeader, claimsWith(`"exp"`, `"xyz"`)), account.ErrServiceToken},
		{"expiry as text", mint(goodServiceHeader, claimsWith(exp, `"exp":"4000000000"`)), account.ErrServiceToken},
		{"two audiences", mint(goodServiceHeader, claimsWith(`"did:web:localhost"`, `["did:web:localhost"]`)), account.ErrServiceToken},
		{"signature padded", good + "=", account.ErrServiceToken},
		{"line break", strings.Replace(good, ".", "\n.", 1), account.ErrServiceToken},

		{"access token", mint(headerWith("at+jwt"), goodServiceClaims), account.ErrServiceTokenType},
		{"access token in capitals", mint(headerWith("AT+JWT"), goodServiceClaims), account.ErrServiceTokenType},
		{"refresh token", mint(headerWith("refresh+jwt"), goodServiceClaims), account.ErrServiceTokenType},
		{"proof of possession", mint(headerWith("dpop+jwt"), claimsWith("did:plc:alice", "alice")), account.ErrServiceTokenType},

		{"no issuer", mint(goodServiceHeader, claimsWith(`"iss"`, `"xyz"`)), account.ErrServiceTokenIssuer},
		{"issuer not a DID, expired", mint(goodServiceHeader, claimsWith("did:plc:alice", "alice", exp, `"exp":1`)), account.ErrServiceTokenIssuer},

		{"expired, wrong key", mintService(goodServiceHeader, claimsWith(exp, `"exp":1`), newSigningKey(t).Sign), account.ErrServiceTokenExpired},
		{"expires now", mint(goodServiceHeader, claimsWith(exp, fmt.Sprintf(`"exp":%d`, issuedAt.Unix()))), account.ErrServiceTokenExpired},

		{"wrong key", mintService(goodServiceHeader, goodServiceClaims, newSigningKey(t).Sign), account.ErrServiceTokenSignature},
		{"no signature", mintService(goodServiceHeader, goodServiceClaims, func([]byte) []byte { return nil }), account.ErrServiceTokenSignature},
		{"no algorithm", mint(`{"typ":"JWT","alg":"none"}`, goodServiceClaims), account.ErrServiceTokenSignature},
		{"algorithm of the other curve", mint(`{"typ":"JWT","alg":"ES256"}`, goodServiceClaims), account.ErrServiceTokenSignature},
		{"algorithm with a secret", mint(`{"typ":"JWT","alg":"HS256"}`, goodServiceClaims), account.ErrServiceTokenSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := token.Services{}.VerifyService(t.Context(), tt.text, issuedAt, anyClaims, keyIs(key.Public()))
			if !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			if err != nil && got != (account.ServiceClaims{}) {
				t.Errorf("got claims %+v of a token that is refused", got)
			}
		})
	}
}

// Accounts from other servers may sign with the other curve.
func TestVerifyServiceP256(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	public, err := didkey.Parse("did:key:zDnaeXxvmFHMHjqgQTbadpWG7gPHwnga1i7SMwxrV2BSdUjAD")
	if err != nil {
		t.Fatal(err)
	}
	text := mintService(`{"typ":"JWT","alg":"ES256"}`, goodServiceClaims, func(message []byte) []byte {
		digest := sha256.Sum256(message)
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	})
	if _, err := (token.Services{}).VerifyService(t.Context(), text, issuedAt, anyClaims, keyIs(public)); err != nil {
		t.Errorf("VerifyService: %v", err)
	}
}

// A key that does not fit, or is not there, is looked up once more.
func TestVerifyServiceFreshKey(t *testing.T) {
	t.Parallel()
	key, other := newSigningKey(t), newSigningKey(t)
	text := issueService(t, serviceClaims(), key)
	fault := errors.New("no answer")
	type answer struct {
		key string
		err error
	}
	right, wrong := answer{key: key.Public().String()}, answer{key: other.Public().String()}
	none, failed := answer{err: account.ErrServiceTokenIssuer}, answer{err: fault}
	tests := []struct {
		name          string
		cached, fresh answer
		lookups       int
		want          error
	}{
		{"right at once", right, failed, 1, nil},
		{"replaced", wrong, right, 2, nil},
		{"added", none, right, 2, nil},
		{"wrong", wrong, wrong, 2, account.ErrServiceTokenSignature},
		{"not there", none, none, 2, account.ErrServiceTokenIssuer},
		{"of a kind that nobody knows", answer{key: "did:key:zxyz"}, answer{key: "did:key:zxyz"}, 2, account.ErrServiceTokenIssuer},
		{"no answer", failed, right, 1, fault},
		{"no answer the second time", wrong, failed, 2, fault},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lookups := 0
			_, err := token.Services{}.VerifyService(t.Context(), text, issuedAt, anyClaims, func(_ context.Context, issuer string, fresh bool) (string, error) {
				lookups++
				if issuer != string(alice) || fresh != (lookups > 1) {
					t.Errorf("look-up %d: got issuer %s, fresh %t", lookups, issuer, fresh)
				}
				if fresh {
					return tt.fresh.key, tt.fresh.err
				}
				return tt.cached.key, tt.cached.err
			})
			if !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			if lookups != tt.lookups {
				t.Errorf("got %d look-ups, want %d", lookups, tt.lookups)
			}
		})
	}
}

// What check does not let pass causes no look-up.
func TestVerifyServiceCheck(t *testing.T) {
	t.Parallel()
	key := newSigningKey(t)
	refusal := errors.New("no")
	tests := []struct {
		name    string
		key     didkey.PrivateKey
		check   error
		lookups int
		want    error
	}{
		{"passed", key, nil, 1, nil},
		{"refused", key, refusal, 0, refusal},
		{"refused and forged", newSigningKey(t), refusal, 0, refusal},
		{"passed and forged", newSigningKey(t), nil, 2, account.ErrServiceTokenSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var checked account.ServiceClaims
			check := func(claims account.ServiceClaims) error {
				checked = claims
				return tt.check
			}
			lookups := 0
			_, err := token.Services{}.VerifyService(t.Context(), issueService(t, serviceClaims(), tt.key), issuedAt, check,
				func(context.Context, string, bool) (string, error) {
					lookups++
					return key.Public().String(), nil
				})
			if !errors.Is(err, tt.want) || lookups != tt.lookups {
				t.Errorf("got error %v after %d look-ups, want %v after %d", err, lookups, tt.want, tt.lookups)
			}
			if diff := cmp.Diff(serviceClaims(), checked); diff != "" {
				t.Errorf("checked (-want +got):\n%s", diff)
			}
		})
	}
}

// What is accepted was signed with the key.
func FuzzVerifyService(f *testing.F) {
	key := newSigningKey(f)
	good := issueService(f, serviceClaims(), key)
	signed := good[:strings.LastIndexByte(good, '.')]
	for _, seed := range []string{good, "", "..", "e30.e30.e30"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := token.Services{}.VerifyService(t.Context(), text, issuedAt, anyClaims, keyIs(key.Public()))
		if err == nil && !strings.HasPrefix(text, signed+".") {
			t.Errorf("VerifyService accepts %q", text)
		} else if err != nil && !isTokenError(err) {
			t.Errorf("VerifyService(%q): got %v", text, err)
		}
	})
}
