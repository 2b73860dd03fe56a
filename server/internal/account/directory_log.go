package account

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// DirectoryLog keeps the operations of the directory that the server runs when no
// other is configured. Identities outlive their accounts. Every method is one
// transaction and may be called concurrently.
type DirectoryLog interface {
	// AppendOperation keeps an operation after those that the DID has, if check finds
	// nothing against it. check gets what Operations would return, and returns the
	// operations that become void. An error of check is returned as it is.
	AppendOperation(ctx context.Context, entry DirectoryEntry, check func(log []DirectoryEntry) (void []syntax.CID, err error)) error

	// Operations returns all operations of a DID, the void ones too, the oldest
	// first. There need not be any.
	Operations(ctx context.Context, did syntax.DID) ([]DirectoryEntry, error)
}

// A DirectoryEntry is an operation in a directory.
type DirectoryEntry struct {
	DID       syntax.DID
	CID       syntax.CID
	Operation []byte // JSON
	Nullified bool   // a mightier key went back to before it
	CreatedAt time.Time
}
