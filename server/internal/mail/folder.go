package mail

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// maxLine bounds a line of a message in bytes, as RFC 5322, section 2.1.1 does.
const maxLine = 998

// A Folder keeps mails as files instead of sending them. It may be used concurrently, by
// several processes too.
type Folder struct {
	path   string
	sender *mail.Address
	now    account.Clock
}

var _ account.Mailer = (*Folder)(nil)

// NewFolder returns a mailer that writes each mail from the address from into a file of the
// folder at path, which it creates if it does not exist. The files end in .eml, sort by
// time, and only the server's user may read them.
func NewFolder(path, from string, now account.Clock) (*Folder, error) {
	sender, err := parseSender(from)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("create mail folder: %w", err)
	}
	return &Folder{path: path, sender: sender, now: now}, nil
}

// Send writes a mail. The file appears whole and only when it is on disk. It returns
// [account.ErrMailRefused] for a mail whose recipient is no address or whose subject
// has control characters.
func (f *Folder) Send(ctx context.Context, m account.Mail) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	now := f.now().UTC()
	message, err := compose(f.sender, m, now, readable(m))
	if err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	// The random part tells apart mails of the same moment, and says nothing of the mail.
	name := now.Format("20060102T150405.000000000Z") + "-" + strings.ToLower(rand.Text()) + ".eml"
	if err := durable.Replace(filepath.Join(f.path, name), message); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return nil
}

// readable returns the encoding that leaves a mail as it is for whoever opens the file, if
// its lines are short enough for that.
func readable(m account.Mail) gomail.Encoding {
	for _, text := range []string{m.Text, m.HTML} {
		for line := range strings.Lines(text) {
			if len(line) > maxLine {
				return gomail.EncodingQP
			}
		}
	}
	return gomail.NoEncoding
}
