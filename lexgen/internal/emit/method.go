package emit

import . "github.com/dave/jennifer/jen"

// receiver is the receiver of the methods that every type has: v of structs and lists, u of unions.
type receiver struct{ name, typ string }

// method writes
//
//	func (v *FeedPost) Name(params)
func (r receiver) method(name string, params ...Code) *Statement {
	return Func().Params(Id(r.name).Op("*").Id(r.typ)).Id(name).Params(params...)
}

// emitDecoder writes
//
//	// DecodeJSON implements [lexjson.Decoder].
//	func (v *FeedPost) DecodeJSON(r *lexjson.Reader) {
//	}
func emitDecoder(file *File, r receiver, body ...Code) {
	file.Comment("// DecodeJSON implements [lexjson.Decoder].")
	file.Add(r.method("DecodeJSON", Id("r").Op("*").Qual(lexjsonPath, "Reader")).Block(body...))
}

// emitEncoder writes
//
//	// EncodeJSON implements [lexjson.Encoder].
//	func (v *FeedPost) EncodeJSON(w *lexjson.Writer) {
//	}
func emitEncoder(file *File, r receiver, body ...Code) {
	file.Comment("// EncodeJSON implements [lexjson.Encoder].")
	file.Add(r.method("EncodeJSON", Id("w").Op("*").Qual(lexjsonPath, "Writer")).Block(body...))
}

// emitChecks writes
//
//	// Check implements [validate.Checkable].
//	func (v *FeedPost) Check(c *validate.Checker) {
//	}
//
//	// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
//	func (v *FeedPost) Validate() error {
//		return validate.Value(v)
//	}
func emitChecks(file *File, r receiver, body ...Code) {
	comment, checker := "// Check implements [validate.Checkable].", Id("c")
	if len(body) == 0 {
		comment, checker = comment+" The lexicon sets no constraints.", Null()
	}
	file.Comment(comment)
	file.Add(r.method("Check", checker.Op("*").Qual(validatePath, "Checker")).Block(body...))
	file.Comment("// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].")
	file.Add(r.method("Validate").Error().Block(Return(Qual(validatePath, "Value").Call(Id(r.name)))))
}

// emitMarshalers writes
//
//	// MarshalJSON implements [encoding/json.Marshaler].
//	func (v FeedPost) MarshalJSON() ([]byte, error) {
//		return lexjson.Marshal(&v)
//	}
//
//	// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
//	func (v *FeedPost) UnmarshalJSON(data []byte) error {
//		return lexdata.Unmarshal(data, v)
//	}
func emitMarshalers(file *File, r receiver) {
	file.Comment("// MarshalJSON implements [encoding/json.Marshaler].")
	file.Func().Params(Id(r.name).Id(r.typ)).Id("MarshalJSON").Params().Params(Index().Byte(), Error()).Block(
		Return(Qual(lexjsonPath, "Marshal").Call(Op("&").Id(r.name))),
	)
	file.Comment("// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.")
	file.Add(r.method("UnmarshalJSON", Id("data").Index().Byte()).Error().Block(
		Return(Qual(lexdataPath, "Unmarshal").Call(Id("data"), Id(r.name))),
	))
}
