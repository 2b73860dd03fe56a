// Package ir is the model of the Go code to be written: packages, files and declarations, with
// every name, type and check decided. The lower package makes it, the emit package prints it.
// It holds data only, and nothing of it is shaped like a lexicon.
//
// Text that comes from a lexicon (Doc, JSON names, defaults) is kept as it is; printing it safely
// is the business of emit.
package ir

// Package is a Go package to be generated.
type Package struct {
	Name       string
	ImportPath string
	// Dir is the folder of the package.
	Dir string
	// Imports are the other generated packages that this one refers to, sorted by path.
	Imports []Import
	// Files are sorted by name.
	Files []*File
}

// Import is a package that another refers to.
type Import struct {
	Path, Name string
	// Alias is what the package is called in the code that refers to it, or "" for its own name.
	Alias string
}

// File is a Go file: the declarations of one lexicon document or of one group of endpoints.
type File struct {
	Name string
	// Source is the NSID of the document, or the pattern of the group's NSIDs.
	Source string
	// Doc describes the file as a whole.
	Doc   string
	Decls []Decl
}

// Decl is a declaration at the top level of a file: one of the pointer types below.
type Decl interface{ decl() }

// Handshake describes the package, and refers to the constant of the runtime that its code needs.
type Handshake struct {
	Doc  []string // paragraphs
	Name Name
}

// NSID is the constant that holds the NSID of a primary def.
type NSID struct {
	Name string
	// Value is the NSID.
	Value string
	// Kind is what the NSID names: "query", "procedure", "subscription", "record" or "permission set".
	Kind string
	Doc  string
}

// Errors is the group of constants for the errors that an endpoint declares.
type Errors struct {
	// Endpoint is the NSID.
	Endpoint string
	Names    []*ErrorName
}

// ErrorName is a constant for an error name.
type ErrorName struct {
	Name string
	// Value is the name on the wire.
	Value string
	Doc   string
}

// Token is the constant for a token.
type Token struct {
	Name  string
	About string
	Doc   string
	// Value is the token's canonical name.
	Value string
}

// Struct is a type with a field for each property, and its codec and checks.
type Struct struct {
	Name string
	// About completes the sentence that begins with the name: "is the input of ...".
	About string
	Doc   string
	// Role decides which codec the type gets.
	Role Role
	// LexiconType is the $type of an object that has a name in a lexicon, or "".
	LexiconType string
	// Record is the constant that holds LexiconType if the type is a record, or "". A record has
	// its $type wherever it stands.
	Record string
	Fields []*Field
}

// Role is what a struct is used for.
type Role uint8

// The roles of structs.
const (
	// Input is the body of a request, or an object inside of one. Unknown properties are dropped,
	// absent ones get their default.
	Input Role = iota + 1
	// Output is the body of a response, or an object inside of one. Unknown properties are dropped.
	Output
	// Object is a named object, or an object inside of one. Unknown properties are kept.
	Object
	// Params is a set of query parameters.
	Params
)

// Union is a type that holds a value of one of several structs, and its codec and checks.
type Union struct {
	Name string
	// About completes the sentence that begins with the name: "is one of", which the list of the
	// variants follows, or the whole of it if there are none.
	About string
	Doc   string
	// Constructor is the name of the function that makes one of a variant.
	Constructor string
	// Variants are the structs. An open union may have none.
	Variants []Variant
	// Closed says that a value of another type is a mistake.
	Closed bool
}

// Variant is a struct that a union may hold.
type Variant struct {
	Type        Name
	LexiconType string
}

// List is a named slice type, and its codec and checks.
type List struct {
	Name  string
	About string
	Doc   string
	Type  Slice
	// Checks are the constraints of the array as a whole.
	Checks []Check
}

// ScalarType is a named scalar type with constants for its values.
type ScalarType struct {
	Name  string
	About string
	Doc   string
	Kind  ScalarKind
	// Values are the known values of a string.
	Values []Constant
	// Closed says that the values are the only valid ones.
	Closed bool
}

// Constant is one value of a ScalarType.
type Constant struct{ Name, Value string }

// Alias is another name for a type.
type Alias struct {
	Name  string
	About string
	Doc   string
	Type  Type
}

// PermissionSet is a function that returns a permission set.
type PermissionSet struct {
	Name  string
	About string
	Doc   string
	// Const is the constant that holds the NSID.
	Const                   string
	Title, Detail           string
	TitleLangs, DetailLangs []Translation
	Permissions             []Permission
}

// Translation is a text in one language.
type Translation struct{ Language, Text string }

// Permission is an entry of a permission set.
type Permission struct {
	Resource string
	// Fields are the other members, in order.
	Fields []Member
	// Usable says whether clients carry the permission out.
	Usable bool
}

// Member is a member of a Permission. Its value is a bool, an int64, a string, or a []any of these.
type Member struct {
	Key   string
	Value any
}

// Directory tells other modules what the package holds.
type Directory struct {
	// Prefixes are those of the NSIDs that the package is generated for, sorted.
	Prefixes []string
	// Symbols are sorted by key.
	Symbols []Symbol
	// Documents are the lexicons in JSON, reduced to what references can lead to.
	Documents []string
}

// Symbol is the Go name of a def.
type Symbol struct {
	// Key is the canonical name of the def: an NSID, followed by # and the def's name unless that
	// is main.
	Key   string
	Ident string
}

// Group is what belongs to all endpoints of a group: the interface of the service, the endpoint
// list, and the client. Server and Client tell which of them to print.
type Group struct {
	// NSID is the group, such as com.atproto.server.
	NSID string
	// Names of the declarations. Handler is empty for a client without a server.
	Handler, Unimplemented, EndpointList, Client string
	Endpoints                                    []*Endpoint
	Part                                         Part
}

// Part tells which side of a group a declaration is for.
type Part uint8

// The parts of a group.
const (
	Server Part = iota + 1
	Client
)

// Endpoint is a query or procedure.
type Endpoint struct {
	// NSID is the value, Const the constant.
	NSID, Const string
	Kind        Kind
	Doc         string
	// Method is the name of the method of the service and of the client.
	Method string
	// Params, Input and Output are the types of what the endpoint has; empty if it has none.
	// Input and Output are empty as well for a stream.
	Params, Input, Output string
	// InputEncoding and OutputEncoding are the media types, or patterns of media types, of the
	// bodies that there are. A body that has an encoding but no type is an xrpc.Stream.
	InputEncoding, OutputEncoding string
	// InputDoc and OutputDoc describe the bodies that are streams.
	InputDoc, OutputDoc string
	Errors              []*ErrorName
}

// Kind tells queries from procedures.
type Kind uint8

// The kinds of endpoints.
const (
	Query Kind = iota + 1
	Procedure
)

func (*Handshake) decl()     {}
func (*Directory) decl()     {}
func (*NSID) decl()          {}
func (*Errors) decl()        {}
func (*Token) decl()         {}
func (*Struct) decl()        {}
func (*Union) decl()         {}
func (*List) decl()          {}
func (*ScalarType) decl()    {}
func (*Alias) decl()         {}
func (*PermissionSet) decl() {}
func (*Group) decl()         {}
