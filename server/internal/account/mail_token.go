package account

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"
)

// An account is mailed at most maxTokenMails tokens in tokenMailWindow for each purpose for
// which others than its owner can ask, unless the last one is no good any more: others cannot
// keep the owner from having one.
const (
	maxTokenMails   = 3
	tokenMailWindow = EmailTokenLifetime
)

// mailToken makes a token for a purpose, in place of the one before, and queues the
// letter that brings it to the address that the account has when the token is kept. The
// caller has a session only if the purpose needs one; without a session it is
// [ErrAccountNotFound] if that is not the caller's address, and [ErrEnoughMails], which
// leaves the token before as good as it is, if the account was mailed enough of them. It
// also returns [ErrNoEmail], [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) mailToken(ctx context.Context, caller Caller, purpose EmailPurpose, client Client) error {
	token, err := s.newEmailToken()
	if err != nil {
		return err
	}
	if !purpose.asksOwner() {
		client = Client{}
	}
	err = s.Store.PutEmailToken(ctx, EmailToken{
		DID:         caller.Account.DID,
		Purpose:     purpose,
		Hash:        s.proof(purpose, token).Hash,
		RequestedAt: s.Now(),
		Record: func(owner Account) (Record, error) {
			switch {
			case owner.Email == "":
				return Record{}, ErrNoEmail
			case !purpose.asksOwner() && owner.Email != caller.Account.Email:
				return Record{}, ErrAccountNotFound
			}
			record, err := s.recordAs(Caller{owner, caller.Session}, EventTokenMailed, client, string(purpose), tokenLetter(purpose, token))
			record.Quota = s.tokenQuota(purpose)
			return record, err
		},
	})
	if err != nil {
		return fmt.Errorf("keep mailed token: %w", err)
	}
	return nil
}

// tokenQuota returns how many tokens for a purpose an account is mailed.
func (s *Service) tokenQuota(purpose EmailPurpose) Quota {
	if purpose.asksOwner() {
		return Quota{}
	}
	return Quota{Most: maxTokenMails, After: s.Now().Add(-tokenMailWindow), SameDetail: true}
}

// asksOwner reports whether only who is logged in to an account can ask for a token. The
// audit log must not take the client of anybody else for one that the owner uses.
func (p EmailPurpose) asksOwner() bool {
	return p != PurposeResetPassword && p != PurposeAuthFactor
}

// The form of a mailed token: ten characters in two groups, 50 bits.
const (
	emailTokenGroup = 5
	emailTokenBytes = 7 // of which the last bits are not used
)

func (s *Service) newEmailToken() (string, error) {
	b, err := randomBytes(s.Rand, emailTokenBytes)
	if err != nil {
		return "", err
	}
	text := base32.StdEncoding.EncodeToString(b)
	return text[:emailTokenGroup] + "-" + text[emailTokenGroup:2*emailTokenGroup], nil
}

// proof returns the proof of a mailed token as a person typed it: in any case, with
// space around it.
func (s *Service) proof(purpose EmailPurpose, token string) TokenProof {
	token = strings.ToUpper(strings.TrimSpace(token))
	return TokenProof{
		Purpose:   purpose,
		Hash:      s.hashSecret("mailed token", string(purpose), token),
		NotBefore: s.Now().Add(-EmailTokenLifetime),
	}
}
