package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitUnion writes
//
//	// FeedPostEmbedUnion is one of
//	//
//	//   - [*EmbedImages]
//	//   - [*lexdata.UnknownVariant]
//	type FeedPostEmbedUnion struct {
//		Value lexdata.Typed
//	}
//
// and of a union that knows no variants
//
//	// FeedPostEmbedUnion is an object of any type that its $type names: a
//	// [*lexdata.UnknownVariant].
func emitUnion(file *File, u *ir.Union, imports []ir.Import) {
	lines := variantLines(u, imports)
	if text := docLines(u.Doc); len(text) > 0 {
		lines = append(append(lines, ""), text...)
	}
	file.Add(comment(lines))
	file.Type().Id(u.Name).Struct(Id("Value").Qual(lexdataPath, "Typed"))
}

// variantLines returns the lines of documentation that list the variants.
func variantLines(u *ir.Union, imports []ir.Import) []string {
	about := u.Name + " " + u.About
	if len(u.Variants) == 0 {
		return wrap(clean(about + "."))
	}
	lines := append(wrap(clean(about)), "")
	for _, variant := range u.Variants {
		lines = append(lines, "  - [*"+docLink(variant.Type, imports)+"]")
	}
	if !u.Closed {
		lines = append(lines, "  - [*lexdata.UnknownVariant]")
	}
	return lines
}

// docLink returns a name as documentation refers to it: by the package's name in the file.
func docLink(name ir.Name, imports []ir.Import) string {
	if name.ImportPath == "" {
		return name.Ident
	}
	for _, imported := range imports {
		if imported.Path != name.ImportPath {
			continue
		}
		if imported.Alias != "" {
			return imported.Alias + "." + name.Ident
		}
		return imported.Name + "." + name.Ident
	}
	panic("emit: no import of " + name.ImportPath)
}

// emitUnionMethods prints the constructor, the codec and the checks of a union. Those end with
//
//	lexdata.EncodeVariant(w, u.Value)
//
//	lexdata.CheckVariant(c, u.Value)
//
//	lexdata.CheckClosedVariant(c, u.Value, u.types()...)
func emitUnionMethods(file *File, union *ir.Union) {
	u, value := receiver{"u", union.Name}, Id("u").Dot("Value")
	check := Qual(lexdataPath, "CheckVariant").Call(Id("c"), value)
	if union.Closed {
		check = Qual(lexdataPath, "CheckClosedVariant").Call(Id("c"), value, types())
	}
	emitConstructor(file, union)
	emitIsZero(file, union)
	if union.Closed {
		emitTypes(file, u, union)
	}
	emitDecoder(file, u, decodeUnion(union)...)
	emitEncoder(file, u, Qual(lexdataPath, "EncodeVariant").Call(Id("w"), value))
	emitChecks(file, u, check)
	emitMarshalers(file, u)
}

// emitConstructor writes
//
//	// NewFeedPostEmbedUnion returns a union of the variant v.
//	func NewFeedPostEmbedUnion[T interface {
//		*EmbedImages | *EmbedVideo
//		lexdata.Typed
//	}](v T) FeedPostEmbedUnion {
//		return FeedPostEmbedUnion{Value: v}
//	}
//
// and if the union knows no variants, or more than Go lets a constraint list,
//
//	func NewFeedPostEmbedUnion(v lexdata.Typed) FeedPostEmbedUnion {
func emitConstructor(file *File, u *ir.Union) {
	typed := Qual(lexdataPath, "Typed")
	constructor := Func().Id(u.Constructor)
	variant := typed.Clone()
	if n := len(u.Variants); 0 < n && n <= maxTypeSet {
		constructor.Types(Id("T").Interface(typeSet(u), typed))
		variant = Id("T")
	}
	file.Comment("// " + u.Constructor + " returns a union of the variant v.")
	file.Add(constructor.Params(Id("v").Add(variant)).Id(u.Name).Block(Return(Id(u.Name).Values(member("Value", Id("v"))))))
}

// maxTypeSet is how many types a constraint may list, to the compiler.
const maxTypeSet = 100

// typeSetWidth is how many characters the variants of a constructor have at most on one line.
const typeSetWidth = 112

// typeSet writes, with one variant a line if there are many,
//
//	*EmbedImages | *EmbedVideo
func typeSet(u *ir.Union) *Statement {
	var variants []Code
	for _, variant := range u.Variants {
		variants = append(variants, Op("*").Add(qual(variant.Type)))
	}
	set := Custom(Options{Separator: " | "}, variants...)
	if len(set.GoString()) <= typeSetWidth {
		return set
	}
	set = Add(variants[0])
	for _, variant := range variants[1:] {
		set.Op("|").Line().Add(variant)
	}
	return set
}

// emitIsZero writes
//
//	// IsZero reports whether the union has no value, which means that it is absent.
//	func (u FeedPostEmbedUnion) IsZero() bool {
//		return u.Value == nil
//	}
func emitIsZero(file *File, u *ir.Union) {
	file.Comment("// IsZero reports whether the union has no value, which means that it is absent.")
	file.Func().Params(Id("u").Id(u.Name)).Id("IsZero").Params().Bool().Block(Return(Id("u").Dot("Value").Op("==").Nil()))
}

// emitTypes writes
//
//	// types lists the $type of each variant.
//	func (u *RepoWriteUnion) types() []string {
//		return []string{
//			"com.atproto.repo.applyWrites#create",
//		}
//	}
func emitTypes(file *File, u receiver, union *ir.Union) {
	var names []Code
	for _, variant := range union.Variants {
		names = append(names, Lit(variant.LexiconType))
	}
	file.Comment("// types lists the $type of each variant.")
	file.Add(u.method("types").Index().String().Block(Return(Index().String().Add(keyed(names...)))))
}

// decodeUnion writes the reading of a union:
//
//	u.Value = nil
//	switch r.Variant() {
//	case "app.bsky.embed.images":
//		u.Value = new(EmbedImages)
//	case "":
//		return
//	default:
//		u.Value = new(lexdata.UnknownVariant)
//	}
//	u.Value.DecodeJSON(r)
//
// where a closed union has instead
//
//	default:
//		lexdata.RefuseVariant(r, u.types()...)
//		return
//
// and a union that knows no variants
//
//	if r.Variant() != "" {
//		u.Value = new(lexdata.UnknownVariant)
//		u.Value.DecodeJSON(r)
//	}
func decodeUnion(u *ir.Union) []Code {
	value := Id("u").Dot("Value")
	set := func(to *Statement) *Statement { return value.Clone().Op("=").Add(to) }
	variant := Id("r").Dot("Variant").Call()
	unknown := []Code{set(New(Qual(lexdataPath, "UnknownVariant")))}
	if u.Closed {
		unknown = []Code{Qual(lexdataPath, "RefuseVariant").Call(Id("r"), types()), Return()}
	}
	if len(u.Variants) == 0 {
		return []Code{set(Nil()), If(variant.Op("!=").Lit("")).Block(append(unknown, decodeSelf(value))...)}
	}
	var cases []Code
	for _, known := range u.Variants {
		cases = append(cases, Case(Lit(known.LexiconType)).Block(set(New(qual(known.Type)))))
	}
	cases = append(cases, Case(Lit("")).Block(Return()), Default().Block(unknown...))
	return []Code{set(Nil()), Switch(variant).Block(cases...), decodeSelf(value)}
}

// types writes
//
//	u.types()...
func types() *Statement {
	return Id("u").Dot("types").Call().Op("...")
}
