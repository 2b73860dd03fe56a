package lower

import (
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// syntaxPath is the import path of the types for string formats.
const syntaxPath = "github.com/lexgen-go/lexgen/runtime/syntax"

// lowerProperties makes the fields of a struct, in declared order.
func (f *file) lowerProperties(s *ir.Struct, properties []*lexicon.Property) []*ir.Field {
	names := newScope("field", collisions{})
	var fields []*ir.Field
	for _, p := range properties {
		field := f.lowerProperty(p)
		if field == nil || !hasName(p) {
			continue
		}
		names.declare(f.lowerer, s.Name+"."+field.Name, owner{what: fmt.Sprintf("property %q", p.Name), span: p.NameSpan})
		fields = append(fields, field)
	}
	return fields
}

// hasName reports whether a property has a name that it may have. Any other was reported before.
func hasName(p *lexicon.Property) bool {
	return p.Name != "" && !strings.HasPrefix(p.Name, "$")
}

// lowerProperty makes the field of a property, or nil if it reported why there can be none.
func (f *file) lowerProperty(p *lexicon.Property) *ir.Field {
	if p.Nullable {
		f.unsupported(p.NameSpan, "a nullable property")
	}
	field := &ir.Field{
		Name: naming.Field(p.Name), JSON: p.Name, Doc: fieldDoc(p.Schema),
		Presence: ir.Required,
	}
	var ok bool
	if field.Type, field.Checks, ok = f.lowerType(p.Schema); !ok || p.Nullable {
		return nil
	}
	if !p.Required {
		field.Presence = ir.Optional
		if _, scalar := field.Type.(ir.Scalar); !scalar {
			field.Presence = ir.OptionalNil
		}
	}
	field.Default = defaultOf(p.Schema)
	return field
}

// fieldDoc returns the description of a property, and of the elements if it is an array.
func fieldDoc(schema lexicon.Node) string {
	text := lexicon.Description(schema)
	if array, ok := schema.(*lexicon.Array); ok && array.Items != nil {
		return description(text, lexicon.Description(array.Items))
	}
	return text
}

// lowerType makes the Go type of a schema and the checks of its values.
func (f *file) lowerType(schema lexicon.Node) (ir.Type, []ir.Check, bool) {
	switch schema := schema.(type) {
	case *lexicon.Broken:
		return nil, nil, false
	case *lexicon.Boolean:
		return ir.Scalar{Kind: ir.Bool}, nil, f.refuse(&schema.Base, "a boolean", "const")
	case *lexicon.Integer:
		return f.lowerInteger(schema)
	case *lexicon.String:
		return f.lowerString(schema)
	case *lexicon.Array:
		return f.lowerArray(schema)
	case *lexicon.Ref:
		name, ok := f.structName(schema.To)
		return ir.StructType{Name: name}, nil, ok
	default:
		f.unsupported(typeSpan(schema), describe(schema))
		return nil, nil, false
	}
}

func (f *file) lowerInteger(schema *lexicon.Integer) (ir.Type, []ir.Check, bool) {
	var checks []ir.Check
	lowest, highest := schema.Minimum, schema.Maximum
	if lowest == nil || *lowest < -lexicon.MaxSafeInteger || highest == nil || *highest > lexicon.MaxSafeInteger {
		checks = append(checks, ir.Check{Method: "Integer", On: ir.Value})
	}
	checks = appendBound(checks, "Minimum", ir.Value, lowest)
	checks = appendBound(checks, "Maximum", ir.Value, highest)
	return ir.Scalar{Kind: ir.Int}, checks, f.refuse(&schema.Base, "an integer", "enum", "const")
}

func (f *file) lowerString(schema *lexicon.String) (ir.Type, []ir.Check, bool) {
	ok := f.refuse(&schema.Base, "a string", "enum", "knownValues", "const")
	scalar := ir.Scalar{Kind: ir.String}
	var checks []ir.Check
	if name := formatType(schema.Format); name != "" {
		scalar.Named = ir.Name{ImportPath: syntaxPath, Ident: name}
		checks = append(checks, ir.Check{Method: name, On: ir.Value})
	}
	checks = appendBound(checks, "MinLength", ir.Length, schema.MinLength)
	checks = appendBound(checks, "MaxLength", ir.Length, schema.MaxLength)
	checks = appendBound(checks, "MinGraphemes", ir.Text, schema.MinGraphemes)
	checks = appendBound(checks, "MaxGraphemes", ir.Text, schema.MaxGraphemes)
	return scalar, checks, f.lengthsFit(&schema.Base, "minLength", "maxLength", "minGraphemes", "maxGraphemes") && ok
}

// formatType returns the name of the type for a string format. The check has the same name.
func formatType(format string) string {
	switch format {
	case "at-identifier":
		return "ATIdentifier"
	case "at-uri":
		return "ATURI"
	case "cid":
		return "CID"
	case "datetime":
		return "Datetime"
	case "did":
		return "DID"
	case "handle":
		return "Handle"
	case "language":
		return "Language"
	case "nsid":
		return "NSID"
	case "record-key":
		return "RecordKey"
	case "tid":
		return "TID"
	case "uri":
		return "URI"
	}
	return ""
}

func (f *file) lowerArray(schema *lexicon.Array) (ir.Type, []ir.Check, bool) {
	if _, nested := schema.Items.(*lexicon.Array); nested {
		f.unsupported(typeSpan(schema.Items), "an array of arrays")
		return nil, nil, false
	}
	elem, elemChecks, ok := f.lowerType(schema.Items)
	if defaultOf(schema.Items) != nil {
		f.unsupported(spanOf(schema.Items, "default"), "a default of an array's elements")
		ok = false
	}
	if !ok {
		return nil, nil, false
	}
	var checks []ir.Check
	checks = appendBound(checks, "MinLength", ir.Length, schema.MinLength)
	checks = appendBound(checks, "MaxLength", ir.Length, schema.MaxLength)
	return ir.Slice{Elem: elem, Checks: elemChecks}, checks, f.lengthsFit(&schema.Base, "minLength", "maxLength")
}

func appendBound(checks []ir.Check, method string, on ir.Operand, bound *int64) []ir.Check {
	if bound == nil {
		return checks
	}
	return append(checks, ir.Check{Method: method, On: on, Bound: bound})
}

// defaultOf returns the default of a schema as a bool, an int64 or a string, or nil.
func defaultOf(schema lexicon.Node) any {
	switch schema := schema.(type) {
	case *lexicon.Boolean:
		if schema.Default != nil {
			return *schema.Default
		}
	case *lexicon.Integer:
		if schema.Default != nil {
			return *schema.Default
		}
	case *lexicon.String:
		if schema.Default != nil {
			return *schema.Default
		}
	}
	return nil
}

// structName returns the name of the struct that a reference leads to. A reference that leads to
// something else was reported where it leads to.
func (f *file) structName(ref *lexicon.Reference) (ir.Name, bool) {
	target := f.catalog.Target(ref)
	if target == nil {
		return ir.Name{}, false
	}
	if _, ok := target.Schema.(*lexicon.Object); !ok {
		return ir.Name{}, false
	}
	name := ir.Name{Ident: naming.Type(target.Document.ID, target.Name)}
	if to := f.packageOf(target.Document.ID); to != f.pkg {
		name.ImportPath = to.ir.ImportPath
		if f.pkg.imports[name.ImportPath] == nil {
			f.pkg.imports[name.ImportPath] = ref
		}
	}
	return name, true
}
