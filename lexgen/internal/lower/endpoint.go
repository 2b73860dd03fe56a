package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// mediaJSON is the encoding of the bodies that have a schema.
const mediaJSON = "application/json"

// endpoint is what queries and procedures have in common.
type endpoint struct {
	kind          ir.Kind
	description   string
	params        *lexicon.Params
	input, output *lexicon.Body
	errors        []*lexicon.ErrorDef
}

// lowerEndpoint adds the constants and types of an endpoint to the file, and the endpoint to its group.
func (f *file) lowerEndpoint(def *lexicon.Def, e endpoint) {
	nsid := string(f.doc.ID)
	at := f.defPlace(def, nsid)
	lowered := &ir.Endpoint{
		NSID: nsid, Const: f.addNSID(def, at.ident, lexicon.TypeName(def.Schema)), Kind: e.kind, Doc: e.description,
		Method: naming.Method(f.groupName(f.doc.ID), at.ident),
		Errors: f.lowerErrors(def, at, e.errors),
		Params: f.lowerParams(e.params, at),
	}
	lowered.Input, lowered.InputEncoding = f.lowerBody(
		e.input, at.inside("/input/schema", at.ident+"Input", "the input of "+nsid, ir.Input))
	lowered.Output, lowered.OutputEncoding = f.lowerBody(
		e.output, at.inside("/output/schema", at.ident+"Output", "the output of "+nsid, ir.Output))
	lowered.InputDoc, lowered.OutputDoc = streamDoc(e.input, lowered.Input), streamDoc(e.output, lowered.Output)
	f.addEndpoint(lowered, at.owner)
}

// streamDoc returns the description of a body that is a stream. Any other is described at its type.
func streamDoc(body *lexicon.Body, typ string) string {
	if body == nil || typ != "" {
		return ""
	}
	return body.Description
}

// lowerSubscription adds the constants and types of a subscription to the file.
func (f *file) lowerSubscription(def *lexicon.Def, schema *lexicon.Subscription) {
	at := f.defPlace(def, string(f.doc.ID))
	f.addNSID(def, at.ident, lexicon.TypeName(schema))
	f.lowerErrors(def, at, schema.Errors)
	f.lowerParams(schema.Params, at)
	if union, ok := schema.Message.Schema.(*lexicon.Union); ok {
		f.addUnion(union, &ir.Union{
			Name: at.ident + "Message", About: "is a message of " + at.of + ": " + choice(union),
			Doc: description(schema.Message.Description, union.Description),
		}, at.owner)
	}
}

// lowerParams adds the type of the query parameters and returns its name, or "" if there are none.
func (f *file) lowerParams(params *lexicon.Params, at place) string {
	if params == nil {
		return ""
	}
	at = at.inside("/parameters", at.ident+"Params", at.of, ir.Params)
	f.addStruct(&ir.Struct{
		Name: at.ident, About: "holds the query parameters of " + at.of + ".", Doc: params.Description,
	}, params.Properties, at)
	return at.ident
}

// lowerErrors adds the constants for the errors that an endpoint declares.
func (f *file) lowerErrors(def *lexicon.Def, at place, errors []*lexicon.ErrorDef) []*ir.ErrorName {
	if len(errors) == 0 {
		return nil
	}
	decl := &ir.Errors{Endpoint: string(f.doc.ID)}
	for _, e := range errors {
		path := at.path + "/errors/" + escape(e.Name)
		name, ok := f.chosen(path)
		if !ok {
			name = at.ident + "Err" + naming.ErrorName(e.Name)
		}
		f.declareFor(name, f.owner("error "+e.Name+" of "+def.Key(), e.NameSpan, cure{
			path: path, ident: name, better: []string{name + "Error"},
		}))
		decl.Names = append(decl.Names, &ir.ErrorName{Name: name, Value: e.Name, Doc: e.Description})
	}
	f.ir.Decls = append(f.ir.Decls, decl)
	return decl.Names
}

// lowerBody adds the type of an input or output. It returns the name of the type, which is empty for
// a stream, and the encoding, which is empty if there is no body.
func (f *file) lowerBody(body *lexicon.Body, at place) (typ, encoding string) {
	switch {
	case body == nil || body.Encoding == "": // reported by the lexicon package
		return "", ""
	case body.Schema == nil:
		return "", body.Encoding
	case lexicon.IsBroken(body.Schema):
		return "", ""
	case body.Encoding != mediaJSON:
		f.diags.Warningf(typeSpan(body.Schema), diag.IgnoredSchema, "the schema of a body of %s is ignored", body.Encoding).
			Hint("only %s has a schema; the body is read and written as a stream", mediaJSON)
		return "", body.Encoding
	}
	about := "is " + at.of + "."
	doc := description(body.Description, lexicon.Description(body.Schema))
	switch schema := body.Schema.(type) {
	case *lexicon.Object:
		f.addStruct(&ir.Struct{Name: at.ident, About: about, Doc: doc}, schema.Properties, at)
	case *lexicon.Union:
		f.addUnion(schema, &ir.Union{Name: at.ident, About: "is " + at.of + ": " + choice(schema), Doc: doc}, at.owner)
	case *lexicon.Ref:
		target, _, ok := f.lowerRef(schema.To)
		if !ok {
			return "", ""
		}
		f.declareFor(at.ident, at.owner)
		f.types = append(f.types, &ir.Alias{Name: at.ident, About: about, Doc: doc, Type: target})
	}
	return at.ident, body.Encoding
}
