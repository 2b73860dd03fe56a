package naming_test

import (
	"go/token"
	"strings"
	"testing"
	"unicode"

	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ id, def, want string }{
		{"com.atproto.server.createSession", "main", "ServerCreateSession"},
		{"com.atproto.server.createSession", "account", "ServerCreateSessionAccount"},
		{"com.atproto.server.defs", "inviteCode", "ServerInviteCode"},
		{"com.atproto.server.defs", "main", "ServerDefs"},
		{"com.example.getThing", "main", "GetThing"},
		{"com.example.defs", "view", "View"},
		{"com.example.defs", "main", "Defs"},
		{"com.example.a.b.c.get", "main", "ABCGet"},
		{"com.example.x-3d.get", "main", "X3dGet"},
		{"com.example.did.resolveDid", "main", "DIDResolveDID"},
		{"com.example.app.main", "main", "AppMain"},
		{"com.example.app.main", "Main", "AppMainMain"},
		{"com.example.app.error", "string", "AppErrorString"},
	} {
		if got := naming.Type(syntax.NSID(test.id), test.def); got != test.want {
			t.Errorf("Type(%q, %q): got %q, want %q", test.id, test.def, got, test.want)
		}
	}
}

func TestField(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ property, want string }{
		{"identifier", "Identifier"},
		{"accessJwt", "AccessJWT"},
		{"didDoc", "DIDDoc"},
		{"dids", "DIDs"},
		{"someURIs", "SomeURIs"},
		{"cids", "CIDs"},
		{"userID", "UserID"},
		{"userIdle", "UserIdle"},
		{"messageMeUrl", "MessageMeURL"},
		{"parseXMLText", "ParseXMLText"},
		{"png_128", "Png128"},
		{"cid-link", "CIDLink"},
		{"3d", "X3d"},
		{"ünïcode", "Ünïcode"},
		{"日本", "X日本"},
		{"ǆ", "Ǆ"},
		{"", "X"},
		{"---", "X"},
		{"type", "Type"},
		{"validate", "Validate_"},
		{"Validate", "Validate_"},
		{"extra", "Extra_"},
		{"check", "Check_"},
		{"decodeJson", "DecodeJSON_"},
		{"isZero", "IsZero_"},
		{"isCheck", "IsCheck"},
	} {
		if got := naming.Field(test.property); got != test.want {
			t.Errorf("Field(%q): got %q, want %q", test.property, got, test.want)
		}
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ id, want, file string }{
		{"com.atproto.server.createSession", "Server", "server_handler_gen.go"},
		{"com.example.getThing", "", "handler_gen.go"},
		{"com.example.a.b-c.get", "ABC", "a_b_c_handler_gen.go"},
	} {
		if got := naming.Group(syntax.NSID(test.id)); got != test.want {
			t.Errorf("Group(%q): got %q, want %q", test.id, got, test.want)
		}
		if got := naming.GroupFile(syntax.NSID(test.id), "handler"); got != test.file {
			t.Errorf("GroupFile(%q): got %q, want %q", test.id, got, test.file)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ id, want string }{
		{"com.atproto.server.createSession", "server_create_session_gen.go"},
		{"com.example.getThing", "get_thing_gen.go"},
		{"com.example.listWindows", "list_windows_gen.go"},
		{"com.example.runTest", "run_test_gen.go"},
		{"com.example.app.getV2URLs", "app_get_v2_urls_gen.go"},
	} {
		if got := naming.File(syntax.NSID(test.id)); got != test.want {
			t.Errorf("File(%q): got %q, want %q", test.id, got, test.want)
		}
	}
}

func TestPackage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ prefix, want string }{
		{"com.atproto", "comatproto"},
		{"com.my-app2", "commyapp2"},
		{"Com.Example", "comexample"},
		{"ty.pe", "typelex"},
		{"ma.in", "mainlex"},
		{"test.data", "testdatalex"},
		{"str.ing", "stringlex"},
		{"con.text", "contextlex"},
		{"in.put", "inputlex"},
	} {
		if got := naming.Package(test.prefix); got != test.want {
			t.Errorf("Package(%q): got %q, want %q", test.prefix, got, test.want)
		}
	}
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	for id, want := range map[syntax.NSID]string{
		"com.atproto.server.createSession": "com.atproto",
		"com.example.get":                  "com.example",
	} {
		if got := naming.Prefix(id); got != want {
			t.Errorf("Prefix(%q): got %q, want %q", id, got, want)
		}
	}
}

func TestHasPrefix(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, prefix string
		want       bool
	}{
		{"com.example.app.get", "com.example", true},
		{"com.example.app.get", "com.example.app", true},
		{"com.example.app.get", "com.example.app.get", true},
		{"com.example.app.getThing", "com.example.app.get", false},
		{"com.example.app.get", "COM.Example", true},
		{"com.example.app.get", "com.exam", false},
		{"com.example.app.get", "com.example.app.get.more", false},
		{"com.example.app.get", "net.example", false},
	} {
		if got := naming.HasPrefix(syntax.NSID(test.id), test.prefix); got != test.want {
			t.Errorf("HasPrefix(%q, %q): got %v, want %v", test.id, test.prefix, got, test.want)
		}
	}
}

// FuzzNames demands that every text gives a name that Go accepts.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"", "createSession", "png_128", "3d", "日本", "ǆ", "ª", "_", "e\u0301", "İd", "\xff", "DIDs", "ß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{naming.Field(text), naming.ErrorName(text), naming.Type("com.example.app.defs", text)} {
			if !token.IsIdentifier(name) || !token.IsExported(name) {
				t.Errorf("%q gives %q, which is not an exported identifier", text, name)
			}
		}
		if name := naming.Package(text); name != "" && !unicode.IsDigit(rune(name[0])) {
			if !token.IsIdentifier(name) || naming.IsReservedPackage(name) || name != strings.ToLower(name) {
				t.Errorf("%q gives %q, which is not a package name", text, name)
			}
		}
		id := syntax.NSID("com.example.app." + text)
		if !id.Valid() {
			return
		}
		file := naming.File(id)
		if !strings.HasSuffix(file, "_gen.go") || strings.ContainsFunc(file, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_.", r)
		}) {
			t.Errorf("%s gives %q, which is not a file name", id, file)
		}
		if name := naming.Method(id); !token.IsExported(name) || !token.IsIdentifier(name) {
			t.Errorf("%s gives the method %q", id, name)
		}
	})
}
