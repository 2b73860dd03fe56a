package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// DisableInviteCodes disables codes, and all codes that accounts have now. What is
// unknown or disabled already is passed over.
//
// It returns [ErrInvalidRequest] if accounts has [AdminInvites], whose codes are
// disabled one by one, and [ErrStoreFull].
func (s *Service) DisableInviteCodes(ctx context.Context, codes, accounts []string) error {
	if slices.Contains(accounts, AdminInvites) {
		return ErrInvalidRequest.Because("cannot disable admin invite codes")
	}
	normalized := make([]string, len(codes))
	for i, code := range codes {
		normalized[i] = normalizeInviteCode(code)
	}
	if err := s.Store.DisableInvites(ctx, normalized, accounts); err != nil {
		return fmt.Errorf("disable invite codes: %w", err)
	}
	return nil
}

// SetInvitesDisabled says whether an account gets usable codes from now on, and in a
// moderator's words why. The codes that it has stay as they are.
//
// It returns [ErrAccountNotFound] and [ErrStoreFull].
func (s *Service) SetInvitesDisabled(ctx context.Context, did syntax.DID, disabled bool, note string, client Client) error {
	account, err := s.Store.FindAccount(ctx, Identifier{ByDID, did.String()})
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	kind := EventInvitesEnabled
	if disabled {
		kind = EventInvitesDisabled
	}
	record, err := s.record(account, kind, client, note)
	if err != nil {
		return err
	}
	if err := s.Store.SetInvitesDisabled(ctx, did, disabled, note, record); err != nil {
		return fmt.Errorf("set invites disabled: %w", err)
	}
	return nil
}

// The names of the orders of invite codes. The first is the one of an empty name.
const (
	sortRecent = "recent"
	sortUsage  = "usage"
)

// InviteCodes returns codes of all accounts in the order "recent" (the newest first) or
// "usage" (the most used first): a page of at most limit, which is at least 1, and the
// cursor of the next page, which is empty behind the last one. The first page has an
// empty cursor.
//
// It returns [ErrInvalidRequest] for an order or a cursor that is unknown.
func (s *Service) InviteCodes(ctx context.Context, sort string, limit int, cursor string) (codes []InviteCode, next string, err error) {
	if sort == "" {
		sort = sortRecent
	}
	limit = max(1, limit)
	query := InviteQuery{Limit: limit + 1}
	switch sort {
	case sortRecent:
		query.Order = NewestInvites
	case sortUsage:
		query.Order = MostUsedInvites
	default:
		return nil, "", ErrInvalidRequest.Because("unknown sort method: %s", sort)
	}
	if cursor != "" {
		after, err := parseCursor(sort, cursor)
		if err != nil {
			return nil, "", err
		}
		query.After = after.ofInvite(query.Order)
	}
	codes, err = s.Store.ListInvites(ctx, query)
	if err != nil {
		return nil, "", fmt.Errorf("list invite codes: %w", err)
	}
	codes, more := cutPage(codes, limit)
	if more {
		next = placeOfInvite(codes[len(codes)-1], query.Order).cursor(sort)
	}
	return codes, next, nil
}

func (p place) ofInvite(order InviteOrder) *InvitePlace {
	if order == MostUsedInvites {
		return &InvitePlace{Uses: int(p.number), Code: p.name}
	}
	return &InvitePlace{CreatedAt: time.UnixMilli(p.number), Code: p.name}
}

func placeOfInvite(c InviteCode, order InviteOrder) place {
	if order == MostUsedInvites {
		return place{int64(c.Used), c.Code}
	}
	return place{c.CreatedAt.UnixMilli(), c.Code}
}
