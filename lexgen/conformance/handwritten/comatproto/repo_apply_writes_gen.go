// Source: com.atproto.repo.applyWrites

package comatproto

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// RepoApplyWritesNSID names the procedure com.atproto.repo.applyWrites.
//
// Apply a batch transaction of repository creates, updates, and deletes.
// Requires auth, implemented by PDS.
const RepoApplyWritesNSID = "com.atproto.repo.applyWrites"

// The errors that com.atproto.repo.applyWrites declares.
const (
	// Indicates that the 'swapCommit' parameter did not match current commit.
	RepoApplyWritesErrInvalidSwap xrpc.ErrorName = "InvalidSwap"
)

// RepoApplyWritesInput is the input of com.atproto.repo.applyWrites.
type RepoApplyWritesInput struct {
	// The handle or DID of the repo (aka, current account).
	Repo syntax.ATIdentifier `json:"repo"`
	// Can be set to 'false' to skip Lexicon schema validation of record data across
	// all operations, 'true' to require it, or leave unset to validate only for
	// known Lexicons.
	Validate_ lexdata.Opt[bool]                     `json:"validate,omitzero"`
	Writes    []RepoApplyWritesInputWritesItemUnion `json:"writes"`
	// If provided, the entire operation will fail if the current repo commit CID
	// does not match this value. Used to prevent conflicting repo mutations.
	SwapCommit lexdata.Opt[syntax.CID] `json:"swapCommit,omitzero"`
}

// RepoApplyWritesInputWritesItemUnion is one of
//
//   - [*RepoApplyWritesCreate]
//   - [*RepoApplyWritesUpdate]
//   - [*RepoApplyWritesDelete]
type RepoApplyWritesInputWritesItemUnion struct {
	Value lexdata.Typed
}

// RepoApplyWritesOutput is the output of com.atproto.repo.applyWrites.
type RepoApplyWritesOutput struct {
	Commit  *RepoCommitMeta                         `json:"commit,omitzero"`
	Results []RepoApplyWritesOutputResultsItemUnion `json:"results,omitzero"`
}

// RepoApplyWritesOutputResultsItemUnion is one of
//
//   - [*RepoApplyWritesCreateResult]
//   - [*RepoApplyWritesUpdateResult]
//   - [*RepoApplyWritesDeleteResult]
type RepoApplyWritesOutputResultsItemUnion struct {
	Value lexdata.Typed
}

