package account

import "strings"

// Methods that tokens are not issued for to everybody. They are compared in small letters.
// The package knows no generated types, and most of these methods have none on this server.
const (
	methodCreateAccount = "com.atproto.server.createaccount"
	prefixChat          = "chat.bsky."
)

// isPrivilegedMethod reports whether a plain app password has no right to a method: to move
// the account away, and to read and write private conversations.
func isPrivilegedMethod(method string) bool {
	return method == methodCreateAccount || strings.HasPrefix(method, prefixChat)
}

// isProtectedMethod reports whether a method is between the account and its own server: no
// other server may call it in the name of the account.
func isProtectedMethod(method string) bool {
	switch method {
	case "com.atproto.admin.sendemail",
		"com.atproto.identity.requestplcoperationsignature",
		"com.atproto.identity.signplcoperation",
		"com.atproto.identity.updatehandle",
		"com.atproto.server.activateaccount",
		"com.atproto.server.confirmemail",
		"com.atproto.server.createapppassword",
		"com.atproto.server.deactivateaccount",
		"com.atproto.server.getaccountinvitecodes",
		"com.atproto.server.getsession",
		"com.atproto.server.listapppasswords",
		"com.atproto.server.requestaccountdelete",
		"com.atproto.server.requestemailconfirmation",
		"com.atproto.server.requestemailupdate",
		"com.atproto.server.revokeapppassword",
		"com.atproto.server.updateemail":
		return true
	}
	return false
}
