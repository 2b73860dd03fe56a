package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// keyOf finds the key of an identity that the directory has.
func (b *bench) keyOf(ctx context.Context, issuer string, fresh bool) (string, error) {
	document, err := b.identity.Document(ctx, syntax.DID(issuer), fresh)
	return document.Keys[account.SigningKeyFragment], err
}

// anyClaims is a check that everything passes.
func anyClaims(account.ServiceClaims) error { return nil }

// visitor adds an identity from elsewhere with two keys.
func (b *bench) visitor(did syntax.DID) {
	b.identity.documents[did] = account.Document{DID: did, Keys: map[string]string{
		"atproto":       "did:key:main",
		"atproto_label": "did:key:label",
	}}
}

// visit returns the claims of a token for this server.
func (b *bench) visit() account.ServiceClaims {
	return account.ServiceClaims{
		Issuer:    "did:plc:visitor",
		Audience:  "did:web:pds.test",
		Method:    createAccountMethod,
		ID:        "nonce",
		ExpiresAt: b.now.Add(time.Minute),
	}
}

// signed signs claims with the key of a name.
func signed(t *testing.T, claims account.ServiceClaims, key string) string {
	t.Helper()
	token, err := fakeServiceTokens{}.IssueService(claims, []byte("private key "+key))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestVerifyServiceToken(t *testing.T) {
	t.Parallel()
	const method = createAccountMethod
	tests := []struct {
		name   string
		change func(c *account.ServiceClaims)
		key    string
		want   string // empty if nothing is wrong
	}{
		{"good", func(*account.ServiceClaims) {}, "main", ""},
		{"for a service of the server", func(c *account.ServiceClaims) { c.Audience += "#atproto_pds" }, "main", ""},
		{"for an hour", func(c *account.ServiceClaims) { c.ExpiresAt = c.ExpiresAt.Add(59*time.Minute + 5*time.Second) }, "main", ""},
		{"expired, by clocks that differ", func(c *account.ServiceClaims) { c.ExpiresAt = c.ExpiresAt.Add(-64 * time.Second) }, "main", ""},
		{"moderation service", func(c *account.ServiceClaims) { c.Issuer += "#atproto_labeler" }, "label", ""},

		{"wrong key", func(*account.ServiceClaims) {}, "label", "jwt signature does not match jwt issuer"},
		{"moderation service, wrong key", func(c *account.ServiceClaims) { c.Issuer += "#atproto_labeler" }, "main", "jwt signature does not match jwt issuer"},
		{"another service of the issuer", func(c *account.ServiceClaims) { c.Issuer += "#atproto_label" }, "label", "jwt issuer has no such key"},
		{"unknown issuer", func(c *account.ServiceClaims) { c.Issuer = "did:plc:nobody" }, "main", "jwt issuer has no such key"},
		{"issuer not a DID", func(c *account.ServiceClaims) { c.Issuer = "visitor" }, "main", "jwt issuer has no such key"},
		{"issuer without a key", func(c *account.ServiceClaims) { c.Issuer = "did:plc:keyless" }, "main", "jwt issuer has no such key"},
		{"another server", func(c *account.ServiceClaims) { c.Audience = "did:web:example.com" }, "main", "jwt audience does not match service did"},
		{"beginning of another server", func(c *account.ServiceClaims) { c.Audience += ".example" }, "main", "jwt audience does not match service did"},
		{"no audience", func(c *account.ServiceClaims) { c.Audience = "" }, "main", "jwt audience does not match service did"},
		{"no method", func(c *account.ServiceClaims) { c.Method = "" }, "main", `missing jwt lexicon method ("lxm"). must match: ` + method},
		{"another method", func(c *account.ServiceClaims) { c.Method = "com.example.doThing" }, "main", `bad jwt lexicon method ("lxm"). must match: ` + method},
		{"expired", func(c *account.ServiceClaims) { c.ExpiresAt = c.ExpiresAt.Add(-65 * time.Second) }, "main", "jwt expired"},
		{"for more than an hour", func(c *account.ServiceClaims) { c.ExpiresAt = c.ExpiresAt.Add(59*time.Minute + 6*time.Second) }, "main", "jwt expires too far in the future"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.visitor("did:plc:visitor")
			b.identity.documents["did:plc:keyless"] = account.Document{DID: "did:plc:keyless"}
			claims := b.visit()
			tt.change(&claims)
			got, err := b.VerifyServiceToken(t.Context(), signed(t, claims, tt.key), method)
			if tt.want != "" {
				wantText(t, "VerifyServiceToken", err, tt.want)
				return
			}
			wantError(t, "VerifyServiceToken", err, nil)
			if got.ServiceClaims != claims {
				t.Errorf("got claims %+v, want %+v", got.ServiceClaims, claims)
			}
		})
	}
}

