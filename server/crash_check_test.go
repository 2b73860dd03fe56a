package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// checkMember goes on with a session where the server last said that it was, and finds out what became of
// what it had not answered.
func checkMember(t *testing.T, url, directory string, m *member) {
	t.Helper()
	refreshed, err := client(url, m.refresh).RefreshSession(t.Context())
	switch {
	case m.deleted:
		if err == nil {
			t.Errorf("%s is back from its deletion", m.name)
		}
		return
	case m.deleting && err != nil:
		m.deleted = true
		return
	case err != nil:
		t.Errorf("refresh of %s: %v", m.name, err)
		return
	}
	m.refresh, m.deleting = refreshed.RefreshJWT, false
	got, err := client(url, refreshed.AccessJWT).GetSession(t.Context())
	switch {
	case err != nil || got.DID != m.did:
		t.Errorf("session of %s: got %+v, %v", m.name, got, err)
		return
	case got.Handle != m.handle && (got.Handle != m.wanted || m.wanted == ""):
		t.Errorf("handle of %s: got %s, want %s or %q", m.name, got.Handle, m.handle, m.wanted)
	}
	m.handle, m.wanted = got.Handle, ""
	if _, document := get(t, directory+"/"+string(m.did)); !strings.Contains(document, `"alsoKnownAs":["at://`+string(m.handle)+`"]`) {
		t.Errorf("document of %s, whose handle is %s: got %s", m.name, m.handle, document)
	}
}

// checkUnanswered checks that an account whose owner was left without an answer is there as a whole, or
// can be created as if nobody had tried. It returns the account.
func checkUnanswered(t *testing.T, url string, name syntax.Handle, code string) *member {
	t.Helper()
	created, err := client(url, "").CreateAccount(t.Context(), signupBy(name, code))
	switch {
	case err == nil:
		return &member{name: name, handle: name, did: created.DID, refresh: created.RefreshJWT}
	case !errors.Is(err, comatproto.ServerCreateAccountErrHandleNotAvailable):
		t.Errorf("sign-up of %s again: %v", name, err)
	}
	m := &member{name: name, handle: name}
	opened, err := client(url, "").CreateSession(t.Context(), login(name))
	if err != nil {
		t.Errorf("login of %s: %v", name, err)
		return m
	}
	m.did, m.refresh = opened.DID, opened.RefreshJWT
	return m
}

// checkLogin checks that an account can log in if, and only if, it is there.
func checkLogin(t *testing.T, url string, m *member) {
	t.Helper()
	if _, err := client(url, "").CreateSession(t.Context(), loginOf(m)); (err == nil) == m.deleted {
		t.Errorf("login of %s, deleted %t: got %v", m.name, m.deleted, err)
	}
}

// checkData checks that the data of a server, which was stopped, has no loose ends.
func checkData(t *testing.T, folder string) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	problems, err := store.Check(t.Context())
	if err := errors.Join(err, store.Close()); err != nil || len(problems) > 0 {
		t.Errorf("check: got %q, %v", problems, err)
	}
	for what, text := range map[string]string{
		"sign-ups under way":                 `SELECT count(*) FROM signup`,
		"handles under way":                  `SELECT count(*) FROM handle_reservation`,
		"reserved uses of invite codes":      `SELECT count(*) FROM invite_code WHERE reserved <> 0`,
		"accounts that the code did not let": `SELECT count(*) FROM account WHERE did NOT IN (SELECT used_by FROM invite_code_use)`,
	} {
		wantCount(t, folder, what, text, 0)
	}
}

// checkIdentities checks that every account has one of the identities that a directory has, and that every
// identity is, or was, that of an account.
func checkIdentities(t *testing.T, folder string, identities []string) {
	t.Helper()
	// The use of an invite code outlives its account.
	invited := valuesOf(t, folder, "used_by", "invite_code_use")
	for _, did := range identities {
		if !slices.Contains(invited, did) {
			t.Errorf("the directory has %s, which never was that of an account", did)
		}
	}
	for _, did := range invited {
		if !slices.Contains(identities, did) {
			t.Errorf("%s has, or had, an account and is not in the directory", did)
		}
	}
	if len(identities) == 0 {
		t.Error("the directory is empty")
	}
}

// identitiesIn returns the identities in the directory that a server has been itself.
func identitiesIn(t *testing.T, folder string) []string {
	t.Helper()
	return valuesOf(t, folder, "did", "directory_operation")
}

// valuesOf returns the values of a column in the database of a server, which has ended.
func valuesOf(t *testing.T, folder, column, table string) []string {
	t.Helper()
	var list string
	queryRow(t, filepath.Join(folder, sqlite.FileName), `SELECT coalesce(group_concat(DISTINCT `+column+`), '') FROM `+table, &list)
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// wantCount checks what a query on the database of a server, which has ended, counts.
func wantCount(t *testing.T, folder, what, text string, want int) {
	t.Helper()
	var got int
	queryRow(t, filepath.Join(folder, sqlite.FileName), text, &got)
	if got != want {
		t.Errorf("%s: got %d, want %d", what, got, want)
	}
}
