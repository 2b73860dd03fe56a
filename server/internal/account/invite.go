package account

import (
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// AdminInvites stands where an invite code belongs to no account, or was created by
// none: it is the administrator's.
const AdminInvites = "admin"

// MaxListedUses is how many uses of a code are listed: one code can have a hundred
// thousand.
const MaxListedUses = 100

// An InviteCode lets as many people sign up as it has uses.
type InviteCode struct {
	Code       string
	Available  int // how often it may be used in all
	Disabled   bool
	ForAccount string // a DID or [AdminInvites]
	CreatedBy  string // likewise
	CreatedAt  time.Time
	Used       int         // how often it was used
	Uses       []InviteUse // the last of them, at most [MaxListedUses], the oldest first
}

// An InviteUse is one sign-up with a code.
type InviteUse struct {
	By syntax.DID
	At time.Time
}

// An InviteOrder is an order of codes.
type InviteOrder int

// The orders of codes. Codes that are equal in it are in the order of their names.
const (
	NewestInvites   InviteOrder = iota
	MostUsedInvites             // by the number of uses
)

// An InviteQuery selects invite codes.
type InviteQuery struct {
	Order InviteOrder
	After *InvitePlace // codes behind this place; nil from the start
	Limit int
}

// An InvitePlace is the place of a code in an order.
type InvitePlace struct {
	CreatedAt time.Time // for NewestInvites
	Uses      int       // for MostUsedInvites
	Code      string
}
