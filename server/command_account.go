package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// listPage is how many accounts are read at a time.
const listPage = 500

// shownEvents is how many events of an account are printed.
const shownEvents = 20

// operator is who acts when a command does, for the audit log.
var operator = account.Client{UserAgent: "command line"}

func defineInvite(flags *pflag.FlagSet, o *options) {
	flags.IntVar(&o.uses, "uses", 1, "`number` of sign-ups that each code is good for")
	flags.IntVar(&o.count, "count", 1, "`number` of codes")
	flags.StringSliceVar(&o.owners, "for", nil, "`accounts` that the codes are for, by handle, DID or email; each gets as many (default: the administrator)")
}

func runInviteCreate(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	var owners []string
	for _, name := range o.owners {
		owner, err := findAccount(ctx, p, name)
		if err != nil {
			return err
		}
		owners = append(owners, string(owner.DID))
	}
	created, err := p.service.CreateInviteCodes(ctx, account.InviteOrderRequest{Count: o.count, Uses: o.uses, ForAccounts: owners})
	if err != nil {
		return fmt.Errorf("--uses, --count, --for: %w", err)
	}
	for _, codes := range created {
		for _, code := range codes.Codes {
			fmt.Fprintln(stdout, code)
		}
	}
	return nil
}

// findAccount finds the account that the operator names.
func findAccount(ctx context.Context, p *parts, name string) (account.Account, error) {
	found, err := p.service.FindAccount(ctx, name)
	if errors.Is(err, account.ErrAccountNotFound) {
		return account.Account{}, fmt.Errorf("there is no account %q", name)
	}
	return found, err
}

func runAccountList(ctx context.Context, p *parts, _ options, stdout io.Writer) error {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DID\tHANDLE\tEMAIL\tSTATUS\tCREATED")
	var place account.AccountPlace
	for {
		page, err := p.store.ListAccounts(ctx, account.AccountQuery{After: place, Limit: listPage})
		if err != nil {
			return err
		}
		for _, a := range page {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.DID, a.PublicHandle(), shown(a.Email), a.Status(), stamp(a.CreatedAt))
			place = account.AccountPlace{CreatedAt: a.CreatedAt, DID: a.DID}
		}
		if len(page) < listPage {
			return table.Flush()
		}
	}
}

func runAccountShow(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	found, err := findAccount(ctx, p, o.operand)
	if err != nil {
		return err
	}
	info, err := p.service.AccountInfo(ctx, found.DID)
	if err != nil {
		return err
	}
	events, err := p.service.Events(ctx, found.DID, shownEvents)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, row := range describeAccount(info) {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	fmt.Fprintln(table, "\nAT\tEVENT\tDETAIL\tADDRESS\tPROGRAM")
	for _, e := range events {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", stamp(e.At), e.Kind, shown(e.Detail), shown(e.Client.IP), shown(e.Client.UserAgent))
	}
	return table.Flush()
}

// describeAccount returns what there is to say of an account: names and values.
func describeAccount(info account.Info) [][2]string {
	a := info.Account
	rows := [][2]string{
		{"DID", string(a.DID)},
		{"handle", string(a.PublicHandle())},
		{"email", shown(a.Email)},
		{"email confirmed", stamp(a.EmailConfirmedAt)},
		{"second factor", yesNo(a.EmailAuthFactor)},
		{"status", string(a.Status())},
		{"created", stamp(a.CreatedAt)},
		{"deactivated", stamp(a.DeactivatedAt)},
		{"delete after", stamp(a.DeleteAfter)},
		{"taken down", stamp(a.TakendownAt)},
		{"takedown", shown(a.TakedownRef)},
		{"invite codes", fmt.Sprint(len(info.Invites))},
		{"invites disabled", yesNo(a.InvitesDisabled)},
	}
	if info.InvitedBy != nil {
		rows = append(rows, [2]string{"invited by", info.InvitedBy.Code})
	}
	return rows
}

func defineTakedown(flags *pflag.FlagSet, o *options) {
	flags.StringVar(&o.ref, "ref", "", "`name` of the decision (default: the time, or the name that it has)")
}

func runAccountTakedown(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	found, err := findAccount(ctx, p, o.operand)
	if err != nil {
		return err
	}
	return moderate(ctx, p, found, account.Applied{Applied: true, Ref: o.ref}, "taken down", stdout)
}

func runAccountRestore(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	found, err := findAccount(ctx, p, o.operand)
	switch {
	case err != nil:
		return err
	case found.TakendownAt.IsZero():
		fmt.Fprintf(stdout, "%s (%s) was not taken down\n", found.PublicHandle(), found.DID)
		return nil
	}
	return moderate(ctx, p, found, account.Applied{}, "restored", stdout)
}

func moderate(ctx context.Context, p *parts, found account.Account, takedown account.Applied, done string, stdout io.Writer) error {
	if err := p.service.UpdateSubject(ctx, account.SubjectUpdate{DID: found.DID, Takedown: &takedown}, operator); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s (%s) was %s\n", found.PublicHandle(), found.DID, done)
	return nil
}

func runAccountResetPassword(ctx context.Context, p *parts, o options, stdout io.Writer) error {
	found, err := findAccount(ctx, p, o.operand)
	if err != nil {
		return err
	}
	password := rand.Text()
	if err := p.service.SetPassword(ctx, found.DID, password, operator); err != nil {
		return err
	}
	fmt.Fprintln(stdout, password)
	return nil
}

// shown returns a text that others chose in a form that cannot command a terminal, and a dash for none.
func shown(text string) string {
	if text == "" {
		return "-"
	}
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` {
		return quoted
	}
	return text
}

// stamp formats a time for people, and nothing for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
