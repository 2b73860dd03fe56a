package account

import (
	"context"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// AccountInfo returns what moderators see of an account, whatever its status. It
// returns [ErrAccountNotFound].
func (s *Service) AccountInfo(ctx context.Context, did syntax.DID) (Info, error) {
	infos, err := s.AccountInfos(ctx, []syntax.DID{did})
	switch {
	case err != nil:
		return Info{}, err
	case len(infos) == 0:
		return Info{}, ErrAccountNotFound
	}
	return infos[0], nil
}

// AccountInfos returns what moderators see of accounts, in the order of dids,
// each once. Accounts that are not there are left out.
func (s *Service) AccountInfos(ctx context.Context, dids []syntax.DID) ([]Info, error) {
	infos, err := s.Store.AccountInfos(ctx, dids)
	if err != nil {
		return nil, fmt.Errorf("read account infos: %w", err)
	}
	return infos, nil
}

// listAccounts names the list of accounts in its cursors.
const listAccounts = "accounts"

// SearchAccounts returns at most limit accounts with an email address, given in any
// case, or of all accounts if email is empty; the oldest first. It also returns the
// cursor of the next page, which is empty behind the last one. The first page has an
// empty cursor.
//
// It returns [ErrInvalidRequest] for a cursor that is unknown.
func (s *Service) SearchAccounts(ctx context.Context, email, cursor string, limit int) (infos []Info, next string, err error) {
	limit = max(1, limit)
	query := AccountQuery{Email: lowerASCII(email), Limit: limit + 1}
	if cursor != "" {
		after, err := parseCursor(listAccounts, cursor)
		if err != nil {
			return nil, "", err
		}
		query.After = AccountPlace{CreatedAt: time.UnixMilli(after.number), DID: syntax.DID(after.name)}
	}
	accounts, err := s.Store.ListAccounts(ctx, query)
	if err != nil {
		return nil, "", fmt.Errorf("list accounts: %w", err)
	}
	accounts, more := cutPage(accounts, limit)
	if more {
		last := accounts[len(accounts)-1]
		next = place{last.CreatedAt.UnixMilli(), last.DID.String()}.cursor(listAccounts)
	}
	dids := make([]syntax.DID, len(accounts))
	for i, account := range accounts {
		dids[i] = account.DID
	}
	infos, err = s.AccountInfos(ctx, dids)
	return infos, next, err
}
