package account

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// maxUnusedInvites is how many codes that it earned an account can have lying about.
const maxUnusedInvites = 5

// AccountInviteCodes returns the codes of the caller that are not disabled, those that
// are used up only if includeUsed. If createAvailable, the account first gets the codes
// that it has earned by its age since it last asked. Two callers at once get the same,
// and who has earned none since waits for nobody who writes.
//
// It returns [ErrStoreFull], and, if the account or the caller's session has ended meanwhile,
// [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) AccountInviteCodes(ctx context.Context, caller Caller, includeUsed, createAvailable bool) ([]InviteCode, error) {
	fresh, err := newInviteCodes(s.Rand, s.Policy.Hostname, maxUnusedInvites)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	codes, err := s.Store.MintInvites(ctx, caller.Account.DID, caller.Session.ID, func(owner Account, codes []InviteCode) []InviteCode {
		if !createAvailable {
			return nil
		}
		return mint(owner, fresh[:earnedInvites(owner, codes, s.Policy, now)], now)
	})
	if err != nil {
		return nil, fmt.Errorf("mint invite codes: %w", err)
	}
	return slices.DeleteFunc(codes, func(c InviteCode) bool {
		return c.Disabled || !includeUsed && c.usedUp()
	}), nil
}

func (c InviteCode) usedUp() bool {
	return c.Used >= c.Available
}

// mint makes single-use codes of names. An account that gets no usable codes gets
// disabled ones: it has had its share when it may invite again.
func mint(owner Account, names []string, now time.Time) []InviteCode {
	var codes []InviteCode
	for _, name := range names {
		codes = append(codes, InviteCode{
			Code:       name,
			Available:  1,
			Disabled:   owner.InvitesDisabled,
			ForAccount: owner.DID.String(),
			CreatedBy:  owner.DID.String(),
			CreatedAt:  now,
		})
	}
	return codes
}

// earnedInvites returns how many codes an account that has codes gets in addition: one
// for each interval of its life since the epoch, less those that it got, and never more
// than are missing from [maxUnusedInvites]. Codes that an administrator gave it count
// for neither.
func earnedInvites(owner Account, codes []InviteCode, policy Policy, now time.Time) int {
	if !policy.InvitesRequired || policy.InviteInterval <= 0 {
		return 0
	}
	unused, got := 0, 0
	for _, c := range codes {
		if c.CreatedBy == AdminInvites {
			continue
		}
		if !c.Disabled && !c.usedUp() {
			unused++
		}
		if c.CreatedAt.After(policy.InviteEpoch) {
			got++
		}
	}
	return max(0, min(maxUnusedInvites-unused, intervalsSinceEpoch(owner.CreatedAt, policy, now)-got))
}

// intervalsSinceEpoch counts the whole intervals of a life that ended after the epoch.
func intervalsSinceEpoch(created time.Time, policy Policy, now time.Time) int {
	intervals := now.Sub(created) / policy.InviteInterval
	if policy.InviteEpoch.After(created) {
		intervals -= policy.InviteEpoch.Sub(created) / policy.InviteInterval
	}
	return int(intervals)
}
