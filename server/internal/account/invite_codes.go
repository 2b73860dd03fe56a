package account

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of what an administrator can order at once, and of what is kept in all.
const (
	maxInviteUses  = 100_000
	maxInviteCount = 1_000   // codes for each account
	maxInviteOrder = 10_000  // codes of one order
	maxInvites     = 500_000 // codes of the server
)

// CreateInviteCode creates a code for an account, or for the administrator if
// forAccount is empty. It returns what CreateInviteCodes returns.
func (s *Service) CreateInviteCode(ctx context.Context, uses int, forAccount string) (string, error) {
	if forAccount == "" {
		forAccount = AdminInvites
	}
	created, err := s.CreateInviteCodes(ctx, InviteOrderRequest{Count: 1, Uses: uses, ForAccounts: []string{forAccount}})
	if err != nil {
		return "", err
	}
	return created[0].Codes[0], nil
}

// InviteOrderRequest is an order of invite codes by the administrator.
type InviteOrderRequest struct {
	Count       int      // codes for each account
	Uses        int      // sign-ups with each code
	ForAccounts []string // DIDs or [AdminInvites]; one named twice counts once, and nil is the administrator
}

// AccountCodes are the codes that were created for an account.
type AccountCodes struct {
	Account string // a DID or [AdminInvites]
	Codes   []string
}

// CreateInviteCodes creates as many codes for each account, in the order in which the
// accounts are named first. It does not ask whether there are such accounts: codes may
// be for accounts that are yet to come.
//
// It returns [ErrInvalidRequest] for a number out of bounds, [ErrTooManyInvites] and
// [ErrStoreFull].
func (s *Service) CreateInviteCodes(ctx context.Context, order InviteOrderRequest) ([]AccountCodes, error) {
	owners := distinct(order.ForAccounts)
	if order.ForAccounts == nil {
		owners = []string{AdminInvites}
	}
	if err := checkInviteOrder(order.Count, order.Uses, len(owners)); err != nil {
		return nil, err
	}
	created := make([]AccountCodes, len(owners))
	var rows []InviteCode
	now := s.Now()
	for i, owner := range owners {
		codes, err := newInviteCodes(s.Rand, s.Policy.Hostname, order.Count)
		if err != nil {
			return nil, err
		}
		created[i] = AccountCodes{Account: owner, Codes: codes}
		for _, code := range codes {
			rows = append(rows, InviteCode{
				Code: code, Available: order.Uses, ForAccount: owner, CreatedBy: AdminInvites, CreatedAt: now,
			})
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if err := s.Store.CreateInvites(ctx, rows, maxInvites); err != nil {
		return nil, fmt.Errorf("create invite codes: %w", err)
	}
	return created, nil
}

func checkInviteOrder(count, uses, owners int) error {
	switch {
	case uses < 1 || uses > maxInviteUses:
		return ErrInvalidRequest.Because("the number of uses must be from 1 to %d", maxInviteUses)
	case count < 1 || count > maxInviteCount:
		return ErrInvalidRequest.Because("the number of codes must be from 1 to %d", maxInviteCount)
	case count*owners > maxInviteOrder:
		return ErrTooManyInvites.Because("Too many invite codes: at most %d can be created at once", maxInviteOrder)
	}
	return nil
}

// distinct returns each of values once, in the order in which they come first.
func distinct(values []string) []string {
	seen := make(map[string]bool, len(values))
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
		before := seen[value]
		seen[value] = true
		return before
	})
}

// Letters of an invite code behind the hostname. Each stands for 5 random bits.
const (
	inviteLetters = 10
	inviteGroup   = 5
	inviteBytes   = 7 // that the letters are made of
)

// newInviteCodes returns n codes such as example-com-abcde-23456.
func newInviteCodes(random io.Reader, hostname string, n int) ([]string, error) {
	b, err := randomBytes(random, n*inviteBytes)
	if err != nil {
		return nil, err
	}
	prefix := strings.ReplaceAll(lowerASCII(hostname), ".", "-")
	codes := make([]string, 0, n)
	for chunk := range slices.Chunk(b, inviteBytes) {
		text := strings.ToLower(base32.StdEncoding.EncodeToString(chunk))[:inviteLetters]
		codes = append(codes, prefix+"-"+text[:inviteGroup]+"-"+text[inviteGroup:])
	}
	return codes, nil
}

// normalizeInviteCode returns a code as it is kept. People type codes from a mail or
// from paper.
func normalizeInviteCode(code string) string {
	return lowerASCII(strings.TrimSpace(code))
}
