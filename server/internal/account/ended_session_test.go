package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A request that was let in before its session ended changes nothing any more, and nobody
// is told of it.
func TestEndedSession(t *testing.T) {
	t.Parallel()
	calls := []struct {
		name string
		call func(ctx context.Context, b *bench, caller account.Caller) error
		want error // after a takedown
	}{
		{"CreateAppPassword", func(ctx context.Context, b *bench, caller account.Caller) error {
			_, _, err := b.CreateAppPassword(ctx, caller, account.AppPasswordRequest{Name: "thief"})
			return err
		}, account.ErrTakendown},
		{"RevokeAppPassword", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RevokeAppPassword(ctx, caller, "phone", account.Client{})
		}, account.ErrTakendown},
		{"RequestEmailConfirmation", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestEmailConfirmation(ctx, caller, account.Client{})
		}, account.ErrTakendown},
		{"ConfirmEmail", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.ConfirmEmail(ctx, caller, "alice@example.com", "123456", account.Client{})
		}, account.ErrTakendown},
		{"RequestEmailUpdate", func(ctx context.Context, b *bench, caller account.Caller) error {
			_, err := b.RequestEmailUpdate(ctx, caller, account.Client{})
			return err
		}, account.ErrTakendown},
		{"UpdateEmail", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.UpdateEmail(ctx, caller, account.EmailUpdate{Email: "thief@example.com", Token: "123456"})
		}, account.ErrTakendown},
		{"RequestAccountDelete", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestAccountDelete(ctx, caller, account.Client{})
		}, account.ErrTakendown},
		{"RequestPLCToken", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestPLCToken(ctx, caller, account.Client{})
		}, account.ErrTakendown},
		{"SignPLCOperation", func(ctx context.Context, b *bench, caller account.Caller) error {
			_, err := b.SignPLCOperation(ctx, caller, account.PLCSigning{Token: "123456"}, account.Client{})
			return err
		}, account.ErrTakendown},
		{"SubmitPLCOperation", func(ctx context.Context, b *bench, caller account.Caller) error {
			operation, err := b.identity.NewChange(ctx, caller.Account.DID, account.PLCChange{
				RotationKeys: []string{"did:key:thief", serverKey}, Handle: "alice.test",
			})
			if err != nil {
				return err
			}
			return b.SubmitPLCOperation(ctx, caller, operation.JSON, account.Client{})
		}, account.ErrTakendown},
		{"UpdateHandle", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.UpdateHandle(ctx, caller, "thief.test", account.Client{})
		}, account.ErrTakendown},
		{"UpdateHandle to the same", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.UpdateHandle(ctx, caller, "alice.test", account.Client{})
		}, account.ErrTakendown},
		{"AccountInviteCodes", func(ctx context.Context, b *bench, caller account.Caller) error {
			_, err := b.AccountInviteCodes(ctx, caller, true /* used */, true /* create */)
			return err
		}, account.ErrTakendown},
		{"Deactivate", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.Deactivate(ctx, caller, time.Time{}, account.Client{})
		}, account.ErrUserNotFound},
		{"Activate", func(ctx context.Context, b *bench, caller account.Caller) error {
			caller.Account.DeactivatedAt = b.now
			return b.Activate(ctx, caller, account.Client{})
		}, account.ErrUserNotFound},
	}
	for _, tt := range calls {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.confirm(t, b.signUp(t))
			b.newAppPassword(t, caller, "phone", false)
			b.newMails(t)
			did := caller.Account.DID
			// The account has earned codes, and to make sure of its handle takes an operation.
			b.identity.change(did, func(last *account.PublishedOperation) { last.Fields.AlsoKnownAs = []string{"at://old.example.org"} })
			b.Policy.InvitesRequired, b.Policy.InviteInterval = true, time.Minute
			b.now = b.now.Add(time.Hour)
			before := b.account(t, did)

			b.setHash(t, did, "hash of new")
			wantError(t, "after a new password", tt.call(t.Context(), b, caller), account.ErrTokenRevoked)
			if got := b.account(t, did); got != before {
				t.Errorf("account: got %+v, want %+v", got, before)
			}
			b.takeDown(t, did)
			wantError(t, "after a takedown", tt.call(t.Context(), b, caller), tt.want)
			b.remove(t, did)
			if err := tt.call(t.Context(), b, caller); err == nil {
				t.Error("the call for an account that is gone succeeded")
			}
			b.wantMails(t)
			if got := len(b.identity.logs[did]); got != 2 {
				t.Errorf("got %d operations, want 2", got)
			}
			codes, err := b.store.ListInvites(t.Context(), account.InviteQuery{Limit: 10})
			if err != nil || len(codes) > 0 {
				t.Errorf("invite codes: got %v, %v, want none", codes, err)
			}
		})
	}
}
