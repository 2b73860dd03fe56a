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
		{"com.example.t", "main", "T_"},
		{"com.example.t", "t", "TT"},
		{"com.example.app.defs", "*", "AppAsterisk"},
		{"com.example.defs", "3d", "X3d"},
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
		{"", "Empty"},
		{"---", "MinusMinusMinus"},
		{"$", "Dollar"},
		{"a/b\n", "AB"},
		{"\xff", "UFFFD"},
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
		{"com.atproto.server.createSession", "Server", "net_server_handler_gen.go"},
		{"com.example.getThing", "", "net_handler_gen.go"},
		{"com.example.a.b-c.get", "ABC", "net_a_b_c_handler_gen.go"},
	} {
		if got := naming.Group(syntax.NSID(test.id)); got != test.want {
			t.Errorf("Group(%q): got %q, want %q", test.id, got, test.want)
		}
		if got := naming.GroupFile("Net", syntax.NSID(test.id), "handler"); got != test.file {
			t.Errorf("GroupFile(%q): got %q, want %q", test.id, got, test.file)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ prefix, id, want string }{
		{"", "com.atproto.server.createSession", "server_create_session_gen.go"},
		{"", "com.example.getThing", "get_thing_gen.go"},
		{"", "com.example.listWindows", "list_windows_gen.go"},
		{"", "com.example.runTest", "run_test_gen.go"},
		{"", "com.example.app.getV2URLs", "app_get_v2_urls_gen.go"},
		{"NetExample", "com.example.app.get", "net_example_app_get_gen.go"},
	} {
		if got := naming.File(test.prefix, syntax.NSID(test.id)); got != test.want {
			t.Errorf("File(%q, %q): got %q, want %q", test.prefix, test.id, got, test.want)
		}
	}
}

func TestMethod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ group, typ, want string }{
		{"Server", "ServerCreateSession", "CreateSession"},
		{"", "GetThing", "GetThing"},
		{"App", "Other", "Other"},
		{"App", "Apple", "Apple"},
		{"App", "App", "App"},
		{"App", "AppClient", "Client_"},
		{"", "T_", "T_"},
	} {
		if got := naming.Method(test.group, test.typ); got != test.want {
			t.Errorf("Method(%q, %q): got %q, want %q", test.group, test.typ, got, test.want)
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outer string
		names []string
		want  string
	}{
		{"Server", []string{"createSession"}, "ServerCreateSession"},
		{"", []string{"createSession", "did"}, "CreateSessionDID"},
		{"Server", []string{"3d"}, "Server3d"},
		{"", []string{"3d"}, "X3d"},
		{"Chosen", nil, "Chosen"},
		{"T", nil, "T_"},
		{"", []string{"t"}, "T_"},
	} {
		if got := naming.Within(test.outer, test.names...); got != test.want {
			t.Errorf("Within(%q, %q): got %q, want %q", test.outer, test.names, got, test.want)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	const document = "com.atproto.moderation.defs"
	for _, test := range []struct{ value, want, spelled string }{
		{"valid", "Valid", "Valid"},
		{"like-through", "LikeThrough", "LikeMinusThrough"},
		{"!no-unauthenticated", "NoUnauthenticated", "ExclamationNoMinusUnauthenticated"},
		{"Upper_case", "UpperCase", "UpperUnderscoreCase"},
		{"3d", "3d", "3d"},
		{"two words", "TwoWords", "TwoSpaceWords"},
		{"did", "DID", "DID"},
		{"", "Empty", "Empty"},
		{"*", "Asterisk", "Asterisk"},
		{"<=", "LessEqual", "LessEqual"},
		{"+1", "1", "Plus1"},
		{"\n", "U000A", "U000A"},
		{"👍", "U1F44D", "U1F44D"},
		{"日本", "日本", "日本"},
		{"com.atproto.moderation.defs#reasonOther", "ReasonOther", "ComDotAtprotoDotModerationDotDefsHashReasonOther"},
		{"COM.Atproto.moderation.defs#reasonOther", "ReasonOther", "COMDotAtprotoDotModerationDotDefsHashReasonOther"},
		{"tools.ozone.report.defs#reasonOther", "ReportReasonOther", "ToolsDotOzoneDotReportDotDefsHashReasonOther"},
		{"com.atproto.moderation.defs#", "ComAtprotoModerationDefs", "ComDotAtprotoDotModerationDotDefsHash"},
		{"com.atproto.moderation.defs#a#b", "ComAtprotoModerationDefsAB", "ComDotAtprotoDotModerationDotDefsHashAHashB"},
		{"com.atproto.moderation.defs", "ComAtprotoModerationDefs", "ComDotAtprotoDotModerationDotDefs"},
		{"#local", "Local", "HashLocal"},
	} {
		if got := naming.Value(document, test.value); got != test.want {
			t.Errorf("Value(%q): got %q, want %q", test.value, got, test.want)
		}
		if got := naming.Spelled(test.value); got != test.spelled {
			t.Errorf("Spelled(%q): got %q, want %q", test.value, got, test.spelled)
		}
	}
}

func TestPrefixed(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{"com.example": "Example", "com.my-app.x-3d": "X3d", "org.3d": "X3d"} {
		if got := naming.Prefixed(prefix); got != want {
			t.Errorf("Prefixed(%q): got %q, want %q", prefix, got, want)
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
		for _, name := range []string{
			naming.Field(text), naming.Property(text), naming.Type("com.example.app.defs", text),
			"A" + naming.ErrorName(text), "A" + naming.Value("com.example.app.defs", text), "A" + naming.Spelled(text),
		} {
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
		file := naming.File("", id)
		if !strings.HasSuffix(file, "_gen.go") || strings.ContainsFunc(file, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_.", r)
		}) {
			t.Errorf("%s gives %q, which is not a file name", id, file)
		}
		if name := naming.Method("", naming.Type(id, "main")); !token.IsExported(name) || !token.IsIdentifier(name) {
			t.Errorf("%s gives the method %q", id, name)
		}
	})
}
