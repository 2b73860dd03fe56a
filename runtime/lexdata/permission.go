package lexdata

// A PermissionSet is a group of permissions that has a name, so that a client
// can ask for all of them at once and a person can be told what they mean.
//
// See https://atproto.com/specs/permission.
type PermissionSet struct {
	NSID        string        // the name of the set
	Title       string        // a few words; empty if there are none
	TitleLangs  []Translation // of Title
	Detail      string        // a sentence or more; empty if there is none
	DetailLangs []Translation // of Detail
	Permissions []Permission  // in the order in which the lexicon lists them
}

// A Translation is a text in another language than the lexicon's own.
type Translation struct {
	Language string // a language tag of BCP 47, such as pt-BR
	Text     string
}

// A Permission is one entry of a [PermissionSet]: access to one kind of
// resource.
//
// See https://atproto.com/specs/permission.
type Permission struct {
	// Resource is the kind of resource, such as "repo" or "rpc".
	Resource string
	// Fields are the parameters, which depend on the kind of resource: strings,
	// integers, booleans and lists of these.
	Fields Object
	// Usable says whether the permission is one that a set can grant. A resource
	// or a parameter that is not known, and a resource that sets may not name,
	// make it unusable; software ignores such an entry and grants the others.
	Usable bool
}
