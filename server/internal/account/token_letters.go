package account

import "fmt"

// tokenRest follows the code in every letter with a token.
var tokenRest = fmt.Sprintf("The code is good for %d minutes and for one use. Never give it to anybody: we will not ask you for it.", int(EmailTokenLifetime.Minutes()))

// tokenLetter returns the letter that brings a token for a purpose.
func tokenLetter(purpose EmailPurpose, token string) letter {
	l, ok := tokenLetters[purpose]
	if !ok {
		panic(fmt.Sprintf("account: no letter for the purpose %q", purpose))
	}
	l.code = token
	l.rest = append([]string{tokenRest}, l.rest...)
	return l
}

// tokenLetters are the letters without a token. Each says what to do with it, and what to do
// if somebody else asked for it.
var tokenLetters = map[EmailPurpose]letter{
	PurposeConfirmEmail: {
		subject: "Email Confirmation",
		heading: "Confirm your email",
		lead:    []string{"To confirm that this address is yours, enter this code in your app:"},
		rest:    []string{"If you have no account of this name, ignore this mail: without the code nothing happens."},
	},
	PurposeUpdateEmail: {
		subject: "Email Update Requested",
		heading: "Update your email",
		lead:    []string{"We received a request to change the email address of your account, or how it is used. To go on, enter this code in your app:"},
		rest:    []string{"If that was not you, somebody else is logged in to your account: reset your password now, then revoke the app passwords that you do not know. Without the code the address stays as it is."},
	},
	PurposeResetPassword: {
		subject: "Password Reset Requested",
		heading: "Reset password",
		lead:    []string{"We received a request to reset the password of your account. To choose a new one, enter this code in your app:"},
		rest:    []string{"If that was not you, ignore this mail: without the code your password stays as it is."},
	},
	PurposeDeleteAccount: {
		subject: "Account Deletion Requested",
		heading: "Delete account",
		lead:    []string{"To permanently delete your account, enter this code in your app, together with your password:"},
		rest: []string{
			"What is deleted cannot be brought back.",
			"If that was not you, somebody else is logged in to your account: reset your password now. Without the code nothing is deleted.",
		},
	},
	PurposePLCOperation: {
		subject: "PLC Update Operation Requested",
		heading: "PLC update requested",
		lead:    []string{"We received a request to update your PLC identity: what your account is called, where it lives, and which keys control it. Apps ask for that when an account moves to another server. To go on, enter this code in your app:"},
		rest:    []string{"If that was not you, do not use the code and reset your password now: who has the code can take your account away from you."},
	},
	PurposeAuthFactor: {
		subject: "Sign In Code",
		heading: "Sign in code",
		lead:    []string{"To log in to your account, enter this code in your app:"},
		rest:    []string{"If that was not you, somebody knows your password: reset it now. Without the code nobody can log in."},
	},
}
