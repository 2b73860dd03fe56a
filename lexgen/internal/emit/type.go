package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// goType writes a type.
func goType(t ir.Type) *Statement {
	switch t := t.(type) {
	case ir.Scalar:
		if t.Named.Ident != "" {
			return qual(t.Named)
		}
		return Id(plainType(t.Kind))
	case ir.Data:
		if t.Named.Ident != "" {
			return qual(t.Named)
		}
		return Qual(lexdataPath, dataType(t.Kind))
	case ir.Named:
		return qual(t.Name)
	case ir.Slice:
		return Index().Add(goType(t.Elem))
	}
	panic(fmt.Sprintf("emit: type %T", t))
}

// plainType returns the type that the JSON reader and writer have for a kind.
func plainType(kind ir.ScalarKind) string {
	switch kind {
	case ir.Bool:
		return "bool"
	case ir.Int:
		return "int64"
	}
	return "string"
}

// scalarMethod returns the name of the methods that read and write a kind of scalar.
func scalarMethod(kind ir.ScalarKind) string {
	switch kind {
	case ir.Bool:
		return "Bool"
	case ir.Int:
		return "Int"
	}
	return "String"
}

// dataType returns the name of a type of the data model. The function that reads it is called
// Read and this name.
func dataType(kind ir.DataKind) string {
	switch kind {
	case ir.Bytes:
		return "Bytes"
	case ir.CIDLink:
		return "CIDLink"
	case ir.Blob:
		return "Blob"
	}
	return "Unknown"
}

// named converts a value to the named type of a scalar, if it has one.
func named(t ir.Scalar, value *Statement) *Statement {
	if t.Named.Ident == "" {
		return value
	}
	return qual(t.Named).Call(value)
}

// plain converts a value of a scalar's type to the type that the JSON reader and writer have.
func plain(t ir.Scalar, value *Statement) *Statement {
	if t.Named.Ident == "" {
		return value
	}
	return Id(plainType(t.Kind)).Call(value)
}

// isKind reports whether a type is a generated one of the given kind.
func isKind(t ir.Type, kind ir.NamedKind) bool {
	named, ok := t.(ir.Named)
	return ok && named.Kind == kind
}