// RepoApplyWritesCreate is com.atproto.repo.applyWrites#create.
//
// Operation which creates a new record.
type RepoApplyWritesCreate struct {
	Collection syntax.NSID `json:"collection"`
	// NOTE: maxLength is redundant with record-key format. Keeping it temporarily
	// to ensure backwards compatibility.
	Rkey  lexdata.Opt[syntax.RecordKey] `json:"rkey,omitzero"`
	Value lexdata.Unknown               `json:"value"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RepoApplyWritesUpdate is com.atproto.repo.applyWrites#update.
//
// Operation which updates an existing record.
type RepoApplyWritesUpdate struct {
	Collection syntax.NSID      `json:"collection"`
	Rkey       syntax.RecordKey `json:"rkey"`
	Value      lexdata.Unknown  `json:"value"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RepoApplyWritesDelete is com.atproto.repo.applyWrites#delete.
//
// Operation which deletes an existing record.
type RepoApplyWritesDelete struct {
	Collection syntax.NSID      `json:"collection"`
	Rkey       syntax.RecordKey `json:"rkey"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RepoApplyWritesCreateResult is com.atproto.repo.applyWrites#createResult.
type RepoApplyWritesCreateResult struct {
	URI              syntax.ATURI                                             `json:"uri"`
	CID              syntax.CID                                               `json:"cid"`
	ValidationStatus lexdata.Opt[RepoApplyWritesCreateResultValidationStatus] `json:"validationStatus,omitzero"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RepoApplyWritesCreateResultValidationStatus is the type of the property
// validationStatus of com.atproto.repo.applyWrites#createResult. Other values
// than the known ones are valid.
type RepoApplyWritesCreateResultValidationStatus string

// The known values of RepoApplyWritesCreateResultValidationStatus.
const (
	RepoApplyWritesCreateResultValidationStatusValid   RepoApplyWritesCreateResultValidationStatus = "valid"
	RepoApplyWritesCreateResultValidationStatusUnknown RepoApplyWritesCreateResultValidationStatus = "unknown"
)

// RepoApplyWritesUpdateResult is com.atproto.repo.applyWrites#updateResult.
type RepoApplyWritesUpdateResult struct {
	URI              syntax.ATURI                                             `json:"uri"`
	CID              syntax.CID                                               `json:"cid"`
	ValidationStatus lexdata.Opt[RepoApplyWritesUpdateResultValidationStatus] `json:"validationStatus,omitzero"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RepoApplyWritesUpdateResultValidationStatus is the type of the property
// validationStatus of com.atproto.repo.applyWrites#updateResult. Other values
// than the known ones are valid.
type RepoApplyWritesUpdateResultValidationStatus string

// The known values of RepoApplyWritesUpdateResultValidationStatus.
const (
	RepoApplyWritesUpdateResultValidationStatusValid   RepoApplyWritesUpdateResultValidationStatus = "valid"
	RepoApplyWritesUpdateResultValidationStatusUnknown RepoApplyWritesUpdateResultValidationStatus = "unknown"
)

// RepoApplyWritesDeleteResult is com.atproto.repo.applyWrites#deleteResult.
type RepoApplyWritesDeleteResult struct {
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesInput) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesInput{}
	object := r.Object("repo", "writes")
	for object.Next() {
		switch object.Key() {
		case "repo":
			v.Repo = syntax.ATIdentifier(r.String())
		case "validate":
			v.Validate_ = lexdata.Some(r.Bool())
		case "writes":
			v.Writes = []RepoApplyWritesInputWritesItemUnion{}
			array := r.Array()
			for array.Next() {
				var item RepoApplyWritesInputWritesItemUnion
				item.DecodeJSON(r)
				v.Writes = append(v.Writes, item)
			}
		case "swapCommit":
			v.SwapCommit = lexdata.Some(syntax.CID(r.String()))
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesInput) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("repo").String(string(v.Repo))
	if value, ok := v.Validate_.Get(); ok {
		w.Key("validate").Bool(value)
	}
	w.Key("writes").BeginArray()
	for i := range v.Writes {
		v.Writes[i].EncodeJSON(w)
	}
	w.EndArray()
	if value, ok := v.SwapCommit.Get(); ok {
		w.Key("swapCommit").String(string(value))
	}
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesInput) Check(c *validate.Checker) {
	c.ATIdentifier("repo", v.Repo)
	for i := range v.Writes {
		c.EnterItem("writes", i)
		v.Writes[i].Check(c)
		c.Leave()
	}
	if value, ok := v.SwapCommit.Get(); ok {
		c.CID("swapCommit", value)
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesInput) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesInput) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesInput) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewRepoApplyWritesInputWritesItemUnion returns a union of the variant v.
func NewRepoApplyWritesInputWritesItemUnion[T interface {
	*RepoApplyWritesCreate | *RepoApplyWritesUpdate | *RepoApplyWritesDelete
	lexdata.Typed
}](v T) RepoApplyWritesInputWritesItemUnion {
	return RepoApplyWritesInputWritesItemUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u RepoApplyWritesInputWritesItemUnion) IsZero() bool {
	return u.Value == nil
}

// types lists the $type of each variant.
func (u *RepoApplyWritesInputWritesItemUnion) types() []string {
	return []string{
		"com.atproto.repo.applyWrites#create",
		"com.atproto.repo.applyWrites#update",
		"com.atproto.repo.applyWrites#delete",
	}
}

// DecodeJSON implements [lexjson.Decoder].
func (u *RepoApplyWritesInputWritesItemUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "com.atproto.repo.applyWrites#create":
		u.Value = new(RepoApplyWritesCreate)
	case "com.atproto.repo.applyWrites#update":
		u.Value = new(RepoApplyWritesUpdate)
	case "com.atproto.repo.applyWrites#delete":
		u.Value = new(RepoApplyWritesDelete)
	case "":
		return
	default:
		lexdata.RefuseVariant(r, u.types()...)
		return
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *RepoApplyWritesInputWritesItemUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *RepoApplyWritesInputWritesItemUnion) Check(c *validate.Checker) {
	lexdata.CheckClosedVariant(c, u.Value, u.types()...)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *RepoApplyWritesInputWritesItemUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u RepoApplyWritesInputWritesItemUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *RepoApplyWritesInputWritesItemUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesOutput) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesOutput{}
	object := r.Object()
	for object.Next() {
		switch object.Key() {
		case "commit":
			v.Commit = new(RepoCommitMeta)
			v.Commit.DecodeJSON(r)
		case "results":
			v.Results = []RepoApplyWritesOutputResultsItemUnion{}
			array := r.Array()
			for array.Next() {
				var item RepoApplyWritesOutputResultsItemUnion
				item.DecodeJSON(r)
				v.Results = append(v.Results, item)
			}
		default:
			r.Skip()
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesOutput) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	if v.Commit != nil {
		v.Commit.EncodeJSON(w.Key("commit"))
	}
	if v.Results != nil {
		w.Key("results").BeginArray()
		for i := range v.Results {
			v.Results[i].EncodeJSON(w)
		}
		w.EndArray()
	}
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesOutput) Check(c *validate.Checker) {
	if v.Commit != nil {
		c.Within("commit", v.Commit)
	}
	for i := range v.Results {
		c.EnterItem("results", i)
		v.Results[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesOutput) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesOutput) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesOutput) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewRepoApplyWritesOutputResultsItemUnion returns a union of the variant v.
func NewRepoApplyWritesOutputResultsItemUnion[T interface {
	*RepoApplyWritesCreateResult | *RepoApplyWritesUpdateResult | *RepoApplyWritesDeleteResult
	lexdata.Typed
}](v T) RepoApplyWritesOutputResultsItemUnion {
	return RepoApplyWritesOutputResultsItemUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u RepoApplyWritesOutputResultsItemUnion) IsZero() bool {
	return u.Value == nil
}

// types lists the $type of each variant.
func (u *RepoApplyWritesOutputResultsItemUnion) types() []string {
	return []string{
		"com.atproto.repo.applyWrites#createResult",
		"com.atproto.repo.applyWrites#updateResult",
		"com.atproto.repo.applyWrites#deleteResult",
	}
}

// DecodeJSON implements [lexjson.Decoder].
func (u *RepoApplyWritesOutputResultsItemUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "com.atproto.repo.applyWrites#createResult":
		u.Value = new(RepoApplyWritesCreateResult)
	case "com.atproto.repo.applyWrites#updateResult":
		u.Value = new(RepoApplyWritesUpdateResult)
	case "com.atproto.repo.applyWrites#deleteResult":
		u.Value = new(RepoApplyWritesDeleteResult)
	case "":
		return
	default:
		lexdata.RefuseVariant(r, u.types()...)
		return
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *RepoApplyWritesOutputResultsItemUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *RepoApplyWritesOutputResultsItemUnion) Check(c *validate.Checker) {
	lexdata.CheckClosedVariant(c, u.Value, u.types()...)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *RepoApplyWritesOutputResultsItemUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u RepoApplyWritesOutputResultsItemUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *RepoApplyWritesOutputResultsItemUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesCreate) LexiconType() string {
	return "com.atproto.repo.applyWrites#create"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesCreate) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesCreate{}
	object := r.Object("collection", "value")
	for object.Next() {
		switch object.Key() {
		case "collection":
			v.Collection = syntax.NSID(r.String())
		case "rkey":
			v.Rkey = lexdata.Some(syntax.RecordKey(r.String()))
		case "value":
			v.Value.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesCreate) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("collection").String(string(v.Collection))
	if value, ok := v.Rkey.Get(); ok {
		w.Key("rkey").String(string(value))
	}
	v.Value.EncodeJSON(w.Key("value"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesCreate) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#create")
	c.NSID("collection", v.Collection)
	if value, ok := v.Rkey.Get(); ok {
		c.RecordKey("rkey", value)
		c.MaxLength("rkey", len(value), 512)
	}
	c.Within("value", &v.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesCreate) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesCreate) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesCreate) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesUpdate) LexiconType() string {
	return "com.atproto.repo.applyWrites#update"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesUpdate) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesUpdate{}
	object := r.Object("collection", "rkey", "value")
	for object.Next() {
		switch object.Key() {
		case "collection":
			v.Collection = syntax.NSID(r.String())
		case "rkey":
			v.Rkey = syntax.RecordKey(r.String())
		case "value":
			v.Value.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesUpdate) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("collection").String(string(v.Collection))
	w.Key("rkey").String(string(v.Rkey))
	v.Value.EncodeJSON(w.Key("value"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesUpdate) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#update")
	c.NSID("collection", v.Collection)
	c.RecordKey("rkey", v.Rkey)
	c.Within("value", &v.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesUpdate) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesUpdate) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesUpdate) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesDelete) LexiconType() string {
	return "com.atproto.repo.applyWrites#delete"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesDelete) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesDelete{}
	object := r.Object("collection", "rkey")
	for object.Next() {
		switch object.Key() {
		case "collection":
			v.Collection = syntax.NSID(r.String())
		case "rkey":
			v.Rkey = syntax.RecordKey(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesDelete) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("collection").String(string(v.Collection))
	w.Key("rkey").String(string(v.Rkey))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesDelete) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#delete")
	c.NSID("collection", v.Collection)
	c.RecordKey("rkey", v.Rkey)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesDelete) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesDelete) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesDelete) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesCreateResult) LexiconType() string {
	return "com.atproto.repo.applyWrites#createResult"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesCreateResult) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesCreateResult{}
	object := r.Object("uri", "cid")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = syntax.ATURI(r.String())
		case "cid":
			v.CID = syntax.CID(r.String())
		case "validationStatus":
			v.ValidationStatus = lexdata.Some(RepoApplyWritesCreateResultValidationStatus(r.String()))
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesCreateResult) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(string(v.URI))
	w.Key("cid").String(string(v.CID))
	if value, ok := v.ValidationStatus.Get(); ok {
		w.Key("validationStatus").String(string(value))
	}
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesCreateResult) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#createResult")
	c.ATURI("uri", v.URI)
	c.CID("cid", v.CID)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesCreateResult) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesCreateResult) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesCreateResult) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesUpdateResult) LexiconType() string {
	return "com.atproto.repo.applyWrites#updateResult"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesUpdateResult) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesUpdateResult{}
	object := r.Object("uri", "cid")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = syntax.ATURI(r.String())
		case "cid":
			v.CID = syntax.CID(r.String())
		case "validationStatus":
			v.ValidationStatus = lexdata.Some(RepoApplyWritesUpdateResultValidationStatus(r.String()))
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesUpdateResult) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(string(v.URI))
	w.Key("cid").String(string(v.CID))
	if value, ok := v.ValidationStatus.Get(); ok {
		w.Key("validationStatus").String(string(value))
	}
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesUpdateResult) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#updateResult")
	c.ATURI("uri", v.URI)
	c.CID("cid", v.CID)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesUpdateResult) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesUpdateResult) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesUpdateResult) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RepoApplyWritesDeleteResult) LexiconType() string {
	return "com.atproto.repo.applyWrites#deleteResult"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoApplyWritesDeleteResult) DecodeJSON(r *lexjson.Reader) {
	*v = RepoApplyWritesDeleteResult{}
	object := r.Object()
	for object.Next() {
		v.Extra.DecodeMember(object.Key(), r)
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoApplyWritesDeleteResult) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoApplyWritesDeleteResult) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.applyWrites#deleteResult")
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoApplyWritesDeleteResult) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoApplyWritesDeleteResult) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoApplyWritesDeleteResult) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
