package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// An account that asks for its codes, and gets none in addition, waits for nobody who writes.
func TestMintInvitesWhileSomebodyWrites(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	if err := signUp(t.Context(), store, newSignup("alice")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		did    syntax.DID
		minted []account.InviteCode
		want   error
	}{
		{"nothing to mint", "did:plc:alice", nil, nil},
		{"nobody", "did:plc:nobody", nil, account.ErrAccountNotFound},
		{"something to mint", "did:plc:alice", []account.InviteCode{{Code: "code"}}, context.DeadlineExceeded},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := store.write(t.Context(), func(transaction) error {
				patience := 10 * time.Second
				if test.minted != nil {
					patience = 50 * time.Millisecond
				}
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := store.MintInvites(ctx, test.did, "", func(account.Account, []account.InviteCode) []account.InviteCode {
					return test.minted
				})
				return err
			})
			if !errors.Is(err, test.want) {
				t.Errorf("got error %v, want %v", err, test.want)
			}
		})
	}
}
