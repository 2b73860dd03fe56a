package lower_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
)

func TestEndpoint(t *testing.T) {
	t.Parallel()
	packages, diags := compile(t, lower.Options{Server: true, Client: true}, [2]string{"com.example.app.put", `"main": {
		"type": "procedure",
		"description": "Put.",
		"parameters": {"type": "params", "properties": {"dry": {"type": "boolean"}}},
		"input": {"encoding": "application/json", "description": "a", "schema": {"type": "object", "description": "b", "properties": {}}},
		"output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#view"}},
		"errors": [{"name": "TooLate", "description": "Late."}]
	}, "view": {"type": "object", "properties": {}}`})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	endpoint := &ir.Endpoint{
		NSID: "com.example.app.put", Const: "AppPutNSID", Kind: ir.Procedure, Doc: "Put.", Method: "Put",
		Params: "AppPutParams", Input: "AppPutInput", Output: "AppPutOutput",
		InputEncoding: "application/json", OutputEncoding: "application/json",
		Errors: []*ir.ErrorName{{Name: "AppPutErrTooLate", Value: "TooLate", Doc: "Late."}},
	}
	group := ir.Group{
		NSID: "com.example.app", Handler: "AppHandler", Unimplemented: "UnimplementedAppHandler",
		EndpointList: "AppEndpoints", Client: "AppClient", Endpoints: []*ir.Endpoint{endpoint},
	}
	client, server := group, group
	client.Part, server.Part = ir.Client, ir.Server
	want := []*ir.File{
		{Name: "app_client_gen.go", Source: "com.example.app.*", Decls: []ir.Decl{&client}},
		{Name: "app_handler_gen.go", Source: "com.example.app.*", Decls: []ir.Decl{&server}},
		{Name: "app_put_gen.go", Source: "com.example.app.put", Decls: []ir.Decl{
			&ir.NSID{Name: "AppPutNSID", Value: "com.example.app.put", Kind: "procedure", Doc: "Put."},
			&ir.Errors{Endpoint: "com.example.app.put", Names: endpoint.Errors},
			&ir.Struct{
				Name: "AppPutParams", About: "holds the query parameters of com.example.app.put.", Role: ir.Params,
				Fields: []*ir.Field{{Name: "Dry", JSON: "dry", Type: ir.Scalar{Kind: ir.Bool}, Presence: ir.Optional}},
			},
			&ir.Struct{Name: "AppPutInput", About: "is the input of com.example.app.put.", Doc: "a\n\nb", Role: ir.Input},
			&ir.Alias{Name: "AppPutOutput", About: "is the output of com.example.app.put.", Type: ir.Named{Name: ir.Name{Ident: "AppPutView"}, Kind: ir.StructKind}},
			&ir.Struct{Name: "AppPutView", About: "is com.example.app.put#view.", Role: ir.Object, LexiconType: "com.example.app.put#view"},
		}},
	}
	if diff := cmp.Diff(packages[0].Files[:3], want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}
