package account

import (
	"slices"
	"testing"
	"time"
)

const day = 24 * time.Hour

// routine returns codes that an account earned at a time, and used up.
func routine(n int, at time.Time) []InviteCode {
	code := InviteCode{Available: 1, CreatedBy: "did:plc:owner", CreatedAt: at, Used: 1}
	return slices.Repeat([]InviteCode{code}, n)
}

// unused returns codes with no use.
func unused(codes []InviteCode) []InviteCode {
	return changed(codes, func(c *InviteCode) { c.Used = 0 })
}

func changed(codes []InviteCode, change func(c *InviteCode)) []InviteCode {
	codes = slices.Clone(codes)
	for i := range codes {
		change(&codes[i])
	}
	return codes
}

func TestEarnedInvites(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ago := func(days float64) time.Time { return now.Add(-time.Duration(days * float64(day))) }
	daily := Policy{InvitesRequired: true, InviteInterval: day}
	sinceEpoch := func(days float64) Policy {
		return Policy{InvitesRequired: true, InviteInterval: day, InviteEpoch: ago(days)}
	}
	gifted := func(c *InviteCode) { c.CreatedBy = AdminInvites }
	disabled := func(c *InviteCode) { c.Disabled = true }
	tests := []struct {
		name    string
		policy  Policy
		created time.Time
		codes   []InviteCode
		want    int
	}{
		{"a new account", daily, now, nil, 0},
		{"just before an interval", daily, ago(1).Add(time.Millisecond), nil, 0},
		{"one interval", daily, ago(1), nil, 1},
		{"two days", daily, ago(2), nil, 2},
		{"two days, both unused", daily, ago(2), unused(routine(2, now)), 0},
		{"two days, both used", daily, ago(2), routine(2, now), 0},
		{"two and a half days, one used", daily, ago(2.5), routine(1, ago(1)), 1},
		{"a long life, no code", daily, ago(100), nil, 5},
		{"a long life, two unused", daily, ago(100), unused(routine(2, ago(1))), 3},
		{"a long life, five unused", daily, ago(100), unused(routine(5, ago(1))), 0},
		{"a long life, more than five unused", daily, ago(100), unused(routine(9, ago(1))), 0},
		{"codes with some uses left count as unused", daily, ago(100), changed(routine(5, ago(1)), func(c *InviteCode) { c.Available = 2 }), 0},
		{"a long life, all earned and used", daily, ago(100), routine(100, ago(1)), 0},
		{"an account from the future", daily, now.Add(day), nil, 0},

		{"invites are not required", Policy{InviteInterval: day}, ago(100), nil, 0},
		{"no interval", Policy{InvitesRequired: true}, ago(100), nil, 0},

		{"gifts do not count as unused", daily, ago(2), changed(unused(routine(10, now)), gifted), 2},
		{"gifts do not count as earned", daily, ago(2), changed(routine(10, now), gifted), 2},

		{"disabled codes do not count as unused", daily, ago(10), changed(unused(routine(5, now)), disabled), 5},
		{"disabled codes count as earned", daily, ago(7), changed(unused(routine(5, now)), disabled), 2},

		{"older than the epoch", sinceEpoch(3), ago(10.01), nil, 3},
		{"older than the epoch, two used", sinceEpoch(3), ago(10.01), routine(2, ago(1)), 1},
		{"ten unused from before the epoch", sinceEpoch(3), ago(10.01), slices.Concat(routine(3, ago(1)), unused(routine(10, ago(5)))), 0},
		{"ten used from before the epoch", sinceEpoch(3), ago(10.01), slices.Concat(routine(3, ago(1)), routine(10, ago(5))), 0},
		{"codes from before the epoch are not counted as earned", sinceEpoch(3), ago(10.01), routine(10, ago(5)), 3},
		{"a code of the epoch's very moment is from before it", sinceEpoch(3), ago(10.01), routine(1, ago(3)), 3},
		{"younger than the epoch", sinceEpoch(3), ago(2), nil, 2},
		{"as old as the epoch", sinceEpoch(3), ago(3), nil, 3},
		{"an epoch yet to come", sinceEpoch(-3), ago(10), nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := earnedInvites(Account{CreatedAt: tt.created}, tt.codes, tt.policy, now); got != tt.want {
				t.Errorf("got %d codes, want %d", got, tt.want)
			}
		})
	}
}
