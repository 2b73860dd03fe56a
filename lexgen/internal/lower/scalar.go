package lower

import (
	"math"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// syntaxPath is the import path of the types for string formats.
const syntaxPath = "github.com/lexgen-go/lexgen/runtime/syntax"

// lowerScalar makes the type of a scalar or of data, and the checks of its values. Named is the Go
// type, if the schema has one.
func lowerScalar(schema lexicon.Node, named ir.Name) (ir.Type, []ir.Check, bool) {
	switch schema := schema.(type) {
	case *lexicon.Boolean:
		return ir.Scalar{Kind: ir.Bool, Named: named}, constCheck(schema.Const), true
	case *lexicon.Integer:
		return ir.Scalar{Kind: ir.Int, Named: named}, integerChecks(schema), true
	case *lexicon.String:
		t, checks := lowerString(schema, named)
		return t, checks, true
	case *lexicon.Bytes:
		return ir.Data{Kind: ir.Bytes, Named: named}, lengthChecks(schema.MinLength, schema.MaxLength), true
	case *lexicon.CIDLink:
		return ir.Data{Kind: ir.CIDLink, Named: named}, nil, true
	case *lexicon.Blob:
		return ir.Data{Kind: ir.Blob, Named: named}, blobChecks(schema), true
	case *lexicon.Unknown:
		return ir.Data{Kind: ir.Unknown, Named: named}, nil, true
	}
	return nil, nil, false
}

func lowerString(schema *lexicon.String, named ir.Name) (ir.Scalar, []ir.Check) {
	t := ir.Scalar{Kind: ir.String, Named: named}
	var checks []ir.Check
	if format := formatType(schema.Format); format != "" {
		check := ir.Check{Method: format, On: ir.Value}
		syntaxType := ir.Name{ImportPath: syntaxPath, Ident: format}
		switch {
		case valuesKey(schema) != "":
			check.As = syntaxType
		case named.Ident == "":
			t.Named = syntaxType
		}
		checks = append(checks, check)
	}
	checks = append(checks, lengthChecks(schema.MinLength, schema.MaxLength)...)
	checks = appendLength(checks, "MinGraphemes", ir.Plain, schema.MinGraphemes)
	checks = appendLength(checks, "MaxGraphemes", ir.Plain, schema.MaxGraphemes)
	if len(schema.Enum) > 0 {
		checks = append(checks, ir.Check{Method: "Enum", On: ir.Plain, Args: arguments(schema.Enum)})
	}
	return t, append(checks, constCheck(schema.Const)...)
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

func integerChecks(schema *lexicon.Integer) []ir.Check {
	var checks []ir.Check
	lowest, highest := schema.Minimum, schema.Maximum
	bounded := lowest != nil && *lowest >= -lexicon.MaxSafeInteger && highest != nil && *highest <= lexicon.MaxSafeInteger
	if !bounded && len(schema.Enum) == 0 && schema.Const == nil {
		checks = append(checks, ir.Check{Method: "Integer", On: ir.Plain})
	}
	if lowest != nil {
		checks = append(checks, ir.Check{Method: "Minimum", On: ir.Plain, Args: []any{*lowest}})
	}
	if highest != nil {
		checks = append(checks, ir.Check{Method: "Maximum", On: ir.Plain, Args: []any{*highest}})
	}
	if len(schema.Enum) > 0 {
		checks = append(checks, ir.Check{Method: "IntegerEnum", On: ir.Plain, Args: arguments(schema.Enum)})
	}
	return append(checks, constCheck(schema.Const)...)
}

func blobChecks(schema *lexicon.Blob) []ir.Check {
	var checks []ir.Check
	if len(schema.Accept) > 0 {
		checks = append(checks, ir.Check{Method: "Accept", On: ir.MIMEType, Args: arguments(schema.Accept)})
	}
	if schema.MaxSize != nil {
		checks = append(checks, ir.Check{Method: "MaxSize", On: ir.Size, Args: []any{*schema.MaxSize}})
	}
	return checks
}

// lengthChecks returns the checks of the number of bytes or elements.
func lengthChecks(least, most *int64) []ir.Check {
	return appendLength(appendLength(nil, "MinLength", ir.Length, least), "MaxLength", ir.Length, most)
}

// appendLength adds the check of a length, which must fit into the int of 32-bit machines. Beyond
// that, a maximum cannot be exceeded there, and elsewhere not within a body that a server takes; a
// minimum that no value reaches stays one.
func appendLength(checks []ir.Check, method string, on ir.Operand, bound *int64) []ir.Check {
	if bound == nil {
		return checks
	}
	n := *bound
	if n > math.MaxInt32 {
		if method == "MaxLength" || method == "MaxGraphemes" {
			return checks
		}
		n = math.MaxInt32
	}
	return append(checks, ir.Check{Method: method, On: on, Args: []any{n}})
}

// constCheck returns the check that a value is the only one allowed.
func constCheck[T any](only *T) []ir.Check {
	if only == nil {
		return nil
	}
	return []ir.Check{{Method: "Const", On: ir.Value, Args: []any{*only}}}
}

// arguments returns values, each once.
func arguments[T comparable](values []T) []any {
	var list []any
	seen := map[T]bool{}
	for _, value := range values {
		if !seen[value] {
			seen[value] = true
			list = append(list, value)
		}
	}
	return list
}