func TestVerifyServiceTokenGarbage(t *testing.T) {
	t.Parallel()
	_, err := newBench(t).VerifyServiceToken(t.Context(), "garbage", createAccountMethod)
	wantError(t, "VerifyServiceToken", err, account.ErrServiceToken)
}

func TestVerifyServiceTokenFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.identity.onLast = silent
	_, err := b.VerifyServiceToken(t.Context(), signed(t, b.visit(), "main"), createAccountMethod)
	wantError(t, "VerifyServiceToken", err, account.ErrDirectoryUnavailable)
}

// A token is good once, however it is spelled, and only who uses it uses it up.
func TestServiceTokenReplay(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"nonce", ""} {
		t.Run("id "+id, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.visitor("did:plc:visitor")
			b.visitor("did:plc:other")
			use := func(token string) error {
				verified, err := b.VerifyServiceToken(t.Context(), token, createAccountMethod)
				if err != nil {
					return err
				}
				return b.store.ClaimNonce(t.Context(), verified.Nonce.Hash, b.now, verified.Nonce.ExpiresAt)
			}
			claims := b.visit()
			claims.ID = id
			token := signed(t, claims, "main")
			for range 2 {
				_, err := b.VerifyServiceToken(t.Context(), token, createAccountMethod)
				wantError(t, "without use", err, nil)
			}
			wantError(t, "first use", use(token), nil)
			wantError(t, "second use", use(token), account.ErrReplayed)
			respelled := strings.Replace(token, "private key main", "PRIVATE KEY MAIN", 1)
			wantError(t, "another spelling of the signature", use(respelled), account.ErrReplayed)
			b.now = claims.ExpiresAt.Add(5*time.Second - time.Millisecond)
			wantError(t, "as long as clocks may differ", use(token), account.ErrReplayed)

			claims.Issuer = "did:plc:other"
			wantError(t, "the same id of another issuer", use(signed(t, claims, "main")), nil)
		})
	}
}

// A moderator's token is used up when it is verified, and not by what is refused.
func TestVerifyModeratorReplay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.visitor("did:plc:visitor")
	b.Policy.ModerationDID = "did:plc:visitor"
	token := signed(t, b.visit(), "main")
	wantError(t, "for another method", b.VerifyModerator(t.Context(), token, "com.example.doThing"), account.ErrServiceTokenMethod)
	wantError(t, "first use", b.VerifyModerator(t.Context(), token, createAccountMethod), nil)
	wantError(t, "second use", b.VerifyModerator(t.Context(), token, createAccountMethod), account.ErrReplayed)
}

func TestVerifyModerator(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		moderator syntax.DID
		issuer    string
		key       string
		want      error
	}{
		{"account", "did:plc:visitor", "did:plc:visitor", "main", nil},
		{"service", "did:plc:visitor", "did:plc:visitor#atproto_labeler", "label", nil},
		{"wrong key", "did:plc:visitor", "did:plc:visitor", "label", account.ErrServiceTokenSignature},
		{"another service", "did:plc:visitor", "did:plc:visitor#atproto_pds", "main", account.ErrUntrustedIssuer},
		{"somebody else", "did:plc:other", "did:plc:visitor", "main", account.ErrUntrustedIssuer},
		{"somebody unknown", "did:plc:visitor", "did:plc:nobody", "main", account.ErrUntrustedIssuer},
		{"no moderator", "", "did:plc:visitor", "main", account.ErrUntrustedIssuer},
		{"no moderator, no issuer", "", "", "main", account.ErrUntrustedIssuer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.visitor("did:plc:visitor")
			b.Policy.ModerationDID = tt.moderator
			claims := b.visit()
			claims.Issuer = tt.issuer
			err := b.VerifyModerator(t.Context(), signed(t, claims, tt.key), createAccountMethod)
			wantError(t, "VerifyModerator", err, tt.want)
		})
	}
}
