package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// A command is something that the program does instead of serving: it acts on the data folder, beside
// a server that may be running, with the same rules as the methods of the administrator.
type command struct {
	name    string // such as "invite create"
	operand string // what stands behind the name, in the words of the help; empty if nothing does
	summary string
	define  func(flags *pflag.FlagSet, o *options) // the flags of the command; may be nil
	run     func(ctx context.Context, p *parts, o options, stdout io.Writer) error
}

// options are the operands and flags of commands.
type options struct {
	operand string
	uses    int
	count   int
	owners  []string
	ref     string
	dropOld bool
}

// commands lists them in the order of the help.
func commands() []command {
	return []command{
		{
			name: "invite create", summary: "create invite codes and print them, one a line",
			define: defineInvite, run: runInviteCreate,
		},
		{name: "account list", summary: "list the accounts, the oldest first", run: runAccountList},
		{name: "account show", operand: "ACCOUNT", summary: "print what is known of an account, with its last events", run: runAccountShow},
		{
			name: "account takedown", operand: "ACCOUNT", summary: "take an account down, and end its sessions",
			define: defineTakedown, run: runAccountTakedown,
		},
		{name: "account restore", operand: "ACCOUNT", summary: "take a takedown back", run: runAccountRestore},
		{name: "account reset-password", operand: "ACCOUNT", summary: "give an account a new random password and print that", run: runAccountResetPassword},
		{
			name: "keys rotate", summary: "sign tokens with a new key from the next start of the server on",
			define: defineKeysRotate, run: runKeysRotate,
		},
		{name: "backup", operand: "FILE", summary: "copy the database into a new file, also while the server runs", run: runBackup},
		{name: "check", summary: "check the database and the keys, and print what is wrong", run: runCheck},
	}
}

// findCommand returns the command that args begin with, and what follows its name. It is nil if args
// begin with none.
func findCommand(args []string) (*command, []string) {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return &c, args[len(words):]
		}
	}
	return nil, args
}

// readOperand takes the one operand of a command from what is left of the arguments.
func readOperand(rest []string, wanted *command, o *options) error {
	switch {
	case wanted == nil && len(rest) > 0:
		return describeUnknown(rest)
	case wanted != nil && wanted.operand != "":
		if len(rest) == 0 || rest[0] == "" {
			return fmt.Errorf("%s: %s is missing", wanted.name, wanted.operand)
		}
		o.operand, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	return nil
}

// describeUnknown says what to write in the place of words that are no command, or stand where none is
// looked for.
func describeUnknown(words []string) error {
	if found, _ := findCommand(words); found != nil {
		return fmt.Errorf("the command %q must come before all flags", found.name)
	}
	if _, err := strconv.ParseBool(words[0]); err == nil {
		return fmt.Errorf("unexpected argument %q: flags that are true or false are written as in --rate-limits=false", words[0])
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	const longest = 2 // words of a name
	unknown := strings.Join(words[:min(longest, len(words))], " ")
	return fmt.Errorf("unknown command %q: the commands are %s", unknown, strings.Join(names, ", "))
}

// listCommands returns the part of the help that lists the commands.
func listCommands() string {
	var b strings.Builder
	b.WriteString("Without a command it serves. Commands act on the data folder, beside a server that runs:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-32s%s\n", strings.TrimSpace(c.name+" "+c.operand), c.summary)
	}
	b.WriteString("An ACCOUNT is a handle, a DID or an email address.\n")
	return b.String()
}

// help returns the help of a command up to the flags of the server.
func (c *command) help(o *options) string {
	text := fmt.Sprintf("Usage: server %s [flags]\n\nIt will %s.\n", strings.TrimSpace(c.name+" "+c.operand), c.summary)
	if c.define != nil {
		flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
		c.define(flags, o)
		text += "\nFlags:\n" + flags.FlagUsages()
	}
	return text
}

// runCommand carries out a command and returns the exit status. What the command prints may be a secret
// that nobody sees again, so that not being able to print it is a failure.
func runCommand(ctx context.Context, wanted *command, c config, o options, stdout, stderr io.Writer) int {
	c.completePublicURL(c.listen) // which no command publishes
	p, err := openParts(ctx, c, newLogger(c, stderr), toCommand)
	if err == nil {
		printed := bufio.NewWriter(stdout)
		err = wanted.run(ctx, p, o, printed)
		err = errors.Join(err, printed.Flush(), p.close())
	}
	if err != nil {
		complain(stderr, err)
		return exitFailed
	}
	return exitFine
}
