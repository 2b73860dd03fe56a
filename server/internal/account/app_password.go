package account

import (
	"encoding/base32"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An AppPassword opens sessions with less rights than the account's own password has.
type AppPassword struct {
	DID        syntax.DID
	Name       string
	Hash       SecretHash
	Privileged bool // its sessions may also reach private conversations
	CreatedAt  time.Time
	LastUsedAt time.Time // zero if no session was opened with it
}

// The form of an app password: sixteen characters in four groups, 80 bits.
const (
	appPasswordBytes  = 10
	appPasswordGroup  = 4
	appPasswordLength = 4*appPasswordGroup + 3
)

// newAppPassword returns an app password such as abcd-efgh-2345-67ab.
func (s *Service) newAppPassword() (string, error) {
	b, err := randomBytes(s.Rand, appPasswordBytes)
	if err != nil {
		return "", err
	}
	text := strings.ToLower(base32.StdEncoding.EncodeToString(b))
	var groups []string
	for ; text != ""; text = text[appPasswordGroup:] {
		groups = append(groups, text[:appPasswordGroup])
	}
	return strings.Join(groups, "-"), nil
}

// isAppPassword reports whether s has the form of an app password.
func isAppPassword(s string) bool {
	if len(s) != appPasswordLength {
		return false
	}
	for i := range len(s) {
		if (i+1)%(appPasswordGroup+1) == 0 {
			if s[i] != '-' {
				return false
			}
		} else if !isBase32(s[i]) {
			return false
		}
	}
	return true
}

func isBase32(c byte) bool {
	return 'a' <= c && c <= 'z' || '2' <= c && c <= '7'
}

// hashAppPassword returns the hash under which an app password is kept.
func (s *Service) hashAppPassword(did syntax.DID, password string) SecretHash {
	return s.hashSecret("app password", string(did), password)
}
