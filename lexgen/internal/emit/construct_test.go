package emit_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

var update = flag.Bool("update", false, "rewrite what testdata/constructs.txtar wants")

const constructsPath = "testdata/constructs.txtar"

// TestConstructs compares the code of each construct with what the archive wants.
func TestConstructs(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile(constructsPath)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{}
	for _, file := range archive.Files {
		wanted[file.Name] = string(file.Data)
	}
	archive.Files = nil
	for _, construct := range constructs() {
		sources, err := emit.Package(&ir.Package{
			Name: "comexample", ImportPath: "example.test/comexample", Imports: []ir.Import{{Path: otherPath, Name: "other"}},
			Files: []*ir.File{{Name: "x_gen.go", Source: "com.example.x", Decls: construct.decls}},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := withoutHead(string(sources[0].Text))
		archive.Files = append(archive.Files, txtar.File{Name: construct.name, Data: []byte(got)})
		if diff := cmp.Diff(got, wanted[construct.name]); diff != "" && !*update {
			t.Errorf("%s (-got +want); go test ./lexgen/internal/emit -run Constructs -update rewrites it:\n%s", construct.name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(constructsPath, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// withoutHead returns what stands below the package clause and the imports.
func withoutHead(text string) string {
	_, text, _ = strings.Cut(text, "\npackage comexample\n\n")
	if strings.HasPrefix(text, "import (") {
		_, text, _ = strings.Cut(text, "\n)\n\n")
	} else if strings.HasPrefix(text, "import ") {
		_, text, _ = strings.Cut(text, "\n\n")
	}
	return text
}

type construct struct {
	name  string
	decls []ir.Decl
}

func constructs() []construct {
	textField := []*ir.Field{{Name: "Text", JSON: "text", Type: aString, Presence: ir.Required}}
	return append([]construct{
		{"record", []ir.Decl{
			&ir.NSID{Name: "PostNSID", Value: "com.example.post", Kind: "record"},
			&ir.Struct{
				Name: "Post", About: "is the record com.example.post.", Doc: "A post", Role: ir.Object,
				LexiconType: "com.example.post", Record: "PostNSID", Fields: textField,
			},
		}},
		{"object", []ir.Decl{
			&ir.Struct{Name: "View", About: "is com.example.defs#view.", Role: ir.Object, LexiconType: "com.example.defs#view", Fields: textField},
		}},
		{"list", []ir.Decl{&ir.List{
			Name: "Views", About: "is com.example.defs#views.", Doc: "All of them", Type: ir.Slice{Elem: aChoice},
			Checks: []ir.Check{{Method: "MaxLength", On: ir.Length, Args: []any{int64(3)}}},
		}}},
		{"list of strings", []ir.Decl{&ir.List{
			Name: "Words", About: "is com.example.defs#words.",
			Type: ir.Slice{Elem: aDID, Checks: []ir.Check{{Method: "DID", On: ir.Value}}},
		}}},
		{"scalar types", scalarTypes()},
		{"aliases", []ir.Decl{
			&ir.Alias{Name: "Avatar", About: "is com.example.defs#avatar.", Type: aBlob},
			&ir.Alias{Name: "Actor", About: "is com.example.defs#actor.", Doc: "Who", Type: aDID},
			&ir.Alias{Name: "GetOutput", About: "is the output of com.example.get.", Type: aThing},
		}},
		{"token", []ir.Decl{&ir.Token{Name: "Spam", About: "is the token com.example.defs#spam.", Doc: "Spam", Value: "com.example.defs#spam"}}},
		{"permission set", []ir.Decl{permissionSet()}},
		{"directory", []ir.Decl{&ir.Directory{
			Prefixes:  []string{"com.example", "net.example"},
			Symbols:   []ir.Symbol{{Key: "com.example.defs#view", Ident: "View"}, {Key: "com.example.thing", Ident: "Thing"}},
			Documents: []string{`{"lexicon":1,"id":"com.example.defs"}`, `{"a":"` + "`" + `"}`, "{\"a\":\"\u202e\"}"},
		}}},
		{"parameters", []ir.Decl{&ir.Struct{Name: "GetParams", About: "holds the query parameters of com.example.get.", Role: ir.Params, Fields: []*ir.Field{
			{Name: "Sort", JSON: "sort", Type: aSort, Presence: ir.Optional, Default: "up"},
			{Name: "Score", JSON: "score", Type: aScore, Presence: ir.Required},
			{Name: "Scores", JSON: "scores", Type: ir.Slice{Elem: aScore}, Presence: ir.OptionalNil},
			{Name: "Flag", JSON: "flag", Type: aFlag, Presence: ir.Optional},
		}}}},
		{"streams of a server", []ir.Decl{streams(ir.Server)}},
		{"streams of a client", []ir.Decl{streams(ir.Client)}},
	}, unions()...)
}

func unions() []construct {
	view := ir.Variant{Type: aView.Name, LexiconType: "com.example.defs#view"}
	thing := ir.Variant{Type: aThing.Name, LexiconType: "com.example.thing"}
	long := ir.Variant{Type: ir.Name{Ident: "View" + strings.Repeat("s", 100)}, LexiconType: "com.example.long"}
	return []construct{
		{"open union", []ir.Decl{
			&ir.Union{Name: "Choice", About: "is one of", Doc: "What to show", Constructor: "NewChoice", Variants: []ir.Variant{view, thing}},
		}},
		{"closed union", []ir.Decl{
			&ir.Union{Name: "Choice", About: "is one of", Constructor: "NewChoice", Variants: []ir.Variant{view, thing}, Closed: true},
		}},
		{"union without variants", []ir.Decl{
			&ir.Union{Name: "SendInput", About: "is the input of com.example.send: one of", Constructor: "NewSendInput"},
		}},
		{"union of many", []ir.Decl{
			&ir.Union{Name: "Choice", About: "is one of", Constructor: "NewChoice", Variants: []ir.Variant{view, long, thing}},
		}},
	}
}

func scalarTypes() []ir.Decl {
	values := []ir.Constant{{Name: "SortUp", Value: "up"}, {Name: "SortDown", Value: "down"}}
	return []ir.Decl{
		&ir.ScalarType{Name: "Sort", About: "is com.example.defs#sort.", Doc: "Which first?", Kind: ir.String, Values: values},
		&ir.ScalarType{
			Name: "GetSort", About: "is the type of the property sort of the input of com.example.get.", Kind: ir.String,
			Values: []ir.Constant{{Name: "GetSortUp", Value: "up"}}, Closed: true,
		},
		&ir.ScalarType{Name: "Score", About: "is com.example.defs#score.", Kind: ir.Int},
		&ir.ScalarType{Name: "Flag", About: "is com.example.defs#flag.", Kind: ir.Bool},
	}
}

func permissionSet() *ir.PermissionSet {
	var methods []any
	for range 5 {
		methods = append(methods, "com.example.feed.getFeed")
	}
	return &ir.PermissionSet{
		Name: "AuthFull", About: "returns the permission set com.example.authFull.", Doc: "Everything", Const: "AuthFullNSID",
		Title: "Full access", TitleLangs: []ir.Translation{{Language: "de", Text: "Voller Zugriff"}},
		Detail: "Reads and writes", DetailLangs: []ir.Translation{{Language: "de", Text: "Liest und schreibt"}},
		Permissions: []ir.Permission{
			{Resource: "rpc", Usable: true, Fields: []ir.Member{{Key: "lxm", Value: methods}, {Key: "inheritAud", Value: true}}},
			{Resource: "repo", Fields: []ir.Member{{Key: "collection", Value: []any{"com.example.post"}}, {Key: "n", Value: int64(5)}}},
			{Resource: "other"},
		},
	}
}

// streams is a group whose endpoints take and give streams.
func streams(part ir.Part) *ir.Group {
	return &ir.Group{
		NSID: "com.example", Handler: "Handler", Unimplemented: "UnimplementedHandler",
		EndpointList: "Endpoints", Client: "Client", Part: part,
		Endpoints: []*ir.Endpoint{
			{
				NSID: "com.example.upload", Const: "UploadNSID", Kind: ir.Procedure, Method: "Upload",
				Output: "UploadOutput", InputEncoding: "*/*", OutputEncoding: "application/json",
			},
			{
				NSID: "com.example.download", Const: "DownloadNSID", Kind: ir.Query, Method: "Download", Doc: "Get the bytes",
				Params: "DownloadParams", OutputEncoding: "application/vnd.ipld.car",
			},
			{
				NSID: "com.example.convert", Const: "ConvertNSID", Kind: ir.Procedure, Method: "Convert",
				Params: "ConvertParams", InputEncoding: "image/*", OutputEncoding: "image/png",
			},
			{NSID: "com.example.drop", Const: "DropNSID", Kind: ir.Procedure, Method: "Drop", InputEncoding: "*/*"},
		},
	}
}
