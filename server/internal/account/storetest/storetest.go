// Package storetest holds the stores of package account to their contracts. Each
// store's own tests call [Run]; what is particular to a database they test
// themselves.
package storetest

import (
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A Store is what is tested: every store of package account in one.
type Store interface {
	account.Store
	account.DirectoryLog
}

// Run tests stores that open returns. Each call of open returns a new, empty store
// that lasts as long as the test that it is given.
func Run(t *testing.T, open func(t *testing.T) Store) {
	groups := []struct {
		name string
		run  func(t *testing.T, open func(t *testing.T) Store)
	}{
		{"accounts", testAccounts},
		{"decoys", testDecoys},
		{"lists", testLists},
		{"infos", testInfos},
		{"names", testNames},
		{"signups", testSignups},
		{"odd sign-ups", testOddSignups},
		{"imports", testImports},
		{"returns", testReturns},
		{"handles", testHandles},
		{"logins", testLogins},
		{"logins with a second factor", testLoginsWithFactor},
		{"effects of logins", testEffectsOfLogins},
		{"rotation", testRotation},
		{"sessions", testSessions},
		{"changes by sessions", testSessionChanges},
		{"app passwords", testAppPasswords},
		{"mailed tokens", testEmailTokens},
		{"proofs", testProofs},
		{"requests for resets", testResetRequests},
		{"passwords", testPasswords},
		{"emails", testEmails},
		{"statuses", testStatuses},
		{"repeated decisions", testRepeatedDecisions},
		{"deletions", testDeletions},
		{"events", testEvents},
		{"invites", testInvites},
		{"minting", testMinting},
		{"signing keys", testSigningKeys},
		{"nonces", testNonces},
		{"outbox", testOutbox},
		{"sweeps", testSweeps},
		{"leases", testExpireLeases},
		{"overdue", testOverdue},
		{"directory", testDirectory},
		{"races for names", testRacesForNames},
		{"races of sign-ups", testRacesOfSignups},
		{"races for handles", testRacesForHandles},
		{"races of sessions", testRacesOfSessions},
		{"races of tokens", testRacesOfTokens},
		{"races of changes", testRacesOfChanges},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			group.run(t, open)
		})
	}
}
