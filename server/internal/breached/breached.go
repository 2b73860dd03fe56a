// Package breached looks passwords up in a list of those that are known from data breaches. The list
// is a file in the format that Have I Been Pwned offers for download: for each password a line with
// its SHA-1 in hexadecimal and, behind a colon, how often it was seen, sorted by the hash. See
// https://haveibeenpwned.com/Passwords.
//
// Such a list has 40 GB and stays on the disk: a look-up is a binary search of a few dozen small
// reads. The package imports account, whose interface it implements, and nothing else of this module.
package breached

import (
	"crypto/sha1" // what such lists are made of; nothing is kept safe by it
	"errors"
	"fmt"
	"os"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

var _ account.BreachedPasswords = (*List)(nil)

// A List is a file of breached passwords. It may be used concurrently. The file must not change while
// it is open; another one may take its name.
type List struct {
	file  *os.File
	lines lines
}

// Open opens a list. It looks at the first lines and the last one, and returns an error that names the
// file if it cannot be read, or is no list, or is in another order.
func Open(path string) (*List, error) {
	info, err := os.Stat(path) // before opening it, which would wait for the other end of a pipe
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	l := &List{file: file, lines: lines{text: file, size: info.Size()}}
	if err := l.lines.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return l, nil
}

// Contains implements [account.BreachedPasswords]. An error names the file, and not the place in it,
// which would give the hash of the password away.
func (l *List) Contains(password string) (bool, error) {
	found, err := l.lines.contains(sha1.Sum([]byte(password)))
	if err != nil {
		return false, fmt.Errorf("search %s: %w", l.file.Name(), err)
	}
	return found, nil
}

// Close closes the file.
func (l *List) Close() error {
	return l.file.Close()
}
