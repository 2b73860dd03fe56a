package api_test

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// emptyMap is the CID of an empty DAG-CBOR map: version 1, the codec, the hash function and its length.
func emptyMap() string {
	hash := sha256.Sum256([]byte{0xa0})
	cid := append([]byte{0x01, 0x71, 0x12, sha256.Size}, hash[:]...)
	return "b" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(cid))
}

func (b *bench) wantStatus(t *testing.T, s session, activated, validDID bool) {
	t.Helper()
	b.ask(t, s.AccessJWT, comatproto.ServerCheckAccountStatusNSID, "").wantBody(t, fmt.Sprintf(
		`{"activated":%v,"validDid":%v,"repoCommit":%q,"repoRev":"2222222222222","repoBlocks":2,`+
			`"indexedRecords":0,"privateStateValues":0,"expectedBlobs":0,"importedBlobs":0}`,
		activated, validDID, emptyMap(),
	))
}

func TestDeactivateAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.wantStatus(t, s, true, true)
	b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, "{}").wantBody(t, "")
	b.wantStatus(t, s, false, true)
	b.resolve(t, "alice.test").wantError(t, 400, "HandleNotFound", "Unable to resolve handle")
	b.refresh(t, s.RefreshJWT).wantOK(t)
	b.do(t, call{nsid: comatproto.AccountGetNSID, header: bearer(s.AccessJWT)}).wantBody(t, "")
	for range 2 {
		b.as(t, s.AccessJWT, comatproto.ServerActivateAccountNSID, "").wantBody(t, "")
	}
	b.wantStatus(t, s, true, true)
	b.resolve(t, "alice.test").wantOK(t)
}

// Deactivation takes nobody's way in.
func TestDeactivationKeepsAppPasswords(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	secret := b.appPassword(t, s, "phone", false)
	phone := b.logIn(t, secret).session(t)
	b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, "{}").wantOK(t)
	if got := b.logIn(t, secret).text(t, "status"); got != "deactivated" {
		t.Errorf("status after a login with the app password: got %s", got)
	}
	b.refresh(t, phone.RefreshJWT).wantOK(t)
	b.getSession(t, phone.AccessJWT).wantOK(t)
	b.refresh(t, s.RefreshJWT).wantOK(t)
	b.ask(t, s.AccessJWT, comatproto.ServerListAppPasswordsNSID, "").
		wantBody(t, `{"passwords":[{"name":"phone","createdAt":"2026-03-01T12:00:00.000Z","privileged":false}]}`)
}

// An account can be left to be deleted later.
func TestDeleteAfter(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	deactivate := func(when string) answer {
		return b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, object("deleteAfter", when))
	}
	deactivate("tomorrow").wantInvalid(t, "deleteAfter must be a valid datetime")
	deactivate("2026-03-11T13:00:00.000+01:00").wantBody(t, "")
	b.pass(10*24*time.Hour - time.Second)
	must(t, b.service.Housekeep(t.Context()))
	b.logIn(t, "asdf").wantOK(t)
	b.pass(time.Second)
	must(t, b.service.Housekeep(t.Context()))
	b.logIn(t, "asdf").wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
}

// Of an account that was taken down, and of one that is gone, nothing is said but that.
func TestActivateNobody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(t *testing.T, b *bench, s session)
	}{
		{"takedown by a moderator", func(t *testing.T, b *bench, s session) {
			b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
		}},
		{"takedown that left the session", func(t *testing.T, b *bench, s session) { b.takeDown(t, s.DID) }},
		{"deletion by the administrator", func(t *testing.T, b *bench, s session) {
			b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantOK(t)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, "{}").wantOK(t)
			test.end(t, b, s)
			noUser.check(t, b.as(t, s.AccessJWT, comatproto.ServerActivateAccountNSID, ""))
		})
	}
}

// An account is activated only if its identity points here.
func TestActivateRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	did := syntax.DID(s.DID)
	b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, "{}").wantOK(t)
	move := func(change account.PLCChange) {
		operation, err := b.world.NewChange(t.Context(), did, change)
		must(t, err)
		must(t, b.world.Publish(t.Context(), did, operation.JSON))
	}
	before, err := b.world.LastOperation(t.Context(), did)
	must(t, err)
	activate := func() answer { return b.as(t, s.AccessJWT, comatproto.ServerActivateAccountNSID, "") }

	move(account.PLCChange{Services: map[string]account.PLCService{
		account.PDSFragment: {Type: account.PDSServiceType, Endpoint: "https://other.example.com"},
	}})
	activate().wantInvalid(t, "DID document atproto_pds service endpoint does not match PDS public url")
	b.wantStatus(t, s, false, false)
	key, err := b.world.NewSigningKey()
	must(t, err)
	move(account.PLCChange{
		Services:            before.Fields.Services,
		VerificationMethods: map[string]string{account.SigningKeyFragment: key.Public},
	})
	activate().wantInvalid(t, "DID document verification method does not match expected signing key")
	move(account.PLCChange{VerificationMethods: before.Fields.VerificationMethods})
	activate().wantBody(t, "")
	b.wantStatus(t, s, true, true)
	b.world.fallSilent()
	activate().wantError(t, 502, "UpstreamFailure", account.ErrDirectoryUnavailable.Error())
}
