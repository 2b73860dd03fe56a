package account

import (
	"fmt"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// What the owner can do about a change that was somebody else's.
const (
	adviceReset    = "If that was not you, reset your password now, then revoke the app passwords that you do not know."
	adviceOperator = "If that was not you, write to the people who run this server at once."
)

// newLoginNotice tells of a login from a network that was never seen before.
func newLoginNotice(client Client, at time.Time) letter {
	return notice("New login", fmt.Sprintf("Somebody logged in to your account on %s%s.", formatTime(at), describeClient(client)),
		"If that was you, there is nothing to do. "+adviceReset)
}

func appPasswordCreatedNotice(name string) letter {
	return notice("App password created",
		fmt.Sprintf("An app password called %q was created. It logs in to your account until you revoke it.", name), adviceReset)
}

func appPasswordRevokedNotice(name string) letter {
	return notice("App password revoked",
		fmt.Sprintf("The app password called %q was revoked. Apps that used it are logged out.", name), adviceReset)
}

// passwordChangedNotice tells of a new password and of the app passwords that go on working.
func passwordChangedNotice(kept []AppPassword) letter {
	l := notice("Password changed", "The password of your account was changed, and all apps are logged out.")
	if len(kept) > 0 {
		names := make([]string, len(kept))
		for i, password := range kept {
			names[i] = "- " + password.Name
		}
		l.rest = append(l.rest, "These app passwords still log in to your account. Revoke those that you do not know:\n"+strings.Join(names, "\n"))
	}
	l.rest = append(l.rest, adviceReset)
	return l
}

// emailChangedNotice is for the address that an account had before. A new one gets no codes.
func emailChangedNotice(before Account, email string) letter {
	l := notice("Email address changed",
		fmt.Sprintf("The email address of your account is %s now. This one gets no more mail about it.", email))
	if before.EmailAuthFactor {
		l.rest = append(l.rest, "Sign in codes are turned off with that: your password is enough to log in to your account.")
	}
	l.rest = append(l.rest, adviceOperator)
	return l
}

func authFactorNotice(on bool) letter {
	if on {
		return notice("Sign in codes turned on",
			"From now on a login with your password also needs a code that is sent to this address. App passwords work as before.", adviceReset)
	}
	return notice("Sign in codes turned off", "From now on your password is enough to log in to your account.", adviceReset)
}

// handleChangedNotice tells the account, which has its new handle, of the one before.
func handleChangedNotice(before syntax.Handle) letter {
	if before == "" {
		before = HandleInvalid
	}
	return notice("Handle changed", fmt.Sprintf("Your handle was changed. Before, it was @%s.", before), adviceReset)
}

// deactivatedNotice tells of a deactivation. deleteAfter may be zero.
func deactivatedNotice(deleteAfter time.Time) letter {
	l := notice("Account deactivated", "Your account was deactivated: nobody sees it until you activate it again in your app.")
	if !deleteAfter.IsZero() {
		l.rest = append(l.rest, fmt.Sprintf("If you do not activate it before, it is deleted for good after %s.", formatTime(deleteAfter)))
	}
	l.rest = append(l.rest, adviceReset)
	return l
}

func activatedNotice() letter {
	return notice("Account activated", "Your account is active.", adviceReset)
}

// tokenReplayedNotice tells of a session that ended because it may have two owners.
func tokenReplayedNotice(session Session) letter {
	return notice("App logged out",
		fmt.Sprintf("The app that logged in to your account on %s%s was logged out, because an old token of it was used again.",
			formatTime(session.CreatedAt), describeClient(session.Client)),
		"An app does that that was closed at a bad moment, and so does somebody who has copied its data. "+adviceReset)
}

func operationSignedNotice() letter {
	return notice("PLC operation signed",
		"This server signed an operation that changes your PLC identity, as you asked it to. Your account may be about to move to another server.",
		adviceOperator)
}

// farewellNotice is the last that an account hears of us.
func farewellNotice() letter {
	return notice("Account deleted",
		"Your account was deleted from this server, with everything that belonged to it.", adviceOperator)
}

// message returns a letter that somebody else wrote.
func message(subject, text string) letter {
	return letter{kind: "message", subject: subject, heading: subject, lead: []string{text}}
}

func notice(subject string, paragraphs ...string) letter {
	return letter{subject: subject, heading: subject, lead: paragraphs[:1], rest: paragraphs[1:]}
}

// describeClient returns what an owner may recognise a client by, or nothing.
func describeClient(client Client) string {
	var s string
	if client.IP != "" {
		s += " from the address " + client.IP
	}
	if client.UserAgent != "" {
		s += fmt.Sprintf(" with %q", client.UserAgent)
	}
	return s
}

func formatTime(t time.Time) string {
	return t.UTC().Format("2 January 2006 at 15:04 UTC")
}
