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

// NSID is the constant that holds the NSID of an endpoint.
type NSID struct {
	Name string
	// Value is the NSID.
	Value string
	// Kind is what the NSID names: "query" or "procedure".
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

// Struct is a type with a field for each property, and its codec and checks.
type Struct struct {
	Name string
	// About completes the sentence that begins with the name: "is the input of ...".
	About string
	Doc   string
	// Role decides which codec the type gets.
	Role   Role
	Fields []*Field
}

// Role is what a struct is used for.
type Role uint8

// The roles of structs.
const (
	// Input is the body of a request. Unknown properties are dropped, absent ones get their default.
	Input Role = iota + 1
	// Output is the body of a response. Unknown properties are dropped.
	Output
	// Object is a named object. Unknown properties are kept.
	Object
	// Params is a set of query parameters.
	Params
)

// Alias is another name for a type.
type Alias struct {
	Name  string
	About string
	Doc   string
	Type  Name
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
	Params, Input, Output string
	// InputEncoding and OutputEncoding are the media types of the bodies that there are.
	InputEncoding, OutputEncoding string
	Errors                        []*ErrorName
}

// Kind tells queries from procedures.
type Kind uint8

// The kinds of endpoints.
const (
	Query Kind = iota + 1
	Procedure
)

func (*Handshake) decl() {}
func (*NSID) decl()      {}
func (*Errors) decl()    {}
func (*Struct) decl()    {}
func (*Alias) decl()     {}
func (*Group) decl()     {}
