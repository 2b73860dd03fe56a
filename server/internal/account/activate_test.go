package account_test

import (
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestActivate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	b.deactivate(t, grant.Account.DID)
	if err := b.Activate(t.Context(), b.caller(t, grant), account.Client{}); err != nil {
		t.Fatal(err)
	}
	if got := b.account(t, grant.Account.DID); got.Status() != account.StatusActive || !got.DeleteAfter.IsZero() {
		t.Errorf("account: got %+v, want it active", got)
	}
	if err := b.Activate(t.Context(), b.caller(t, grant), account.Client{}); err != nil {
		t.Errorf("Activate again: %v", err)
	}
	b.wantEvents(t, grant.Account.DID, account.EventActivated, account.EventCreated)
	b.wantMails(t, "Account activated")
}

// An account is active only as long as its identity points to this server, or did so
// when it was activated.
func TestActivateRefused(t *testing.T) {
	t.Parallel()
	const (
		resolveText  = "Could not resolve DID"
		rotationText = "Server rotation key not included in PLC DID data"
		endpointText = "DID document atproto_pds service endpoint does not match PDS public url"
		keyText      = "DID document verification method does not match expected signing key"
	)
	type published = account.PublishedOperation
	tests := []struct {
		name   string
		change func(last *published)
		text   string
	}{
		{"tombstoned", func(last *published) { *last = published{Tombstoned: true} }, resolveText},
		{"no rotation key of the server", func(last *published) { last.Fields.RotationKeys = []string{"did:key:operator", "did:key:other"} }, rotationText},
		{"no service", func(last *published) { last.Fields.Services = nil }, endpointText},
		{"another server", func(last *published) { last.Fields.Services = pdsAt(oldPDS) }, endpointText},
		{"a service of another type", func(last *published) {
			last.Fields.Services = map[string]account.PLCService{"atproto_pds": {Type: "AtprotoLabeler", Endpoint: endpoint}}
		}, endpointText},
		{"another key", func(last *published) { last.Fields.VerificationMethods = map[string]string{"atproto": "did:key:other"} }, keyText},
		{"no key", func(last *published) { last.Fields.VerificationMethods = nil }, keyText},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			b.deactivate(t, grant.Account.DID)
			b.identity.change(grant.Account.DID, tt.change)
			err := b.Activate(t.Context(), b.caller(t, grant), account.Client{})
			wantError(t, "Activate", err, account.ErrInvalidRequest)
			wantText(t, "Activate", err, tt.text)
			if got := b.account(t, grant.Account.DID).Status(); got != account.StatusDeactivated {
				t.Errorf("status: got %s, want it deactivated", got)
			}
			state, err := b.AccountStatus(t.Context(), b.caller(t, grant))
			if err != nil || state != (account.AccountState{}) {
				t.Errorf("AccountStatus: got %+v, %v, want neither active nor valid", state, err)
			}
		})
	}
}

func pdsAt(endpoint string) map[string]account.PLCService {
	return map[string]account.PLCService{account.PDSFragment: {Type: account.PDSServiceType, Endpoint: endpoint}}
}

// The document of an identity that is in no directory says nothing of rotation keys.
func TestActivateWeb(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	caller := b.caller(t, b.importCarol(t))
	err := b.Activate(t.Context(), caller, account.Client{})
	wantText(t, "Activate", err, "DID document atproto_pds service endpoint does not match PDS public url")

	fields, err := b.RecommendedCredentials(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	document := b.identity.documents[movingDID]
	document.PDS = fields.Services[account.PDSFragment].Endpoint
	document.Keys = fields.VerificationMethods
	b.identity.documents[movingDID] = document
	if err := b.Activate(t.Context(), caller, account.Client{}); err != nil {
		t.Errorf("Activate of an identity with the recommended credentials: %v", err)
	}
	state, err := b.AccountStatus(t.Context(), account.Caller{Account: b.account(t, movingDID)})
	if err != nil || state != (account.AccountState{Activated: true, ValidDID: true}) {
		t.Errorf("AccountStatus: got %+v, %v, want it active and valid", state, err)
	}
	delete(b.identity.documents, movingDID)
	err = b.Activate(t.Context(), caller, account.Client{})
	wantText(t, "Activate without a document", err, "Could not resolve DID")
}

func TestActivateNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.takeDown(t, "did:plc:1")
	for _, did := range []syntax.DID{"did:plc:1", "did:plc:nobody"} {
		caller := account.Caller{Account: account.Account{DID: did}}
		if did == "did:plc:1" {
			caller.Account = b.account(t, did)
		}
		err := b.Activate(t.Context(), caller, account.Client{})
		wantError(t, "Activate "+did.String(), err, account.ErrUserNotFound)
	}
	// The account was taken down while the request was under way.
	caller := account.Caller{Account: account.Account{DID: "did:plc:1", DeactivatedAt: b.now}}
	err := b.Activate(t.Context(), caller, account.Client{})
	wantError(t, "Activate of an account taken down meanwhile", err, account.ErrUserNotFound)
}

func TestActivateSilentDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	b.deactivate(t, grant.Account.DID)
	b.identity.onLast = silent
	caller := b.caller(t, grant)
	err := b.Activate(t.Context(), caller, account.Client{})
	wantError(t, "Activate", err, account.ErrDirectoryUnavailable)
	state, err := b.AccountStatus(t.Context(), caller)
	if err != nil || state.ValidDID {
		t.Errorf("AccountStatus: got %+v, %v, want no valid DID and no error", state, err)
	}
}

func TestDeactivate(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := []struct {
		name  string
		after time.Duration // 0 for no deadline
		want  time.Duration
	}{
		{"no deadline", 0, 0},
		{"late", 30 * day, 30 * day},
		{"early", time.Hour, 3 * day},
		{"over", -day, 3 * day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			var deleteAfter, want time.Time
			if tt.after != 0 {
				deleteAfter, want = b.now.Add(tt.after), b.now.Add(tt.want)
			}
			if err := b.Deactivate(t.Context(), b.caller(t, grant), deleteAfter, account.Client{}); err != nil {
				t.Fatal(err)
			}
			got := b.account(t, grant.Account.DID)
			if !got.DeactivatedAt.Equal(b.now) || !got.DeleteAfter.Equal(want) {
				t.Errorf("account: got %+v, want it deactivated at %s and deleted after %s", got, b.now, want)
			}
			b.caller(t, grant) // the session goes on
			b.wantEvents(t, grant.Account.DID, account.EventDeactivated, account.EventCreated)
			b.wantMails(t, "Account deactivated")
		})
	}
	b := newBench(t)
	err := b.Deactivate(t.Context(), account.Caller{Account: account.Account{DID: "did:plc:nobody"}}, time.Time{}, account.Client{})
	wantError(t, "Deactivate nobody", err, account.ErrUserNotFound)
}
