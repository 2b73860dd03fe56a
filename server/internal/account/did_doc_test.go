package account_test

import "testing"

// Who creates an account gets its document if there is one; who has a session, if the
// operator does not mind either.
func TestDIDDoc(t *testing.T) {
	t.Parallel()
	const document = `{"id":"did:plc:1"}`
	tests := []struct {
		name             string
		omit             bool
		onLast           func() error
		account, session string
	}{
		{"known", false, nil, document, document},
		{"not wanted", true, nil, document, ""},
		{"silent directory", false, silent, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Policy.OmitDIDDoc = tt.omit
			b.identity.onLast = tt.onLast
			want := func(name string, got []byte, want string) {
				t.Helper()
				if string(got) != want || (got == nil) != (want == "") {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			grant := b.signUp(t)
			want("CreateAccount", grant.DIDDoc, tt.account)
			want("CreateSession", b.logIn(t, "asdf").DIDDoc, tt.session)
			want("RefreshSession", b.refresh(t, grant.RefreshJWT).DIDDoc, tt.session)
			_, got, err := b.UserInfo(t.Context(), b.caller(t, grant))
			wantError(t, "UserInfo", err, nil)
			want("UserInfo", got, tt.session)
		})
	}
}

// An identity that moves here has its document already.
func TestDIDDocOfImport(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	b.Policy.OmitDIDDoc = true
	if got := string(b.importCarol(t).DIDDoc); got != "{}" {
		t.Errorf("got %q, want {}", got)
	}
}
